/* sql_pool.h - asynchronous libpq connections on the event loop.
 *
 * Writes and session reads have a connection for themselves while they run. Shared reads (see
 * sql.h) of one loop turn go out in one pipeline with one Sync. A result is delivered exactly once
 * and never before sql_pool_run has returned. Lost connections come back by themselves with
 * growing pauses; a statement that was never sent is simply sent again elsewhere, one that was in
 * flight ends as SQL_DOWN (shared reads are retried once). */
#ifndef JB_SQL_POOL_H
#define JB_SQL_POOL_H

#include "sql.h"

struct event_base;
struct log;
struct sql_pool;
struct sql_call;

struct sql_pool_conf {
    const char *conninfo;
    int size;             /* connections */
    int queue_max;        /* waiting calls; one more is SQL_BUSY */
    int queue_timeout_ms; /* waiting longer is SQL_BUSY */
    int statement_timeout_ms;
    int lock_timeout_ms;
    int idle_in_transaction_timeout_ms;
    const struct sql_stmt *const *stmts; /* prepared on each new connection */
    size_t n_stmts;
    struct log *log;         /* may be NULL */
    const char *application; /* application_name, or NULL */
    int batch_max;           /* calls in one batch of shared reads; 0: the default */
    int batches_in_flight;   /* batches on one connection; 0: the default */
};

typedef void (*sql_done_fn)(void *arg, const struct sql_result *result);
typedef void (*sql_notify_fn)(void *arg, const char *channel, const char *payload);

struct sql_pool *sql_pool_new(struct event_base *base, const struct sql_pool_conf *conf);
/* Calls that are still out are answered SQL_DOWN first. */
void sql_pool_free(struct sql_pool *pool);

/* Queues or sends. `done` is called once from the loop. The arguments' bytes must live until then.
 * Returns the call, owned by the pool, or NULL when memory is out (done is then never called). */
struct sql_call *sql_pool_run(struct sql_pool *pool, const struct sql_stmt *stmt,
                              const struct sql_args *args, sql_done_fn done, void *arg);
/* The client has gone: `done` will not be called. A call that waits is dropped; a running read is
 * cancelled; a running write finishes and its row is dropped. After this the pool needs none of the
 * argument bytes (it has copied what it still needs). */
void sql_call_detach(struct sql_call *call);

/* One extra connection that LISTENs; `fn` hears every notification, and once with channel NULL
 * after each (re)connection, when notifications may have been missed. */
int MUST_CHECK sql_pool_listen(struct sql_pool *pool, const char *const *channels, size_t n,
                               sql_notify_fn fn, void *arg);

struct sql_pool_stats {
    int connections, idle, busy, queued;
    unsigned long long calls, batches, errors, reconnects, busy_refusals;
};
void sql_pool_stats(const struct sql_pool *pool, struct sql_pool_stats *ret);
bool sql_pool_ready(const struct sql_pool *pool); /* at least one live connection */

#endif
