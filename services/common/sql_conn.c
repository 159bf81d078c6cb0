/* sql_conn.c - what is said on one pooled connection.
 *
 * Pipeline mode from the first statement on. A batch is one or more statements and a Sync; the
 * database runs it as one implicit transaction and commits at the Sync. So a read may be answered
 * when its rows are there, but a write only when its Sync has come back: before that it can still
 * fail (a deferred constraint, for one). */
#include "sql_conn.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "sql_answer.h"

static void conn_prepare(struct sql_conn *conn)
{
    const struct sql_pool_conf *conf = sql_pool_conf(conn->pool);

    for (size_t i = 0; i < conf->n_stmts; i++) {
        const struct sql_stmt *stmt = conf->stmts[i];

        /* A Sync each: a statement that the database does not know must not take others along. */
        if (!PQsendPrepare(conn->link.pg, stmt->name, stmt->text, 0, NULL) ||
            !PQpipelineSync(conn->link.pg)) {
            sql_link_fail(&conn->link, "cannot prepare");
            return;
        }
        conn->preparing++;
        conn->syncs++;
    }
    sql_link_flush(&conn->link);
}

static void on_up(void *arg)
{
    struct sql_conn *conn = arg;

    conn->progress_ms = clock_ms();
    if (!PQenterPipelineMode(conn->link.pg)) {
        sql_link_fail(&conn->link, "no pipeline mode");
        return;
    }
    if (conn->link.times_up > 1)
        sql_pool_counts(conn->pool)->reconnects++;
    conn_prepare(conn);
    sql_pool_wake(conn->pool);
}

static void on_down(void *arg)
{
    struct sql_conn *conn = arg;
    struct sql_call *call;

    conn->syncs = 0;
    conn->preparing = 0;
    conn->exclusive = false;
    conn->reserved = false;
    /* From the back, so that those which go to the head of the queue keep their order. */
    while ((call = TAILQ_LAST(&conn->sent, call_list)))
        sql_pool_lost(call);
    sql_pool_wake(conn->pool);
}

static void conn_prepared(struct sql_conn *conn, const PGresult *rows)
{
    const struct sql_pool_conf *conf = sql_pool_conf(conn->pool);
    const struct sql_stmt *stmt = conf->stmts[conf->n_stmts - (size_t)conn->preparing];

    if (PQresultStatus(rows) == PGRES_PIPELINE_SYNC)
        conn->preparing--;
    else if (PQresultStatus(rows) != PGRES_COMMAND_OK)
        log_error(conn->link.log, "statement cannot be prepared", LOG_S("statement", stmt->text),
                  LOG_S("why", PQresultErrorMessage(rows)));
}

/* The prepared statements of this connection are out of date: a function was replaced. */
static bool conn_is_stale(const struct sql_result *result)
{
    return result->outcome == SQL_ERROR &&
           (strcmp(result->sqlstate, "26000") == 0 || strcmp(result->sqlstate, "0A000") == 0);
}

/* A data exception (class 22) quotes the value that was given: it is left out. */
static void conn_log_error(const struct sql_conn *conn, const struct sql_call *call,
                           const struct sql_result *result)
{
    const char *why = strncmp(result->sqlstate, "22", 2) == 0 ? NULL : result->message;

    log_error(conn->link.log, "statement failed", LOG_S("statement", call->stmt->name),
              LOG_S("sqlstate", result->sqlstate), LOG_S("why", why));
}

static void conn_answer(struct sql_conn *conn, struct sql_call *call)
{
    struct sql_answer answer = { call->rows };
    struct sql_result result;

    call->rows = NULL;
    sql_answer_read(&answer, &result);
    if (call->stmt->shared && PQresultStatus(answer.rows) == PGRES_PIPELINE_ABORTED) {
        call->alone = true;
        sql_pool_again(call);
    } else if (call->stmt->shared && result.outcome == SQL_DOWN) {
        sql_pool_lost(call);
    } else {
        if (result.outcome == SQL_ERROR) {
            sql_pool_counts(conn->pool)->errors++;
            conn_log_error(conn, call, &result);
        }
        bool stale = conn_is_stale(&result);
        sql_pool_answer(call, &result);
        /* Connect again, but not in a tight loop when the database simply lacks the function. */
        if (stale && clock_ms() - conn->link.up_ms > 5000)
            sql_link_fail(&conn->link, "its prepared statements are out of date");
    }
    PQclear(answer.rows);
}

/* A Sync came back: the batch is committed. */
static void conn_synced(struct sql_conn *conn)
{
    struct sql_call *call = conn->exclusive ? TAILQ_FIRST(&conn->sent) : NULL;

    conn->syncs--;
    conn->exclusive = false;
    sql_pool_wake(conn->pool);
    if (call && call->rows)
        conn_answer(conn, call);
}

/* Takes what PQgetResult gave; NULL ends the answers of one statement. */
static void conn_take(struct sql_conn *conn, PGresult *rows)
{
    struct sql_call *call = TAILQ_FIRST(&conn->sent);

    if (conn->preparing > 0) {
        if (rows)
            conn_prepared(conn, rows);
        if (PQresultStatus(rows) == PGRES_PIPELINE_SYNC)
            conn_synced(conn);
        PQclear(rows);
    } else if (!rows) {
        if (call && call->rows && !conn->exclusive)
            conn_answer(conn, call);
    } else if (PQresultStatus(rows) == PGRES_PIPELINE_SYNC) {
        PQclear(rows);
        conn_synced(conn);
    } else if (call) {
        /* The last word counts: a commit that fails comes after the rows. */
        PQclear(call->rows);
        call->rows = rows;
    } else
        PQclear(rows);
}

static void on_readable(void *arg)
{
    struct sql_conn *conn = arg;
    int nothing = 0;

    conn->progress_ms = clock_ms();
    /* Two NULLs in a row: the connection has nothing to say (it may have died). */
    while (conn->link.state == LINK_UP && conn->syncs > 0 && nothing < 2 &&
           !PQisBusy(conn->link.pg)) {
        PGresult *rows = PQgetResult(conn->link.pg);

        nothing = rows ? 0 : nothing + 1;
        conn_take(conn, rows);
    }
}

int sql_conn_init(struct sql_conn *conn, struct sql_pool *pool, struct event_base *base,
                  struct log *log, const struct sql_params *params)
{
    const struct sql_link_owner owner = { on_up, on_down, on_readable, conn };

    *conn = (struct sql_conn){ .pool = pool };
    TAILQ_INIT(&conn->sent);
    return sql_link_init(&conn->link, base, log, params, &owner);
}

void sql_conn_release(struct sql_conn *conn)
{
    sql_link_release(&conn->link);
}

bool sql_conn_is_live(const struct sql_conn *conn)
{
    return conn->link.state == LINK_UP && conn->preparing == 0;
}

bool sql_conn_is_free(const struct sql_conn *conn)
{
    return sql_conn_is_live(conn) && conn->syncs == 0 && !conn->cancelling;
}

int sql_conn_send(struct sql_conn *conn, struct sql_call *call)
{
    if (!PQsendQueryPrepared(conn->link.pg, call->stmt->name, call->args.count, call->args.value,
                             NULL, NULL, 0)) {
        sql_link_fail(&conn->link, "cannot send");
        return -1;
    }
    if (conn->syncs == 0)
        conn->progress_ms = clock_ms();
    call->conn = conn;
    conn->exclusive = !call->stmt->shared;
    sql_pool_move(call, &conn->sent, false);
    return 0;
}

void sql_conn_sync(struct sql_conn *conn)
{
    conn->syncs++;
    sql_pool_counts(conn->pool)->batches++;
    if (!PQpipelineSync(conn->link.pg))
        sql_link_fail(&conn->link, "cannot send");
    else
        sql_link_flush(&conn->link);
}

struct cancel_job {
    struct job job; /* first: the job is the cancel_job */
    struct sql_conn *conn;
    PGcancel *cancel;
};

/* On a thread: PQcancel makes a connection of its own and waits for it. */
static void cancel_work(struct job *job)
{
    struct cancel_job *self = (struct cancel_job *)job;
    char why[256];

    if (self->cancel)
        PQcancel(self->cancel, why, sizeof(why)); /* the statement's timeout stands behind this */
}

static void cancel_done(struct job *job)
{
    struct cancel_job *self = (struct cancel_job *)job;

    self->conn->cancelling = false;
    sql_pool_wake(self->conn->pool);
    PQfreeCancel(self->cancel);
    free(self);
}

void sql_conn_cancel(struct sql_conn *conn, struct jobs *jobs)
{
    struct cancel_job *self = conn->cancelling ? NULL : calloc(1, sizeof(*self));

    if (!self)
        return;
    self->job = (struct job){ .work = cancel_work, .done = cancel_done };
    self->conn = conn;
    self->cancel = PQgetCancel(conn->link.pg);
    if (jobs_run(jobs, &self->job) < 0) {
        PQfreeCancel(self->cancel);
        free(self);
        return;
    }
    conn->cancelling = true;
}
