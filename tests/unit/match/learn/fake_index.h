/* fake_index.h - an index of made-up items, as far as learning reads one: words between spaces, `|`
 * where a segment ends. Defines index.h's functions, so that the real ones are not linked. */
#ifndef FAKE_INDEX_H
#define FAKE_INDEX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"

#define FAKE_HASH 65536 /* buckets of words */

struct fake_item {
    struct facts facts;
    uint32_t *words; /* with NO_TERM */
    size_t n;
    struct posting *terms;
    size_t n_terms;
    bool live;
};

struct fake_word {
    char *text;
    uint32_t df, next; /* of the bucket; NO_TERM ends */
};

struct index {
    pthread_rwlock_t lock;
    struct fake_item *items;
    uint32_t n, room, live;
    struct fake_word *words;
    uint32_t n_words, words_room;
    uint32_t buckets[FAKE_HASH];
    atomic_uint reads; /* times that the lock was taken */
};

static struct index *fake_new(void)
{
    struct index *index = calloc(1, sizeof(*index));

    pthread_rwlock_init(&index->lock, NULL);
    memset(index->buckets, 0xff, sizeof(index->buckets));
    return index;
}

static void fake_free(struct index *index)
{
    for (uint32_t i = 0; i < index->n; i++) {
        free(index->items[i].words);
        free(index->items[i].terms);
    }
    for (uint32_t i = 0; i < index->n_words; i++)
        free(index->words[i].text);
    free(index->items);
    free(index->words);
    pthread_rwlock_destroy(&index->lock);
    free(index);
}

static uint32_t fake_word(struct index *index, const char *text, size_t len)
{
    uint32_t hash = 5381, word;

    for (size_t i = 0; i < len; i++)
        hash = hash * 33 + (unsigned char)text[i];
    for (word = index->buckets[hash % FAKE_HASH]; word != NO_TERM; word = index->words[word].next) {
        if (strlen(index->words[word].text) == len &&
            memcmp(index->words[word].text, text, len) == 0)
            return word;
    }
    if (index->n_words == index->words_room) {
        index->words_room = 2 * index->words_room + 64;
        index->words = realloc(index->words, index->words_room * sizeof(*index->words));
    }
    index->words[index->n_words] =
        (struct fake_word){ .text = strndup(text, len), .next = index->buckets[hash % FAKE_HASH] };
    index->buckets[hash % FAKE_HASH] = index->n_words;
    return index->n_words++;
}

static int fake_by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return *a < *b ? -1 : *a > *b;
}

static void fake_count_terms(struct index *index, struct fake_item *item)
{
    uint32_t *sorted = malloc((item->n + 1) * sizeof(*sorted));

    item->terms = malloc((item->n + 1) * sizeof(*item->terms));
    if (item->n)
        memcpy(sorted, item->words, item->n * sizeof(*sorted));
    qsort(sorted, item->n, sizeof(*sorted), fake_by_number);
    for (size_t i = 0; i < item->n && sorted[i] != NO_TERM; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            item->terms[item->n_terms++].term = sorted[i];
            item->terms[item->n_terms - 1].tf = 0;
            index->words[sorted[i]].df++;
        }
        item->terms[item->n_terms - 1].tf += 1;
    }
    free(sorted);
}

/* Returns the new item's slot. */
static uint32_t fake_put(struct index *index, const char *text)
{
    struct fake_item item = { .live = true };

    pthread_rwlock_wrlock(&index->lock);
    item.words = malloc((strlen(text) + 1) * sizeof(*item.words));
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, " ");

        if (len == 1 && *at == '|')
            item.words[item.n++] = NO_TERM;
        else if (len > 0)
            item.words[item.n++] = fake_word(index, at, len);
        at += len + (at[len] == ' ');
    }
    fake_count_terms(index, &item);
    if (index->n == index->room) {
        index->room = 2 * index->room + 64;
        index->items = realloc(index->items, index->room * sizeof(*index->items));
    }
    item.facts.version = 1;
    memcpy(item.facts.id, &index->n, sizeof(index->n));
    index->items[index->n++] = item;
    index->live++;
    pthread_rwlock_unlock(&index->lock);
    return index->n - 1;
}

static inline void fake_remove(struct index *index, uint32_t slot)
{
    pthread_rwlock_wrlock(&index->lock);
    index->items[slot].live = false;
    index->live--;
    for (size_t i = 0; i < index->items[slot].n_terms; i++)
        index->words[index->items[slot].terms[i].term].df--;
    pthread_rwlock_unlock(&index->lock);
}

void index_read(struct index *index)
{
    pthread_rwlock_rdlock(&index->lock);
    atomic_fetch_add(&index->reads, 1);
}

void index_done(struct index *index)
{
    pthread_rwlock_unlock(&index->lock);
}

uint32_t index_live(const struct index *index)
{
    return index->live;
}

uint32_t index_texts(const struct index *index, unsigned kinds)
{
    uint32_t n = 0;

    (void)kinds;
    for (uint32_t i = 0; i < index->n; i++)
        n += index->items[i].live && index->items[i].n_terms > 0;
    return n;
}

uint32_t index_slots(const struct index *index)
{
    return index->n;
}

bool index_is_live(const struct index *index, uint32_t slot)
{
    return index->items[slot].live;
}

uint32_t index_terms(const struct index *index, enum space space)
{
    return space == SPACE_W ? index->n_words : 0;
}

const char *index_term_text(const struct index *index, enum space space, uint32_t term,
                            size_t *ret_len)
{
    (void)space;
    *ret_len = strlen(index->words[term].text);
    return index->words[term].text;
}

uint32_t index_df(const struct index *index, enum space space, uint32_t term)
{
    (void)space;
    return index->words[term].df;
}

size_t index_forward(const struct index *index, enum space space, uint32_t slot,
                     struct posting *ret, size_t max)
{
    const struct fake_item *item = &index->items[slot];

    (void)space;
    for (size_t i = 0; i < item->n_terms && i < max; i++)
        ret[i] = item->terms[i];
    return item->n_terms;
}

size_t index_sequence(const struct index *index, enum space space, uint32_t slot, uint32_t *ret,
                      size_t max)
{
    const struct fake_item *item = &index->items[slot];

    (void)space;
    for (size_t i = 0; i < item->n && i < max; i++)
        ret[i] = item->words[i];
    return item->n;
}

const struct facts *index_facts(const struct index *index, uint32_t slot)
{
    return &index->items[slot].facts;
}

#endif
