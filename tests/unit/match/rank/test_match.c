/* test_match.c - candidates, their order, their filters, and reasons that sum to the score. */
#include <math.h>

#include "small_city.h"

static double sum_of(const struct reason *list, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += list[i].share;
    return sum;
}

static void the_record_that_fits_comes_first(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "硅片表面缺陷的抛光");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, WAFER), 0);
}

static void shares_of_a_record_sum_to_its_score(void **state)
{
    struct small_city *city = *state;
    static const char *const asked[] = { "硅片", "半导体硅片抛光缺陷控制与电机",
                                         "钛白粉 二氧化钛 粒度", "海参养殖", "8英寸" };

    city_fill(city);
    city_learn(city);
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct question question =
            city_question(ASK_MATCH, KIND_ACHIEVEMENT | KIND_EXPERT | KIND_PAPER, asked[i]);

        assert_int_equal(city_ask(city, &question), ENGINE_OK);
        assert_true(city->answer.n > 0);
        for (size_t j = 0; j < city->answer.n; j++) {
            const struct candidate *c = &city->answer.list[j];

            assert_true(fabs(sum_of(c->reasons, c->n_reasons) - c->score) < 1e-6);
        }
    }
}

static void shares_of_evidence_sum_to_that_evidence(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "硅片抛光缺陷检测");

    city_fill(city);
    city_learn(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (size_t i = 0; i < city->answer.n; i++)
        for (size_t j = 0; j < city->answer.list[i].n_reasons; j++) {
            const struct reason *reason = &city->answer.list[i].reasons[j];

            if (reason->kind == REASON_EVIDENCE)
                assert_true(fabs(sum_of(reason->parts, reason->n_parts) - reason->share) < 1e-6);
        }
}

static void experts_are_found_by_their_records(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "二氧化钛煅烧");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, CHEMIST), 0);
    assert_int_equal(city->answer.list[0].reasons[0].kind, REASON_EVIDENCE);
    assert_int_equal(city_number(city->answer.list[0].reasons[0].id), PAPER_C);
}

static void an_expert_without_papers_is_found_by_the_profile(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "硅片加工");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_true(city_place(city, NEWCOMER) >= 0);
}

static void a_conflicted_expert_never_appears_nor_counts(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "硅片抛光");
    uint8_t out[1][16];

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    size_t before = city->answer.total;
    assert_true(city_place(city, POLISHER) >= 0);
    city_id(POLISHER, out[0]);
    question.filter.not_ids = (const uint8_t(*)[16])out;
    question.filter.n_not_ids = 1;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, POLISHER), -1);
    assert_int_equal(city->answer.total, before - 1);
}

static void whoever_belongs_to_an_excluded_unit_never_appears(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "碳化硅陶瓷");
    struct item item = city_item(31, KIND_ACHIEVEMENT, "碳化硅陶瓷烧结", "");
    uint8_t out[1][16];

    city_id(90, item.unit);
    city_put(city, &item);
    city_add(city, 32, KIND_ACHIEVEMENT, "碳化硅陶瓷成型", "");
    city_id(90, out[0]);
    question.filter.not_units = (const uint8_t(*)[16])out;
    question.filter.n_not_units = 1;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 31), -1);
    assert_int_equal(city_place(city, 32), 0);
    assert_int_equal(city->answer.total, 1);
}

static void what_the_asker_may_not_see_lends_no_evidence(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "石墨烯散热膜");
    static const char *const bureau[] = { "bureau" };
    struct item item = city_item(41, KIND_CLAIM, "石墨烯散热膜", "石墨烯散热膜方案");
    struct link link = { .weight = 1 };

    city_fill(city);
    city_id(POLISHER, link.to);
    item.links = &link;
    item.n_links = 1;
    item.scopes = bureau;
    city_put(city, &item);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n, 0);
    question.filter.scopes = bureau;
    question.filter.n_scopes = 1;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n, 0); /* the expert himself is public, not the bureau's */
}

static void a_subject_that_may_not_be_seen_is_unknown(void **state)
{
    struct small_city *city = *state;
    static const char *const mine[] = { "unit:1" };
    struct item item = city_item(51, KIND_NEED, "秘密需求", "");
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "");

    item.scopes = mine;
    city_put(city, &item);
    question.subject.has_id = true;
    city_id(51, question.subject.id);
    assert_int_equal(city_ask(city, &question), ENGINE_UNKNOWN);
    question.filter.scopes = mine;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
}

static void a_record_is_not_its_own_answer(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "");

    city_fill(city);
    question.subject.has_id = true;
    city_id(WAFER, question.subject.id);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, WAFER), -1);
}

static void a_removed_record_is_gone_at_once(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "海参育苗");
    uint8_t id[16];

    city_fill(city);
    city_id(SEA, id);
    assert_int_equal(engine_remove(city->engine, id, 2), 0);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, SEA), -1);
}

static void what_is_asked_and_nowhere_answered_is_named(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "硅片抛光与核磁共振");
    bool told = false;

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, WAFER), 0);
    for (size_t i = 0; i < city->answer.list[0].n_missing; i++)
        told |= strcmp(city->answer.list[0].missing[i], "共振") == 0;
    assert_true(told);
}

static void a_passage_marks_the_words_in_the_original(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "抛光");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    const struct passage *p = &city->answer.list[0].passages[0];
    assert_true(p->n_marks > 0);
    assert_memory_equal(p->text + p->marks[0].from, "抛光", strlen("抛光"));
}

static void the_preferred_region_is_a_reason_of_its_own(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "碳化硅陶瓷");
    struct item item = city_item(61, KIND_ACHIEVEMENT, "碳化硅陶瓷", "");
    bool told = false;

    item.division = "210702";
    city_put(city, &item);
    question.near = "2107";
    question.near_weight = 1;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (size_t i = 0; i < city->answer.list[0].n_reasons; i++)
        told |= city->answer.list[0].reasons[i].kind == REASON_NEAR;
    assert_true(told);
}

static void a_question_past_its_time_is_late(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "硅片");

    city_fill(city);
    question.deadline_ms = 1;
    assert_int_equal(city_ask(city, &question), ENGINE_LATE);
}

/* More records speak for the people than one question may score. */
static void people_of_endless_records_are_all_told_and_shares_still_sum(void **state)
{
    enum { PEOPLE = 25, RECORDS = 200, FIRST = 1000 };
    struct small_city *city = *state;
    struct question question =
        city_question(ASK_MATCH, KIND_EXPERT | KIND_UNIT, "硅片抛光缺陷检测");

    city_fill(city);
    for (int person = 0; person < PEOPLE; person++) {
        city_add(city, 100 + person, person % 2 ? KIND_EXPERT : KIND_UNIT, "", "");
        for (int i = 0; i < RECORDS; i++)
            city_speak(city, FIRST + person * RECORDS + i, KIND_PAPER,
                       i < 3 ? "硅片抛光缺陷检测研究" : "晶圆检测", "", 100 + person);
    }
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (int person = 0; person < PEOPLE; person++)
        assert_true(city_place(city, 100 + person) >= 0);
    for (size_t i = 0; i < city->answer.n; i++) {
        const struct candidate *one = &city->answer.list[i];

        assert_true(fabs(sum_of(one->reasons, one->n_reasons) - one->score) < 1e-6);
        assert_true(i == 0 || one->kind != one[-1].kind || one->score <= one[-1].score);
    }
}

static void evidence_tells_what_its_kind_and_age_weigh(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_EXPERT, "硅片抛光液");
    struct item claim = city_item(40, KIND_CLAIM, "硅片抛光液", "");
    struct link link = { .weight = .5f };
    bool told = false;

    city_fill(city);
    city_id(POLISHER, link.to);
    claim.links = &link;
    claim.n_links = 1;
    claim.year = 1980;
    city_put(city, &claim);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    for (size_t i = 0; i < city->answer.n; i++)
        for (size_t j = 0; j < city->answer.list[i].n_reasons; j++) {
            const struct reason *reason = &city->answer.list[i].reasons[j];

            if (reason->kind != REASON_EVIDENCE || city_number(reason->id) != 40)
                continue;
            assert_true(fabs(reason->weight - .7 * .5 * .5) < 1e-6); /* params.def */
            told = true;
        }
    assert_true(told);
}

static void an_empty_question_has_an_empty_answer(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(the_record_that_fits_comes_first),
        CITY_TEST(shares_of_a_record_sum_to_its_score),
        CITY_TEST(shares_of_evidence_sum_to_that_evidence),
        CITY_TEST(experts_are_found_by_their_records),
        CITY_TEST(an_expert_without_papers_is_found_by_the_profile),
        CITY_TEST(a_conflicted_expert_never_appears_nor_counts),
        CITY_TEST(whoever_belongs_to_an_excluded_unit_never_appears),
        CITY_TEST(what_the_asker_may_not_see_lends_no_evidence),
        CITY_TEST(a_subject_that_may_not_be_seen_is_unknown),
        CITY_TEST(a_record_is_not_its_own_answer),
        CITY_TEST(a_removed_record_is_gone_at_once),
        CITY_TEST(what_is_asked_and_nowhere_answered_is_named),
        CITY_TEST(a_passage_marks_the_words_in_the_original),
        CITY_TEST(the_preferred_region_is_a_reason_of_its_own),
        CITY_TEST(a_question_past_its_time_is_late),
        CITY_TEST(people_of_endless_records_are_all_told_and_shares_still_sum),
        CITY_TEST(evidence_tells_what_its_kind_and_age_weigh),
        CITY_TEST(an_empty_question_has_an_empty_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
