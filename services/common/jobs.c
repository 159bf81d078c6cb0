/* jobs.c - see jobs.h. The threads tell the loop through an eventfd. */
#include "jobs.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define THREADS_MAX 64

struct job_list {
    struct job *first;
    struct job **end;
};

struct jobs {
    pthread_mutex_t lock; /* guards waiting, n_waiting, finished, stopping */
    pthread_cond_t wake;
    struct job_list waiting, finished;
    int n_waiting, queue_max;
    bool stopping;
    pthread_t threads[THREADS_MAX];
    int n_threads;
    int fd;
    struct event *event;
};

static void job_list_init(struct job_list *list)
{
    list->first = NULL;
    list->end = &list->first;
}

static void job_list_add(struct job_list *list, struct job *job)
{
    job->next = NULL;
    *list->end = job;
    list->end = &job->next;
}

static struct job *job_list_take(struct job_list *list)
{
    struct job *job = list->first;

    if (job) {
        list->first = job->next;
        if (!list->first)
            list->end = &list->first;
    }
    return job;
}

static void *jobs_thread(void *arg)
{
    struct jobs *jobs = arg;
    const uint64_t one = 1;

    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        struct job *job = job_list_take(&jobs->waiting);

        if (!job) {
            pthread_cond_wait(&jobs->wake, &jobs->lock);
            continue;
        }
        jobs->n_waiting--;
        pthread_mutex_unlock(&jobs->lock);
        job->work(job);
        pthread_mutex_lock(&jobs->lock);
        job_list_add(&jobs->finished, job);
        /* The counter cannot overflow, and the loop reads it whole: a write never blocks. */
        if (write(jobs->fd, &one, sizeof(one)) < 0)
            continue;
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static void jobs_deliver(struct jobs *jobs)
{
    for (;;) {
        pthread_mutex_lock(&jobs->lock);
        struct job *job = job_list_take(&jobs->finished);
        pthread_mutex_unlock(&jobs->lock);
        if (!job)
            return;
        job->done(job);
    }
}

static void on_finished(evutil_socket_t fd, short what, void *arg)
{
    uint64_t count;

    (void)what;
    if (read((int)fd, &count, sizeof(count)) == (ssize_t)sizeof(count))
        jobs_deliver(arg);
}

/* Signals belong to the loop's thread: the others are born with all of them blocked. */
static int jobs_start_threads(struct jobs *jobs, int threads)
{
    sigset_t all, before;

    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return -1;
    while (jobs->n_threads < threads && jobs->n_threads < THREADS_MAX) {
        if (pthread_create(&jobs->threads[jobs->n_threads], NULL, jobs_thread, jobs) != 0)
            break;
        jobs->n_threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return jobs->n_threads > 0 ? 0 : -1;
}

struct jobs *jobs_new(struct event_base *base, int threads, int queue_max)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));

    if (!jobs)
        return NULL;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->wake, NULL);
    job_list_init(&jobs->waiting);
    job_list_init(&jobs->finished);
    jobs->queue_max = queue_max;
    jobs->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (jobs->fd >= 0)
        jobs->event = event_new(base, jobs->fd, EV_READ | EV_PERSIST, on_finished, jobs);
    if (!jobs->event || event_add(jobs->event, NULL) < 0 || jobs_start_threads(jobs, threads) < 0) {
        jobs_free(jobs);
        return NULL;
    }
    return jobs;
}

void jobs_free(struct jobs *jobs)
{
    struct job *job;

    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
    for (int i = 0; i < jobs->n_threads; i++)
        pthread_join(jobs->threads[i], NULL);
    while ((job = job_list_take(&jobs->waiting)))
        job_list_add(&jobs->finished, job);
    jobs_deliver(jobs);
    if (jobs->event)
        event_free(jobs->event);
    if (jobs->fd >= 0)
        close(jobs->fd);
    pthread_cond_destroy(&jobs->wake);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

int jobs_run(struct jobs *jobs, struct job *job)
{
    int rc = -1;

    pthread_mutex_lock(&jobs->lock);
    if (jobs->n_waiting < jobs->queue_max) {
        job_list_add(&jobs->waiting, job);
        jobs->n_waiting++;
        pthread_cond_signal(&jobs->wake);
        rc = 0;
    }
    pthread_mutex_unlock(&jobs->lock);
    return rc;
}

int jobs_waiting(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    int n = jobs->n_waiting;
    pthread_mutex_unlock(&jobs->lock);
    return n;
}
