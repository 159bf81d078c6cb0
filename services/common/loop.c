/* loop.c - see loop.h. Each turn is one EVLOOP_ONCE, after which the buried are freed. */
#include "loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clock.h"

#define SIGNALS_MAX 8
#define LAG_STEP_US 100000

struct loop_signal {
    struct event *event;
    void (*fn)(void *arg, int signal);
    void *arg;
};

struct loop {
    struct event_base *base;
    struct event *lag_timer;
    struct loop_grave *graves;
    struct loop_signal signals[SIGNALS_MAX];
    int n_signals;
    bool stopped;
    long long lag_due_us, lag_max_us;
};

static void on_lag_timer(evutil_socket_t fd, short what, void *arg)
{
    struct loop *loop = arg;
    long long now = clock_us();

    (void)fd, (void)what;
    if (now - loop->lag_due_us > loop->lag_max_us)
        loop->lag_max_us = now - loop->lag_due_us;
    loop->lag_due_us = now + LAG_STEP_US;
}

struct loop *loop_new(void)
{
    const struct timeval step = { 0, LAG_STEP_US };
    struct loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return NULL;
    signal(SIGPIPE, SIG_IGN);
    loop->base = event_base_new();
    if (loop->base)
        loop->lag_timer = event_new(loop->base, -1, EV_PERSIST, on_lag_timer, loop);
    loop->lag_due_us = clock_us() + LAG_STEP_US;
    if (!loop->lag_timer || event_add(loop->lag_timer, &step) < 0) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

static void loop_sweep(struct loop *loop)
{
    while (loop->graves) {
        struct loop_grave *grave = loop->graves;

        loop->graves = grave->next;
        grave->fn(grave->thing);
    }
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    loop_sweep(loop);
    for (int i = 0; i < loop->n_signals; i++)
        event_free(loop->signals[i].event);
    if (loop->lag_timer)
        event_free(loop->lag_timer);
    if (loop->base)
        event_base_free(loop->base);
    free(loop);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

static void on_signal(evutil_socket_t signal, short what, void *arg)
{
    struct loop_signal *self = arg;

    (void)what;
    self->fn(self->arg, (int)signal);
}

int loop_on_signal(struct loop *loop, int signal, void (*fn)(void *arg, int signal), void *arg)
{
    if (loop->n_signals == SIGNALS_MAX)
        return -1;

    struct loop_signal *self = &loop->signals[loop->n_signals];

    self->fn = fn;
    self->arg = arg;
    self->event = evsignal_new(loop->base, signal, on_signal, self);
    if (!self->event || event_add(self->event, NULL) < 0) {
        if (self->event)
            event_free(self->event);
        return -1;
    }
    loop->n_signals++;
    return 0;
}

void loop_bury(struct loop *loop, struct loop_grave *grave, void (*fn)(void *thing), void *thing)
{
    *grave = (struct loop_grave){ loop->graves, fn, thing };
    loop->graves = grave;
}

int loop_run(struct loop *loop)
{
    int rc = 0;

    while (!loop->stopped && rc >= 0) {
        rc = event_base_loop(loop->base, EVLOOP_ONCE);
        loop_sweep(loop);
    }
    loop->stopped = false;
    return rc < 0 ? -1 : 0;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}

long long loop_take_lag_us(struct loop *loop)
{
    long long lag = loop->lag_max_us;

    loop->lag_max_us = 0;
    return lag;
}
