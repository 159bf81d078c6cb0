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

void ix_unpack(const unsigned char *in, unsigned bits, uint32_t out[IX_BLOCK])
{
    const uint32_t mask = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    lanes word, next;
    unsigned at = 0, left = bits;

    if (bits == 0) {
        memset(out, 0, IX_BLOCK * sizeof(out[0]));
        return;
    }
    memcpy(&word, in, sizeof(word));
    for (unsigned i = 0; i < IX_BLOCK / 4; i++) {
        lanes value = word >> at;

        at += bits;
        if (at >= 32 && --left > 0) {
            in += sizeof(word);
            memcpy(&next, in, sizeof(next));
            at -= 32;
            if (at)
                value |= next << (bits - at);
            word = next;
        }
        value &= mask;
        memcpy(out + (size_t)4 * i, &value, sizeof(value));
    }
}
