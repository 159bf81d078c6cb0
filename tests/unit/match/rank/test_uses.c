/* test_uses.c - search, near-duplicates, groups, covering teams, labels, the term list. */
#include "small_city.h"

static void search_wants_every_word(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SEARCH, KIND_ACHIEVEMENT, "硅片 抛光");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.total, 1);
    question.subject.field[FIELD_TITLE] = "硅片 海参";
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.total, 0);
}

static void search_without_words_lists_all_newest_first(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SEARCH, KIND_ACHIEVEMENT, "");

    city_fill(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.total, 4);
    assert_int_equal(city_place(city, SEA), 0);
}

static void search_pages_without_gap_or_repetition(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SEARCH, KIND_ACHIEVEMENT, "");
    bool seen[8] = { false };

    city_fill(city);
    question.limit = 3;
    for (question.offset = 0; question.offset < 6; question.offset += 3) {
        assert_int_equal(city_ask(city, &question), ENGINE_OK);
        for (size_t i = 0; i < city->answer.n; i++) {
            int n = city_number(city->answer.list[i].id);

            assert_false(seen[n]);
            seen[n] = true;
        }
    }
    assert_true(seen[WAFER] && seen[PIGMENT] && seen[MOTOR] && seen[SEA]);
}

static void facets_count_what_was_found_and_nothing_hidden(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SEARCH, KIND_ACHIEVEMENT, "陶瓷");
    static const char *const bureau[] = { "bureau" };
    struct item item = city_item(1, KIND_ACHIEVEMENT, "陶瓷甲", "");

    item.trl = 5;
    city_put(city, &item);
    item = city_item(2, KIND_ACHIEVEMENT, "陶瓷乙", "");
    item.trl = 5;
    item.scopes = bureau;
    city_put(city, &item);
    question.facets = true;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.total, 1);
    for (size_t i = 0; i < city->answer.n_facets; i++)
        if (strcmp(city->answer.facets[i].facet, "trl") == 0)
            assert_int_equal(city->answer.facets[i].n, 1);
}

static void a_name_is_found_by_pinyin(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SEARCH, KIND_EXPERT, "zhuanjia");
    struct item item = city_item(1, KIND_EXPERT, "", "");

    item.name = "专家甲";
    city_put(city, &item);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 1), 0);
    question.subject.field[FIELD_TITLE] = "zjj";
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 1), 0);
}

static void a_synonym_of_the_bureau_is_found_and_told(void **state)
{
    struct small_city *city = *state;
    static const struct term_row rows[] = { { TERM_SYNONYM, "钛白粉", "二氧化钛", 0.9 } };
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "钛白粉");
    bool told = false;

    city_add(city, 1, KIND_ACHIEVEMENT, "二氧化钛提纯", "");
    city_add(city, 2, KIND_ACHIEVEMENT, "海参育苗", "");
    assert_int_equal(engine_terms(city->engine, rows, 1), 0);
    question.ask = ASK_SEARCH;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 1), 0);
    question.ask = ASK_MATCH;
    question.subject.field[FIELD_TITLE] = "钛白粉提纯";
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 1), 0);
    for (size_t i = 0; i < city->answer.list[0].n_reasons; i++)
        told |= city->answer.list[0].reasons[i].kind == REASON_SYNONYM;
    assert_true(told);
}

static void the_same_need_in_other_words_is_shown_side_by_side(void **state)
{
    struct small_city *city = *state;
    struct question question =
        city_question(ASK_SAME, KIND_EARLIER, "低缺陷抛光硅片的研制。要求8英寸。");

    city_add(city, 1, KIND_EARLIER, "研制低缺陷抛光硅片。", "8英寸硅片。");
    city_add(city, 2, KIND_EARLIER, "海参育苗技术。", "");
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n, 1);
    assert_int_equal(city_place(city, 1), 0);
    assert_true(city->answer.list[0].n_passages > 0);
    assert_int_equal(city->answer.list[0].n_passages, city->answer.list[0].n_asked);
}

static void a_short_record_of_the_same_title_is_found(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_SAME, KIND_EARLIER, "粗四氯化锆提纯技术及产业化");

    question.subject.field[FIELD_BODY] =
        "现有工艺杂质高、能耗大。要求纯度不低于百分之九十九点九，吨产品能耗下降三成，完成中试线"
        "建设并稳定运行三个月。提供检测报告与验收资料。";
    city_fill(city);
    city_add(city, 71, KIND_EARLIER, "粗四氯化锆提纯技术及产业化", "");
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city_place(city, 71), 0);
}

static void the_same_text_is_wholly_alike(void **state)
{
    struct small_city *city = *state;

    city_fill(city);
    assert_true(engine_pair(city->engine, city->worker, "硅片抛光缺陷", "硅片抛光缺陷") > 0.7);
    assert_true(engine_pair(city->engine, city->worker, "硅片抛光缺陷", "海参育苗") < 0.1);
    assert_true(engine_pair(city->engine, city->worker, "", "") == 0);
}

static void alike_needs_of_different_units_make_a_group(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_GROUPS, KIND_NEED, "");
    static const char *const titles[] = { "硅片抛光表面缺陷控制", "抛光硅片表面缺陷的控制",
                                          "海参苗种繁育", "海参苗种繁育" };

    for (int i = 0; i < 4; i++) {
        struct item item = city_item(i + 1, KIND_NEED, titles[i], "");

        city_id(i < 2 ? 80 + i : 90, item.unit); /* the last two are of one unit */
        city_put(city, &item);
    }
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n_groups, 1);
    assert_int_equal(city->answer.groups[0].n, 2);
    assert_true(city_place(city, 1) >= 0 && city_place(city, 2) >= 0);
    assert_true(city->answer.groups[0].n_shared > 0);
}

static void the_smallest_team_covers_what_can_be_covered(void **state)
{
    struct small_city *city = *state;
    static const char *const parts[] = { "硅片抛光", "二氧化钛煅烧", "核聚变点火" };
    struct question question = city_question(ASK_COVER, KIND_EXPERT, "");

    city_fill(city);
    city_add(city, 14, KIND_EXPERT, "", "");
    city_speak(city, 24, KIND_PAPER, "硅片抛光", "硅片抛光工艺。", 14);
    city_speak(city, 25, KIND_PAPER, "二氧化钛煅烧", "二氧化钛煅烧工艺。", 14);
    question.cover_kind = KIND_EXPERT;
    question.parts = parts;
    question.n_parts = 3;
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.cover.n, 1);
    assert_int_equal(city_number(city->answer.list[0].id), 14);
    assert_int_equal(city->answer.cover.n_uncovered, 1);
    assert_int_equal(city->answer.cover.uncovered[0], 2);
}

static void a_text_gets_the_label_of_its_like(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_CLASSIFY, KIND_LABEL, "抛光硅片颗粒的光学检测");

    city_add(city, 101, KIND_LABEL, "半导体", "");
    city_add(city, 102, KIND_LABEL, "水产", "");
    city_speak(city, 111, KIND_PAPER, "硅片抛光", "抛光硅片的表面颗粒与缺陷。", 101);
    city_speak(city, 112, KIND_PAPER, "硅片检测", "光学检测硅片颗粒。", 101);
    city_speak(city, 113, KIND_PAPER, "海参育苗", "海参苗种与海水养殖。", 102);
    city_speak(city, 114, KIND_PAPER, "对虾养殖", "海水对虾苗种养殖。", 102);
    city_learn(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(city->answer.n, 2);
    assert_int_equal(city_place(city, 101), 0);
}

static void a_cover_without_parts_is_no_question(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_COVER, KIND_EXPERT, "");

    question.cover_kind = KIND_EXPERT;
    assert_int_equal(city_ask(city, &question), ENGINE_BAD);
}

static void a_new_model_is_a_new_version(void **state)
{
    struct small_city *city = *state;
    char before[64], after[64];

    city_fill(city);
    engine_version(city->engine, before);
    city_learn(city);
    engine_version(city->engine, after);
    assert_string_not_equal(before, after);
}

static void a_compaction_changes_no_score(void **state)
{
    struct small_city *city = *state;
    struct question question = city_question(ASK_MATCH, KIND_ACHIEVEMENT, "二氧化钛粒度");
    uint8_t id[16];

    city_fill(city);
    city_id(WAFER, id);
    assert_int_equal(engine_remove(city->engine, id, 2), 0);
    city_learn(city);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    double before = city->answer.list[0].score;
    assert_int_equal(engine_compact(city->engine), 0);
    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_true(city->answer.list[0].score == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(search_wants_every_word),
        CITY_TEST(search_without_words_lists_all_newest_first),
        CITY_TEST(search_pages_without_gap_or_repetition),
        CITY_TEST(facets_count_what_was_found_and_nothing_hidden),
        CITY_TEST(a_name_is_found_by_pinyin),
        CITY_TEST(a_synonym_of_the_bureau_is_found_and_told),
        CITY_TEST(the_same_need_in_other_words_is_shown_side_by_side),
        CITY_TEST(a_short_record_of_the_same_title_is_found),
        CITY_TEST(the_same_text_is_wholly_alike),
        CITY_TEST(alike_needs_of_different_units_make_a_group),
        CITY_TEST(the_smallest_team_covers_what_can_be_covered),
        CITY_TEST(a_text_gets_the_label_of_its_like),
        CITY_TEST(a_cover_without_parts_is_no_question),
        CITY_TEST(a_new_model_is_a_new_version),
        CITY_TEST(a_compaction_changes_no_score),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
