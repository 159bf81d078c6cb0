/* sql_pool.c - who waits, and who goes next on which connection.
 *
 * Two queues: shared reads, and exclusive calls. Calls only queue; connections are handed out at
 * the end of the loop's turn (sql_pool_wake activates an event, which libevent runs after all that
 * was ready before it). So the reads of one turn travel in one batch with one Sync, and the flush
 * that libpq makes at a Sync is paid once. While a batch is out, fewer than BATCH_LEAST wait for
 * more, HOLD_US at most.
 *
 * The older head of the two queues goes first. An exclusive call needs an empty connection; while
 * one waits, up to half of the connections take no further batch, so that they become empty under
 * any load of reads. */
#include "sql_pool.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "sql_answer.h"
#include "sql_conn.h"
#include "sql_listen.h"

#define BATCH_MAX 64
#define BATCH_LEAST 12 /* fewer are not spread: the flush would cost more than it gains */
#define BATCHES_IN_FLIGHT 2
#define HOLD_US 250 /* a tick of the loop's clock more when nothing else happens */
#define TICK_MS 50
#define GRACE_MS 1000 /* after the statement timeout, for the answer to arrive */
#define CANCELS_WAITING 32

struct sql_pool {
    struct sql_pool_conf conf;
    struct sql_params params;
    struct event_base *base;
    struct sql_conn *conns;
    struct sql_listen *listen;
    struct jobs *jobs;  /* the thread that cancels */
    struct event *turn; /* dispatch at the end of this turn */
    struct event *tick;
    struct event *hold; /* ends the waiting for a fuller batch */
    long long batch_us; /* when the last batch was sent */
    bool awake;
    bool closing;
    struct call_list exclusive, shared, doomed;
    int queued; /* in `exclusive` and `shared` */
    int queued_shared;
    unsigned long long arrivals;
    struct sql_pool_stats stats;
};

const struct sql_pool_conf *sql_pool_conf(const struct sql_pool *pool)
{
    return &pool->conf;
}

struct sql_pool_stats *sql_pool_counts(struct sql_pool *pool)
{
    return &pool->stats;
}

void sql_pool_wake(struct sql_pool *pool)
{
    if (pool->awake)
        return;
    pool->awake = true;
    event_active(pool->turn, EV_TIMEOUT, 0);
}

static bool pool_is_queue(const struct sql_pool *pool, const struct call_list *list)
{
    return list == &pool->exclusive || list == &pool->shared;
}

/* The one place where a call changes its state, which is the list that it is in. */
void sql_pool_move(struct sql_call *call, struct call_list *to, bool first)
{
    struct sql_pool *pool = call->pool;

    if (call->list) {
        TAILQ_REMOVE(call->list, call, link);
        pool->queued -= pool_is_queue(pool, call->list);
        pool->queued_shared -= call->list == &pool->shared;
    }
    call->list = to;
    if (!to)
        return;
    if (first)
        TAILQ_INSERT_HEAD(to, call, link);
    else
        TAILQ_INSERT_TAIL(to, call, link);
    pool->queued += pool_is_queue(pool, to);
    pool->queued_shared += to == &pool->shared;
}

static void call_free(struct sql_call *call)
{
    sql_pool_move(call, NULL, false);
    PQclear(call->rows);
    free(call);
}

void sql_pool_answer(struct sql_call *call, const struct sql_result *result)
{
    sql_done_fn done = call->done;
    void *arg = call->arg;

    call_free(call);
    if (done)
        done(arg, result);
}

static void pool_doom(struct sql_call *call, enum sql_outcome outcome)
{
    call->doom = outcome;
    sql_pool_move(call, &call->pool->doomed, false);
    sql_pool_wake(call->pool);
}

void sql_pool_again(struct sql_call *call)
{
    call->conn = NULL;
    if (!call->done) {
        call_free(call);
        return;
    }
    /* Its patience is over: another statement's time would come on top of those it has waited. */
    if (call->deadline_ms <= clock_ms()) {
        call->pool->stats.busy_refusals++;
        pool_doom(call, SQL_BUSY);
        return;
    }
    sql_pool_move(call, call->stmt->shared ? &call->pool->shared : &call->pool->exclusive, true);
    sql_pool_wake(call->pool);
}

void sql_pool_lost(struct sql_call *call)
{
    PQclear(call->rows);
    call->rows = NULL;
    if (call->stmt->shared && !call->retried) {
        call->retried = true;
        sql_pool_again(call);
        return;
    }
    call->conn = NULL;
    pool_doom(call, SQL_DOWN);
}

static void pool_answer_doomed(struct sql_pool *pool)
{
    struct call_list now = TAILQ_HEAD_INITIALIZER(now);
    struct sql_call *call;

    /* Those that the callbacks add wait for the next turn. */
    TAILQ_CONCAT(&now, &pool->doomed, link);
    for (call = TAILQ_FIRST(&now); call; call = TAILQ_NEXT(call, link))
        call->list = &now;
    while ((call = TAILQ_FIRST(&now))) {
        /* The analyzer does not see that a call which is freed leaves its list first.
         * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        const struct sql_result result = { .outcome = call->doom, .sqlstate = "", .message = "" };

        sql_pool_answer(call, &result);
    }
}

/* May a batch of shared reads go on this connection? */
static bool conn_takes_batch(const struct sql_pool *pool, const struct sql_conn *conn)
{
    return sql_conn_is_live(conn) && !conn->exclusive && !conn->reserved && !conn->cancelling &&
           conn->syncs < pool->conf.batches_in_flight;
}

static struct sql_conn *pool_pick(const struct sql_pool *pool, bool empty)
{
    struct sql_conn *best = NULL;

    for (int i = 0; i < pool->conf.size; i++) {
        struct sql_conn *conn = &pool->conns[i];

        if (empty ? !sql_conn_is_free(conn) : !conn_takes_batch(pool, conn))
            continue;
        if (!best || conn->syncs < best->syncs)
            best = conn;
    }
    return best;
}

static int pool_send_exclusive(struct sql_pool *pool)
{
    struct sql_conn *conn = pool_pick(pool, true);

    if (!conn)
        return -1;
    conn->reserved = false;
    if (sql_conn_send(conn, TAILQ_FIRST(&pool->exclusive)) == 0)
        sql_conn_sync(conn);
    return 0;
}

/* The reads that wait are spread over the empty connections, so that slow ones run side by side. */
static int pool_batch_size(const struct sql_pool *pool)
{
    int empty = 0;

    for (int i = 0; i < pool->conf.size; i++)
        empty += conn_takes_batch(pool, &pool->conns[i]) && pool->conns[i].syncs == 0;

    int share = empty > 0 ? (pool->queued_shared + empty - 1) / empty : pool->conf.batch_max;

    if (share < BATCH_LEAST)
        share = BATCH_LEAST;
    return share < pool->conf.batch_max ? share : pool->conf.batch_max;
}

static int pool_send_batch(struct sql_pool *pool)
{
    struct sql_conn *conn = pool_pick(pool, false);
    struct sql_call *call;
    int most = pool_batch_size(pool), sent = 0;

    if (!conn)
        return -1;
    while ((call = TAILQ_FIRST(&pool->shared)) && sent < most) {
        bool alone = call->alone;

        if (alone && sent > 0)
            break;
        if (sql_conn_send(conn, call) < 0)
            return 0;
        sent++;
        if (alone)
            break;
    }
    sql_conn_sync(conn);
    pool->batch_us = clock_us();
    return 0;
}

/* A few reads wait for more of their kind while a batch is out: its answers bring the next
 * requests. Not for long, for that batch may be a slow one. */
static bool pool_holds(struct sql_pool *pool)
{
    struct timeval left = { 0 };
    bool out = false;

    for (int i = 0; i < pool->conf.size && !out; i++)
        out = pool->conns[i].syncs > 0 && !pool->conns[i].exclusive &&
              sql_conn_is_live(&pool->conns[i]);
    if (!out || pool->queued_shared >= BATCH_LEAST)
        return false;
    left.tv_usec = (suseconds_t)(pool->batch_us + HOLD_US - clock_us());
    return left.tv_usec > 0 && evtimer_add(pool->hold, &left) == 0;
}

/* Keeps as many connections from further batches as exclusive calls wait, at most half of them. */
static void pool_reserve(struct sql_pool *pool)
{
    const struct sql_call *call = TAILQ_FIRST(&pool->exclusive);
    int want = 0, most = pool->conf.size > 1 ? pool->conf.size / 2 : 1;

    for (; call && want < most; call = TAILQ_NEXT(call, link))
        want++;
    for (int i = 0; i < pool->conf.size; i++) {
        struct sql_conn *conn = &pool->conns[i];

        conn->reserved = want > 0 && sql_conn_is_live(conn) && !conn->exclusive;
        want -= conn->reserved;
    }
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct sql_pool *pool = arg;
    bool exclusive_waits = false, shared_waits = false; /* no connection for their kind */

    (void)fd, (void)what;
    pool->awake = false;
    pool_answer_doomed(pool);
    while (!exclusive_waits || !shared_waits) {
        const struct sql_call *exclusive = exclusive_waits ? NULL : TAILQ_FIRST(&pool->exclusive);
        const struct sql_call *shared = shared_waits ? NULL : TAILQ_FIRST(&pool->shared);

        if (exclusive && (!shared || exclusive->order < shared->order)) {
            exclusive_waits = pool_send_exclusive(pool) < 0;
            if (exclusive_waits)
                pool_reserve(pool);
        } else if (shared)
            shared_waits = pool_holds(pool) || pool_send_batch(pool) < 0;
        else
            break;
    }
    if (TAILQ_EMPTY(&pool->exclusive))
        pool_reserve(pool);
}

static void on_hold(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    sql_pool_wake(arg);
}

static void pool_expire(struct sql_pool *pool, struct call_list *queue, long long now)
{
    struct sql_call *call;

    while ((call = TAILQ_FIRST(queue)) && call->deadline_ms <= now) {
        bool ready = sql_pool_ready(pool);

        pool->stats.busy_refusals += ready;
        pool_doom(call, ready ? SQL_BUSY : SQL_DOWN);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct sql_pool *pool = arg;
    long long now = clock_ms();

    (void)fd, (void)what;
    pool_expire(pool, &pool->exclusive, now);
    pool_expire(pool, &pool->shared, now);
    if (pool->conf.statement_timeout_ms <= 0)
        return;
    /* A database that is stopped, or behind a dead network, does not even time out by itself. */
    for (int i = 0; i < pool->conf.size; i++) {
        struct sql_conn *conn = &pool->conns[i];

        if (conn->syncs > 0 && now - conn->progress_ms > pool->conf.statement_timeout_ms + GRACE_MS)
            sql_link_fail(&conn->link, "no answer in time");
    }
}

static int pool_start(struct sql_pool *pool, struct event_base *base)
{
    const struct timeval step = { 0, TICK_MS * 1000L };
    char options[160];

    snprintf(options, sizeof(options),
             "-c statement_timeout=%d -c lock_timeout=%d "
             "-c idle_in_transaction_session_timeout=%d "
             "-c jit=off", /* no statement runs long enough to be worth compiling */
             pool->conf.statement_timeout_ms, pool->conf.lock_timeout_ms,
             pool->conf.idle_in_transaction_timeout_ms);
    if (sql_params_init(&pool->params, pool->conf.conninfo, pool->conf.application, options) < 0)
        return -1;
    pool->jobs = jobs_new(base, 1, CANCELS_WAITING);
    pool->turn = event_new(base, -1, 0, on_turn, pool);
    pool->tick = event_new(base, -1, EV_PERSIST, on_tick, pool);
    pool->hold = evtimer_new(base, on_hold, pool);
    if (!pool->jobs || !pool->turn || !pool->tick || !pool->hold ||
        event_add(pool->tick, &step) < 0)
        return -1;
    pool->conns = calloc((size_t)pool->conf.size, sizeof(*pool->conns));
    if (!pool->conns)
        return -1;
    for (int i = 0; i < pool->conf.size; i++)
        if (sql_conn_init(&pool->conns[i], pool, base, pool->conf.log, &pool->params) < 0)
            return -1;
    return 0;
}

struct sql_pool *sql_pool_new(struct event_base *base, const struct sql_pool_conf *conf)
{
    struct sql_pool *pool = conf->size > 0 ? calloc(1, sizeof(*pool)) : NULL;

    if (!pool)
        return NULL;
    pool->base = base;
    pool->conf = *conf;
    if (pool->conf.batch_max <= 0)
        pool->conf.batch_max = BATCH_MAX;
    if (pool->conf.batches_in_flight <= 0)
        pool->conf.batches_in_flight = BATCHES_IN_FLIGHT;
    TAILQ_INIT(&pool->exclusive);
    TAILQ_INIT(&pool->shared);
    TAILQ_INIT(&pool->doomed);
    if (pool_start(pool, base) < 0) {
        sql_pool_free(pool);
        return NULL;
    }
    return pool;
}

static void pool_doom_all(struct call_list *list)
{
    struct sql_call *call;

    while ((call = TAILQ_FIRST(list))) {
        call->conn = NULL;
        pool_doom(call, SQL_DOWN);
    }
}

void sql_pool_free(struct sql_pool *pool)
{
    if (!pool)
        return;
    pool->closing = true;
    pool_doom_all(&pool->exclusive);
    pool_doom_all(&pool->shared);
    for (int i = 0; pool->conns && i < pool->conf.size; i++)
        if (pool->conns[i].pool)
            pool_doom_all(&pool->conns[i].sent);
    pool_answer_doomed(pool);
    jobs_free(pool->jobs);
    sql_listen_free(pool->listen);
    for (int i = 0; pool->conns && i < pool->conf.size; i++)
        sql_conn_release(&pool->conns[i]);
    if (pool->turn)
        event_free(pool->turn);
    if (pool->tick)
        event_free(pool->tick);
    if (pool->hold)
        event_free(pool->hold);
    sql_params_release(&pool->params);
    free(pool->conns);
    free(pool);
}

struct sql_call *sql_pool_run(struct sql_pool *pool, const struct sql_stmt *stmt,
                              const struct sql_args *args, sql_done_fn done, void *arg)
{
    struct sql_call *call = pool->closing ? NULL : calloc(1, sizeof(*call));

    if (!call)
        return NULL;
    call->pool = pool;
    call->stmt = stmt;
    call->done = done;
    call->arg = arg;
    call->args = *args;
    call->order = ++pool->arrivals;
    call->deadline_ms = clock_ms() + pool->conf.queue_timeout_ms;
    pool->stats.calls++;
    if (args->count > SQL_ARGS_MAX) {
        pool_doom(call, SQL_ERROR);
    } else if (pool->queued >= pool->conf.queue_max) {
        pool->stats.busy_refusals++;
        pool_doom(call, SQL_BUSY);
    } else {
        sql_pool_move(call, stmt->shared ? &pool->shared : &pool->exclusive, false);
        sql_pool_wake(pool);
    }
    return call;
}

void sql_call_detach(struct sql_call *call)
{
    struct sql_conn *conn = call->conn;

    call->done = NULL;
    if (!conn) {
        call_free(call);
        return;
    }
    if (conn->exclusive && call->stmt->reads)
        sql_conn_cancel(conn, call->pool->jobs);
}

int sql_pool_listen(struct sql_pool *pool, const char *const *channels, size_t n, sql_notify_fn fn,
                    void *arg)
{
    if (pool->listen)
        return -1;
    pool->listen = sql_listen_new(pool->base, pool->conf.log, &pool->params, channels, n, fn, arg);
    return pool->listen ? 0 : -1;
}

void sql_pool_stats(const struct sql_pool *pool, struct sql_pool_stats *ret)
{
    *ret = pool->stats;
    ret->connections = ret->idle = ret->busy = 0;
    ret->queued = pool->queued;
    for (int i = 0; i < pool->conf.size; i++) {
        ret->connections += sql_conn_is_live(&pool->conns[i]);
        ret->idle += sql_conn_is_free(&pool->conns[i]);
    }
    ret->busy = ret->connections - ret->idle;
}

bool sql_pool_ready(const struct sql_pool *pool)
{
    for (int i = 0; i < pool->conf.size; i++)
        if (sql_conn_is_live(&pool->conns[i]))
            return true;
    return false;
}
