/* loop.h - one event loop a process.
 *
 * A turn is: wait, then run everything that became ready. What is buried during a turn is freed
 * when the turn is over, so nothing is freed under its caller. */
#ifndef JB_LOOP_H
#define JB_LOOP_H

#include "must.h"

struct event_base;
struct loop;

/* Embedded in an object that will be buried, so that burying cannot fail. */
struct loop_grave {
    struct loop_grave *next;
    void (*fn)(void *thing);
    void *thing;
};

struct loop *loop_new(void); /* NULL when memory is out. Ignores SIGPIPE for the process. */
void loop_free(struct loop *loop);
struct event_base *loop_base(struct loop *loop);

/* fn(arg, signal) is called from the loop, never from the signal's context. At most 8 signals. */
int MUST_CHECK loop_on_signal(struct loop *loop, int signal, void (*fn)(void *arg, int signal),
                              void *arg);
/* Calls fn(thing) after this turn; once for each grave. */
void loop_bury(struct loop *loop, struct loop_grave *grave, void (*fn)(void *thing), void *thing);

int MUST_CHECK loop_run(struct loop *loop); /* until loop_stop; -1 when the base fails */
void loop_stop(struct loop *loop);          /* after this turn */

/* The longest that a timer came late since the last question, in microseconds. */
long long loop_take_lag_us(struct loop *loop);

#endif
