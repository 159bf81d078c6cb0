/* ix_list.h - the posting list of one term: sealed blocks of 128 behind an array of heads, and a
 * tail of varints.
 *
 * A posting is (slot, steps): slots only grow, `steps` is the term frequency in eighths. Heads
 * carry the last slot, the largest steps and the shortest length of their block: enough to skip
 * by slot and to bound a score for whatever average length is current. Pieces live in one pool
 * heap in units of 8 bytes; outgrown pieces are used again. */
#ifndef JM_IX_LIST_H
#define JM_IX_LIST_H

#include "ix_heap.h"
#include "ix_pack.h"

#define IX_STEP 8 /* steps of a term frequency of 1 */
#define IX_STEPS_MAX UINT16_MAX
#define IX_CLASSES 64

/* Free pieces by size class; the first word of a free piece names the next. Part of a snapshot. */
struct ix_pool {
    uint32_t free[IX_CLASSES];
};

struct ix_list {
    uint32_t df;      /* live items */
    uint32_t heads;   /* place of the array of ix_head */
    uint32_t n_heads; /* its room is the next size class */
    uint32_t tail;    /* place of the varints */
    uint32_t last;    /* highest slot; meaningless when empty */
    uint16_t tail_len;
    uint8_t tail_n;
    uint8_t tail_class; /* + 1; 0: there is none */
};

struct ix_head {
    uint32_t at; /* place of the packed slots, then the packed steps */
    uint32_t last;
    uint16_t steps_max;
    uint16_t shortest; /* length, rounded down, at most 65,535 */
    uint8_t slot_bits, steps_bits, shift;
    uint8_t spare;
};

struct ix_block {
    uint32_t slot[IX_BLOCK];
    uint32_t steps[IX_BLOCK];
};

/* Bytes of the pool that appending one posting can take. */
size_t ix_list_wants(const struct ix_list *list);
/* Appends; the slot is above all that are in it, the pool has room, `lengths` is by slot. */
void ix_list_append(struct ix_list *list, struct ix_heap *pool_heap, struct ix_pool *pool,
                    uint32_t slot, uint32_t steps, const float *lengths);
/* All postings, removed items too. */
static inline uint32_t ix_list_size(const struct ix_list *list)
{
    return list->n_heads * IX_BLOCK + list->tail_n;
}
static inline const struct ix_head *ix_list_heads(const struct ix_heap *pool_heap,
                                                  const struct ix_list *list)
{
    return (const struct ix_head *)(const void *)(pool_heap->base + (size_t)list->heads * 8);
}
/* Unpacks slots only, or slots and steps, of a sealed block; `before` is the last slot ahead of
 * it or UINT32_MAX. */
void ix_block_slots(const struct ix_heap *pool_heap, const struct ix_head *head, uint32_t before,
                    uint32_t ret[IX_BLOCK]);
void ix_block_steps(const struct ix_heap *pool_heap, const struct ix_head *head,
                    uint32_t ret[IX_BLOCK]);
/* Unpacks the tail; how many there are. */
unsigned ix_list_tail(const struct ix_heap *pool_heap, const struct ix_list *list,
                      struct ix_block *ret);

#endif
