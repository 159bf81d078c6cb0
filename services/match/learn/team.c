/* team.c - parts are taken from a counter; the caller works too. */
#include "team.h"

#include <pthread.h>
#include <stdatomic.h>

struct team_work {
    const struct team *team;
    team_fn fn;
    void *arg;
    size_t parts;
    atomic_size_t next;
    atomic_bool failed;
};

struct team_worker {
    struct team_work *work;
    int number;
    pthread_t thread;
};

bool team_cancelled(const struct team *team)
{
    return team->cancel && __atomic_load_n(team->cancel, __ATOMIC_RELAXED);
}

static void *work(void *arg)
{
    struct team_worker *worker = arg;
    struct team_work *all = worker->work;

    while (!atomic_load(&all->failed)) {
        size_t part = atomic_fetch_add(&all->next, 1);

        if (part >= all->parts)
            break;
        if (team_cancelled(all->team) || all->fn(all->arg, part, worker->number) < 0)
            atomic_store(&all->failed, true);
    }
    return NULL;
}

int team_run(const struct team *team, size_t parts, team_fn fn, void *arg)
{
    struct team_work all = { .team = team, .fn = fn, .arg = arg, .parts = parts };
    struct team_worker workers[TEAM_MAX];
    int n = 1;

    workers[0] = (struct team_worker){ .work = &all };
    /* A thread that cannot be had leaves its parts to the others. */
    for (; n < team->threads && n < TEAM_MAX && (size_t)n < parts; n++) {
        workers[n] = (struct team_worker){ .work = &all, .number = n };
        if (pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0)
            break;
    }
    work(&workers[0]);
    for (int i = 1; i < n; i++)
        pthread_join(workers[i].thread, NULL);
    return atomic_load(&all.failed) || team_cancelled(team) ? -1 : 0;
}
