/* terms_make.c - from the rows of the bureau's list to an analyser. */
#include <stdlib.h>
#include <string.h>

#include "terms.h"

/* A term as a token of space W would have it, with its words. */
struct side {
    const char *term;
    size_t n_words;
    const char *const *words;
};

static int grow_prefixes(struct analyser *analyser, size_t need)
{
    struct prefix *old = analyser->prefixes;
    size_t room = analyser->room_prefixes, wanted = room ? room : 64;

    while (wanted < need * 2)
        wanted *= 2;
    if (wanted == room)
        return 0;
    struct prefix *table = calloc(wanted, sizeof(*table));

    if (!table)
        return -1;
    analyser->prefixes = table;
    analyser->prefix_mask = wanted - 1;
    analyser->room_prefixes = wanted;
    for (size_t i = 0; i < room; i++)
        if (old[i].key)
            *terms_prefix(analyser, old[i].key) = old[i];
    free(old);
    return 0;
}

/* Keeps what stands in the scratch as one word. */
static int keep(struct analyser *analyser, const struct text_scratch *scratch, const char *term)
{
    char joined[TEXT_TERM_MAX + 1];
    uint64_t key = 0;
    struct prefix *prefix = NULL;

    if (grow_prefixes(analyser, analyser->n_prefixes + scratch->n_units) < 0)
        return -1;
    for (size_t i = 0; i < scratch->n_units; i++) {
        key = terms_extend(key, scratch->units[i].hash);
        prefix = terms_prefix(analyser, key);
        analyser->n_prefixes += !prefix->key;
        prefix->key = key;
    }
    if (!prefix)
        return 0;
    prefix->joined =
        arena_dup(&analyser->arena, joined, text_join(scratch, 0, scratch->n_units, joined));
    prefix->term = prefix->joined ? term : NULL;
    return prefix->joined ? 0 : -1;
}

/* The words that are tokens, as an array in the analyser's memory. */
static int side_words(struct analyser *analyser, const struct text_scratch *scratch,
                      struct side *side)
{
    const char **words = arena_alloc(&analyser->arena, (scratch->n_words + 1) * sizeof(*words));

    if (!words)
        return -1;
    side->words = words;
    for (size_t i = 0; i < scratch->n_words; i++) {
        const struct word *word = &scratch->words[i];

        if (word->stop)
            continue;
        *words = arena_dup(&analyser->arena, scratch->bytes + word->term.at, word->term.len);
        if (!*words++)
            return -1;
        side->n_words++;
    }
    return 0;
}

/* Reads one side of a row. side->term is NULL when there is no word in it. */
static int read_side(struct analyser *analyser, struct text_scratch *scratch, const char *text,
                     bool kept, struct side *ret)
{
    char joined[TEXT_TERM_MAX + 1];
    struct side side = { 0 };
    struct whole whole;

    if (text_fold(scratch, text, strlen(text)) < 0 || text_cut(scratch) < 0 ||
        side_words(analyser, scratch, &side) < 0)
        return -1;
    if (scratch->n_units > 0) {
        const struct term_at *only = &scratch->words[0].term;
        bool is_whole = text_whole(scratch, 0, &whole) && whole.n_words == scratch->n_words;

        if (is_whole)
            side.term = arena_dup(&analyser->arena, whole.term, whole.len);
        else if (scratch->n_words == 1)
            side.term = arena_dup(&analyser->arena, scratch->bytes + only->at, only->len);
        else
            side.term = arena_dup(&analyser->arena, joined,
                                  text_join(scratch, 0, scratch->n_units, joined));
        if (!side.term)
            return -1;
        if (kept && !is_whole && keep(analyser, scratch, side.term) < 0)
            return -1;
    }
    *ret = side;
    return 0;
}

static struct entry *entry_of(struct analyser *analyser, const char *term)
{
    struct entry *entry = terms_entry(analyser, term, strlen(term));

    entry->term = term;
    return entry;
}

static int add_synonym(struct analyser *analyser, const struct side *word, const struct side *other,
                       double weight)
{
    struct entry *entry = entry_of(analyser, word->term);

    for (size_t i = 0; i < entry->n; i++)
        if (strcmp(entry->synonyms[i].term, other->term) == 0) {
            entry->synonyms[i].weight = weight; /* the later row counts */
            return 0;
        }
    if (entry->n == entry->room) {
        size_t room = entry->room ? entry->room * 2 : 2;
        struct synonym *list = arena_alloc(&analyser->arena, room * sizeof(*list));

        if (!list)
            return -1;
        if (entry->n)
            memcpy(list, entry->synonyms, entry->n * sizeof(*list));
        entry->synonyms = list;
        entry->room = room;
    }
    entry->synonyms[entry->n++] =
        (struct synonym){ other->term, other->n_words, other->words, weight };
    return 0;
}

static int add_row(struct analyser *analyser, struct text_scratch *scratch,
                   const struct term_row *row)
{
    struct side term, other;

    if (read_side(analyser, scratch, row->term, row->rule != TERM_STOP, &term) < 0)
        return -1;
    if (!term.term || row->rule == TERM_KEEP)
        return 0;
    if (row->rule == TERM_STOP) {
        entry_of(analyser, term.term)->stop = true;
        return 0;
    }
    if (read_side(analyser, scratch, row->other ? row->other : "", true, &other) < 0)
        return -1;
    if (!other.term || strcmp(term.term, other.term) == 0)
        return 0;
    if (add_synonym(analyser, &term, &other, row->weight) < 0)
        return -1;
    return add_synonym(analyser, &other, &term, row->weight);
}

static int make(struct analyser *analyser, struct text_scratch *scratch,
                const struct term_row *rows, size_t n)
{
    size_t room = 16;

    while (room < n * 4)
        room *= 2;
    analyser->entries = arena_alloc(&analyser->arena, room * sizeof(*analyser->entries));
    if (!analyser->entries)
        return -1;
    analyser->entry_mask = room - 1;
    for (size_t i = 0; i < n; i++)
        if (add_row(analyser, scratch, &rows[i]) < 0)
            return -1;
    return 0;
}

struct analyser *analyser_new(const struct term_row *rows, size_t n, const char **ret_why)
{
    struct analyser *analyser = calloc(1, sizeof(*analyser));
    struct text_scratch *scratch = text_scratch_new();

    if (!analyser || !scratch || (n > 0 && make(analyser, scratch, rows, n) < 0)) {
        *ret_why = scratch ? "memory is out" : "ICU's data or the stemmer is missing, or memory";
        analyser_free(analyser);
        analyser = NULL;
    }
    text_scratch_free(scratch);
    return analyser;
}

void analyser_free(struct analyser *analyser)
{
    if (!analyser)
        return;
    arena_release(&analyser->arena);
    free(analyser->prefixes);
    free(analyser);
}
