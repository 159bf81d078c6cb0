/* ix_select.c - quickselect with the median of three; keys are distinct. */
#include "ix_select.h"

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t held = *a;

    *a = *b;
    *b = held;
}

/* Larger keys to the left of the pivot's final place, which is returned. */
static size_t partition(uint64_t *keys, size_t from, size_t to)
{
    size_t middle = from + (to - from) / 2, at = from;

    if (keys[middle] > keys[from])
        swap(&keys[middle], &keys[from]);
    if (keys[to] > keys[from])
        swap(&keys[to], &keys[from]);
    if (keys[to] < keys[middle])
        swap(&keys[to], &keys[middle]);
    /* now keys[to] is the median */
    for (size_t i = from; i < to; i++)
        if (keys[i] > keys[to])
            swap(&keys[i], &keys[at++]);
    swap(&keys[at], &keys[to]);
    return at;
}

void ix_select(uint64_t *keys, size_t n, size_t k)
{
    size_t from = 0, to = n - 1;

    while (from < to) {
        size_t at = partition(keys, from, to);

        if (at == k - 1)
            return;
        if (at > k - 1)
            to = at - 1;
        else
            from = at + 1;
    }
}
