/* ix_forward.h - an item's own terms: for W and U the distinct terms in order of id and the
 * sequence as places in that list, in as few bits as the list needs. Term frequencies are
 * counted from the sequence. The terms of B follow from neighbouring units, unless the tokens
 * said otherwise: then they are written like the others. */
#ifndef JM_IX_FORWARD_H
#define JM_IX_FORWARD_H

#include <stdbool.h>

#include "ix_heap.h"

/* Codes of a sequence: a segment's end, a field's end, else place + IX_PLACE. */
enum { IX_SEGMENT, IX_FIELD, IX_PLACE };

struct ix_part {     /* one space of one item, as the draft makes it */
    uint32_t *terms; /* distinct, ascending */
    uint32_t *steps; /* term frequency in steps */
    uint32_t n;
    uint32_t *sequence; /* codes */
    uint32_t n_sequence;
};

/* Most bytes that ix_forward_write can take. */
size_t ix_forward_most(const struct ix_part *part);
unsigned char *ix_forward_write(unsigned char *at, const struct ix_part *part);

struct ix_view {                /* a written part */
    const unsigned char *terms; /* varints: the first id, then distance - 1 */
    uint32_t n, n_sequence;
    const unsigned char *codes;
    unsigned bits;
};

/* Where the next part begins. */
const unsigned char *ix_forward_view(const unsigned char *at, struct ix_view *ret);
void ix_view_terms(const struct ix_view *view, uint32_t *ret);

/* Readable up to 8 bytes past its codes: every record is followed by padding. */
#define IX_FORWARD_PAD 8

static inline uint32_t ix_view_code(const struct ix_view *view, uint32_t i)
{
    uint64_t word;
    size_t bit = (size_t)i * view->bits;

    __builtin_memcpy(&word, view->codes + bit / 8, sizeof(word));
    return (uint32_t)(word >> (bit % 8) & ((1ull << view->bits) - 1));
}

#endif
