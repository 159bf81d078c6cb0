/* svd.h - the largest singular values of a sparse matrix and the vectors that belong to them, by
 * the randomised method of Halko, Martinsson and Tropp: a random sketch of the range, sharpened by
 * power passes, then an exact small decomposition. The sketch's seed is fixed. */
#ifndef JM_SVD_H
#define JM_SVD_H

#include "sparse.h"

struct svd {
    uint32_t k;    /* at most what was asked, the rows and the columns */
    float *values; /* k, falling */
    float *right;  /* columns of the matrix x k, row by row */
    float *left;   /* rows of the matrix x k; NULL unless asked for */
};

struct svd_plan {
    uint32_t k, extra, passes;
    bool left;
};

/* `turned` is the transposed matrix. -1: memory is out, it was cancelled, or LAPACK gave up. */
int MUST_CHECK svd_sparse(const struct team *team, const struct sparse *matrix,
                          const struct sparse *turned, struct svd_plan plan, struct svd *ret);
void svd_release(struct svd *svd);

#endif
