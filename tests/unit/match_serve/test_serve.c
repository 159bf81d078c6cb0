/* test_serve.c - questions over a real socket against an engine that does as it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "double.h"
#include "frame.h"
#include "loop.h"
#include "rpc.h"
#include "serve.h"
#include "wire.h"

#define ANSWERS_MAX 64

struct scene {
    struct loop *loop;
    struct engine *engine;
    struct serve *serve;
    struct frames *client;
    char path[64];
    struct arena arena;
    const Jb__Response *answers[ANSWERS_MAX];
    int n_answers, wanted;
    bool down, stopped;
};

static void on_answer(void *arg, const unsigned char *bytes, size_t len)
{
    struct scene *scene = arg;
    const char *why = NULL;

    scene->answers[scene->n_answers] = rpc_read_response(bytes, len, &scene->arena, &why);
    assert_non_null(scene->answers[scene->n_answers]);
    if (++scene->n_answers >= scene->wanted)
        loop_stop(scene->loop);
}

static void on_client_down(void *arg, const char *why)
{
    struct scene *scene = arg;

    (void)why;
    scene->down = true;
    loop_stop(scene->loop);
}

static void on_status(void *arg, struct arena *arena, Jb__Response *ret)
{
    (void)arg, (void)arena;
    ret->items = 42;
}

static void on_too_long(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what, (void)arg;
    fail_msg("nothing came within ten seconds");
}

static struct frames *connect_client(struct scene *scene)
{
    const struct frames_conf conf = { .in_max = RPC_RESPONSE_MAX,
                                      .out_max = RPC_RESPONSE_MAX,
                                      .connect_ms = 1000,
                                      .frame_ms = 1000,
                                      .write_ms = 1000 };
    const struct frames_owner owner = { NULL, on_answer, NULL, on_client_down, scene };
    struct bufferevent *bev =
        bufferevent_socket_new(loop_base(scene->loop), -1, BEV_OPT_CLOSE_ON_FREE);
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    struct frames *client = frames_new(scene->loop, bev, &conf, &owner);

    strcpy(name.sun_path, scene->path);
    assert_int_equal(bufferevent_socket_connect(bev, (struct sockaddr *)&name, sizeof(name)), 0);
    return client;
}

static int set_up_with(void **state, int threads, int queue, int in_flight)
{
    const struct timeval patience = { 10, 0 };
    struct scene *scene = calloc(1, sizeof(*scene));

    scene->loop = loop_new();
    scene->engine = engine_new();
    event_base_once(loop_base(scene->loop), -1, EV_TIMEOUT, on_too_long, scene, &patience);
    const struct serve_conf conf = { .loop = scene->loop,
                                     .threads = threads,
                                     .queue = queue,
                                     .connections = 4,
                                     .in_flight = in_flight,
                                     .patience_ms = 5000,
                                     .status = on_status };
    scene->serve = serve_new(&conf);
    snprintf(scene->path, sizeof(scene->path), "/tmp/jm-test-%d.sock", (int)getpid());
    assert_null(serve_listen_unix(scene->serve, scene->path));
    assert_int_equal(serve_open(scene->serve, scene->engine), 0);
    scene->client = connect_client(scene);
    *state = scene;
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(state, 2, 4, 32);
}

static int set_up_narrow(void **state)
{
    return set_up_with(state, 1, 1, 32);
}

static int set_up_few(void **state)
{
    return set_up_with(state, 1, 16, 2);
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    gate_open(scene->engine);
    frames_free(scene->client);
    serve_free(scene->serve);
    engine_free(scene->engine);
    loop_free(scene->loop);
    arena_release(&scene->arena);
    free(scene);
    return 0;
}

static void send_ask(struct frames *client, Jb__Ask ask, uint64_t id, const char *title,
                     uint32_t patience)
{
    Jb__Request request = JB__REQUEST__INIT;
    Jb__Subject subject = JB__SUBJECT__INIT;
    Jb__Filter filter = JB__FILTER__INIT;
    struct arena arena = { 0 };
    size_t len = 0;

    request.id = id;
    request.ask = ask;
    request.limit = 10;
    request.patience_ms = patience;
    request.subject = &subject;
    request.filter = &filter;
    filter.kinds = KIND_EXPERT;
    subject.title = (char *)(uintptr_t)title;
    unsigned char *bytes = rpc_write(&request.base, &arena, &len);
    assert_int_equal(frames_send(client, bytes, len), 0);
    arena_release(&arena);
}

static void ask(struct scene *scene, uint64_t id, const char *title)
{
    send_ask(scene->client, JB__ASK__MATCH, id, title, 0);
}

static void hear(struct scene *scene, int n)
{
    scene->wanted = scene->n_answers + n;
    assert_int_equal(loop_run(scene->loop), 0);
}

static Jb__Outcome outcome_of(const struct scene *scene, uint64_t id)
{
    for (int i = 0; i < scene->n_answers; i++)
        if (scene->answers[i]->id == id)
            return scene->answers[i]->outcome;
    fail_msg("question %d was not answered", (int)id);
    return JB__OUTCOME__OK;
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct scene *scene = arg;

    (void)fd, (void)what;
    loop_stop(scene->loop);
}

/* One turn, with its burials. */
static void turn(struct scene *scene)
{
    const struct timeval now = { 0, 0 };

    event_base_once(loop_base(scene->loop), -1, EV_TIMEOUT, on_turn, scene, &now);
    assert_int_equal(loop_run(scene->loop), 0);
}

static void until_waiting(struct scene *scene, int n)
{
    while (atomic_load(&scene->engine->waiting) < n)
        turn(scene);
}

static void a_question_is_answered_with_its_reasons(void **state)
{
    struct scene *scene = *state;

    ask(scene, 7, "大尺寸硅片");
    hear(scene, 1);
    assert_int_equal(scene->answers[0]->id, 7);
    assert_int_equal(scene->answers[0]->outcome, JB__OUTCOME__OK);
    assert_int_equal(scene->answers[0]->n_list, 1);
    assert_int_equal(scene->answers[0]->list[0]->kind, KIND_EXPERT);
    assert_string_equal(scene->answers[0]->list[0]->reasons[0]->term, "大尺寸硅片");
}

static void a_later_question_may_be_answered_first(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "wait");
    until_waiting(scene, 1);
    ask(scene, 2, "quick");
    hear(scene, 1);
    assert_int_equal(scene->answers[0]->id, 2);
    gate_open(scene->engine);
    hear(scene, 1);
    assert_int_equal(scene->answers[1]->id, 1);
}

static void a_full_queue_says_so_at_once(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "wait");
    until_waiting(scene, 1);
    ask(scene, 2, "waits in the queue");
    ask(scene, 3, "has no room");
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 3), JB__OUTCOME__OVERLOADED);
    gate_open(scene->engine);
    hear(scene, 2);
    assert_int_equal(outcome_of(scene, 1), JB__OUTCOME__OK);
    assert_int_equal(outcome_of(scene, 2), JB__OUTCOME__OK);
}

static void a_gateway_may_not_take_the_whole_queue(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "wait");
    ask(scene, 2, "second");
    ask(scene, 3, "third");
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 3), JB__OUTCOME__OVERLOADED);
}

static void a_question_whose_patience_ended_in_the_queue_is_late_without_work(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "slow 60");
    send_ask(scene->client, JB__ASK__MATCH, 2, "too late", 20);
    hear(scene, 2);
    assert_int_equal(outcome_of(scene, 2), JB__OUTCOME__LATE);
    assert_int_equal(atomic_load(&scene->engine->asked), 1);
}

static void the_engine_hears_the_deadline(void **state)
{
    struct scene *scene = *state;

    send_ask(scene->client, JB__ASK__MATCH, 1, "slow 5000", 30);
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 1), JB__OUTCOME__LATE);
}

static void who_leaves_takes_his_waiting_questions_along(void **state)
{
    struct scene *scene = *state;
    struct frames *other = connect_client(scene);
    struct serve_counts counts = { 0 };

    send_ask(other, JB__ASK__MATCH, 1, "wait", 0);
    until_waiting(scene, 1);
    send_ask(other, JB__ASK__MATCH, 2, "never worked on", 0);
    while (counts.waiting < 1) {
        turn(scene);
        serve_counts(scene->serve, &counts);
    }
    frames_free(other);
    while (counts.connections > 1) {
        turn(scene);
        serve_counts(scene->serve, &counts);
    }
    gate_open(scene->engine);
    while (counts.dropped < 2) {
        turn(scene);
        serve_counts(scene->serve, &counts);
    }
    assert_int_equal(atomic_load(&scene->engine->asked), 1);
    ask(scene, 3, "the others are served");
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 3), JB__OUTCOME__OK);
}

static void status_is_answered_while_all_threads_work(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "wait");
    until_waiting(scene, 1);
    ask(scene, 2, "in the queue");
    send_ask(scene->client, JB__ASK__STATUS, 3, "", 0);
    hear(scene, 1);
    assert_int_equal(scene->answers[0]->id, 3);
    assert_int_equal(scene->answers[0]->items, 42);
}

static void before_there_is_an_engine_all_are_told_so(void **state)
{
    struct scene *scene = *state;
    char path[sizeof(scene->path) + 2];
    const struct serve_conf conf = { .loop = scene->loop,
                                     .threads = 1,
                                     .queue = 1,
                                     .connections = 4,
                                     .in_flight = 4,
                                     .patience_ms = 100,
                                     .status = on_status };
    struct serve *young = serve_new(&conf);

    frames_free(scene->client);
    snprintf(path, sizeof(path), "%s.2", scene->path);
    strcat(scene->path, ".2");
    assert_null(serve_listen_unix(young, path));
    scene->client = connect_client(scene);
    ask(scene, 1, "anybody there");
    send_ask(scene->client, JB__ASK__STATUS, 2, "", 0);
    hear(scene, 2);
    assert_int_equal(outcome_of(scene, 1), JB__OUTCOME__STARTING);
    assert_int_equal(outcome_of(scene, 2), JB__OUTCOME__STARTING);
    serve_free(young);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void what_cannot_be_asked_is_said_with_the_reason(void **state)
{
    struct scene *scene = *state;
    Jb__Request request = JB__REQUEST__INIT;
    struct arena arena = { 0 };
    size_t len = 0;

    request.id = 9;
    unsigned char *bytes = rpc_write(&request.base, &arena, &len);
    assert_int_equal(frames_send(scene->client, bytes, len), 0);
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 9), JB__OUTCOME__BAD);
    assert_string_equal(scene->answers[0]->why, "there is no filter: nothing may be seen");
    assert_int_equal(atomic_load(&scene->engine->asked), 0);
    arena_release(&arena);
}

static void who_sends_no_request_is_shown_the_door(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(frames_send(scene->client, "\xff\xff\xff", 3), 0);
    assert_int_equal(loop_run(scene->loop), 0);
    assert_true(scene->down);
}

static void a_record_that_is_not_indexed_is_unknown(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "unknown");
    hear(scene, 1);
    assert_int_equal(outcome_of(scene, 1), JB__OUTCOME__UNKNOWN);
}

static void the_socket_is_for_owner_and_group(void **state)
{
    struct scene *scene = *state;
    struct stat info;

    turn(scene);
    assert_int_equal(stat(scene->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0660);
}

static void a_second_server_does_not_take_the_socket(void **state)
{
    struct scene *scene = *state;

    assert_string_equal(serve_listen_unix(scene->serve, scene->path),
                        "somebody else listens on the socket");
    ask(scene, 1, "still served");
    hear(scene, 1);
}

static void on_stopped(void *arg)
{
    struct scene *scene = arg;

    scene->stopped = true;
    loop_stop(scene->loop);
}

static void stopping_answers_what_is_owed_first(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "wait");
    until_waiting(scene, 1);
    serve_stop(scene->serve, on_stopped, scene);
    assert_false(scene->stopped);
    gate_open(scene->engine);
    scene->wanted = ANSWERS_MAX;
    while (!scene->stopped)
        assert_int_equal(loop_run(scene->loop), 0);
    turn(scene);
    assert_int_equal(outcome_of(scene, 1), JB__OUTCOME__OK);
}

static void a_thousand_candidates_pass_through_a_frame(void **state)
{
    struct scene *scene = *state;

    ask(scene, 1, "many");
    hear(scene, 1);
    assert_int_equal(scene->answers[0]->n_list, 1000);
}

#define WITH(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_question_is_answered_with_its_reasons, set_up),
        WITH(a_later_question_may_be_answered_first, set_up),
        WITH(a_full_queue_says_so_at_once, set_up_narrow),
        WITH(a_gateway_may_not_take_the_whole_queue, set_up_few),
        WITH(a_question_whose_patience_ended_in_the_queue_is_late_without_work, set_up_few),
        WITH(the_engine_hears_the_deadline, set_up),
        WITH(who_leaves_takes_his_waiting_questions_along, set_up_narrow),
        WITH(status_is_answered_while_all_threads_work, set_up_narrow),
        WITH(before_there_is_an_engine_all_are_told_so, set_up),
        WITH(what_cannot_be_asked_is_said_with_the_reason, set_up),
        WITH(who_sends_no_request_is_shown_the_door, set_up),
        WITH(a_record_that_is_not_indexed_is_unknown, set_up),
        WITH(the_socket_is_for_owner_and_group, set_up),
        WITH(a_second_server_does_not_take_the_socket, set_up),
        WITH(stopping_answers_what_is_owed_first, set_up),
        WITH(a_thousand_candidates_pass_through_a_frame, set_up),
    };

    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
