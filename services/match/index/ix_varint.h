/* ix_varint.h - numbers in as few bytes as they need: 7 bits each, the last one without the top
 * bit. */
#ifndef JM_IX_VARINT_H
#define JM_IX_VARINT_H

#include <stdint.h>

#define IX_VARINT_MOST 10

static inline unsigned char *ix_varint_put(unsigned char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

static inline const unsigned char *ix_varint_get(const unsigned char *at, uint64_t *ret)
{
    uint64_t value = *at & 0x7f;

    for (unsigned shift = 7; *at++ & 0x80; shift += 7)
        value |= (uint64_t)(*at & 0x7f) << shift;
    *ret = value;
    return at;
}

static inline unsigned ix_bits(uint32_t value)
{
    return value ? 32u - (unsigned)__builtin_clz(value) : 0;
}

#endif
