/* ix_list.c - appending to posting lists, and reading them back. */
#include "ix_list.h"

#include <string.h>

#include "ix_varint.h"

#define UNIT 8
#define POSTING_MOST 8 /* bytes of a posting in the tail: 33 bits, and steps of 16 */

/* Classes of pieces in units: 1, 2, 3, 4, 6, 8, 12, 16, ... */
static uint32_t class_units(unsigned class)
{
    if (class < 2)
        return class + 1;
    return (class & 1 ? 4u : 3u) << (class / 2 - 1);
}

static unsigned class_of(size_t units)
{
    unsigned class = units > 2 ? 2 * (ix_bits((uint32_t)(units - 1)) - 2) : 0;

    while (class_units(class) < units)
        class ++;
    return class;
}

static uint32_t piece_take(struct ix_heap *heap, struct ix_pool *pool, unsigned class)
{
    uint32_t at = pool->free[class];

    if (at) {
        memcpy(&pool->free[class], heap->base + (size_t)at * UNIT, sizeof(uint32_t));
        return at;
    }
    at = (uint32_t)(heap->used / UNIT);
    ix_heap_take(heap, (size_t)class_units(class) * UNIT);
    return at;
}

static void piece_give(struct ix_heap *heap, struct ix_pool *pool, uint32_t at, unsigned class)
{
    memcpy(heap->base + (size_t)at * UNIT, &pool->free[class], sizeof(uint32_t));
    pool->free[class] = at;
}

static unsigned heads_class(uint32_t n)
{
    return class_of((size_t)n * sizeof(struct ix_head) / UNIT);
}

static size_t room_of_tail(const struct ix_list *list)
{
    return list->tail_class ? (size_t)class_units(list->tail_class - 1u) * UNIT : 0;
}

static unsigned tail_class(size_t bytes)
{
    return class_of((bytes + UNIT - 1) / UNIT);
}

size_t ix_list_wants(const struct ix_list *list)
{
    size_t then = (size_t)list->tail_len + POSTING_MOST;

    if (list->tail_n + 1 == IX_BLOCK)
        return IX_PACK_BYTES(32) + IX_PACK_BYTES(16) +
               (size_t)class_units(heads_class(list->n_heads + 1)) * UNIT;
    return then > room_of_tail(list) ? (size_t)class_units(tail_class(then)) * UNIT : 0;
}

/* The last slot ahead of the tail. */
static uint32_t tail_base(const struct ix_heap *heap, const struct ix_list *list)
{
    return list->n_heads ? ix_list_heads(heap, list)[list->n_heads - 1].last : UINT32_MAX;
}

unsigned ix_list_tail(const struct ix_heap *heap, const struct ix_list *list, struct ix_block *ret)
{
    const unsigned char *at = heap->base + (size_t)list->tail * UNIT;
    uint32_t slot = tail_base(heap, list);

    for (unsigned i = 0; i < list->tail_n; i++) {
        uint64_t value, steps = IX_STEP;

        at = ix_varint_get(at, &value);
        if (value & 1)
            at = ix_varint_get(at, &steps);
        slot += (uint32_t)(value >> 1) + 1;
        ret->slot[i] = slot;
        ret->steps[i] = (uint32_t)steps;
    }
    return list->tail_n;
}

/* Packs 128 postings into a block of its own. */
static struct ix_head seal(struct ix_heap *heap, struct ix_block *block, uint32_t before,
                           const float *lengths)
{
    struct ix_head head = { .last = block->slot[IX_BLOCK - 1] };
    uint32_t deltas = 0, all_steps = 0, most = 0, high = 0;
    float shortest = UINT16_MAX;

    for (unsigned i = 0; i < IX_BLOCK; i++) {
        uint32_t slot = block->slot[i];

        if (lengths[slot] < shortest)
            shortest = lengths[slot];
        block->slot[i] = slot - before - 1;
        before = slot;
        deltas |= block->slot[i];
        all_steps |= block->steps[i];
        if (block->steps[i] > most)
            most = block->steps[i];
    }
    head.shift = (uint8_t)__builtin_ctz(all_steps);
    for (unsigned i = 0; i < IX_BLOCK; i++) {
        block->steps[i] = (block->steps[i] >> head.shift) - 1;
        high |= block->steps[i];
    }
    head.steps_max = (uint16_t)most;
    head.shortest = (uint16_t)shortest;
    head.slot_bits = (uint8_t)ix_bits(deltas);
    head.steps_bits = (uint8_t)ix_bits(high);
    head.at = (uint32_t)(heap->used / UNIT);

    unsigned char *at =
        ix_heap_take(heap, IX_PACK_BYTES(head.slot_bits) + IX_PACK_BYTES(head.steps_bits));

    ix_pack(block->slot, head.slot_bits, at);
    ix_pack(block->steps, head.steps_bits, at + IX_PACK_BYTES(head.slot_bits));
    return head;
}

static void push_head(struct ix_list *list, struct ix_heap *heap, struct ix_pool *pool,
                      const struct ix_head *head)
{
    unsigned want = heads_class(list->n_heads + 1);

    if (list->n_heads == 0) {
        list->heads = piece_take(heap, pool, want);
    } else if (heads_class(list->n_heads) != want) {
        unsigned have = heads_class(list->n_heads);
        uint32_t at = piece_take(heap, pool, want);

        memcpy(heap->base + (size_t)at * UNIT, heap->base + (size_t)list->heads * UNIT,
               list->n_heads * sizeof(*head));
        piece_give(heap, pool, list->heads, have);
        list->heads = at;
    }
    memcpy(heap->base + (size_t)list->heads * UNIT + list->n_heads * sizeof(*head), head,
           sizeof(*head));
    list->n_heads++;
}

static void append_tail(struct ix_list *list, struct ix_heap *heap, struct ix_pool *pool,
                        const unsigned char *bytes, size_t len)
{
    if (list->tail_len + len > room_of_tail(list)) {
        unsigned class = tail_class(list->tail_len + len);
        uint32_t at = piece_take(heap, pool, class);

        memcpy(heap->base + (size_t)at * UNIT, heap->base + (size_t)list->tail * UNIT,
               list->tail_len);
        if (list->tail_class)
            piece_give(heap, pool, list->tail, list->tail_class - 1u);
        list->tail = at;
        list->tail_class = (uint8_t)(class + 1);
    }
    memcpy(heap->base + (size_t)list->tail * UNIT + list->tail_len, bytes, len);
    list->tail_len = (uint16_t)(list->tail_len + len);
    list->tail_n++;
}

void ix_list_append(struct ix_list *list, struct ix_heap *heap, struct ix_pool *pool, uint32_t slot,
                    uint32_t steps, const float *lengths)
{
    if (list->tail_n + 1 == IX_BLOCK) {
        struct ix_block block;
        uint32_t before = tail_base(heap, list);
        unsigned n = ix_list_tail(heap, list, &block);

        block.slot[n] = slot;
        block.steps[n] = steps;

        struct ix_head head = seal(heap, &block, before, lengths);

        push_head(list, heap, pool, &head);
        piece_give(heap, pool, list->tail, list->tail_class - 1u);
        list->tail_class = list->tail_n = 0;
        list->tail_len = 0;
    } else {
        unsigned char bytes[2 * IX_VARINT_MOST], *end = bytes;
        uint32_t before = ix_list_size(list) ? list->last : UINT32_MAX;
        uint64_t delta = (uint32_t)(slot - before - 1);

        end = ix_varint_put(end, delta << 1 | (steps != IX_STEP));
        if (steps != IX_STEP)
            end = ix_varint_put(end, steps);
        append_tail(list, heap, pool, bytes, (size_t)(end - bytes));
    }
    list->last = slot;
}

void ix_block_slots(const struct ix_heap *heap, const struct ix_head *head, uint32_t before,
                    uint32_t ret[IX_BLOCK])
{
    ix_unpack_sums(heap->base + (size_t)head->at * UNIT, head->slot_bits, before, ret);
}

void ix_block_steps(const struct ix_heap *heap, const struct ix_head *head, uint32_t ret[IX_BLOCK])
{
    const unsigned char *at = heap->base + (size_t)head->at * UNIT;
    const unsigned shift = head->shift;

    ix_unpack(at + IX_PACK_BYTES(head->slot_bits), head->steps_bits, ret);
    for (unsigned i = 0; i < IX_BLOCK; i++)
        ret[i] = (ret[i] + 1) << shift;
}
