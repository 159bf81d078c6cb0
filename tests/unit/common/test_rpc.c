/* test_rpc.c - what protobuf-c would let through and we do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "rpc.h"

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

static Jb__Request *there_and_back(struct scene *scene, const Jb__Request *request)
{
    size_t len = 0;
    unsigned char *bytes = rpc_write(&request->base, &scene->arena, &len);

    assert_non_null(bytes);
    return rpc_read_request(bytes, len, &scene->arena, &scene->why);
}

static void a_request_reads_as_it_was_written(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT, *read;
    Jb__Subject subject = JB__SUBJECT__INIT;
    char *words[] = { "硅片", "抛光" };

    request.id = 1ull << 60;
    request.ask = JB__ASK__SAME;
    request.subject = &subject;
    subject.keywords = words;
    subject.n_keywords = 2;
    read = there_and_back(scene, &request);
    assert_non_null(read);
    assert_true(read->id == request.id);
    assert_int_equal(read->ask, JB__ASK__SAME);
    assert_string_equal(read->subject->keywords[1], "抛光");
}

static void bytes_that_are_no_message_are_refused(void **state)
{
    struct scene *scene = *state;

    assert_null(rpc_read_request("\xff\xff\xff", 3, &scene->arena, &scene->why));
    assert_non_null(scene->why);
}

static void a_text_that_is_not_utf8_is_refused(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;

    request.near = "\xc3(";
    assert_null(there_and_back(scene, &request));
    assert_string_equal(scene->why, "a text is not UTF-8");
}

static void a_text_in_a_list_in_a_message_is_looked_at_too(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;
    Jb__Filter filter = JB__FILTER__INIT;
    char *scopes[] = { "public", "\xff" };

    request.filter = &filter;
    filter.scopes = scopes;
    filter.n_scopes = 2;
    assert_null(there_and_back(scene, &request));
    assert_string_equal(scene->why, "a text is not UTF-8");
}

static void an_id_has_sixteen_bytes(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;
    Jb__Subject subject = JB__SUBJECT__INIT;

    request.subject = &subject;
    subject.id = (ProtobufCBinaryData){ 15, (uint8_t *)"0123456789abcde" };
    assert_null(there_and_back(scene, &request));
    assert_string_equal(scene->why, "an id has not 16 bytes");
}

static void a_number_is_finite(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;

    request.near_weight = NAN;
    assert_null(there_and_back(scene, &request));
    assert_string_equal(scene->why, "a number is not finite");
}

static void what_a_newer_peer_added_is_dropped(void **state)
{
    struct scene *scene = *state;
    Jb__Request *read =
        rpc_read_request("\x08\x05\xf8\x06\x01", 5, &scene->arena, &scene->why); /* field 111 */

    assert_non_null(read);
    assert_int_equal(read->id, 5);
    assert_int_equal(read->base.n_unknown_fields, 0);
}

static Jb__Response *nested(struct scene *scene, int depth)
{
    Jb__Response response = JB__RESPONSE__INIT;
    Jb__Candidate candidate = JB__CANDIDATE__INIT, *list[] = { &candidate };
    Jb__Reason reasons[16], *inner[16];
    size_t len = 0;

    for (int i = 0; i < depth; i++) {
        jb__reason__init(&reasons[i]);
        inner[i] = &reasons[i];
        if (i > 0) {
            reasons[i - 1].parts = &inner[i];
            reasons[i - 1].n_parts = 1;
        }
    }
    candidate.reasons = &inner[0];
    candidate.n_reasons = 1;
    response.list = list;
    response.n_list = 1;
    unsigned char *bytes = rpc_write(&response.base, &scene->arena, &len);
    return rpc_read_response(bytes, len, &scene->arena, &scene->why);
}

static void reasons_in_reasons_come_to_an_end(void **state)
{
    struct scene *scene = *state;

    assert_non_null(nested(scene, RPC_REASON_DEPTH));
    assert_null(nested(scene, RPC_REASON_DEPTH + 2));
    assert_string_equal(scene->why, "reasons are nested too deep");
}

static void an_arena_that_is_full_is_no_message(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;
    struct arena small = { .limit = 64 };
    char *parts[100];
    size_t len = 0;

    for (int i = 0; i < 100; i++)
        parts[i] = "直径 300 mm";
    request.parts = parts;
    request.n_parts = 100;
    unsigned char *bytes = rpc_write(&request.base, &scene->arena, &len);
    assert_null(rpc_read_request(bytes, len, &small, &scene->why));
    arena_release(&small);
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_int_equal(rpc_kind("need"), 1);
    assert_int_equal(rpc_kind("label"), 1 << 10);
    assert_int_equal(rpc_kind("nobody"), 0);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_request_reads_as_it_was_written),
        WITH(bytes_that_are_no_message_are_refused),
        WITH(a_text_that_is_not_utf8_is_refused),
        WITH(a_text_in_a_list_in_a_message_is_looked_at_too),
        WITH(an_id_has_sixteen_bytes),
        WITH(a_number_is_finite),
        WITH(what_a_newer_peer_added_is_dropped),
        WITH(reasons_in_reasons_come_to_an_end),
        WITH(an_arena_that_is_full_is_no_message),
        WITH(kinds_have_names),
    };

    return cmocka_run_group_tests_name("rpc", tests, NULL, NULL);
}
