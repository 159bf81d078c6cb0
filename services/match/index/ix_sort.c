/* ix_sort.c - radix sort, a byte at a time; bytes that are zero in all keys cost nothing. */
#include "ix_sort.h"

#include <string.h>

#define FEW 24

static void insertion(uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t at = i;

        for (; at > 0 && keys[at - 1] >> 32 > key >> 32; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

void ix_sort(uint64_t *keys, uint64_t *spare, size_t n)
{
    uint64_t *from = keys, *to = spare, all = 0;

    if (n <= FEW) {
        insertion(keys, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        all |= keys[i];
    for (unsigned shift = 32; shift < 64 && all >> shift; shift += 8) {
        size_t place[256] = { 0 }, sum = 0;

        for (size_t i = 0; i < n; i++)
            place[from[i] >> shift & 0xff]++;
        for (size_t i = 0; i < 256; i++) {
            size_t count = place[i];

            place[i] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[place[from[i] >> shift & 0xff]++] = from[i];

        uint64_t *other = from;

        from = to;
        to = other;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof(*keys));
}
