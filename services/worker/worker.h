/* worker.h - rounds of due work: timers, outbox, housekeeping; then sleep until the next is due. */
#ifndef JB_WORKER_H
#define JB_WORKER_H

#include <stdbool.h>

#include "sql_pool.h"

struct event_base;
struct log;
struct smtp;
struct worker;

struct worker_conf {
    struct event_base *base;
    struct log *log;
    struct sql_pool *pool;
    struct smtp *smtp; /* NULL: mail has no channel */
    const char *mail_from, *mail_name;
    const char *public_url; /* https://host, no slash at the end; "": mail has no links */
    int batch;              /* timers or outbox rows at once */
    bool once;              /* finish when nothing is due any more */
    /* Nothing is under way any more; `ok` is false when something failed with `once`. */
    void (*finished)(void *arg, bool ok);
    void *arg;
};

extern const struct sql_stmt *const worker_stmts[];
extern const size_t n_worker_stmts;

struct worker *worker_new(const struct worker_conf *conf); /* starts in the next turn */
void worker_free(struct worker *worker); /* after the pool, which answers what is out */
void worker_wake(struct worker *worker); /* something may have become due */
void worker_stop(struct worker *worker); /* finish what is under way, take nothing new */

/* For channels: what the worker lends them. */
const struct worker_conf *worker_conf(const struct worker *worker);
void worker_delivered(struct worker *worker); /* one delivery has come to its end */

#endif
