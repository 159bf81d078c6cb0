/* qr.c - Cholesky of the Gram matrix, twice: all its work on the tall matrix are products,
 * which the team shares, where Householder's reflections would wait for memory (30 times as
 * long at 100,000 rows). The second round mends what the first one loses. Columns that are
 * nearly dependent (a collection of a few texts) are left to LAPACK. */
#include "qr.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_A_PART 4096
#define DEPENDENT 2e-3 /* least diagonal of r against the largest */

struct split {
    float *matrix, *grams, *inverse; /* a Gram matrix for each part */
    double *r;
    uint32_t rows, width;
};

static size_t rows_of(const struct split *split, size_t part)
{
    size_t left = split->rows - part * ROWS_A_PART;

    return left < ROWS_A_PART ? left : ROWS_A_PART;
}

static int gram_part(void *arg, size_t part, int worker)
{
    const struct split *split = arg;
    int width = (int)split->width;
    size_t square = (size_t)width * (size_t)width;

    (void)worker;
    cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, width, (int)rows_of(split, part), 1,
                split->matrix + part * ROWS_A_PART * split->width, width, 0,
                split->grams + part * square, width);
    return 0;
}

/* matrix := matrix * inverse, one part of its rows at a time. */
static int apply_part(void *arg, size_t part, int worker)
{
    const struct split *split = arg;
    int width = (int)split->width;

    (void)worker;
    cblas_strmm(CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit,
                (int)rows_of(split, part), width, 1, split->inverse, width,
                split->matrix + part * ROWS_A_PART * split->width, width);
    return 0;
}

/* Sums the parts in their order, whoever made them, and takes the root: r' r = gram. 1:
 * dependent. */
static int root(struct split *split, size_t parts)
{
    size_t width = split->width, square = width * width;
    double most = 0, least = 0;

    memset(split->r, 0, square * sizeof(*split->r));
    for (size_t p = 0; p < parts; p++) {
        for (size_t i = 0; i < square; i++)
            split->r[i] += (double)split->grams[p * square + i];
    }
    for (size_t i = 0; i < width; i++)
        memset(split->r + i * width, 0, i * sizeof(*split->r)); /* below the diagonal */
    if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'U', (lapack_int)width, split->r, (lapack_int)width) != 0)
        return 1;
    for (size_t i = 0; i < width; i++) {
        double diagonal = split->r[i * width + i];

        most = diagonal > most ? diagonal : most;
        least = i == 0 || diagonal < least ? diagonal : least;
    }
    return least <= DEPENDENT * most;
}

/* One round: matrix := matrix r^-1. 1: the columns are dependent, nothing was changed. */
static int one_round(const struct team *team, struct split *split, double *inverse)
{
    size_t parts = ((size_t)split->rows + ROWS_A_PART - 1) / ROWS_A_PART;
    size_t square = (size_t)split->width * split->width;
    lapack_int n = (lapack_int)split->width;

    if (team_run(team, parts, gram_part, split) < 0)
        return -1;
    if (root(split, parts) > 0)
        return 1;
    memcpy(inverse, split->r, square * sizeof(*inverse));
    if (LAPACKE_dtrtri(LAPACK_ROW_MAJOR, 'U', 'N', n, inverse, n) != 0)
        return 1;
    for (size_t i = 0; i < square; i++)
        split->inverse[i] = (float)inverse[i];
    return team_run(team, parts, apply_part, split);
}

/* Two rounds; `first` keeps the r of the first one. */
static int two_rounds(const struct team *team, struct split *split, double *inverse, double *first,
                      float *ret_r)
{
    size_t square = (size_t)split->width * split->width;
    int n = (int)split->width, rc = one_round(team, split, inverse);

    if (rc != 0)
        return rc;
    memcpy(first, split->r, square * sizeof(*first));
    rc = one_round(team, split, inverse);
    if (rc != 0)
        return -1; /* the columns are nearly orthonormal by now */
    if (ret_r) {
        cblas_dtrmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, n, n, 1,
                    split->r, n, first, n);
        for (size_t i = 0; i < square; i++)
            ret_r[i] = (float)first[i];
    }
    return 0;
}

/* By reflections. LAPACK sees the matrix lying on its side, column by column, so what is called QR
 * in the books is LQ here and nothing has to be turned: l column by column is r row by row. */
static int reflect(float *matrix, uint32_t rows, uint32_t width, float *ret_r)
{
    lapack_int m = (lapack_int)width, n = (lapack_int)rows;
    float *tau = malloc(width * sizeof(*tau));
    int rc = -1;

    if (tau && LAPACKE_sgelqf(LAPACK_COL_MAJOR, m, n, matrix, m, tau) == 0) {
        for (size_t c = 0; ret_r && c < width; c++) {
            memset(ret_r + c * width, 0, c * sizeof(*ret_r));
            memcpy(ret_r + c * width + c, matrix + c * width + c, (width - c) * sizeof(*ret_r));
        }
        rc = LAPACKE_sorglq(LAPACK_COL_MAJOR, m, n, m, matrix, m, tau) == 0 ? 0 : -1;
    }
    free(tau);
    return rc;
}

int qr_split(const struct team *team, float *matrix, uint32_t rows, uint32_t width, float *ret_r)
{
    size_t parts = ((size_t)rows + ROWS_A_PART - 1) / ROWS_A_PART;
    size_t square = (size_t)width * width;
    struct split split = { .matrix = matrix, .rows = rows, .width = width };
    double *inverse = malloc(square * sizeof(*inverse)), *first = malloc(square * sizeof(*first));
    int rc = -1;

    split.grams = malloc(parts * square * sizeof(*split.grams));
    split.inverse = malloc(square * sizeof(*split.inverse));
    split.r = malloc(square * sizeof(*split.r));
    if (inverse && first && split.grams && split.inverse && split.r)
        rc = two_rounds(team, &split, inverse, first, ret_r);
    free(inverse);
    free(first);
    free(split.grams);
    free(split.inverse);
    free(split.r);
    return rc > 0 ? reflect(matrix, rows, width, ret_r) : rc;
}
