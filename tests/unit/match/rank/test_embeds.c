/* test_embeds.c - the vectors of an embedding endpoint: they join the score, are told, and go along
 * with their records. */
#include <math.h>

#include "small_city.h"

enum { DIMS = 4 };

static const float SEA_LIKE[DIMS] = { 1, 0, 0, 0 };

static void open_vectors(struct small_city *city)
{
    assert_int_equal(engine_embed_open(city->engine, "示例模型", DIMS, .5), 0);
}

/* Until there is none without; how many that were. */
static size_t give_all(struct small_city *city, const float *vector)
{
    struct unembedded list[3];
    size_t given = 0;
    bool end = false;

    while (!end) {
        struct arena arena = { 0 };
        size_t n = engine_unembedded(city->engine, &arena, false, list, 3, &end);

        for (size_t i = 0; i < n; i++)
            assert_int_equal(engine_embed(city->engine, list[i].id, list[i].version, vector), 0);
        given += n;
        arena_release(&arena);
    }
    engine_embed_ready(city->engine, true);
    return given;
}

static struct question sea_question(void)
{
    struct question question =
        city_question(ASK_MATCH, KIND_ACHIEVEMENT | KIND_EXPERT | KIND_PAPER, "海参养殖硅片抛光");

    question.vector = SEA_LIKE;
    return question;
}

static double embed_share(const struct reason *list, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += list[i].kind == REASON_EMBED ? list[i].share
                                            : embed_share(list[i].parts, list[i].n_parts);
    return sum;
}

static void shares_sum_to_the_score_with_vectors_too(void **state)
{
    struct small_city *city = *state;
    const struct question question = sea_question();

    city_fill(city);
    city_learn(city);
    open_vectors(city);
    give_all(city, (const float[DIMS]){ 3, 4, 0, 0 });
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_true(city->answer.embedded);
    assert_true(city->answer.n > 2);
    for (size_t i = 0; i < city->answer.n; i++) {
        const struct candidate *one = &city->answer.list[i];
        double sum = 0;

        for (size_t j = 0; j < one->n_reasons; j++)
            sum += one->reasons[j].share;
        assert_true(fabs(sum - one->score) < 1e-6);
        if (one->kind == KIND_ACHIEVEMENT)
            assert_true(fabs(embed_share(one->reasons, one->n_reasons) - .5 * .6) < .01);
        else
            assert_true(embed_share(one->reasons, one->n_reasons) > 0);
    }
}

static void they_count_only_once_all_are_there(void **state)
{
    struct small_city *city = *state;
    const struct question question = sea_question();
    char before[64], with[64];

    city_fill(city);
    engine_version(city->engine, before);
    open_vectors(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_false(city->answer.embedded);
    assert_string_equal(city->answer.version, before);
    give_all(city, SEA_LIKE);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_true(city->answer.embedded);
    engine_version(city->engine, with);
    assert_string_equal(city->answer.version, with);
    assert_string_not_equal(before, with);
}

static void a_vector_against_the_question_takes_nothing_off(void **state)
{
    struct small_city *city = *state;
    const struct question question = sea_question();

    city_fill(city);
    open_vectors(city);
    give_all(city, (const float[DIMS]){ -1, 0, 0, 0 });
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (size_t i = 0; i < city->answer.n; i++)
        assert_true(embed_share(city->answer.list[i].reasons, city->answer.list[i].n_reasons) == 0);
}

static void what_has_no_direction_or_another_version_is_not_taken(void **state)
{
    struct small_city *city = *state;
    uint8_t id[16];

    city_fill(city);
    city_id(WAFER, id);
    assert_int_equal(engine_embed(city->engine, id, 1, SEA_LIKE), -1); /* not opened yet */
    open_vectors(city);
    assert_int_equal(engine_embed(city->engine, id, 1, (const float[DIMS]){ 0 }), -1);
    assert_int_equal(engine_embed(city->engine, id, 1, (const float[DIMS]){ NAN, 1, 0, 0 }), -1);
    size_t all = give_all(city, SEA_LIKE);
    struct item item = city_item(WAFER, KIND_ACHIEVEMENT, "硅片抛光", "");
    item.version = 2;
    city_put(city, &item);
    assert_int_equal(engine_embed(city->engine, id, 1, SEA_LIKE), 0);
    assert_int_equal(give_all(city, SEA_LIKE), 1); /* the new version is asked for again */
    assert_true(all > 5);
}

static void a_compaction_and_a_term_list_keep_them(void **state)
{
    struct small_city *city = *state;
    const struct question question = sea_question();
    const struct term_row row = { .rule = TERM_KEEP, .term = "抛光工艺" };
    uint8_t id[16];

    city_fill(city);
    open_vectors(city);
    give_all(city, SEA_LIKE);
    city_id(WAFER, id);
    assert_int_equal(engine_remove(city->engine, id, 9), 0);
    assert_int_equal(engine_compact(city->engine), 0);
    assert_int_equal(engine_terms(city->engine, &row, 1), 0);
    assert_int_equal(give_all(city, SEA_LIKE), 0);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (size_t i = 0; i < city->answer.n; i++)
        if (city->answer.list[i].kind == KIND_ACHIEVEMENT)
            assert_true(embed_share(city->answer.list[i].reasons, city->answer.list[i].n_reasons) >
                        .49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(shares_sum_to_the_score_with_vectors_too),
        CITY_TEST(they_count_only_once_all_are_there),
        CITY_TEST(a_vector_against_the_question_takes_nothing_off),
        CITY_TEST(what_has_no_direction_or_another_version_is_not_taken),
        CITY_TEST(a_compaction_and_a_term_list_keep_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
