/* test_facts.c - facts, interned names and sets, links and evidence, names by their beginning. */
#include "index_case.h"

static void facts_are_those_of_the_item(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "", "");

    item.kind = KIND_EXPERT;
    item.division = "210700";
    item.state = "open";
    item.level = "professor";
    item.trl = 6;
    item.year = 2024;
    item.barred = true;
    case_id(item.unit, 5);
    case_id(item.person, 6);
    assert_int_equal(case_put(index, &item), 0);

    const struct facts *facts = index_facts(index, 0);

    assert_memory_equal(facts->id, item.id, 16);
    assert_memory_equal(facts->unit, item.unit, 16);
    assert_memory_equal(facts->person, item.person, 16);
    assert_int_equal(facts->kind, KIND_EXPERT);
    assert_int_equal(facts->division, 210700);
    assert_string_equal(index_name_text(index, facts->state), "open");
    assert_int_equal(facts->level, index_name(index, "professor"));
    assert_int_equal(facts->trl, 6);
    assert_int_equal(facts->year, 2024);
    assert_true(facts->barred);
}

static void a_name_never_seen_has_no_number(void **state)
{
    assert_int_equal(index_name(*state, "nobody"), NO_TERM);
}

static void equal_sets_are_one(void **state)
{
    static const char *const one[] = { "public", "bureau" };
    static const char *const two[] = { "bureau", "public", "bureau" };
    struct index *index = *state;
    struct item item = case_item(1, "", "");
    const uint32_t *names;

    item.scopes = one;
    item.n_scopes = 2;
    assert_int_equal(case_put(index, &item), 0);
    item = case_item(2, "", "");
    item.scopes = two;
    item.n_scopes = 3;
    assert_int_equal(case_put(index, &item), 0);
    assert_int_equal(index_facts(index, 0)->scopes, index_facts(index, 1)->scopes);
    assert_int_not_equal(index_facts(index, 0)->scopes, index_facts(index, 0)->fields);
    assert_int_equal(index_set(index, index_facts(index, 0)->scopes, &names), 2);
    assert_true(names[0] < names[1]);
    assert_int_equal(index_set(index, index_facts(index, 0)->fields, &names), 0);
}

static void put_evidence(struct index *index, uint32_t number, uint32_t to, float weight)
{
    struct item item = case_item(number, "", "abc");
    struct link link = { .weight = weight };

    case_id(link.to, to);
    item.links = &link;
    item.n_links = 1;
    assert_int_equal(case_put(index, &item), 0);
}

static void links_are_read_back(void **state)
{
    struct index *index = *state;
    const struct link *links;
    uint8_t id[16];

    put_evidence(index, 1, 7, 0.25f);
    case_id(id, 7);
    assert_int_equal(index_links(index, 0, &links), 1);
    assert_memory_equal(links[0].to, id, 16);
    assert_true(links[0].weight == 0.25f);
}

static void evidence_is_of_live_items_newest_first(void **state)
{
    struct index *index = *state;
    struct evidence evidence[4];
    uint8_t id[16];

    case_id(id, 7);
    assert_int_equal(index_evidence(index, id, evidence, 4), 0);
    for (uint32_t i = 1; i <= 3; i++)
        put_evidence(index, i, 7, (float)i);
    put_evidence(index, 4, 8, 1);
    case_remove(index, 2);
    assert_int_equal(index_evidence(index, id, evidence, 1), 2);
    assert_int_equal(index_evidence(index, id, evidence, 4), 2);
    assert_int_equal(evidence[0].slot, 2);
    assert_true(evidence[0].weight == 3);
    assert_int_equal(evidence[1].slot, 0);
}

static void put_name(struct index *index, uint32_t number, const char *name)
{
    struct item item = case_item(number, "", "");

    item.kind = KIND_EXPERT;
    item.name = name;
    assert_int_equal(case_put(index, &item), 0);
}

static void a_name_is_found_by_its_beginning(void **state)
{
    struct index *index = *state;
    uint32_t slots[8];

    put_name(index, 1, "张三丰");
    put_name(index, 2, "张三");
    put_name(index, 3, "李四");
    assert_int_equal(index_names(index, "张", NULL, NULL, slots, 8), 2);
    assert_int_equal(slots[0], 1); /* in order of the name */
    assert_int_equal(slots[1], 0);
    assert_int_equal(index_names(index, "王", NULL, NULL, slots, 8), 0);
    assert_int_equal(index_names(index, "", NULL, NULL, slots, 8), 0);
}

static void a_name_is_found_by_its_pinyin(void **state)
{
    struct index *index = *state;
    uint32_t slot = NO_SLOT;

    put_name(index, 1, "李四");
    put_name(index, 2, "张三");
    assert_int_equal(index_names(index, "zhangs", NULL, NULL, &slot, 1), 1);
    assert_int_equal(slot, 1);
    assert_int_equal(index_names(index, "ls", NULL, NULL, &slot, 1), 1);
    assert_int_equal(slot, 0);
}

static void nobody_is_named_twice(void **state)
{
    struct index *index = *state;
    uint32_t slots[8];

    put_name(index, 1, "zhang");
    assert_int_equal(index_names(index, "z", NULL, NULL, slots, 8), 1);
}

static void the_removed_have_no_name(void **state)
{
    struct index *index = *state;
    uint32_t slots[8];

    put_name(index, 1, "zhang");
    put_name(index, 2, "zhang");
    case_remove(index, 1);
    assert_int_equal(index_names(index, "zhang", NULL, NULL, slots, 8), 1);
    assert_int_equal(slots[0], 1);
}

static void many_names_stay_in_order(void **state)
{
    struct index *index = *state;
    uint32_t seed = 1, slots[700];
    struct arena arena = { 0 };
    const char *before = "";
    char name[16];

    for (uint32_t i = 0; i < 500; i++) {
        sprintf(name, "na%05u", case_random(&seed) % 100000);
        put_name(index, i, name);
    }
    assert_int_equal(index_names(index, "na", NULL, NULL, slots, 700), 500);
    for (uint32_t i = 0; i < 500; i++) {
        const char *text = index_item_name(index, &arena, slots[i]);

        assert_true(strcmp(before, text) <= 0);
        before = text;
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(facts_are_those_of_the_item),
        CASE(a_name_never_seen_has_no_number),
        CASE(equal_sets_are_one),
        CASE(links_are_read_back),
        CASE(evidence_is_of_live_items_newest_first),
        CASE(a_name_is_found_by_its_beginning),
        CASE(a_name_is_found_by_its_pinyin),
        CASE(nobody_is_named_twice),
        CASE(the_removed_have_no_name),
        CASE(many_names_stay_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
