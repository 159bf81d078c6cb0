/* ix_cursor.h - one term of a question on its way through its list, window by window.
 *
 * Scores are whole numbers: a part of the formula times a power of two, cut off. So a sum does not
 * depend on the order in which terms are added, and a term may be added late or early. */
#ifndef JM_IX_CURSOR_H
#define JM_IX_CURSOR_H

#include "ix_inside.h"

struct ix_cursor {
    const struct ix_heap *pool;
    const struct ix_head *heads;
    const float *lengths;
    uint32_t n_heads, n_tail;
    float gain, flat, slope; /* part = gain tf / (tf + flat + slope length) */
    uint32_t most;           /* no part is larger */
    uint32_t tail_most;
    uint32_t first;   /* block in which the window begins; n_heads: the tail */
    uint32_t decoded; /* whose postings are in `block`; IX_NONE: nobody's */
    bool with_steps;
    uint32_t at; /* where the last seek ended in the block */
    struct ix_block block, tail;
};

/* `average` is the length that the formula compares with; `scale` the power of two. */
void ix_cursor_open(struct ix_cursor *cursor, const struct index *index,
                    const struct lookup *lookup, const double average[N_SPACES], double scale);
/* To where a walk begins. */
void ix_cursor_rewind(struct ix_cursor *cursor);
/* Goes forward to the block in which slots from `from` on begin; the largest part that a slot of
 * [from, to) can get, 0 when the list has nothing there; *ret_postings about how many those are. */
uint32_t ix_cursor_window(struct ix_cursor *cursor, uint32_t from, uint32_t to,
                          uint32_t *ret_postings);
/* Adds the parts of all slots of [from, to) to sums[slot - from]. */
void ix_cursor_add(struct ix_cursor *cursor, uint32_t from, uint32_t to, uint32_t *sums);
/* The part of one slot; slots of a window are asked for in ascending order. 0 also when a bound
 * shows that it is below `least`. */
uint32_t ix_cursor_part(struct ix_cursor *cursor, uint32_t *block, uint32_t slot, uint32_t least);

#endif
