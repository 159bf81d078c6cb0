/* pool_test.c - the SQL pool against a real PostgreSQL that is stopped, stalled and killed.
 *
 * Nothing sleeps: each test runs the loop until what it waits for has happened, and fails when that
 * takes more than ten seconds. */
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
static const struct sql_stmt late = { "late", "select t.fail_at_commit()", 0, false, false };
static const struct sql_stmt *const stmts[] = { &echo,   &slow, &slow_write, &refuse, &divide,
                                                &backend, &run, &unknown,    &xid,    &nap,    &late };

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
        .conninfo = fixture->cluster->conninfo, .size = size,          .queue_max = queue_max,
        .queue_timeout_ms = 8000,               .lock_timeout_ms = 200, .statement_timeout_ms = 500,
        .idle_in_transaction_timeout_ms = 1000, .stmts = stmts,
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

static void an_answer_has_its_row(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 2, 10);
    struct probe probe = ask(fixture, &echo, "揭榜");
    assert_int_equal(probe.outcome, SQL_ROW);
    assert_string_equal(probe.text, "揭榜");
    assert_int_equal(ask(fixture, &echo, NULL).outcome, SQL_ROW);
}

static void shared_reads_of_a_turn_share_one_transaction(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[20];

    open_pool(fixture, 2, 100);
    wait_ready(fixture, true);
    unsigned long long before = stats(fixture).batches;
    for (int i = 0; i < 20; i++)
        start(fixture, &probes[i], &xid, NULL);
    wait_for(fixture, 20);
    assert_int_equal(stats(fixture).batches - before, 1);
    for (int i = 1; i < 20; i++)
        assert_string_equal(probes[i].text, probes[0].text); /* now() is the transaction's */
}

static void an_exclusive_call_shares_with_nobody(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[5];

    open_pool(fixture, 2, 100);
    wait_ready(fixture, true);
    unsigned long long before = stats(fixture).batches;
    for (int i = 0; i < 5; i++)
        start(fixture, &probes[i], &backend, NULL);
    wait_for(fixture, 5);
    assert_int_equal(stats(fixture).batches - before, 5);
}

static void an_error_in_a_batch_hurts_nobody_else(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[10];

    open_pool(fixture, 1, 100);
    wait_ready(fixture, true);
    unsigned long long before = stats(fixture).batches;
    for (int i = 0; i < 10; i++)
        start(fixture, &probes[i], &divide, i == 4 ? "0" : "1");
    wait_for(fixture, 10);
    assert_int_equal(stats(fixture).batches - before, 1 + 5); /* those after it again, each alone */
    for (int i = 0; i < 10; i++) {
        assert_int_equal(probes[i].answers, 1);
        assert_int_equal(probes[i].outcome, i == 4 ? SQL_ERROR : SQL_ROW);
    }
    assert_string_equal(probes[4].sqlstate, "22012");
}

static void a_refusal_carries_status_slug_and_detail(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    struct probe probe = ask(fixture, &refuse, "step_not_allowed");
    assert_int_equal(probe.outcome, SQL_REFUSED);
    assert_int_equal(probe.http_status, 409);
    assert_string_equal(probe.slug, "step_not_allowed");
    assert_string_equal(probe.detail, "{\"n\": 1}");
}

static void a_statement_that_takes_too_long_is_busy(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    struct probe probe = ask(fixture, &slow, "30");
    assert_int_equal(probe.outcome, SQL_BUSY);
    assert_string_equal(probe.sqlstate, "57014");
    assert_int_equal(ask(fixture, &echo, "on").outcome, SQL_ROW);
}

static void a_lock_that_takes_too_long_is_busy(void **state)
{
    struct fixture *fixture = *state;
    struct probe holder;

    open_pool(fixture, 2, 10);
    start(fixture, &holder, &run, "perform 1 from t.row for update; perform pg_sleep(0.45)");
    struct probe probe = ask(fixture, &run, "perform pg_sleep(0.05); update t.row set n = n");
    assert_int_equal(probe.outcome, SQL_BUSY);
    assert_string_equal(probe.sqlstate, "55P03");
    wait_for(fixture, 2);
    assert_int_equal(holder.outcome, SQL_ROW);
}

static void a_commit_that_fails_is_no_success(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    struct probe probe = ask(fixture, &late, NULL);
    assert_int_equal(probe.outcome, SQL_ERROR);
    assert_string_equal(probe.sqlstate, "23505");
    assert_int_equal(ask(fixture, &echo, "on").outcome, SQL_ROW);
}

static void a_missing_function_hurts_its_own_calls_only(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    assert_int_equal(ask(fixture, &unknown, NULL).outcome, SQL_ERROR);
    assert_int_equal(ask(fixture, &echo, "on").outcome, SQL_ROW);
}

static void one_call_more_than_the_queue_holds_is_busy(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[6];

    open_pool(fixture, 1, 5);
    wait_ready(fixture, true);
    for (int i = 0; i < 6; i++)
        start(fixture, &probes[i], &backend, NULL);
    wait_for(fixture, 6);
    for (int i = 0; i < 5; i++)
        assert_int_equal(probes[i].outcome, SQL_ROW);
    assert_int_equal(probes[5].outcome, SQL_BUSY);
    assert_int_equal(stats(fixture).busy_refusals, 1);
}

static void a_waiting_call_that_is_detached_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    struct probe first, second;

    open_pool(fixture, 1, 10);
    wait_ready(fixture, true);
    start(fixture, &first, &backend, NULL);
    start(fixture, &second, &run, "insert into t.row values (99)");
    sql_call_detach(second.call);
    wait_for(fixture, 1);
    assert_int_equal(second.answers, 0);
    assert_string_equal(ask(fixture, &run, "perform 1 / (select count(*) from t.row where n = 99)")
                            .sqlstate, "22012");
}

static void a_read_whose_client_leaves_is_cancelled(void **state)
{
    struct fixture *fixture = *state;
    struct probe gone;

    open_pool(fixture, 2, 10);
    while (stats(fixture).idle < 2)
        turn(fixture);
    start(fixture, &gone, &slow, "30");
    /* It has been sent; the loop in the database waits until it runs. */
    ask(fixture, &run, "loop perform pg_stat_clear_snapshot(); "
                       "perform 1 from pg_stat_activity where query like 'select pg_sleep($1%' "
                       "and state = 'active'; exit when found; end loop");
    sql_call_detach(gone.call);
    while (stats(fixture).idle < 2)
        turn(fixture);
    assert_int_equal(gone.answers, 0);
    /* Not the statement's timeout, which would have come as well. */
    assert_int_equal(cluster_says(fixture->cluster, "canceling statement due to user request"), 1);
}

static void a_write_whose_client_leaves_is_finished(void **state)
{
    struct fixture *fixture = *state;
    struct probe gone;

    open_pool(fixture, 2, 10);
    while (stats(fixture).idle < 2)
        turn(fixture);
    start(fixture, &gone, &slow_write, "0.1");
    ask(fixture, &run, "loop perform pg_stat_clear_snapshot(); "
                       "perform 1 from pg_stat_activity where query like 'select t.slow_write%' "
                       "and state = 'active'; exit when found; end loop");
    sql_call_detach(gone.call);
    while (stats(fixture).idle < 2)
        turn(fixture);
    struct probe probe = ask(fixture, &run, "perform 1 / (select count(*) from t.row where n = 1)");
    assert_int_equal(probe.outcome, SQL_ROW);
    assert_int_equal(gone.answers, 0);
}

static void a_killed_backend_loses_its_write_only(void **state)
{
    struct fixture *fixture = *state;
    struct probe write;

    open_pool(fixture, 2, 10);
    wait_ready(fixture, true);
    start(fixture, &write, &slow_write, "5");
    while (stats(fixture).busy == 0)
        turn(fixture);
    /* It has been sent; the loop in the database waits until it runs. */
    assert_int_equal(ask(fixture, &run,
                         "loop perform pg_stat_clear_snapshot(); "
                         "perform pg_terminate_backend(pid) from pg_stat_activity "
                         "where query like '%slow_write%' and state = 'active'; "
                         "exit when found; end loop").outcome, SQL_ROW);
    wait_for(fixture, 2);
    assert_int_equal(write.outcome, SQL_DOWN);
    while (stats(fixture).reconnects == 0)
        turn(fixture);
    assert_int_equal(ask(fixture, &echo, "on").outcome, SQL_ROW);
}

static void calls_wait_while_the_database_restarts(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[4];

    open_pool(fixture, 2, 10);
    wait_ready(fixture, true);
    assert_int_equal(cluster_stop(fixture->cluster, "immediate"), 0);
    wait_ready(fixture, false);
    start(fixture, &probes[0], &echo, "0");
    start(fixture, &probes[1], &echo, "1");
    start(fixture, &probes[2], &backend, NULL);
    start(fixture, &probes[3], &echo, "3");
    turn(fixture);
    assert_int_equal(cluster_start(fixture->cluster), 0);
    wait_for(fixture, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(probes[i].outcome, SQL_ROW);
}

static void a_database_that_stalls_is_left_and_found_again(void **state)
{
    struct fixture *fixture = *state;
    struct probe write;

    open_pool(fixture, 1, 10);
    wait_ready(fixture, true);
    assert_int_equal(cluster_signal(fixture->cluster, "STOP"), 0);
    start(fixture, &write, &backend, NULL);
    wait_for(fixture, 1);
    assert_int_equal(write.outcome, SQL_DOWN);
    assert_int_equal(cluster_signal(fixture->cluster, "CONT"), 0);
    assert_int_equal(ask(fixture, &echo, "on").outcome, SQL_ROW);
}

static void reads_do_not_starve_an_exclusive_call(void **state)
{
    struct fixture *fixture = *state;
    struct probe reads[2], write = { 0 };
    int rounds = 0;

    open_pool(fixture, 1, 100);
    wait_ready(fixture, true);
    start(fixture, &reads[0], &nap, NULL);
    turn(fixture);
    start(fixture, &reads[1], &nap, NULL);
    start(fixture, &write, &backend, NULL);
    /* Two batches overlap, and as soon as one is answered another comes: left alone, the
     * connection would never be empty. */
    while (write.answers == 0) {
        assert_true(rounds++ < 100);
        turn(fixture);
        for (int i = 0; i < 2; i++)
            if (reads[i].answers > 0)
                start(fixture, &reads[i], &nap, NULL);
    }
    assert_int_equal(write.outcome, SQL_ROW);
    for (int i = 0; i < 2; i++)
        if (reads[i].call)
            sql_call_detach(reads[i].call);
}

static void freeing_the_pool_answers_what_is_out(void **state)
{
    struct fixture *fixture = *state;
    struct probe sent, waiting;

    open_pool(fixture, 1, 10);
    wait_ready(fixture, true);
    start(fixture, &sent, &slow_write, "1");
    while (stats(fixture).idle > 0)
        turn(fixture);
    start(fixture, &waiting, &backend, NULL);
    sql_pool_free(fixture->pool);
    fixture->pool = NULL;
    assert_int_equal(sent.answers, 1);
    assert_int_equal(sent.outcome, SQL_DOWN);
    assert_int_equal(waiting.outcome, SQL_DOWN);
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
    struct fixture *fixture = arg;

    if (!channel) {
        fixture->restarts++;
        return;
    }
    fixture->heard++;
    copy(fixture->payload, sizeof(fixture->payload), payload);
}

static void a_listener_hears_and_tells_of_gaps(void **state)
{
    static const char *const channels[] = { "public_changed", "odd \"name" };
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    assert_int_equal(sql_pool_listen(fixture->pool, channels, 2, on_notify, fixture), 0);
    while (fixture->restarts < 1)
        turn(fixture);
    ask(fixture, &run, "perform pg_notify('odd \"name', 'items')");
    while (fixture->heard < 1)
        turn(fixture);
    assert_string_equal(fixture->payload, "items");
    ask(fixture, &run, "perform pg_terminate_backend(pid) from pg_stat_activity "
                       "where query like 'listen%'");
    while (fixture->restarts < 2)
        turn(fixture);
    ask(fixture, &run, "perform pg_notify('public_changed', 'again')");
    while (fixture->heard < 2)
        turn(fixture);
    assert_string_equal(fixture->payload, "again");
}

struct keeper {
    struct fixture *fixture;
    struct arena arena;
    struct sql_result kept;
};

static void on_keep(void *arg, const struct sql_result *result)
{
    struct keeper *keeper = arg;

    assert_int_equal(sql_keep(result, &keeper->arena, &keeper->kept), 0);
    keeper->fixture->answers++;
}

static void a_kept_answer_outlives_its_callback(void **state)
{
    struct fixture *fixture = *state;
    struct keeper keeper = { .fixture = fixture };
    struct sql_args args = { 0 };

    open_pool(fixture, 1, 10);
    sql_text(&args, "kept");
    assert_non_null(sql_pool_run(fixture->pool, &echo, &args, on_keep, &keeper));
    wait_for(fixture, 1);
    ask(fixture, &echo, "other");
    assert_string_equal(sql_get(&keeper.kept, "a"), "kept");
    assert_int_equal(sql_len(&keeper.kept, "a"), 4);
    assert_null(sql_get(&keeper.kept, "no such column"));
    arena_release(&keeper.arena);
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
    snprintf(path, sizeof(path), "psql -q -v ON_ERROR_STOP=1 -h %s -U tester -f %s/schema.sql postgres",
             cluster.dir, cluster.dir);
    return cluster_sh(&cluster, path);
}

static int end_all(void **state)
{
    struct fixture *fixture = *state;

    cluster_free(fixture->cluster);
    return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_has_its_row),
        TEST(shared_reads_of_a_turn_share_one_transaction),
        TEST(an_exclusive_call_shares_with_nobody),
        TEST(an_error_in_a_batch_hurts_nobody_else),
        TEST(a_refusal_carries_status_slug_and_detail),
        TEST(a_statement_that_takes_too_long_is_busy),
        TEST(a_lock_that_takes_too_long_is_busy),
        TEST(a_commit_that_fails_is_no_success),
        TEST(a_missing_function_hurts_its_own_calls_only),
        TEST(one_call_more_than_the_queue_holds_is_busy),
        TEST(a_waiting_call_that_is_detached_is_dropped),
        TEST(a_read_whose_client_leaves_is_cancelled),
        TEST(a_write_whose_client_leaves_is_finished),
        TEST(a_killed_backend_loses_its_write_only),
        TEST(calls_wait_while_the_database_restarts),
        TEST(a_database_that_stalls_is_left_and_found_again),
        TEST(reads_do_not_starve_an_exclusive_call),
        TEST(freeing_the_pool_answers_what_is_out),
        TEST(a_listener_hears_and_tells_of_gaps),
        TEST(a_kept_answer_outlives_its_callback),
    };

    return cmocka_run_group_tests_name("sql pool", tests, start_all, end_all);
}
