/* pairs.h - which words stand near which: positive pointwise mutual information of the words of a
 * corpus, from their weighted co-occurrence in a window. */
#ifndef JM_PAIRS_H
#define JM_PAIRS_H

#include "corpus.h"
#include "sparse.h"

struct pairs_plan {
    uint32_t window; /* words to each side, weighted 1 / distance */
    double smooth;   /* power of the context counts */
    double shift;    /* subtracted from the mutual information */
    double max;      /* at most about so many pairs: the lightest are left out */
};

struct pairs {
    struct sparse ppmi;   /* word x context */
    struct sparse turned; /* the same blocks, seen as context x word */
    float *row_shift, *col_shift;
};

int MUST_CHECK pairs_count(const struct team *team, const struct corpus *corpus, uint32_t words,
                           struct pairs_plan plan, struct pairs *ret);
void pairs_release(struct pairs *pairs);

#endif
