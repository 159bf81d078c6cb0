/* jobs.h - work that would block the loop, on a few threads with a bounded queue.
 *
 * `work` runs on a thread and may touch nothing but its own job; `done` runs on the loop, exactly
 * once, and never before jobs_run has returned. */
#ifndef JB_JOBS_H
#define JB_JOBS_H

#include "must.h"

struct event_base;
struct jobs;

/* Embedded in the caller's job. */
struct job {
    struct job *next;
    void (*work)(struct job *job);
    void (*done)(struct job *job);
};

/* At most `queue_max` jobs wait besides those that run. NULL when memory or threads are out. */
struct jobs *jobs_new(struct event_base *base, int threads, int queue_max);
/* Waits for the jobs that run; what waits is not worked on, but `done` is called for all. */
void jobs_free(struct jobs *jobs);
int MUST_CHECK jobs_run(struct jobs *jobs, struct job *job); /* -1: the queue is full */
int jobs_waiting(struct jobs *jobs);

#endif
