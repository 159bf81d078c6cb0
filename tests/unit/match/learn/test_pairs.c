/* test_pairs.c - PPMI of a corpus small enough to count by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "pairs.h"

#define WORDS 5

/* n(w,c), straight from the definition. */
static void count(const struct corpus *corpus, uint32_t window, double ret[WORDS][WORDS])
{
    memset(ret, 0, sizeof(double) * WORDS * WORDS);
    for (size_t i = 0; i < corpus->n; i++) {
        if (corpus->rows[i] >= ITEM_END)
            continue;
        for (size_t j = i + 1; j < corpus->n && j <= i + window; j++) {
            if (corpus->rows[j] == ITEM_END)
                break;
            if (corpus->rows[j] == NO_ROW)
                continue;
            ret[corpus->rows[i]][corpus->rows[j]] += 1. / (double)(j - i);
            ret[corpus->rows[j]][corpus->rows[i]] += 1. / (double)(j - i);
        }
    }
}

static double entry(const struct sparse *matrix, uint32_t row, uint32_t col)
{
    const struct sparse_block *block = &matrix->blocks[0];

    for (uint32_t e = block->start[row]; e < block->start[row + 1]; e++) {
        if (block->cols[e] == col)
            return fmax(
                0, (double)(block->values[e] - matrix->row_shift[row] - matrix->col_shift[col]));
    }
    return 0;
}

static void entries_are_those_of_the_definition(void **state)
{
    uint32_t rows[] = { ITEM_END, 0, 1, 2,        0,        1, ITEM_END, 3, 4,
                        NO_ROW,   3, 2, ITEM_END, ITEM_END, 1, 0,        0, ITEM_END };
    struct corpus corpus = { .rows = rows, .n = sizeof(rows) / sizeof(rows[0]) };
    struct pairs_plan plan = { .window = 3, .smooth = .75, .shift = .1, .max = 1e9 };
    struct team team = { .threads = 2 };
    double n[WORDS][WORDS], sums[WORDS] = { 0 }, all = 0;
    struct pairs pairs;

    (void)state;
    count(&corpus, plan.window, n);
    for (int w = 0; w < WORDS; w++) {
        for (int c = 0; c < WORDS; c++)
            sums[w] += n[w][c];
        all += pow(sums[w], .75);
    }
    assert_int_equal(pairs_count(&team, &corpus, WORDS, plan, &pairs), 0);
    for (uint32_t w = 0; w < WORDS; w++) {
        for (uint32_t c = 0; c < WORDS; c++) {
            double want = n[w][c] > 0 ? log(n[w][c] * all / (sums[w] * pow(sums[c], .75))) - .1 : 0;

            assert_true(fabs(entry(&pairs.ppmi, w, c) - fmax(0, want)) < 1e-5);
            assert_true(fabs(entry(&pairs.turned, c, w) - fmax(0, want)) < 1e-5);
        }
    }
    pairs_release(&pairs);
}

static void past_the_limit_the_lightest_pairs_go(void **state)
{
    enum { items = 4000, words = 300 };
    static uint32_t rows[items * 11 + 1];
    struct corpus corpus = { .rows = rows };
    struct pairs_plan plan = { .window = 5, .smooth = .75, .max = 1e9 };
    struct team team = { .threads = 2 };
    struct pairs all, some;
    uint32_t seed = 3;
    size_t n;

    (void)state;
    rows[corpus.n++] = ITEM_END;
    for (int i = 0; i < items; i++) {
        for (int w = 0; w < 10; w++) {
            seed = seed * 1664525u + 1013904223u;
            /* words of one class keep company */
            rows[corpus.n++] =
                (seed >> 8) % 30 * 10 + (w % 3 ? (uint32_t)i % 10 : (seed >> 4) % 10);
        }
        rows[corpus.n++] = ITEM_END;
    }
    assert_int_equal(pairs_count(&team, &corpus, words, plan, &all), 0);
    n = sparse_entries(&all.ppmi);
    plan.max = (double)n / 2;
    assert_int_equal(pairs_count(&team, &corpus, words, plan, &some), 0);
    assert_true(sparse_entries(&some.ppmi) < n);
    assert_true(sparse_entries(&some.ppmi) > n / 5);
    for (size_t b = 0; b < sparse_blocks(&some.ppmi); b++) {
        /* What is left are the same entries, and none is lighter than one that went. */
        float lightest = 1e9f, heaviest_gone = -1e9f;
        const struct sparse_block *a = &all.ppmi.blocks[b], *s = &some.ppmi.blocks[b];

        for (uint32_t e = 0, k = 0; e < a->start[SPARSE_BLOCK]; e++) {
            if (k < s->start[SPARSE_BLOCK] && s->cols[k] == a->cols[e] &&
                s->values[k] == a->values[e]) {
                lightest = fminf(lightest, s->values[k++]);
            } else {
                heaviest_gone = fmaxf(heaviest_gone, a->values[e]);
            }
        }
        assert_true(heaviest_gone <= lightest);
    }
    pairs_release(&all);
    pairs_release(&some);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_those_of_the_definition),
        cmocka_unit_test(past_the_limit_the_lightest_pairs_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
