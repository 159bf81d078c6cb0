/* team.h - a few threads for one piece of learning, and the two ways in which it ends early.
 * What is computed never depends on which thread took which part: the same index gives the same
 * model. OpenBLAS itself is held to one thread (learn.c); the team cuts the products instead, so
 * its own pool neither competes with the threads that answer nor changes the sums. */
#ifndef JM_TEAM_H
#define JM_TEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define TEAM_MAX 64

struct team {
    int threads;                 /* 1..TEAM_MAX */
    const volatile bool *cancel; /* set by another thread with __atomic_store_n; may be NULL */
};

/* One part of the work; `worker` < threads tells whose scratch memory to use. Negative: stop
 * all. */
typedef int (*team_fn)(void *arg, size_t part, int worker);

bool team_cancelled(const struct team *team);
/* Calls fn for the parts 0..parts-1, each once. -1: one of them failed, or it was cancelled. */
int MUST_CHECK team_run(const struct team *team, size_t parts, team_fn fn, void *arg);

#endif
