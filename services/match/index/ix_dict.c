/* ix_dict.c - interned byte strings. */
#include "ix_dict.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64u

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t ix_hash(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *at = bytes;
    uint64_t sum = seed ^ 0x9e3779b97f4a7c15u ^ len, word;

    for (; len >= 8; len -= 8, at += 8) {
        memcpy(&word, at, 8);
        sum = fold(sum ^ word, 0xa0761d6478bd642fu);
    }
    word = 0;
    memcpy(&word, at, len);
    sum = fold(sum ^ word, 0xe7037ed1a0b428dbu);
    return fold(sum, 0x8ebc6af09c88c6e3u);
}

size_t ix_table_bytes(const struct ix_table *table)
{
    return table ? sizeof(*table) + ((size_t)table->mask + 1) * sizeof(table->slot[0]) : 0;
}

struct ix_table *ix_table_new(struct ix_budget *budget, uint32_t size)
{
    size_t bytes = sizeof(struct ix_table) + size * sizeof(_Atomic uint32_t);
    struct ix_table *table;

    if (ix_budget_take(budget, bytes) < 0)
        return NULL;
    table = calloc(1, bytes);
    if (!table) {
        ix_budget_give(budget, bytes);
        return NULL;
    }
    table->mask = size - 1;
    return table;
}

void ix_table_free(struct ix_budget *budget, struct ix_table *table)
{
    while (table) {
        struct ix_table *older = table->older;

        ix_budget_give(budget, ix_table_bytes(table));
        free(table);
        table = older;
    }
}

void ix_table_put(struct ix_table *table, uint32_t hash, uint32_t number)
{
    uint32_t i = hash & table->mask;

    while (atomic_load_explicit(&table->slot[i], memory_order_relaxed))
        i = (i + 1) & table->mask;
    atomic_store_explicit(&table->slot[i], number + 1, memory_order_release);
}

void ix_dict_init(struct ix_dict *dict, struct ix_heap *text, struct ix_heap *entry, bool wide,
                  struct ix_budget *budget)
{
    memset(dict, 0, sizeof(*dict));
    dict->text = text;
    dict->entry = entry;
    dict->wide = wide;
    dict->budget = budget;
}

void ix_dict_release(struct ix_dict *dict)
{
    ix_table_free(dict->budget, atomic_load(&dict->table));
    atomic_store(&dict->table, NULL);
}

static const struct ix_entry *entries(const struct ix_dict *dict)
{
    return (const struct ix_entry *)(const void *)dict->entry->base;
}

const void *ix_dict_text(const struct ix_dict *dict, uint32_t number, size_t *ret_len)
{
    uint32_t at = entries(dict)[number].at;

    if (!dict->wide) {
        *ret_len = dict->text->base[at];
        return dict->text->base + at + 1;
    }
    uint32_t len;
    const unsigned char *bytes = dict->text->base + (size_t)at * 4;

    memcpy(&len, bytes, 4);
    *ret_len = len;
    return bytes + 4;
}

uint32_t ix_dict_count(const struct ix_dict *dict)
{
    return atomic_load_explicit(&dict->n, memory_order_acquire);
}

static uint32_t find(const struct ix_dict *dict, uint32_t hash, const void *key, size_t len)
{
    const struct ix_table *table = atomic_load_explicit(&dict->table, memory_order_acquire);

    if (!table)
        return IX_NONE;
    for (uint32_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        uint32_t number = atomic_load_explicit(&table->slot[i], memory_order_acquire);
        size_t have;

        if (number == 0)
            return IX_NONE;
        if (entries(dict)[number - 1].hash != hash)
            continue;
        const void *text = ix_dict_text(dict, number - 1, &have);

        if (have == len && memcmp(text, key, len) == 0)
            return number - 1;
    }
}

uint32_t ix_dict_hash(const struct ix_dict *dict, const void *key, size_t len)
{
    return (uint32_t)ix_hash(key, !dict->wide && len > 255 ? 255 : len, 0);
}

uint32_t ix_dict_find(const struct ix_dict *dict, const void *key, size_t len)
{
    if (!dict->wide && len > 255)
        len = 255;
    return find(dict, ix_dict_hash(dict, key, len), key, len);
}

void ix_dict_near(const struct ix_dict *dict, uint32_t hash, enum ix_stage stage)
{
    const struct ix_table *table = atomic_load_explicit(&dict->table, memory_order_acquire);
    uint32_t number;

    if (!table)
        return;
    if (stage == IX_NEAR_TABLE) {
        __builtin_prefetch((const void *)&table->slot[hash & table->mask]);
        return;
    }
    number = atomic_load_explicit(&table->slot[hash & table->mask], memory_order_acquire);
    if (number == 0)
        return;
    if (stage == IX_NEAR_ENTRY)
        __builtin_prefetch(&entries(dict)[number - 1]);
    else
        __builtin_prefetch(dict->text->base +
                           (size_t)entries(dict)[number - 1].at * (dict->wide ? 4 : 1));
}

/* A table with room for `n` entries, filled with those that are there. */
static int grow(struct ix_dict *dict, uint32_t n)
{
    struct ix_table *old = atomic_load_explicit(&dict->table, memory_order_relaxed), *table;
    uint32_t size = FIRST_SIZE, have = atomic_load_explicit(&dict->n, memory_order_relaxed);

    if (n > 1u << 30)
        return -1;
    while (size / 3 * 2 < n)
        size *= 2;
    table = ix_table_new(dict->budget, size);
    if (!table)
        return -1;
    for (uint32_t i = 0; i < have; i++)
        ix_table_put(table, entries(dict)[i].hash, i);
    table->older = old;
    atomic_store_explicit(&dict->table, table, memory_order_release);
    return 0;
}

int ix_dict_rebuild(struct ix_dict *dict)
{
    uint32_t n = (uint32_t)(dict->entry->used / sizeof(struct ix_entry));

    atomic_store_explicit(&dict->n, n, memory_order_release);
    return n ? grow(dict, n + n / 8 + 1) : 0;
}

void ix_dict_settle(struct ix_dict *dict)
{
    struct ix_table *table = atomic_load_explicit(&dict->table, memory_order_relaxed);

    if (table && table->older) {
        ix_table_free(dict->budget, table->older);
        table->older = NULL;
    }
}

/* Writes the bytes behind the text heap's end; the place in the unit of `at`. */
static int write_text(struct ix_dict *dict, const void *key, size_t len, uint32_t *ret_at)
{
    size_t head = dict->wide ? 4 : 1, unit = dict->wide ? 4 : 1;
    size_t bytes = (head + len + 1 + unit - 1) / unit * unit;
    uint32_t len32 = (uint32_t)len;

    if (dict->text->used / unit + bytes > UINT32_MAX || len >= UINT32_MAX)
        return -1;
    if (ix_heap_ensure(dict->text, bytes) < 0)
        return -1;
    *ret_at = (uint32_t)(dict->text->used / unit);

    unsigned char *at = ix_heap_take(dict->text, bytes);

    memset(at, 0, bytes);
    if (dict->wide)
        memcpy(at, &len32, 4);
    else
        at[0] = (unsigned char)len;
    memcpy(at + head, key, len);
    return 0;
}

int ix_dict_add(struct ix_dict *dict, const void *key, size_t len, uint32_t *ret, bool *ret_new)
{
    return ix_dict_add_hashed(dict, ix_dict_hash(dict, key, len), key, len, ret, ret_new);
}

int ix_dict_add_hashed(struct ix_dict *dict, uint32_t hash, const void *key, size_t len,
                       uint32_t *ret, bool *ret_new)
{
    if (!dict->wide && len > 255)
        len = 255;

    uint32_t number = find(dict, hash, key, len);
    uint32_t n = atomic_load_explicit(&dict->n, memory_order_relaxed);
    struct ix_table *table = atomic_load_explicit(&dict->table, memory_order_relaxed);
    struct ix_entry entry = { .hash = hash };

    *ret_new = number == IX_NONE;
    if (number != IX_NONE) {
        *ret = number;
        return 0;
    }
    if (ix_heap_ensure(dict->entry, sizeof(entry)) < 0)
        return -1;
    if ((!table || (table->mask + 1) / 3 * 2 <= n + 1) && grow(dict, n + n / 4 + 2) < 0)
        return -1;
    if (write_text(dict, key, len, &entry.at) < 0)
        return -1;
    memcpy(ix_heap_take(dict->entry, sizeof(entry)), &entry, sizeof(entry));
    ix_table_put(atomic_load_explicit(&dict->table, memory_order_relaxed), hash, n);
    atomic_store_explicit(&dict->n, n + 1, memory_order_release);
    *ret = n;
    return 0;
}
