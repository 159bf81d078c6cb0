/* test_doc.c - records and term lists as the database feeds them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "doc.h"
#include "term_list.h"

#define ID "2f1c8f0e-6a51-4d36-9d5c-000000000001"

struct scene {
    struct arena arena;
    struct item item;
};

static int set_up(void **state)
{
    static struct scene scene;

    scene = (struct scene){ 0 };
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    arena_release(&scene->arena);
    return 0;
}

static const char *read(void **state, const char *doc)
{
    struct scene *scene = *state;

    return doc_read(ID, "expert", "7", doc, &scene->arena, &scene->item);
}

static void a_record_is_read_whole(void **state)
{
    struct scene *scene = *state;
    const struct item *item = &scene->item;

    assert_null(
        read(state, "{\"title\":\"专家甲\",\"keywords\":[\"硅片\",\"抛\\n光\"],\"body\":\"低缺陷\","
                    "\"name\":\"专家甲\",\"unit\":\"" ID "\",\"person\":null,"
                    "\"division\":\"210702\",\"state\":\"active\",\"level\":\"senior\",\"trl\":5,"
                    "\"year\":2021,\"barred\":true,\"fields\":[\"field:a\",\"discipline:530\"],"
                    "\"scopes\":[\"public\"],\"links\":[{\"to\":\"" ID "\",\"weight\":0.5}]}"));
    assert_int_equal(item->kind, KIND_EXPERT);
    assert_int_equal(item->version, 7);
    assert_int_equal(item->id[0], 0x2f);
    assert_int_equal(item->id[15], 1);
    assert_string_equal(item->field[FIELD_TITLE], "专家甲");
    assert_string_equal(item->field[FIELD_KEYWORDS], "硅片\n抛 光");
    assert_string_equal(item->division, "210702");
    assert_memory_equal(item->unit, item->id, 16);
    assert_int_equal(item->person[0], 0);
    assert_int_equal(item->trl, 5);
    assert_true(item->barred);
    assert_int_equal(item->n_fields, 2);
    assert_string_equal(item->fields[1], "discipline:530");
    assert_int_equal(item->n_links, 1);
    assert_true(item->links[0].weight > 0.49f && item->links[0].weight < 0.51f);
}

static void what_is_missing_is_none(void **state)
{
    struct scene *scene = *state;

    assert_null(read(state, "{}"));
    for (int i = 0; i < N_FIELDS; i++)
        assert_string_equal(scene->item.field[i], "");
    assert_string_equal(scene->item.name, "");
    assert_int_equal(scene->item.n_scopes, 0);
    assert_int_equal(scene->item.trl, 0);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *doc, *why;
    } cases[] = {
        { "{\"titel\":\"x\"}", "an unknown member" },
        { "{\"title\":5}", "a member is not a text" },
        { "{\"keywords\":\"x\"}", "a member is not a list" },
        { "{\"fields\":[1]}", "a list holds something other than texts" },
        { "{\"trl\":10}", "a number is out of bounds" },
        { "{\"trl\":5.5}", "a number is out of bounds" },
        { "{\"year\":-1}", "a number is out of bounds" },
        { "{\"barred\":1}", "a member is neither true nor false" },
        { "{\"unit\":\"x\"}", "a member is not a UUID" },
        { "{\"links\":[{\"to\":\"" ID "\",\"weight\":1.5}]}",
          "a link's weight is not within 0 and 1" },
        { "{\"links\":[{\"to\":\"" ID "\"}]}", "a link is not {to, weight}" },
        { "[]", "the document is not an object" },
        { "{\"title\":\"a\",\"title\":\"b\"}", "json_duplicate_key" },
        { "{\"title\":\"a\\u0000b\"}", "json_syntax" },
        { "", "json_syntax" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(read(state, cases[i].doc), cases[i].why);
}

static void the_rest_of_the_row_is_looked_at(void **state)
{
    struct scene *scene = *state;

    assert_string_equal(doc_read("x", "expert", "1", "{}", &scene->arena, &scene->item),
                        "the id is not a UUID");
    assert_string_equal(doc_read(ID, "man", "1", "{}", &scene->arena, &scene->item),
                        "an unknown kind");
    assert_string_equal(doc_read(ID, "expert", "one", "{}", &scene->arena, &scene->item),
                        "the version is not a whole number");
}

static void a_uuid_has_its_dashes_where_they_belong(void **state)
{
    uint8_t id[16];

    (void)state;
    assert_int_equal(doc_id(ID, id), 0);
    assert_int_equal(doc_id("2f1c8f0e6-a51-4d36-9d5c-000000000001", id), -1);
    assert_int_equal(doc_id("2f1c8f0e-6a51-4d36-9d5c-00000000000g", id), -1);
    assert_int_equal(doc_id("2f1c8f0e-6a51-4d36-9d5c-0000000000011", id), -1);
}

static void a_term_list_is_read_row_by_row(void **state)
{
    struct terms terms = { 0 };

    (void)state;
    assert_null(
        terms_read("3",
                   "[{\"rule\":\"keep\",\"term\":\"单晶硅\"},{\"rule\":\"synonym\",\"term\":"
                   "\"硅片\",\"other\":\"wafer\",\"weight\":0.5},"
                   "{\"rule\":\"stop\",\"term\":\"研究\",\"other\":null},"
                   "{\"rule\":\"bridge\",\"term\":\"industry:C26\",\"other\":"
                   "\"discipline:530\",\"weight\":0.9}]",
                   &terms));
    assert_int_equal(terms.version, 3);
    assert_int_equal(terms.n, 4);
    assert_int_equal(terms.rows[3].rule, TERM_BRIDGE);
    assert_string_equal(terms.rows[3].other, "discipline:530");
    assert_int_equal(terms.rows[0].rule, TERM_KEEP);
    assert_string_equal(terms.rows[1].other, "wafer");
    assert_true(terms.rows[1].weight > 0.4 && terms.rows[1].weight < 0.6);
    assert_string_equal(terms.rows[2].other, "");
    terms_release(&terms);
}

static void a_bad_term_list_leaves_the_old_one(void **state)
{
    struct terms terms = { 0 };

    (void)state;
    assert_null(terms_read("1", "[{\"rule\":\"stop\",\"term\":\"研究\"}]", &terms));
    assert_string_equal(terms_read("2", "[{\"rule\":\"burn\",\"term\":\"x\"}]", &terms),
                        "a term has no rule or no text");
    assert_string_equal(terms_read("2", "[{\"rule\":\"synonym\",\"term\":\"x\"}]", &terms),
                        "a synonym or bridge has no other term");
    assert_string_equal(
        terms_read("2", "[{\"rule\":\"bridge\",\"term\":\"industry:C26\"}]", &terms),
        "a synonym or bridge has no other term");
    assert_string_equal(terms_read("2", "{}", &terms), "the rows are no list");
    assert_int_equal(terms.version, 1);
    assert_int_equal(terms.n, 1);
    terms_release(&terms);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_record_is_read_whole),
        WITH(what_is_missing_is_none),
        WITH(what_is_wrong_is_said),
        WITH(the_rest_of_the_row_is_looked_at),
        cmocka_unit_test(a_uuid_has_its_dashes_where_they_belong),
        cmocka_unit_test(a_term_list_is_read_row_by_row),
        cmocka_unit_test(a_bad_term_list_leaves_the_old_one),
    };

    return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
