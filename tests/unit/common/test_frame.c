/* test_frame.c - frames over a socket pair: whole, in pieces, too long, too slow, unread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "loop.h"

#define LONGEST 64

struct scene {
    struct loop *loop;
    struct frames *frames;
    int far; /* the other end */
    char heard[4][LONGEST + 1];
    int n_heard, wanted, drained;
    char why[64];
};

static void on_frame(void *arg, const unsigned char *bytes, size_t len)
{
    struct scene *scene = arg;

    memcpy(scene->heard[scene->n_heard], bytes, len);
    scene->heard[scene->n_heard++][len] = '\0';
    if (scene->n_heard == scene->wanted)
        loop_stop(scene->loop);
}

static void on_drained(void *arg)
{
    struct scene *scene = arg;

    scene->drained++;
    loop_stop(scene->loop);
}

static void on_down(void *arg, const char *why)
{
    struct scene *scene = arg;

    strcpy(scene->why, why);
    loop_stop(scene->loop);
}

static int set_up(void **state)
{
    const struct frames_conf conf = {
        .in_max = LONGEST, .out_max = 1000, .frame_ms = 60, .write_ms = 60
    };
    struct scene *scene = calloc(1, sizeof(*scene));
    const struct frames_owner owner = { NULL, on_frame, on_drained, on_down, scene };
    int ends[2], small = 4096;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    scene->loop = loop_new();
    scene->far = ends[1];
    scene->frames = frames_new(
        scene->loop, bufferevent_socket_new(loop_base(scene->loop), ends[0], BEV_OPT_CLOSE_ON_FREE),
        &conf, &owner);
    assert_non_null(scene->frames);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    frames_free(scene->frames);
    loop_free(scene->loop);
    close(scene->far);
    free(scene);
    return 0;
}

static void say(struct scene *scene, const char *bytes, size_t len)
{
    assert_int_equal(write(scene->far, bytes, len), (ssize_t)len);
}

static void run(struct scene *scene, int wanted)
{
    scene->wanted = wanted;
    assert_int_equal(loop_run(scene->loop), 0);
}

static void a_frame_is_its_length_and_its_bytes(void **state)
{
    static const unsigned char bytes[] = "\x00\x00\x00\x03"
                                         "abc";
    size_t len = 0;

    (void)state;
    for (size_t n = 0; n < 7; n++)
        assert_int_equal(frame_scan(bytes, n, LONGEST, &len), FRAME_PART);
    assert_int_equal(frame_scan(bytes, 7, LONGEST, &len), FRAME_WHOLE);
    assert_int_equal(len, 3);
}

static void an_empty_or_long_frame_is_out_of_bounds(void **state)
{
    static const unsigned char none[] = { 0, 0, 0, 0 }, more[] = { 0, 0, 0, LONGEST + 1 },
                               huge[] = { 255, 255, 255, 255 };
    size_t len = 0;

    (void)state;
    assert_int_equal(frame_scan(none, 4, LONGEST, &len), FRAME_TOO_LONG);
    assert_int_equal(frame_scan(more, 4, LONGEST, &len), FRAME_TOO_LONG);
    assert_int_equal(frame_scan(huge, 4, LONGEST, &len), FRAME_TOO_LONG);
}

static void head_and_scan_agree(void **state)
{
    unsigned char bytes[FRAME_HEAD + 300] = { 0 };
    size_t len = 0;

    (void)state;
    frame_head(300, bytes);
    assert_int_equal(frame_scan(bytes, sizeof(bytes), 300, &len), FRAME_WHOLE);
    assert_int_equal(len, 300);
}

static void two_frames_in_one_piece_are_two(void **state)
{
    struct scene *scene = *state;

    say(scene, "\0\0\0\1a\0\0\0\2bc", 11);
    run(scene, 2);
    assert_string_equal(scene->heard[0], "a");
    assert_string_equal(scene->heard[1], "bc");
}

static void on_next_byte(evutil_socket_t fd, short what, void *arg)
{
    static const char bytes[] = "\0\0\0\3abc";
    struct scene *scene = arg;
    static const struct timeval soon = { 0, 1000 };

    (void)fd, (void)what;
    say(scene, bytes + scene->drained, 1);
    if (++scene->drained < 7)
        event_base_once(loop_base(scene->loop), -1, EV_TIMEOUT, on_next_byte, scene, &soon);
}

static void a_frame_in_single_bytes_is_one(void **state)
{
    struct scene *scene = *state;
    static const struct timeval now = { 0, 0 };

    event_base_once(loop_base(scene->loop), -1, EV_TIMEOUT, on_next_byte, scene, &now);
    run(scene, 1);
    assert_string_equal(scene->heard[0], "abc");
}

static void a_frame_that_does_not_end_is_the_end(void **state)
{
    struct scene *scene = *state;

    say(scene, "\0\0\0\3ab", 6);
    run(scene, 1);
    assert_string_equal(scene->why, "a frame did not end in time");
    assert_int_equal(scene->n_heard, 0);
}

static void a_length_out_of_bounds_is_the_end(void **state)
{
    struct scene *scene = *state;

    say(scene, "\0\0\0\1a\x7f\0\0\0", 9);
    run(scene, 2);
    assert_string_equal(scene->heard[0], "a");
    assert_string_equal(scene->why, "a frame's length is out of bounds");
}

static void what_is_sent_arrives_with_its_length(void **state)
{
    struct scene *scene = *state;
    char bytes[16];

    assert_int_equal(frames_send(scene->frames, "hello", 5), 0);
    run(scene, 1);
    assert_int_equal(scene->drained, 1);
    assert_int_equal(read(scene->far, bytes, sizeof(bytes)), 9);
    assert_memory_equal(bytes, "\0\0\0\5hello", 9);
}

static void a_peer_that_does_not_read_is_left(void **state)
{
    struct scene *scene = *state;
    char *much = calloc(1, 1 << 20);

    assert_int_equal(frames_send(scene->frames, much, 1 << 20), 0);
    run(scene, 1);
    assert_string_equal(scene->why, "the peer does not read");
    assert_int_equal(frames_send(scene->frames, much, 1), -1);
    free(much);
}

static void nothing_is_read_from_a_peer_that_does_not_read(void **state)
{
    struct scene *scene = *state;
    char *much = calloc(1, 1 << 20);

    assert_int_equal(frames_send(scene->frames, much, 1 << 20), 0);
    say(scene, "\0\0\0\1a", 5);
    run(scene, 1);
    assert_int_equal(scene->n_heard, 0);
    free(much);
}

static void the_other_end_closing_is_told_once(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(shutdown(scene->far, SHUT_RDWR), 0);
    run(scene, 1);
    assert_string_equal(scene->why, "the peer has closed");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_its_length_and_its_bytes),
        cmocka_unit_test(an_empty_or_long_frame_is_out_of_bounds),
        cmocka_unit_test(head_and_scan_agree),
        WITH(two_frames_in_one_piece_are_two),
        WITH(a_frame_in_single_bytes_is_one),
        WITH(a_frame_that_does_not_end_is_the_end),
        WITH(a_length_out_of_bounds_is_the_end),
        WITH(what_is_sent_arrives_with_its_length),
        WITH(a_peer_that_does_not_read_is_left),
        WITH(nothing_is_read_from_a_peer_that_does_not_read),
        WITH(the_other_end_closing_is_told_once),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
