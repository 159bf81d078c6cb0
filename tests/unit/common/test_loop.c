/* test_loop.c - turns, graves and signals. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/event.h>

#include "clock.h"
#include "loop.h"

struct thing {
    struct loop *loop;
    struct loop_grave grave;
    int buried, freed, seen;
};

static void free_thing(void *arg)
{
    struct thing *thing = arg;

    thing->freed++;
    loop_stop(thing->loop);
}

static void on_bury(evutil_socket_t fd, short what, void *arg)
{
    struct thing *thing = arg;

    (void)fd, (void)what;
    loop_bury(thing->loop, &thing->grave, free_thing, thing);
    thing->buried++;
    assert_int_equal(thing->freed, 0); /* not under its caller */
}

static void the_buried_are_freed_after_the_turn(void **state)
{
    const struct timeval now = { 0, 0 };
    struct thing thing = { .loop = loop_new() };

    (void)state;
    event_base_once(loop_base(thing.loop), -1, EV_TIMEOUT, on_bury, &thing, &now);
    assert_int_equal(loop_run(thing.loop), 0);
    assert_int_equal(thing.buried, 1);
    assert_int_equal(thing.freed, 1);
    loop_free(thing.loop);
}

static void freeing_the_loop_frees_the_buried(void **state)
{
    struct thing thing = { .loop = loop_new() };

    (void)state;
    loop_bury(thing.loop, &thing.grave, free_thing, &thing);
    loop_free(thing.loop);
    assert_int_equal(thing.freed, 1);
}

static void on_signal(void *arg, int signal)
{
    struct thing *thing = arg;

    thing->seen = signal;
    loop_stop(thing->loop);
}

static void a_signal_arrives_on_the_loop(void **state)
{
    struct thing thing = { .loop = loop_new() };

    (void)state;
    assert_int_equal(loop_on_signal(thing.loop, SIGUSR1, on_signal, &thing), 0);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(thing.seen, 0);
    assert_int_equal(loop_run(thing.loop), 0);
    assert_int_equal(thing.seen, SIGUSR1);
    loop_free(thing.loop);
}

static void on_hold(evutil_socket_t fd, short what, void *arg)
{
    struct thing *thing = arg;
    long long until = clock_ms() + 150;

    (void)fd, (void)what;
    while (clock_ms() < until)
        ;
    thing->seen = 1;
}

static void a_callback_that_holds_the_loop_shows_as_lag(void **state)
{
    const struct timeval now = { 0, 0 };
    struct thing thing = { .loop = loop_new() };

    (void)state;
    event_base_once(loop_base(thing.loop), -1, EV_TIMEOUT, on_hold, &thing, &now);
    while (!thing.seen || event_base_loop(loop_base(thing.loop), EVLOOP_NONBLOCK) > 0)
        assert_int_not_equal(event_base_loop(loop_base(thing.loop), EVLOOP_ONCE), -1);
    assert_true(loop_take_lag_us(thing.loop) >= 40000);
    assert_int_equal(loop_take_lag_us(thing.loop), 0);
    loop_free(thing.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_buried_are_freed_after_the_turn),
        cmocka_unit_test(freeing_the_loop_frees_the_buried),
        cmocka_unit_test(a_signal_arrives_on_the_loop),
        cmocka_unit_test(a_callback_that_holds_the_loop_shows_as_lag),
    };

    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
