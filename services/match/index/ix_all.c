/* ix_all.c - which items have a term of every group: bitmaps of a window of slots, newest window
 * first.
 *
 * The rarest group decides: where it has nothing, nobody looks at the others. */
#include <stdlib.h>
#include <string.h>

#include "ix_inside.h"

#define WINDOW 16384u
#define WORDS (WINDOW / 64)

struct reader { /* a term's list, from its end towards its beginning */
    const struct ix_list *list;
    const struct ix_head *heads;
    uint32_t end; /* blocks from here on are done with */
};

struct all {
    const struct index *index;
    struct reader *readers; /* of all groups in a row */
    struct span_of {
        size_t from, n;
        uint64_t postings;
    } * groups;
    size_t n_groups;
    accept_fn accept;
    const void *arg;
    uint32_t *ret;
    size_t max, count_max, found;
    uint64_t bits[WORDS], some[WORDS];
};

static void mark(uint64_t *bits, const uint32_t *slots, uint32_t n, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < n; i++)
        if (slots[i] >= from && slots[i] < to)
            bits[(slots[i] - from) / 64] |= 1ull << ((slots[i] - from) % 64);
}

/* Marks the list's slots of the window; windows are asked for from the last to the first. */
static void mark_list(struct all *all, struct reader *reader, uint32_t from, uint32_t to)
{
    const struct ix_heap *pool = ix_pool_heap(all->index);
    const struct ix_list *list = reader->list;
    struct ix_block block;
    uint32_t low = 0, high = reader->end;

    if (list->tail_n && list->last >= from) {
        uint32_t n = ix_list_tail(pool, list, &block);

        mark(all->some, block.slot, n, from, to);
    }
    while (low < high) { /* the first block that reaches into the window */
        uint32_t middle = low + (high - low) / 2;

        if (reader->heads[middle].last < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = low; i < reader->end; i++) {
        uint32_t before = i ? reader->heads[i - 1].last : UINT32_MAX;

        if (before + 1 >= to)
            break;
        ix_block_slots(pool, &reader->heads[i], before, block.slot);
        mark(all->some, block.slot, IX_BLOCK, from, to);
    }
    /* The block that crosses the window's beginning is wanted again. */
    if (low < reader->end)
        reader->end = low + 1;
}

/* Narrows the window's bits to one group; whether any is left. */
static bool narrow(struct all *all, const struct span_of *group, uint32_t from, uint32_t to)
{
    uint64_t any = 0;

    memset(all->some, 0, sizeof(all->some));
    for (size_t i = 0; i < group->n; i++)
        mark_list(all, &all->readers[group->from + i], from, to);
    for (size_t i = 0; i < WORDS; i++)
        any |= all->bits[i] &= all->some[i];
    return any != 0;
}

static void do_window(struct all *all, uint32_t from, uint32_t to)
{
    memset(all->bits, 0, sizeof(all->bits));
    memcpy(all->bits, ix_live(all->index) + from / 64, (to - from + 63) / 64 * sizeof(uint64_t));
    for (size_t i = 0; i < all->n_groups; i++)
        if (!narrow(all, &all->groups[i], from, to))
            return;
    for (size_t i = WORDS; i-- > 0;) {
        for (uint64_t word = all->bits[i]; word && all->found < all->count_max;) {
            unsigned bit = 63u - (unsigned)__builtin_clzll(word);
            uint32_t slot = from + (uint32_t)i * 64 + bit;

            word &= ~(1ull << bit);
            if (all->accept && !all->accept(all->arg, all->index, slot))
                continue;
            if (all->found < all->max)
                all->ret[all->found] = slot;
            all->found++;
        }
    }
}

static int rarest_first(const void *a, const void *b)
{
    const struct span_of *left = a, *right = b;

    return (left->postings > right->postings) - (left->postings < right->postings);
}

/* false: a group has no term that anything has. */
static bool open_groups(struct all *all, const struct group *groups)
{
    size_t n = 0;

    for (size_t g = 0; g < all->n_groups; g++) {
        struct span_of *span = &all->groups[g];

        *span = (struct span_of){ .from = n };
        for (size_t i = 0; i < groups[g].n; i++) {
            const struct lookup *term = &groups[g].terms[i];

            if (index_df(all->index, term->space, term->term) == 0)
                continue;
            const struct ix_list *list = &ix_lists(all->index, term->space)[term->term];

            all->readers[n++] =
                (struct reader){ list, ix_list_heads(ix_pool_heap(all->index), list),
                                 list->n_heads };
            span->n++;
            span->postings += ix_list_size(list);
        }
        if (span->n == 0)
            return false;
    }
    qsort(all->groups, all->n_groups, sizeof(*all->groups), rarest_first);
    return true;
}

size_t index_all(const struct index *index, const struct group *groups, size_t n, accept_fn accept,
                 const void *arg, uint32_t *ret, size_t max, size_t count_max)
{
    size_t terms = 0, found = 0;
    struct all *all = malloc(sizeof(*all));

    for (size_t i = 0; i < n; i++)
        terms += groups[i].n;
    if (!all)
        return 0;
    *all = (struct all){ .index = index,
                         .n_groups = n,
                         .accept = accept,
                         .arg = arg,
                         .ret = ret,
                         .max = max,
                         .count_max = count_max };
    all->readers = malloc((terms + 1) * sizeof(*all->readers));
    all->groups = malloc((n + 1) * sizeof(*all->groups));
    if (all->readers && all->groups && open_groups(all, groups)) {
        uint32_t to = index_slots(index);

        while (to > 0 && all->found < count_max) {
            uint32_t from = (to - 1) / WINDOW * WINDOW;

            do_window(all, from, to);
            to = from;
        }
        found = all->found;
    }
    free(all->readers);
    free(all->groups);
    free(all);
    return found;
}
