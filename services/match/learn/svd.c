/* svd.c - tall matrices lie row by row. */
#include "svd.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qr.h"

#define ROWS_A_PART 4096

/* A standard normal by Box and Muller over splitmix64: a row needs no state of the one before. */
static double uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return ((double)(z >> 11) + .5) / 9007199254740992.0;
}

static void draw(float *to, size_t n)
{
    uint64_t state = 20;

    for (size_t i = 0; i < n; i++) {
        double radius = sqrt(-2 * log(uniform(&state)));

        to[i] = (float)(radius * cos(2 * 3.14159265358979323846 * uniform(&state)));
    }
}

struct turn_to {
    const float *basis, *small;
    float *to;
    uint32_t rows, width, k;
    enum CBLAS_TRANSPOSE turn;
};

static int turn_part(void *arg, size_t part, int worker)
{
    const struct turn_to *t = arg;
    size_t first = part * ROWS_A_PART;
    size_t n = t->rows - first < ROWS_A_PART ? t->rows - first : ROWS_A_PART;

    (void)worker;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, t->turn, (int)n, (int)t->k, (int)t->width, 1,
                t->basis + first * t->width, (int)t->width, t->small, (int)t->width, 0,
                t->to + first * t->k, (int)t->k);
    return 0;
}

/* basis (rows x width) times the first k columns of a small matrix. */
static float *turned_basis(const struct team *team, const float *basis, uint32_t rows,
                           uint32_t width, const float *small, enum CBLAS_TRANSPOSE turn,
                           uint32_t k)
{
    struct turn_to t = { basis, small, malloc((size_t)rows * k * sizeof(float)), rows, width,
                         k,     turn };

    if (t.to && team_run(team, ((size_t)rows + ROWS_A_PART - 1) / ROWS_A_PART, turn_part, &t) < 0) {
        free(t.to);
        return NULL;
    }
    return t.to;
}

/* With turned * basis = side * r (side orthonormal) and r' = u s w', the matrix is about
 * (basis u) s (side w)'. r row by row is r' column by column, and so LAPACK gives u and w'. */
static int finish(const struct team *team, const float *basis, uint32_t rows, const float *side,
                  uint32_t cols, float *r, uint32_t width, struct svd_plan plan, struct svd *ret)
{
    struct svd svd = { .k = plan.k < width ? plan.k : width };
    lapack_int n = (lapack_int)width;
    float *u = malloc((size_t)width * width * sizeof(*u));
    float *w = malloc((size_t)width * width * sizeof(*w));
    int rc = -1;

    svd.values = malloc(width * sizeof(*svd.values));
    if (u && w && svd.values &&
        LAPACKE_sgesdd(LAPACK_COL_MAJOR, 'A', n, n, r, n, svd.values, u, n, w, n) == 0) {
        /* w' column by column is w row by row; u column by column is u' row by row */
        svd.right = turned_basis(team, side, cols, width, w, CblasNoTrans, svd.k);
        if (plan.left)
            svd.left = turned_basis(team, basis, rows, width, u, CblasTrans, svd.k);
        rc = svd.right && (svd.left || !plan.left) ? 0 : -1;
    }
    free(u);
    free(w);
    if (rc == 0)
        *ret = svd;
    else
        svd_release(&svd);
    return rc;
}

static int power_passes(const struct team *team, const struct sparse *matrix,
                        const struct sparse *turned, uint32_t passes, float *tall, float *wide,
                        uint32_t width)
{
    int rc = sparse_times(team, matrix, wide, tall, width);

    if (rc == 0)
        rc = qr_split(team, tall, matrix->rows, width, NULL);
    for (uint32_t i = 0; rc == 0 && i < passes; i++) {
        rc = sparse_times(team, turned, tall, wide, width);
        if (rc == 0)
            rc = qr_split(team, wide, matrix->cols, width, NULL);
        if (rc == 0)
            rc = sparse_times(team, matrix, wide, tall, width);
        if (rc == 0)
            rc = qr_split(team, tall, matrix->rows, width, NULL);
    }
    return rc;
}

int svd_sparse(const struct team *team, const struct sparse *matrix, const struct sparse *turned,
               struct svd_plan plan, struct svd *ret)
{
    uint32_t least = matrix->rows < matrix->cols ? matrix->rows : matrix->cols;
    uint32_t width = plan.k + plan.extra < least ? plan.k + plan.extra : least;
    float *tall, *wide, *r;
    int rc = -1;

    if (width == 0 || plan.k == 0) {
        *ret = (struct svd){ 0 };
        return 0;
    }
    tall = malloc((size_t)matrix->rows * width * sizeof(*tall));
    wide = malloc((size_t)matrix->cols * width * sizeof(*wide));
    r = malloc((size_t)width * width * sizeof(*r));
    if (tall && wide && r) {
        draw(wide, (size_t)matrix->cols * width);
        rc = power_passes(team, matrix, turned, plan.passes, tall, wide, width);
        if (rc == 0)
            rc = sparse_times(team, turned, tall, wide, width);
        if (rc == 0)
            rc = qr_split(team, wide, matrix->cols, width, r);
        if (rc == 0)
            rc = finish(team, tall, matrix->rows, wide, matrix->cols, r, width, plan, ret);
    }
    free(tall);
    free(wide);
    free(r);
    return rc;
}

void svd_release(struct svd *svd)
{
    free(svd->values);
    free(svd->right);
    free(svd->left);
    *svd = (struct svd){ 0 };
}
