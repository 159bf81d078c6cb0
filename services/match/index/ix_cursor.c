/* ix_cursor.c - decoding and weighing postings. */
#include "ix_cursor.h"

#include <string.h>

#include "params.h"

static uint32_t part_of(const struct ix_cursor *cursor, uint32_t steps, float length)
{
    float tf = (float)steps * (1.0f / IX_STEP);

    return (uint32_t)(int32_t)(cursor->gain * tf / (tf + cursor->flat + cursor->slope * length));
}

/* What no posting of the block exceeds: the formula grows with tf and falls with the length. One
 * more than that, should the compiler round differently here and there. */
static uint32_t bound_of(const struct ix_cursor *cursor, const struct ix_head *head)
{
    return part_of(cursor, head->steps_max, head->shortest) + 1;
}

static void open_tail(struct ix_cursor *cursor, const struct ix_list *list)
{
    cursor->n_tail = ix_list_tail(cursor->pool, list, &cursor->tail);
    for (uint32_t i = 0; i < cursor->n_tail; i++) {
        uint32_t part =
            part_of(cursor, cursor->tail.steps[i], cursor->lengths[cursor->tail.slot[i]]) + 1;

        if (part > cursor->tail_most)
            cursor->tail_most = part;
    }
}

void ix_cursor_open(struct ix_cursor *cursor, const struct index *index,
                    const struct lookup *lookup, const double average[N_SPACES], double scale)
{
    const double k1s[N_SPACES] = { params.k1_w, params.k1_u, params.k1_b };
    const struct ix_list *list = &ix_lists(index, lookup->space)[lookup->term];
    double k1 = k1s[lookup->space];

    cursor->pool = ix_pool_heap(index);
    cursor->heads = ix_list_heads(cursor->pool, list);
    cursor->lengths = ix_lengths(index, lookup->space);
    cursor->n_heads = list->n_heads;
    cursor->gain = (float)(lookup->weight * (k1 + 1) * scale);
    cursor->flat = (float)(k1 * (1 - params.b));
    cursor->slope = (float)(k1 * params.b / average[lookup->space]);
    cursor->most = cursor->tail_most = 0;
    open_tail(cursor, list);
    cursor->most = cursor->tail_most;
    for (uint32_t i = 0; i < cursor->n_heads; i++) {
        uint32_t bound = bound_of(cursor, &cursor->heads[i]);

        if (bound > cursor->most)
            cursor->most = bound;
    }
    cursor->decoded = IX_NONE;
    ix_cursor_rewind(cursor);
}

void ix_cursor_rewind(struct ix_cursor *cursor)
{
    cursor->first = 0;
}

static uint32_t before_block(const struct ix_cursor *cursor, uint32_t block)
{
    return block ? cursor->heads[block - 1].last : UINT32_MAX;
}

/* The first block from `block` on that reaches to `from`: gallop, then halve, since lists may be
 * far longer than a window. */
static uint32_t skip(const struct ix_cursor *cursor, uint32_t block, uint32_t from)
{
    const struct ix_head *heads = cursor->heads;
    uint32_t n = cursor->n_heads, step = 1, end;

    if (block == n || heads[block].last >= from)
        return block;
    while (block + step < n && heads[block + step].last < from) {
        block += step;
        step *= 2;
    }
    end = block + step < n ? block + step : n;
    for (block++; block < end;) {
        uint32_t middle = block + (end - block) / 2;

        if (heads[middle].last < from)
            block = middle + 1;
        else
            end = middle;
    }
    return block;
}

/* Asks for the packed numbers of a block ahead of their use: blocks lie all over the pool. */
static void bring_near(const struct ix_cursor *cursor, uint32_t block)
{
    const struct ix_head *head = &cursor->heads[block];
    const unsigned char *at = cursor->pool->base + (size_t)head->at * 8;
    size_t bytes = IX_PACK_BYTES(head->slot_bits) + IX_PACK_BYTES(head->steps_bits);

    for (size_t i = 0; i < bytes; i += 64)
        __builtin_prefetch(at + i);
}

uint32_t ix_cursor_window(struct ix_cursor *cursor, uint32_t from, uint32_t to,
                          uint32_t *ret_postings)
{
    uint32_t n = cursor->n_heads, block = skip(cursor, cursor->first, from), most = 0;

    cursor->first = block;
    *ret_postings = 0;
    if (block < n && cursor->decoded != block && before_block(cursor, block) + 1 < to)
        bring_near(cursor, block);
    for (; block < n && before_block(cursor, block) + 1 < to; block++) {
        uint32_t bound = bound_of(cursor, &cursor->heads[block]);

        most = bound > most ? bound : most;
        *ret_postings += IX_BLOCK;
    }
    if (block == n && cursor->n_tail && cursor->tail.slot[0] < to &&
        cursor->tail.slot[cursor->n_tail - 1] >= from) {
        most = cursor->tail_most > most ? cursor->tail_most : most;
        *ret_postings += cursor->n_tail;
    }
    return most;
}

static void decode(struct ix_cursor *cursor, uint32_t block, bool with_steps)
{
    if (cursor->decoded != block) {
        ix_block_slots(cursor->pool, &cursor->heads[block], before_block(cursor, block),
                       cursor->block.slot);
        cursor->decoded = block;
        cursor->with_steps = false;
        cursor->at = 0;
    }
    if (with_steps && !cursor->with_steps) {
        ix_block_steps(cursor->pool, &cursor->heads[block], cursor->block.steps);
        cursor->with_steps = true;
    }
}

/* Three loops over a run of postings, so that the middle one runs four abreast. Without `steps`
 * all have the frequency `same`. */
static void add_run(const struct ix_cursor *cursor, const uint32_t *slot, const uint32_t *steps,
                    float same, uint32_t n, uint32_t from, uint32_t *sums)
{
    float length[IX_BLOCK];
    int32_t part[IX_BLOCK];
    const float gain = cursor->gain, flat = cursor->flat, slope = cursor->slope;

    for (uint32_t i = 0; i < n; i++)
        length[i] = cursor->lengths[slot[i]];
    if (steps)
        for (uint32_t i = 0; i < n; i++) {
            float tf = (float)(int32_t)steps[i] * (1.0f / IX_STEP);

            part[i] = (int32_t)(gain * tf / (tf + flat + slope * length[i]));
        }
    else
        for (uint32_t i = 0; i < n; i++)
            part[i] = (int32_t)(gain * same / (same + flat + slope * length[i]));
    for (uint32_t i = 0; i < n; i++)
        sums[slot[i] - from] += (uint32_t)part[i];
}

/* Of the postings [0, n) those of the window. */
static void cut(const uint32_t *slot, uint32_t from, uint32_t to, uint32_t *begin, uint32_t *n)
{
    uint32_t end = *n;

    for (*begin = 0; *begin < end && slot[*begin] < from; ++*begin)
        ;
    while (end > *begin && slot[end - 1] >= to)
        end--;
    *n = end - *begin;
}

void ix_cursor_add(struct ix_cursor *cursor, uint32_t from, uint32_t to, uint32_t *sums)
{
    uint32_t begin, n;

    for (uint32_t block = cursor->first; block < cursor->n_heads; block++) {
        const struct ix_head *head = &cursor->heads[block];
        bool same = head->steps_bits == 0;

        if (before_block(cursor, block) + 1 >= to)
            return;
        if (block + 1 < cursor->n_heads && head->last + 1 < to)
            bring_near(cursor, block + 1);
        decode(cursor, block, !same);
        n = IX_BLOCK;
        cut(cursor->block.slot, from, to, &begin, &n);
        add_run(cursor, cursor->block.slot + begin, same ? NULL : cursor->block.steps + begin,
                (float)head->steps_max * (1.0f / IX_STEP), n, from, sums);
        if (head->last >= to)
            return;
    }
    n = cursor->n_tail;
    cut(cursor->tail.slot, from, to, &begin, &n);
    add_run(cursor, cursor->tail.slot + begin, cursor->tail.steps + begin, 0, n, from, sums);
}

uint32_t ix_cursor_part(struct ix_cursor *cursor, uint32_t *block, uint32_t slot, uint32_t least)
{
    const struct ix_block *postings = &cursor->block;
    uint32_t i = 0, n = IX_BLOCK;

    while (*block < cursor->n_heads && cursor->heads[*block].last < slot)
        ++*block;
    if (*block == cursor->n_heads) {
        postings = &cursor->tail;
        n = cursor->n_tail;
        if (cursor->tail_most < least)
            return 0;
    } else {
        if (bound_of(cursor, &cursor->heads[*block]) < least ||
            before_block(cursor, *block) + 1 > slot)
            return 0;
        decode(cursor, *block, false);
        i = cursor->at < n && postings->slot[cursor->at] <= slot ? cursor->at : 0;
    }
    while (i < n && postings->slot[i] < slot)
        i++;
    cursor->at = i;
    if (i == n || postings->slot[i] != slot)
        return 0;
    if (postings == &cursor->block)
        decode(cursor, *block, true);
    return part_of(cursor, postings->steps[i], cursor->lengths[slot]);
}
