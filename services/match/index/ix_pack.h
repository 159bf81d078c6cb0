/* ix_pack.h - 128 numbers of equal width, four abreast, so that a processor unpacks four at a
 * time. */
#ifndef JM_IX_PACK_H
#define JM_IX_PACK_H

#include <stddef.h>
#include <stdint.h>

#define IX_BLOCK 128

/* A block of `bits` wide numbers takes 16 x bits bytes. */
#define IX_PACK_BYTES(bits) ((size_t)(bits)*16)

void ix_pack(const uint32_t in[IX_BLOCK], unsigned bits, unsigned char *out);
void ix_unpack(const unsigned char *in, unsigned bits, uint32_t out[IX_BLOCK]);
/* Numbers that are distances less one: out[i] = out[i - 1] + 1 + number, beginning after
 * `before`. */
void ix_unpack_sums(const unsigned char *in, unsigned bits, uint32_t before,
                    uint32_t out[IX_BLOCK]);

#endif
