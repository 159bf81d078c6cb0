/* test_match.c - the client of the engine against a server that answers, waits, hangs and dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "frame.h"
#include "loop.h"
#include "match.h"

#define TIMEOUT_MS 100

/* How the server treats a question; a STATUS is answered unless it hangs. */
enum manner { ANSWERS, IS_SILENT, HANGS };

struct scene {
    struct loop *loop;
    struct match *match;
    struct evconnlistener *door;
    struct frames *far; /* the gateway's connection, at the server */
    struct sockaddr_un name;
    enum manner manner;
    int connections, asked;
    uint32_t patience;
    /* of the last question */
    int done;
    bool answered;
    char why[32];
};

static void answer(struct scene *scene, uint64_t id, Jb__Outcome outcome)
{
    Jb__Response response = JB__RESPONSE__INIT;
    struct arena arena = { 0 };
    size_t len = 0;

    response.id = id;
    response.outcome = outcome;
    response.items = 5;
    unsigned char *bytes = rpc_write(&response.base, &arena, &len);
    if (len > 0)
        assert_int_equal(frames_send(scene->far, bytes, len), 0);
    arena_release(&arena);
}

static void on_request(void *arg, const unsigned char *bytes, size_t len)
{
    struct scene *scene = arg;
    struct arena arena = { 0 };
    const char *why = NULL;
    Jb__Request *request = rpc_read_request(bytes, len, &arena, &why);

    assert_non_null(request);
    if (request->ask != JB__ASK__STATUS) {
        scene->asked++;
        scene->patience = request->patience_ms;
    }
    if (scene->manner == ANSWERS || (scene->manner == IS_SILENT && request->ask == JB__ASK__STATUS))
        answer(scene, request->id, JB__OUTCOME__OK);
    arena_release(&arena);
}

static void on_far_down(void *arg, const char *why)
{
    struct scene *scene = arg;

    (void)why;
    frames_free(scene->far);
    scene->far = NULL;
}

static void on_accept(struct evconnlistener *door, evutil_socket_t fd, struct sockaddr *from,
                      int from_len, void *arg)
{
    struct scene *scene = arg;
    const struct frames_conf conf = {
        .in_max = 1 << 20, .out_max = 1 << 20, .frame_ms = 5000, .write_ms = 5000
    };
    const struct frames_owner owner = { NULL, on_request, NULL, on_far_down, scene };

    (void)door, (void)from, (void)from_len;
    frames_free(scene->far);
    scene->connections++;
    scene->far = frames_new(
        scene->loop, bufferevent_socket_new(loop_base(scene->loop), fd, BEV_OPT_CLOSE_ON_FREE),
        &conf, &owner);
}

static void open_door(struct scene *scene)
{
    unlink(scene->name.sun_path);
    scene->door =
        evconnlistener_new_bind(loop_base(scene->loop), on_accept, scene, LEV_OPT_CLOSE_ON_FREE, 8,
                                (struct sockaddr *)&scene->name, sizeof(scene->name));
    assert_non_null(scene->door);
}

static void close_door(struct scene *scene)
{
    evconnlistener_free(scene->door);
    scene->door = NULL;
    frames_free(scene->far);
    scene->far = NULL;
    unlink(scene->name.sun_path);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct scene *scene = arg;

    (void)fd, (void)what;
    loop_stop(scene->loop);
}

static void wait_ms(struct scene *scene, int ms)
{
    const struct timeval after = { 0, ms * 1000 };

    event_base_once(loop_base(scene->loop), -1, EV_TIMEOUT, on_tick, scene, &after);
    assert_int_equal(loop_run(scene->loop), 0);
}

static bool is_up(struct scene *scene)
{
    struct match_state state;

    match_state(scene->match, &state);
    return state.up;
}

static void until_up(struct scene *scene, bool up)
{
    for (int i = 0; i < 1000 && is_up(scene) != up; i++)
        wait_ms(scene, 5);
    assert_int_equal(is_up(scene), up);
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    scene->loop = loop_new();
    scene->name.sun_family = AF_UNIX;
    snprintf(scene->name.sun_path, sizeof(scene->name.sun_path), "/tmp/jb-match-test-%d",
             (int)getpid());
    const struct match_conf conf = { .loop = scene->loop,
                                     .address = scene->name.sun_path,
                                     .tls_name = "",
                                     .timeout_ms = TIMEOUT_MS };
    open_door(scene);
    scene->match = match_new(&conf);
    assert_non_null(scene->match);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    match_free(scene->match);
    if (scene->door)
        close_door(scene);
    wait_ms(scene, 1);
    loop_free(scene->loop);
    free(scene);
    return 0;
}

static void on_done(void *arg, const Jb__Response *response, const char *why)
{
    struct scene *scene = arg;

    scene->done++;
    scene->answered = response != NULL;
    snprintf(scene->why, sizeof(scene->why), "%s", why ? why : "");
    loop_stop(scene->loop);
}

static struct match_call *ask(struct scene *scene)
{
    Jb__Request request = JB__REQUEST__INIT;
    int before = scene->done;
    struct match_call *call = match_ask(scene->match, &request, on_done, scene);

    assert_non_null(call);
    assert_int_equal(scene->done, before); /* never before the asker has it */
    return call;
}

static void hear(struct scene *scene)
{
    int before = scene->done;

    while (scene->done == before)
        assert_int_equal(loop_run(scene->loop), 0);
}

static void a_question_is_answered(void **state)
{
    struct scene *scene = *state;

    until_up(scene, true);
    ask(scene);
    hear(scene);
    assert_true(scene->answered);
    assert_in_range(scene->patience, 1, TIMEOUT_MS - 1);
}

static void before_the_engine_is_reached_the_answer_is_none_at_once(void **state)
{
    struct scene *scene = *state;
    long long began = clock_ms();

    ask(scene);
    hear(scene);
    assert_false(scene->answered);
    assert_string_equal(scene->why, "down");
    assert_true(clock_ms() - began < TIMEOUT_MS / 2);
}

static void without_an_address_there_is_no_engine(void **state)
{
    struct scene *scene = *state;
    const struct match_conf conf = {
        .loop = scene->loop, .address = "", .tls_name = "", .timeout_ms = TIMEOUT_MS
    };
    struct match *none = match_new(&conf), *before = scene->match;

    scene->match = none;
    ask(scene);
    hear(scene);
    assert_string_equal(scene->why, "off");
    scene->match = before;
    match_free(none);
}

static void a_question_that_takes_long_is_late_and_the_connection_stays(void **state)
{
    struct scene *scene = *state;
    long long began;

    until_up(scene, true);
    scene->manner = IS_SILENT;
    began = clock_ms();
    ask(scene);
    wait_ms(scene, TIMEOUT_MS / 2);
    answer(scene, 999, JB__OUTCOME__OK); /* it says something, though not about this */
    hear(scene);
    assert_string_equal(scene->why, "late");
    assert_in_range(clock_ms() - began, TIMEOUT_MS - 5, 4 * TIMEOUT_MS);
    assert_true(is_up(scene));
    assert_int_equal(scene->connections, 1);
}

static void an_answer_that_comes_too_late_is_nobodys(void **state)
{
    struct scene *scene = *state;

    until_up(scene, true);
    scene->manner = IS_SILENT;
    ask(scene);
    wait_ms(scene, TIMEOUT_MS / 2);
    answer(scene, 999, JB__OUTCOME__OK);
    hear(scene);
    answer(scene, 2, JB__OUTCOME__OK); /* 1 was the first STATUS */
    scene->manner = ANSWERS;
    wait_ms(scene, 10);
    assert_int_equal(scene->done, 1);
    ask(scene);
    hear(scene);
    assert_true(scene->answered);
}

static void a_hung_engine_is_waited_for_once_and_then_not_asked(void **state)
{
    struct scene *scene = *state;
    long long began;

    until_up(scene, true);
    scene->manner = HANGS;
    ask(scene);
    hear(scene);
    assert_string_equal(scene->why, "late");
    until_up(scene, false);
    began = clock_ms();
    for (int i = 0; i < 50; i++) {
        ask(scene);
        hear(scene);
        assert_string_equal(scene->why, "down");
    }
    assert_true(clock_ms() - began < TIMEOUT_MS);
    assert_int_equal(scene->asked, 1);
    scene->manner = ANSWERS;
    until_up(scene, true);
    ask(scene);
    hear(scene);
    assert_true(scene->answered);
}

static void a_killed_engine_answers_its_askers_at_once_and_comes_back(void **state)
{
    struct scene *scene = *state;
    long long began;

    until_up(scene, true);
    scene->manner = IS_SILENT;
    ask(scene);
    wait_ms(scene, 10);
    began = clock_ms();
    close_door(scene);
    wait_ms(scene, 1); /* the turn that buries the connection */
    if (!scene->done)
        hear(scene);
    assert_string_equal(scene->why, "down");
    assert_true(clock_ms() - began < TIMEOUT_MS / 2);
    scene->manner = ANSWERS;
    open_door(scene);
    until_up(scene, true);
    ask(scene);
    hear(scene);
    assert_true(scene->answered);
}

static void who_has_gone_is_not_told(void **state)
{
    struct scene *scene = *state;

    until_up(scene, true);
    match_call_detach(ask(scene));
    wait_ms(scene, 20);
    assert_int_equal(scene->asked, 1);
    assert_int_equal(scene->done, 0);
}

static void too_many_at_once_are_refused_and_the_rest_answered(void **state)
{
    struct scene *scene = *state;
    struct match_state counts;

    until_up(scene, true);
    for (int i = 0; i < 300; i++)
        ask(scene);
    while (scene->done < 300)
        hear(scene);
    match_state(scene->match, &counts);
    assert_int_equal(counts.asked, 300);
    assert_int_equal(counts.answered, 256);
    assert_int_equal(counts.refused, 44);
}

static void a_server_that_talks_nonsense_is_left(void **state)
{
    struct scene *scene = *state;

    until_up(scene, true);
    assert_int_equal(frames_send(scene->far, "\xff\xff", 2), 0);
    until_up(scene, false);
    until_up(scene, true);
    assert_int_equal(scene->connections, 2);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_question_is_answered),
        WITH(before_the_engine_is_reached_the_answer_is_none_at_once),
        WITH(without_an_address_there_is_no_engine),
        WITH(a_question_that_takes_long_is_late_and_the_connection_stays),
        WITH(an_answer_that_comes_too_late_is_nobodys),
        WITH(a_hung_engine_is_waited_for_once_and_then_not_asked),
        WITH(a_killed_engine_answers_its_askers_at_once_and_comes_back),
        WITH(who_has_gone_is_not_told),
        WITH(too_many_at_once_are_refused_and_the_rest_answered),
        WITH(a_server_that_talks_nonsense_is_left),
    };

    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
