/* test_top.c - the k best are exactly those that scoring everything would give. */
#include "index_case.h"

#include <math.h>

#include "ix_top.h"
#include "params.h"

#define ITEMS 2500u

/* Windows so small that sampling, guessing and skipping all happen. */
static const uint32_t windows[] = { 64, 192, 1024, IX_TOP_WINDOW };

static void fill(struct index *index, uint32_t items, uint32_t seed)
{
    char text[512];

    for (uint32_t i = 0; i < items; i++) {
        case_random_text(&seed, 4 + case_random(&seed) % 24, text);
        case_write(index, i, text);
    }
    for (uint32_t i = 0; i < items; i += 1 + case_random(&seed) % 19)
        case_remove(index, i);
}

static void averages(const struct index *index, double ret[N_SPACES])
{
    for (enum space s = 0; s < N_SPACES; s++)
        ret[s] = index_average(index, s, 0);
}

/* The formula of index.h, from the forward record, in double. */
static double score_of(const struct index *index, const struct lookup *terms, size_t n,
                       const double average[N_SPACES], uint32_t slot)
{
    const double k1[N_SPACES] = { params.k1_w, params.k1_u, params.k1_b };
    double sum = 0;

    for (enum space s = 0; s < N_SPACES; s++) {
        struct posting list[CASE_TOKENS];
        size_t have = index_forward(index, s, slot, list, CASE_TOKENS);

        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < have && terms[i].space == s && terms[i].weight > 0; j++)
                if (list[j].term == terms[i].term)
                    sum += (double)terms[i].weight * list[j].tf * (k1[s] + 1) /
                           (list[j].tf +
                            k1[s] * (1 - params.b +
                                     params.b * (double)index_length(index, s, slot) / average[s]));
    }
    return sum;
}

static size_t random_question(const struct index *index, uint32_t *seed, struct lookup *ret,
                              size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum space s = (enum space)(case_random(seed) % N_SPACES);
        uint32_t term = case_random(seed) % index_terms(index, s);

        ret[i] =
            (struct lookup){ s, term,
                             (float)(log(1 + (double)ITEMS / (1 + index_df(index, s, term)))) };
        for (size_t j = 0; j < i; j++)
            if (ret[j].space == s && ret[j].term == term)
                ret[i].weight = 0; /* each term once */
    }
    return n;
}

static bool every_seventh(const void *arg, const struct index *index, uint32_t slot)
{
    (void)arg;
    (void)index;
    return slot % 7 == 0;
}

/* The hits are best first, score what the formula says, and whoever is left out scores no more than
 * the last. */
static void check_hits(const struct index *index, const struct lookup *terms, size_t n,
                       accept_fn accept, const struct hit *hits, long found, size_t k)
{
    double average[N_SPACES], least = found > 0 ? (double)hits[found - 1].score : 0;
    bool *taken = calloc(index_slots(index) + 1, 1);

    averages(index, average);
    for (long i = 0; i < found; i++) {
        double score = score_of(index, terms, n, average, hits[i].slot);

        assert_true(index_is_live(index, hits[i].slot));
        assert_true(fabs((double)hits[i].score - score) < 1e-4);
        assert_true(i == 0 || hits[i - 1].score > hits[i].score ||
                    (hits[i - 1].score >= hits[i].score && hits[i - 1].slot < hits[i].slot));
        taken[hits[i].slot] = true;
    }
    for (uint32_t slot = 0; slot < index_slots(index); slot++) {
        if (taken[slot] || !index_is_live(index, slot) || (accept && !accept(NULL, index, slot)))
            continue;
        double score = score_of(index, terms, n, average, slot);

        assert_true((size_t)found < k ? score < 1e-4 : score < least + 1e-4);
    }
    free(taken);
}

static void the_best_are_those_of_scoring_everything(void **state)
{
    struct index *index = *state;
    struct hit *hits = calloc(ITEMS, sizeof(*hits));
    struct lookup terms[64];
    double average[N_SPACES];
    uint32_t seed = 11;

    fill(index, ITEMS, 4);
    averages(index, average);
    for (int i = 0; i < 12; i++) {
        size_t n = random_question(index, &seed, terms, 1 + case_random(&seed) % 60);
        size_t k = 1 + case_random(&seed) % (i % 2 ? 300 : 20);
        accept_fn accept = i % 3 ? NULL : every_seventh;

        for (size_t w = 0; w < COUNT_OF(windows); w++) {
            long found = ix_top(index, 0, terms, n, average, accept, NULL, k, hits, windows[w]);

            assert_true(found >= 0);
            check_hits(index, terms, n, accept, hits, found, k);
        }
    }
    free(hits);
}

/* Nothing is skipped when everybody is asked for: skipping must not change a bit of the answer. */
static void the_best_are_the_first_of_all(void **state)
{
    struct index *index = *state;
    struct hit *all = calloc(ITEMS, sizeof(*all)), *hits = calloc(ITEMS, sizeof(*hits));
    struct lookup terms[64];
    double average[N_SPACES];
    uint32_t seed = 77;

    fill(index, ITEMS, 9);
    averages(index, average);
    for (int i = 0; i < 60; i++) {
        size_t n = random_question(index, &seed, terms, 1 + case_random(&seed) % 60);
        long most = index_top(index, terms, n, average, NULL, NULL, ITEMS, all);

        for (size_t w = 0; w < COUNT_OF(windows); w++) {
            size_t k = 1 + case_random(&seed) % 500;
            long found = ix_top(index, 0, terms, n, average, NULL, NULL, k, hits, windows[w]);

            assert_int_equal(found, (long)k < most ? (long)k : most);
            assert_memory_equal(hits, all, (size_t)found * sizeof(*hits));
        }
    }
    free(all);
    free(hits);
}

static void equal_scores_stand_by_slot(void **state)
{
    struct index *index = *state;
    struct hit hits[40];
    double average[N_SPACES];
    struct lookup term = { SPACE_W, 0, 1 };

    for (uint32_t i = 0; i < 1000; i++)
        case_write(index, i, "same words");
    averages(index, average);
    term.term = case_term(index, SPACE_W, "same");
    for (size_t w = 0; w < COUNT_OF(windows); w++) {
        assert_int_equal(ix_top(index, 0, &term, 1, average, NULL, NULL, 40, hits, windows[w]), 40);
        for (uint32_t i = 0; i < 40; i++)
            assert_int_equal(hits[i].slot, i);
    }
}

/* The windows that are looked at first are the best ones by far: the guess is too high. */
static void a_lucky_sample_does_no_harm(void **state)
{
    enum { WINDOW = 64, EVERY = 16, SLOTS = 64 * WINDOW };
    struct index *index = *state;
    struct hit hits[512];
    double average[N_SPACES];
    struct lookup term = { SPACE_W, 0, 1 };

    for (uint32_t i = 0; i < SLOTS; i++)
        case_write(index, i, i / WINDOW % EVERY == EVERY / 2 ? "abc" : "abc x y z v w a b c d e f");
    averages(index, average);
    term.term = case_term(index, SPACE_W, "abc");
    assert_int_equal(ix_top(index, 0, &term, 1, average, NULL, NULL, 500, hits, WINDOW), 500);
    check_hits(index, &term, 1, NULL, hits, 500, 500);
}

static bool is_paper(const void *arg, const struct index *index, uint32_t slot)
{
    (void)arg;
    return index_facts(index, slot)->kind == KIND_PAPER;
}

static void kinds_are_told_apart(void **state)
{
    struct index *index = *state;
    struct hit hits[30], others[30];
    double average[N_SPACES];
    struct lookup term = { SPACE_W, 0, 1 };
    uint32_t seed = 3;

    for (uint32_t i = 0; i < 700; i++) {
        char text[256] = "abc ";
        struct item item = case_item(i, "", text);

        case_random_text(&seed, 1 + i % 9, text + 4);
        item.kind = i % 5 ? KIND_ITEM : KIND_PAPER;
        assert_int_equal(case_put(index, &item), 0);
    }
    averages(index, average);
    term.term = case_term(index, SPACE_W, "abc");
    assert_int_equal(index_top_of(index, KIND_PAPER, &term, 1, average, NULL, NULL, 30, hits), 30);
    assert_int_equal(index_top(index, &term, 1, average, is_paper, NULL, 30, others), 30);
    assert_memory_equal(hits, others, sizeof(hits));
}

static void terms_that_nothing_has_are_ignored(void **state)
{
    struct index *index = *state;
    struct hit hits[4];
    const double average[N_SPACES] = { 1, 1, 1 };
    struct lookup terms[] = { { SPACE_W, NO_TERM, 1 }, { SPACE_B, 12345, 1 }, { SPACE_W, 0, -1 } };

    assert_int_equal(index_top(index, terms, 3, average, NULL, NULL, 4, hits), 0);
    case_write(index, 1, "abc");
    assert_int_equal(index_top(index, terms, 3, average, NULL, NULL, 4, hits), 0);
    terms[2].weight = 1;
    assert_int_equal(index_top(index, terms, 3, average, NULL, NULL, 4, hits), 1);
    assert_int_equal(index_top(index, terms, 3, average, NULL, NULL, 0, hits), 0);
}

static void weights_of_any_size_are_told_apart(void **state)
{
    struct index *index = *state;
    struct hit hits[2];
    const double average[N_SPACES] = { 2, 4, 4 };
    struct lookup term = { SPACE_W, 0, 0 };

    case_write(index, 1, "abc x");
    case_write(index, 2, "abc");
    term.term = case_term(index, SPACE_W, "abc");
    for (float weight = 1e-6f; weight < 1e9f; weight *= 1000) {
        term.weight = weight;
        assert_int_equal(index_top(index, &term, 1, average, NULL, NULL, 2, hits), 2);
        assert_int_equal(hits[0].slot, 1);
        assert_true(hits[0].score > hits[1].score);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_best_are_those_of_scoring_everything),
        CASE(the_best_are_the_first_of_all),
        CASE(equal_scores_stand_by_slot),
        CASE(a_lucky_sample_does_no_harm),
        CASE(kinds_are_told_apart),
        CASE(terms_that_nothing_has_are_ignored),
        CASE(weights_of_any_size_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
