/* sparse.h - a sparse matrix in blocks of rows, and its product with a thin dense one.
 *
 * A block is built by one thread and never moves, so a large matrix needs no second copy to be put
 * together. An entry may be shifted by its row and its column when it is used:
 *   a(r,c) = max(0, value - row_shift[r] - col_shift[c])
 * so the pair counts of words, whose pattern is symmetric, are kept once: with the shifts
 * exchanged the same blocks are the transposed matrix, though context smoothing makes PPMI itself
 * lopsided. */
#ifndef JM_SPARSE_H
#define JM_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "team.h"

#define SPARSE_BLOCK 128 /* rows in a block; the last has fewer */

struct sparse_block {
    uint32_t start[SPARSE_BLOCK + 1];
    uint32_t *cols;
    float *values;
};

struct sparse {
    uint32_t rows, cols;
    struct sparse_block *blocks;        /* (rows + SPARSE_BLOCK - 1) / SPARSE_BLOCK */
    const float *row_shift, *col_shift; /* both or none; not owned */
};

/* All blocks empty. */
int MUST_CHECK sparse_init(struct sparse *matrix, uint32_t rows, uint32_t cols);
void sparse_release(struct sparse *matrix);
size_t sparse_blocks(const struct sparse *matrix);
size_t sparse_entries(const struct sparse *matrix);
/* The transposed copy (of a matrix without shifts). */
int MUST_CHECK sparse_turn(const struct sparse *matrix, struct sparse *ret);
/* y (rows x width) = matrix * x (cols x width), row by row. */
int MUST_CHECK sparse_times(const struct team *team, const struct sparse *matrix, const float *x,
                            float *y, uint32_t width);

#endif
