/* test_svd.c - the randomised decomposition against the dense one of LAPACK. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "svd.h"

#define ROWS 300
#define COLS 170

static double noise(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / (1 << 24);
}

/* About one entry in six; some directions are much stronger than the rest. */
static void make_matrix(struct sparse *ret, float *dense)
{
    uint32_t state = 7;

    assert_int_equal(sparse_init(ret, ROWS, COLS), 0);
    memset(dense, 0, ROWS * COLS * sizeof(*dense));
    for (uint32_t r = 0; r < ROWS; r++) {
        struct sparse_block *block = &ret->blocks[r / SPARSE_BLOCK];

        if (r % SPARSE_BLOCK == 0) {
            block->cols = malloc(SPARSE_BLOCK * COLS * sizeof(*block->cols));
            block->values = malloc(SPARSE_BLOCK * COLS * sizeof(*block->values));
        }
        uint32_t n = block->start[r % SPARSE_BLOCK];
        for (uint32_t c = 0; c < COLS; c++) {
            if (noise(&state) > (r % 12 == c % 12 ? .9 : .12))
                continue;
            block->cols[n] = c;
            block->values[n] = (float)(noise(&state) * (r % 12 == c % 12 ? 3 + r % 12 : .5));
            dense[r * COLS + c] = block->values[n++];
        }
        for (uint32_t left = r % SPARSE_BLOCK; left < SPARSE_BLOCK; left++)
            block->start[left + 1] = n;
    }
}

static void values_and_vectors_are_those_of_lapack(void **state)
{
    static float dense[ROWS * COLS], values[COLS], u[ROWS * COLS], vt[COLS * COLS];
    struct team team = { .threads = 2 };
    struct svd_plan plan = { .k = 10, .extra = 10, .passes = 3, .left = true };
    struct sparse matrix, turned;
    struct svd svd;

    (void)state;
    make_matrix(&matrix, dense);
    assert_int_equal(sparse_turn(&matrix, &turned), 0);
    assert_int_equal(svd_sparse(&team, &matrix, &turned, plan, &svd), 0);
    assert_int_equal(svd.k, 10);
    assert_int_equal(
        LAPACKE_sgesdd(LAPACK_ROW_MAJOR, 'S', ROWS, COLS, dense, COLS, values, u, COLS, vt, COLS),
        0);
    for (uint32_t i = 0; i < svd.k; i++) {
        double right = 0, left = 0;

        for (uint32_t c = 0; c < COLS; c++)
            right += (double)svd.right[c * svd.k + i] * (double)vt[i * COLS + c];
        for (uint32_t r = 0; r < ROWS; r++)
            left += (double)svd.left[r * svd.k + i] * (double)u[r * COLS + i];
        assert_true(fabsf(svd.values[i] - values[i]) < 1e-3f * values[0]);
        assert_true(fabs(right) > .99);
        assert_true(fabs(left) > .99);
        assert_true(right * left > 0); /* both signs belong together */
    }
    svd_release(&svd);
    sparse_release(&matrix);
    sparse_release(&turned);
}

static void turning_twice_gives_the_same_matrix(void **state)
{
    static float dense[ROWS * COLS];
    struct sparse matrix, turned, again;

    (void)state;
    make_matrix(&matrix, dense);
    assert_int_equal(sparse_turn(&matrix, &turned), 0);
    assert_int_equal(sparse_turn(&turned, &again), 0);
    assert_int_equal(sparse_entries(&again), sparse_entries(&matrix));
    for (size_t b = 0; b < sparse_blocks(&matrix); b++) {
        const struct sparse_block *a = &matrix.blocks[b], *z = &again.blocks[b];

        assert_memory_equal(a->start, z->start, sizeof(a->start));
        assert_memory_equal(a->cols, z->cols, a->start[SPARSE_BLOCK] * sizeof(*a->cols));
        assert_memory_equal(a->values, z->values, a->start[SPARSE_BLOCK] * sizeof(*a->values));
    }
    sparse_release(&matrix);
    sparse_release(&turned);
    sparse_release(&again);
}

static void a_matrix_smaller_than_what_is_asked_gives_what_it_has(void **state)
{
    struct team team = { .threads = 1 };
    struct svd_plan plan = { .k = 200, .extra = 10, .passes = 3 };
    struct sparse matrix, turned;
    struct svd svd;

    (void)state;
    assert_int_equal(sparse_init(&matrix, 2, 3), 0);
    matrix.blocks[0].cols = malloc(2 * sizeof(uint32_t));
    matrix.blocks[0].values = malloc(2 * sizeof(float));
    matrix.blocks[0].cols[0] = 1;
    matrix.blocks[0].cols[1] = 2;
    matrix.blocks[0].values[0] = 4;
    matrix.blocks[0].values[1] = 3;
    for (uint32_t r = 0; r < SPARSE_BLOCK; r++)
        matrix.blocks[0].start[r + 1] = r == 0 ? 1 : 2;
    assert_int_equal(sparse_turn(&matrix, &turned), 0);
    assert_int_equal(svd_sparse(&team, &matrix, &turned, plan, &svd), 0);
    assert_int_equal(svd.k, 2);
    assert_true(fabsf(svd.values[0] - 4) < 1e-5f && fabsf(svd.values[1] - 3) < 1e-5f);
    svd_release(&svd);
    sparse_release(&matrix);
    sparse_release(&turned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_vectors_are_those_of_lapack),
        cmocka_unit_test(turning_twice_gives_the_same_matrix),
        cmocka_unit_test(a_matrix_smaller_than_what_is_asked_gives_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
