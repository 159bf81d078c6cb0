/* pool_fixture.h - a pool on a cluster of its own, statements that go right and wrong, and probes
 * that keep what came of a call. */
#ifndef JB_POOL_FIXTURE_H
#define JB_POOL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/event.h>

#include "clock.h"
#include "loop.h"
#include "pool_cluster.h"
#include "sql_pool.h"

#define PATIENCE_MS 10000

static const struct sql_stmt echo = { "echo", "select $1::text as a", 1, true, true };
static const struct sql_stmt setting = { "setting", "select current_setting($1) as a", 1, true,
                                         true };
static const struct sql_stmt slow = { "slow", "select pg_sleep($1::float8)", 1, false, true };
static const struct sql_stmt slow_write = { "slow_write", "select t.slow_write($1::float8)", 1,
                                            false, false };
static const struct sql_stmt refuse = { "refuse", "select t.refuse($1)", 1, true, true };
static const struct sql_stmt divide = { "divide", "select 1 / $1::int as a", 1, true, true };
static const struct sql_stmt backend = { "backend", "select pg_backend_pid() as a", 0, false,
                                         false };
static const struct sql_stmt run = { "run", "select t.run($1) as a", 1, false, false };
static const struct sql_stmt unknown = { "unknown", "select t.no_such_function()", 0, true, true };
static const struct sql_stmt xid = { "xid", "select now()::text as a", 0, true, true };
static const struct sql_stmt nap = { "nap", "select pg_sleep(0.01)", 0, true, true };
static const struct sql_stmt doze = { "doze", "select pg_sleep($1::float8)", 1, true, true };
static const struct sql_stmt late = { "late", "select t.fail_at_commit()", 0, false, false };
static const struct sql_stmt *const stmts[] = { &echo,   &setting, &slow, &slow_write, &refuse,
                                                &divide, &backend, &run,  &unknown,    &xid,
                                                &nap,    &late,    &doze };

/* One call and what came of it. */
struct probe {
    struct fixture *fixture;
    struct sql_call *call;
    int answers;
    enum sql_outcome outcome;
    int http_status;
    char text[64], slug[32], detail[64], sqlstate[8];
};

struct fixture {
    struct cluster *cluster;
    struct loop *loop;
    struct sql_pool *pool;
    struct event *patience;
    bool in_run, impatient;
    int answers;
    int heard, restarts;
    char payload[32];
};

static void on_impatient(evutil_socket_t fd, short what, void *arg)
{
    struct fixture *fixture = arg;

    (void)fd, (void)what;
    fixture->impatient = true;
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "(null)");
}

static void on_done(void *arg, const struct sql_result *result)
{
    struct probe *probe = arg;

    assert_false(probe->fixture->in_run); /* never before sql_pool_run has returned */
    probe->call = NULL;
    probe->answers++;
    probe->fixture->answers++;
    probe->outcome = result->outcome;
    probe->http_status = result->http_status;
    copy(probe->text, sizeof(probe->text), sql_get(result, "a"));
    copy(probe->slug, sizeof(probe->slug), result->slug);
    copy(probe->detail, sizeof(probe->detail), result->detail);
    copy(probe->sqlstate, sizeof(probe->sqlstate), result->sqlstate);
}

static void start(struct fixture *fixture, struct probe *probe, const struct sql_stmt *stmt,
                  const char *arg)
{
    struct sql_args args = { 0 };

    for (int i = 0; i < stmt->n_args; i++)
        sql_text(&args, arg);
    *probe = (struct probe){ .fixture = fixture };
    fixture->in_run = true;
    probe->call = sql_pool_run(fixture->pool, stmt, &args, on_done, probe);
    fixture->in_run = false;
    assert_non_null(probe->call);
}

static void turn(struct fixture *fixture)
{
    assert_int_not_equal(event_base_loop(loop_base(fixture->loop), EVLOOP_ONCE), -1);
    assert_false(fixture->impatient);
}

static void wait_for(struct fixture *fixture, int answers)
{
    while (fixture->answers < answers)
        turn(fixture);
}

static void wait_ready(struct fixture *fixture, bool ready)
{
    while (sql_pool_ready(fixture->pool) != ready)
        turn(fixture);
}

/* Runs one statement to its end. */
static struct probe ask(struct fixture *fixture, const struct sql_stmt *stmt, const char *arg)
{
    struct probe probe;

    start(fixture, &probe, stmt, arg);
    while (probe.answers == 0)
        turn(fixture);
    return probe;
}

static struct sql_pool_stats stats(const struct fixture *fixture)
{
    struct sql_pool_stats now;

    sql_pool_stats(fixture->pool, &now);
    return now;
}

static void open_pool(struct fixture *fixture, int size, int queue_max)
{
    const struct timeval patience = { PATIENCE_MS / 1000, 0 };
    const struct sql_pool_conf conf = {
        .conninfo = fixture->cluster->conninfo,
        .size = size,
        .queue_max = queue_max,
        .queue_timeout_ms = 8000,
        .lock_timeout_ms = 200,
        .statement_timeout_ms = 500,
        .idle_in_transaction_timeout_ms = 1000,
        .stmts = stmts,
        .n_stmts = sizeof(stmts) / sizeof(stmts[0]),
    };

    fixture->loop = loop_new();
    assert_non_null(fixture->loop);
    fixture->patience = evtimer_new(loop_base(fixture->loop), on_impatient, fixture);
    evtimer_add(fixture->patience, &patience);
    fixture->pool = sql_pool_new(loop_base(fixture->loop), &conf);
    assert_non_null(fixture->pool);
}

static int end_test(void **state)
{
    struct fixture *fixture = *state;

    sql_pool_free(fixture->pool);
    if (fixture->patience)
        event_free(fixture->patience);
    loop_free(fixture->loop);
    *fixture = (struct fixture){ .cluster = fixture->cluster };
    return 0;
}

static const char schema[] =
    "create schema t;"
    "create table t.row (n int); insert into t.row values (0);"
    "create table t.late (n int unique deferrable initially deferred);"
    "insert into t.late values (1);"
    "create function t.slow_write(s float8) returns void language sql as"
    " $$ insert into t.row values (1); select pg_sleep(s) $$;"
    "create function t.fail_at_commit() returns int language sql as"
    " $$ insert into t.late values (1); select 1 $$;"
    "create function t.run(code text) returns int language plpgsql as"
    " $$ begin execute format($q$do %L$q$, $q$begin $q$ || code || $q$; end$q$);"
    " return 1; end $$;"
    "create function t.refuse(slug text) returns int language plpgsql as"
    " $$ begin raise exception using errcode = $q$WF409$q$, message = slug,"
    " detail = $q${\"n\": 1}$q$; end $$;";

static int start_all(void **state)
{
    static struct cluster cluster;
    static struct fixture fixture;
    char path[256];

    if (cluster_new(&cluster) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/schema.sql", cluster.dir);
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fputs(schema, file);
    fclose(file);
    fixture.cluster = &cluster;
    *state = &fixture;
    snprintf(path, sizeof(path),
             "psql -q -v ON_ERROR_STOP=1 -h %s -U tester -f %s/schema.sql postgres", cluster.dir,
             cluster.dir);
    return cluster_sh(&cluster, path);
}

static int end_all(void **state)
{
    struct fixture *fixture = *state;

    cluster_free(fixture->cluster);
    return 0;
}

#endif
