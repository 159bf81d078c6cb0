/* ix_tables.c - from an id to its slot and from two units to their pair: tables that follow from
 * the heaps and are made again after a restart. */
#include "ix_inside.h"

#include <string.h>

#define FIRST_SIZE 64u

static uint32_t hash_of_id(const uint8_t id[16])
{
    return (uint32_t)ix_hash(id, 16, 0);
}

/* The place in the table of an id's slot, dead or live; the free place where it would stand. */
static uint32_t place_of_id(const struct index *index, const struct ix_table *table,
                            const uint8_t id[16])
{
    uint32_t i = hash_of_id(id) & table->mask;

    for (;; i = (i + 1) & table->mask) {
        uint32_t slot = atomic_load_explicit(&table->slot[i], memory_order_acquire);

        if (slot == 0 || memcmp(ix_facts(index, slot - 1)->id, id, 16) == 0)
            return i;
    }
}

uint32_t ix_find(const struct index *index, const uint8_t id[16])
{
    const struct ix_table *table = atomic_load_explicit(&index->ids, memory_order_acquire);
    uint32_t slot = 0;

    if (table)
        slot =
            atomic_load_explicit(&table->slot[place_of_id(index, table, id)], memory_order_relaxed);
    return slot && ix_is_live(index, slot - 1) ? slot - 1 : NO_SLOT;
}

/* One place an id, however often it is replaced. */
static void set_id(const struct index *index, struct ix_table *table, uint32_t slot)
{
    uint32_t place = place_of_id(index, table, ix_facts(index, slot)->id);

    atomic_store_explicit(&table->slot[place], slot + 1, memory_order_release);
}

void ix_ids_set(struct index *index, uint32_t slot)
{
    set_id(index, atomic_load_explicit(&index->ids, memory_order_relaxed), slot);
}

/* A copy under way may have two live slots of one id for a while: the newer one stays. */
void ix_fill_id(const struct index *index, struct ix_table *table, uint32_t slot)
{
    if (ix_is_live(index, slot))
        set_id(index, table, slot);
}

void ix_fill_pair(const struct index *index, struct ix_table *table, uint32_t term)
{
    const struct ix_pair *pair = ARRAY_OF(index, struct ix_pair, HEAP_PAIR) + term;

    if (pair->a != NO_TERM)
        ix_table_put(table, ix_pair_hash(pair->a, pair->b), term);
}

uint32_t ix_pair_find(const struct index *index, uint32_t a, uint32_t b)
{
    const struct ix_table *table = atomic_load_explicit(&index->pairs, memory_order_acquire);
    const struct ix_pair *pairs = ARRAY_OF(index, struct ix_pair, HEAP_PAIR);

    if (!table)
        return NO_TERM;
    for (uint32_t i = ix_pair_hash(a, b) & table->mask;; i = (i + 1) & table->mask) {
        uint32_t term = atomic_load_explicit(&table->slot[i], memory_order_acquire);

        if (term == 0)
            return NO_TERM;
        if (pairs[term - 1].a == a && pairs[term - 1].b == b)
            return term - 1;
    }
}

/* As ix_dict_near. */
void ix_pair_near(const struct index *index, uint32_t a, uint32_t b, enum ix_stage stage)
{
    const struct ix_table *table = atomic_load_explicit(&index->pairs, memory_order_acquire);
    uint32_t i, term;

    if (!table)
        return;
    i = ix_pair_hash(a, b) & table->mask;
    if (stage == IX_NEAR_TABLE) {
        __builtin_prefetch((const void *)&table->slot[i]);
        return;
    }
    term = atomic_load_explicit(&table->slot[i], memory_order_acquire);
    if (term)
        __builtin_prefetch(ARRAY_OF(index, struct ix_pair, HEAP_PAIR) + term - 1);
}

static int grow(struct index *index, struct ix_table *_Atomic *place, uint32_t n, uint32_t room,
                ix_fill fill)
{
    struct ix_table *table;
    uint32_t size = FIRST_SIZE;

    if (room > 1u << 30)
        return -1;
    while (size / 3 * 2 < room)
        size *= 2;
    table = ix_table_new(index->budget, size);
    if (!table)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        fill(index, table, i);
    table->older = atomic_load_explicit(place, memory_order_relaxed);
    atomic_store_explicit(place, table, memory_order_release);
    return 0;
}

int ix_room(struct index *index, struct ix_table *_Atomic *place, uint32_t n, ix_fill fill)
{
    struct ix_table *table = atomic_load_explicit(place, memory_order_relaxed);

    if (table && (table->mask + 1) / 3 * 2 > n + 1)
        return 0;
    return grow(index, place, n, n + n / 4 + 2, fill);
}

int ix_tables(struct index *index)
{
    uint32_t slots = ix_state(index)->n_slots;
    uint32_t pairs = (uint32_t)(index->heap[HEAP_PAIR].used / sizeof(struct ix_pair));

    for (unsigned s = 0; s < N_SPACES; s++)
        if (ix_dict_rebuild(&index->terms[s]) < 0)
            return -1;
    if (ix_dict_rebuild(&index->names) < 0 || ix_dict_rebuild(&index->sets) < 0 ||
        ix_dict_rebuild(&index->targets) < 0)
        return -1;
    if (ix_room(index, &index->ids, slots, ix_fill_id) < 0)
        return -1;
    return ix_room(index, &index->pairs, pairs, ix_fill_pair);
}
