/* sql_conn.h - a pooled connection in pipeline mode. For sql_pool.c and its parts only.
 *
 * A call is always in exactly one list, and the list is its state: waiting (of the pool), sent (of
 * a connection) or doomed (of the pool: to be answered in the next turn without a database). */
#ifndef JB_SQL_CONN_H
#define JB_SQL_CONN_H

#include <sys/queue.h>

#include "jobs.h"
#include "sql_link.h"
#include "sql_pool.h"

TAILQ_HEAD(call_list, sql_call);

struct sql_call {
    TAILQ_ENTRY(sql_call) link;
    struct call_list *list;
    struct sql_pool *pool;
    struct sql_conn *conn; /* while sent */
    const struct sql_stmt *stmt;
    sql_done_fn done; /* NULL: nobody waits any more */
    void *arg;
    PGresult *rows;
    unsigned long long order; /* of arrival */
    long long deadline_ms;
    enum sql_outcome doom;
    bool alone;   /* a shared read that goes again, by itself */
    bool retried; /* its connection was lost once already */
    struct sql_args args;
};

struct sql_conn {
    struct sql_pool *pool;
    struct sql_link link;
    struct call_list sent; /* in the order of their answers */
    int syncs;             /* sent and not yet answered: batches in flight */
    int preparing;         /* statements whose preparation is not yet answered */
    bool exclusive;        /* the one call that is out has the connection for itself */
    bool reserved;         /* no further batch: a waiting exclusive call gets it when it is empty */
    bool cancelling;       /* a cancel request is under way and must not hit the next statement */
    long long progress_ms; /* when the database last said something, while it owes an answer */
};

int MUST_CHECK sql_conn_init(struct sql_conn *conn, struct sql_pool *pool, struct event_base *base,
                             struct log *log, const struct sql_params *params);
void sql_conn_release(struct sql_conn *conn);
bool sql_conn_is_live(const struct sql_conn *conn); /* connected and prepared */
bool sql_conn_is_free(const struct sql_conn *conn); /* live and nothing on it */
/* Takes the call from its list and sends it. -1: the connection has failed, the call stays. */
int MUST_CHECK sql_conn_send(struct sql_conn *conn, struct sql_call *call);
/* Ends what was sent since the last Sync: one message to the database, one flush. */
void sql_conn_sync(struct sql_conn *conn);
/* Asks the database, from a thread, to stop what the connection is doing. */
void sql_conn_cancel(struct sql_conn *conn, struct jobs *jobs);

/* What the pool does for its connections. */
void sql_pool_wake(struct sql_pool *pool); /* dispatch at the end of this turn */
void sql_pool_move(struct sql_call *call, struct call_list *to, bool first);
void sql_pool_again(struct sql_call *call); /* back to the head of its queue */
void sql_pool_answer(struct sql_call *call, const struct sql_result *result); /* frees it */
void sql_pool_lost(struct sql_call *call); /* its connection went with the call in flight */
const struct sql_pool_conf *sql_pool_conf(const struct sql_pool *pool);
struct sql_pool_stats *sql_pool_counts(struct sql_pool *pool);

#endif
