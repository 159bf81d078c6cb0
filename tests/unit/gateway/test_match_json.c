/* test_match_json.c - the database's words and the engine's messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "match_json.h"

#define ID "2f1c8f0e-6a51-4d36-9d5c-000000000001"

struct scene {
    struct arena arena;
    const char *why;
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

static Jb__Request *read(void **state, const char *text)
{
    struct scene *scene = *state;
    json_t *question = json_loads(text, 0, NULL);
    Jb__Request *request;

    assert_non_null(question);
    request = match_json_question(question, &scene->arena, &scene->why);
    json_decref(question);
    return request;
}

static void a_question_becomes_a_request(void **state)
{
    Jb__Request *request =
        read(state,
             "{\"ask\":\"match\",\"subject\":{\"id\":\"" ID "\"},\"filter\":{\"kinds\":[\"expert\","
             "\"unit\"],\"scopes\":[\"public\",\"bureau\"],\"not_units\":[\"" ID "\"],"
             "\"trl_min\":3,\"year_min\":2015,\"with_barred\":false,\"division\":\"2107\"},"
             "\"limit\":10,\"offset\":5,\"reasons\":3,\"near\":\"2107\",\"near_weight\":0.5,"
             "\"want_trl\":6,\"facets\":true,\"parts\":[\"甲\",\"乙\"],\"cover_kind\":\"unit\","
             "\"threshold\":0.25,\"newest\":false,\"context\":{\"any\":1}}");

    assert_non_null(request);
    assert_int_equal(request->ask, JB__ASK__MATCH);
    assert_int_equal(request->subject->id.len, 16);
    assert_int_equal(request->subject->id.data[15], 1);
    assert_int_equal(request->filter->kinds, 4 | 8);
    assert_string_equal(request->filter->scopes[1], "bureau");
    assert_int_equal(request->filter->n_not_units, 1);
    assert_int_equal(request->filter->trl_min, 3);
    assert_int_equal(request->limit, 10);
    assert_int_equal(request->n_parts, 2);
    assert_int_equal(request->cover_kind, 8);
    assert_true(request->facets);
}

static void what_the_database_does_not_say_is_off(void **state)
{
    Jb__Request *request =
        read(state, "{\"ask\":\"search\",\"subject\":null,\"filter\":{\"scopes\":[]}}");

    assert_non_null(request);
    assert_null(request->subject);
    assert_int_equal(request->limit, 0);
    assert_int_equal(request->filter->n_scopes, 0);
}

static void what_is_wrong_is_said(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "{\"ask\":\"guess\",\"filter\":{}}", "an unknown question" },
        { "{\"ask\":\"match\"}", "there is no filter" },
        { "{\"ask\":\"match\",\"filter\":{},\"a\":1}", "an unknown member" },
        { "{\"ask\":\"match\",\"filter\":{\"scope\":[]}}", "an unknown member" },
        { "{\"ask\":\"match\",\"filter\":{\"kinds\":[\"man\"]}}", "an unknown kind" },
        { "{\"ask\":\"match\",\"filter\":{\"kinds\":\"need\"}}", "kinds is not a list" },
        { "{\"ask\":\"match\",\"filter\":{\"not_ids\":[\"x\"]}}", "an id is not a UUID" },
        { "{\"ask\":\"match\",\"filter\":{},\"limit\":-1}",
          "a member is not a whole number, or out of bounds" },
        { "{\"ask\":\"match\",\"filter\":{},\"facets\":1}", "a member is neither true nor false" },
        { "{\"ask\":\"match\",\"filter\":[]}", "a member is not an object" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        scene->why = NULL;
        assert_null(read(state, cases[i].text));
        assert_string_equal(scene->why, cases[i].why);
    }
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void an_answer_says_kinds_and_strengths_in_words(void **state)
{
    uint8_t id[16] = { 0x2f, [15] = 1 };
    Jb__Reason part = JB__REASON__INIT, reason = JB__REASON__INIT, *parts[] = { &part },
               *reasons[] = { &reason };
    Jb__Candidate one = JB__CANDIDATE__INIT, *list[] = { &one };
    Jb__Response response = JB__RESPONSE__INIT;
    json_t *answer, *first, *why;

    (void)state;
    part.term = "硅片";
    part.share = 0.5;
    reason.kind = 4; /* evidence */
    reason.share = 0.5;
    reason.id = (ProtobufCBinaryData){ 16, id };
    reason.parts = parts;
    reason.n_parts = 1;
    one.id = (ProtobufCBinaryData){ 16, id };
    one.kind = 4;
    one.strength = 2;
    one.reasons = reasons;
    one.n_reasons = 1;
    response.list = list;
    response.n_list = 1;
    response.version = "3";
    answer = match_json_answer(&response, NULL);
    assert_true(json_is_true(json_object_get(json_object_get(answer, "engine"), "available")));
    first = json_array_get(json_object_get(answer, "list"), 0);
    assert_string_equal(text_at(first, "id"), "2f000000-0000-0000-0000-000000000001");
    assert_string_equal(text_at(first, "kind"), "expert");
    assert_string_equal(text_at(first, "strength"), "strong");
    why = json_array_get(json_object_get(first, "reasons"), 0);
    assert_string_equal(text_at(why, "kind"), "evidence");
    why = json_array_get(json_object_get(why, "parts"), 0);
    assert_string_equal(text_at(why, "kind"), "term");
    assert_string_equal(text_at(why, "term"), "硅片");
    json_decref(answer);
}

static void marks_count_characters(void **state)
{
    uint32_t marks[] = { 9, 15 };
    Jb__Passage passage = JB__PASSAGE__INIT, *passages[] = { &passage };
    Jb__Candidate one = JB__CANDIDATE__INIT, *list[] = { &one };
    Jb__Response response = JB__RESPONSE__INIT;
    json_t *answer, *mark;

    (void)state;
    passage.text = "低缺陷硅片";
    passage.marks = marks;
    passage.n_marks = 2;
    one.passages = passages;
    one.n_passages = 1;
    response.list = list;
    response.n_list = 1;
    answer = match_json_answer(&response, NULL);
    mark = json_array_get(json_object_get(answer, "list"), 0);
    mark = json_array_get(json_object_get(mark, "passages"), 0);
    mark = json_array_get(json_object_get(mark, "marks"), 0);
    assert_int_equal(json_integer_value(json_array_get(mark, 0)), 3);
    assert_int_equal(json_integer_value(json_array_get(mark, 1)), 5);
    json_decref(answer);
}

static void places_outside_the_list_are_left_out(void **state)
{
    uint32_t members[] = { 0, 7 };
    Jb__Candidate one = JB__CANDIDATE__INIT, *list[] = { &one };
    Jb__Group group = JB__GROUP__INIT, *groups[] = { &group };
    Jb__Response response = JB__RESPONSE__INIT;
    json_t *answer, *found;

    (void)state;
    group.members = members;
    group.n_members = 2;
    response.list = list;
    response.n_list = 1;
    response.groups = groups;
    response.n_groups = 1;
    answer = match_json_answer(&response, NULL);
    found = json_object_get(json_array_get(json_object_get(answer, "groups"), 0), "members");
    assert_int_equal(json_array_size(found), 1);
    json_decref(answer);
}

static void no_answer_says_why(void **state)
{
    static const struct {
        Jb__Outcome outcome;
        const char *why;
    } cases[] = { { JB__OUTCOME__OVERLOADED, "overloaded" },
                  { JB__OUTCOME__LATE, "late" },
                  { JB__OUTCOME__STARTING, "starting" },
                  { JB__OUTCOME__BAD, "bad" } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Jb__Response response = JB__RESPONSE__INIT;

        response.outcome = cases[i].outcome;
        json_t *answer = match_json_answer(&response, NULL);
        const json_t *engine = json_object_get(answer, "engine");
        assert_true(json_is_false(json_object_get(engine, "available")));
        assert_string_equal(text_at(engine, "why"), cases[i].why);
        assert_null(json_object_get(answer, "list"));
        json_decref(answer);
    }
    json_t *answer = match_json_answer(NULL, "down");
    assert_string_equal(text_at(json_object_get(answer, "engine"), "why"), "down");
    json_decref(answer);
}

static void what_became_of_vectors_is_said_where_there_is_an_endpoint(void **state)
{
    Jb__Response response = JB__RESPONSE__INIT;
    json_t *answer;

    (void)state;
    answer = match_json_answer(&response, NULL);
    assert_null(json_object_get(json_object_get(answer, "engine"), "vectors"));
    json_decref(answer);
    response.vectors = "late";
    answer = match_json_answer(&response, NULL);
    assert_string_equal(text_at(json_object_get(answer, "engine"), "vectors"), "late");
    json_decref(answer);
}

static void a_record_that_is_not_indexed_is_not_known(void **state)
{
    Jb__Response response = JB__RESPONSE__INIT;
    json_t *answer;

    (void)state;
    response.outcome = JB__OUTCOME__UNKNOWN;
    answer = match_json_answer(&response, NULL);
    assert_true(json_is_false(json_object_get(answer, "known")));
    assert_int_equal(json_array_size(json_object_get(answer, "list")), 0);
    json_decref(answer);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_question_becomes_a_request),
        WITH(what_the_database_does_not_say_is_off),
        WITH(what_is_wrong_is_said),
        cmocka_unit_test(an_answer_says_kinds_and_strengths_in_words),
        cmocka_unit_test(marks_count_characters),
        cmocka_unit_test(places_outside_the_list_are_left_out),
        cmocka_unit_test(no_answer_says_why),
        cmocka_unit_test(what_became_of_vectors_is_said_where_there_is_an_endpoint),
        cmocka_unit_test(a_record_that_is_not_indexed_is_not_known),
    };

    return cmocka_run_group_tests_name("match_json", tests, NULL, NULL);
}
