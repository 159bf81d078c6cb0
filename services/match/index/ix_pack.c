/* ix_pack.c - number 4i + lane stands in `lane`: each lane is a stream of 32 numbers in words of 32
 * bits. */
#include "ix_pack.h"

#include <string.h>

typedef uint32_t lanes __attribute__((vector_size(16)));

void ix_pack(const uint32_t in[IX_BLOCK], unsigned bits, unsigned char *out)
{
    lanes word = { 0, 0, 0, 0 };
    unsigned filled = 0;

    if (bits == 0)
        return;
    for (unsigned i = 0; i < IX_BLOCK / 4; i++) {
        lanes value;

        memcpy(&value, in + (size_t)4 * i, sizeof(value));
        word |= value << filled;
        filled += bits;
        if (filled < 32)
            continue;
        memcpy(out, &word, sizeof(word));
        out += sizeof(word);
        filled -= 32;
        word = filled ? value >> (bits - filled) : (lanes){ 0, 0, 0, 0 };
    }
}

/* The i-th four. With both known when compiling, only shifts by constants are left. */
static inline __attribute__((always_inline)) lanes unpack_four(const unsigned char *in,
                                                               unsigned bits, unsigned i)
{
    const unsigned at = i * bits % 32;
    const uint32_t mask = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    lanes word, next;

    in += (size_t)(i * bits / 32) * sizeof(word);
    memcpy(&word, in, sizeof(word));
    word >>= at;
    if (at + bits > 32) {
        memcpy(&next, in + sizeof(word), sizeof(next));
        word |= next << (32 - at);
    }
    return word & mask;
}

/* From four distances to four places; all four of `before` are the last place. */
static inline __attribute__((always_inline)) lanes sum_four(lanes four, lanes before)
{
    const lanes none = { 0, 0, 0, 0 };

    four += 1;
    four += __builtin_shufflevector(none, four, 0, 4, 5, 6);
    four += __builtin_shufflevector(none, four, 0, 1, 4, 5);
    return four + before;
}

#define FOUR(bits, i)                                                                              \
    do {                                                                                           \
        lanes four = unpack_four(in, bits, i);                                                     \
                                                                                                   \
        memcpy(out + (size_t)4 * (i), &four, sizeof(four));                                        \
    } while (0)
#define FOUR_SUMS(bits, i)                                                                         \
    do {                                                                                           \
        before = sum_four(unpack_four(in, bits, i), before);                                       \
        memcpy(out + (size_t)4 * (i), &before, sizeof(before));                                    \
        before = __builtin_shufflevector(before, before, 3, 3, 3, 3);                              \
    } while (0)
#define EIGHT(what, bits, i)                                                                       \
    what(bits, i);                                                                                 \
    what(bits, (i) + 1);                                                                           \
    what(bits, (i) + 2);                                                                           \
    what(bits, (i) + 3);                                                                           \
    what(bits, (i) + 4);                                                                           \
    what(bits, (i) + 5);                                                                           \
    what(bits, (i) + 6);                                                                           \
    what(bits, (i) + 7)
#define ALL(what, bits)                                                                            \
    EIGHT(what, bits, 0);                                                                          \
    EIGHT(what, bits, 8);                                                                          \
    EIGHT(what, bits, 16);                                                                         \
    EIGHT(what, bits, 24)

/* One function a width; 0 bits read nothing. */
/* clang-format off */
#define WIDTHS(X) \
    X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) \
    X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) \
    X(32)
/* clang-format on */
#define DEFINE(bits)                                                                               \
    static void unpack_##bits(const unsigned char *in, uint32_t *out)                              \
    {                                                                                              \
        ALL(FOUR, bits);                                                                           \
    }                                                                                              \
    static void sums_##bits(const unsigned char *in, lanes before, uint32_t *out)                  \
    {                                                                                              \
        ALL(FOUR_SUMS, bits);                                                                      \
    }
WIDTHS(DEFINE)

static void unpack_0(const unsigned char *in, uint32_t *out)
{
    (void)in;
    memset(out, 0, IX_BLOCK * sizeof(*out));
}

static void sums_0(const unsigned char *in, lanes before, uint32_t *out)
{
    (void)in;
    for (uint32_t i = 0; i < IX_BLOCK; i++)
        out[i] = before[0] + 1 + i;
}

static const struct width {
    void (*unpack)(const unsigned char *in, uint32_t *out);
    void (*sums)(const unsigned char *in, lanes before, uint32_t *out);
} widths[] = { { unpack_0, sums_0 },
#define ENTRY(bits) { unpack_##bits, sums_##bits },
               WIDTHS(ENTRY) };

void ix_unpack(const unsigned char *in, unsigned bits, uint32_t out[IX_BLOCK])
{
    widths[bits].unpack(in, out);
}

void ix_unpack_sums(const unsigned char *in, unsigned bits, uint32_t before, uint32_t out[IX_BLOCK])
{
    widths[bits].sums(in, (lanes){ before, before, before, before }, out);
}
