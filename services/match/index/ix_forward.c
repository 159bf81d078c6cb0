/* ix_forward.c - writing and reading forward records. */
#include "ix_forward.h"

#include <string.h>

#include "ix_varint.h"

/* The list of a part is found without reading it: its length stands in front. */
size_t ix_forward_most(const struct ix_part *part)
{
    return (size_t)3 * IX_VARINT_MOST + (size_t)part->n * 5 + (size_t)part->n_sequence * 4 +
           IX_FORWARD_PAD;
}

static unsigned char *write_codes(unsigned char *at, const struct ix_part *part, unsigned bits)
{
    uint64_t word = 0;
    unsigned filled = 0;

    for (uint32_t i = 0; i < part->n_sequence; i++) {
        word |= (uint64_t)part->sequence[i] << filled;
        for (filled += bits; filled >= 8; filled -= 8, word >>= 8)
            *at++ = (unsigned char)word;
    }
    if (filled)
        *at++ = (unsigned char)word;
    return at;
}

unsigned char *ix_forward_write(unsigned char *at, const struct ix_part *part)
{
    unsigned char lengths[5 * 2], *end;
    uint32_t before = 0;
    size_t len = 0;

    at = ix_varint_put(at, part->n);
    at = ix_varint_put(at, part->n_sequence);
    for (uint32_t i = 0; i < part->n; i++) {
        end = ix_varint_put(lengths, i ? part->terms[i] - before - 1 : part->terms[i]);
        len += (size_t)(end - lengths);
        before = part->terms[i];
    }
    at = ix_varint_put(at, len);
    for (uint32_t i = 0; i < part->n; i++) {
        at = ix_varint_put(at, i ? part->terms[i] - before - 1 : part->terms[i]);
        before = part->terms[i];
    }
    return write_codes(at, part, ix_bits(part->n + IX_PLACE - 1));
}

const unsigned char *ix_forward_view(const unsigned char *at, struct ix_view *ret)
{
    uint64_t n, n_sequence, len;

    at = ix_varint_get(at, &n);
    at = ix_varint_get(at, &n_sequence);
    at = ix_varint_get(at, &len);
    *ret = (struct ix_view){
        .terms = at,
        .n = (uint32_t)n,
        .n_sequence = (uint32_t)n_sequence,
        .codes = at + len,
        .bits = ix_bits((uint32_t)n + IX_PLACE - 1),
    };
    return ret->codes + (n_sequence * ret->bits + 7) / 8;
}

void ix_view_terms(const struct ix_view *view, uint32_t *ret)
{
    const unsigned char *at = view->terms;
    uint64_t value;
    uint32_t term = UINT32_MAX;

    for (uint32_t i = 0; i < view->n; i++) {
        if (*at < 0x80)
            value = *at++;
        else
            at = ix_varint_get(at, &value);
        term += (uint32_t)value + 1;
        ret[i] = term;
    }
}
