/* pool_test.c - the SQL pool against a real PostgreSQL that is stopped, stalled and killed.
 *
 * Nothing sleeps: each test runs the loop until what it waits for has happened, and fails when that
 * takes more than ten seconds. */
#include "pool_fixture.h"

static void an_answer_has_its_row(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 2, 10);
    struct probe probe = ask(fixture, &echo, "揭榜");
    assert_int_equal(probe.outcome, SQL_ROW);
    assert_string_equal(probe.text, "揭榜");
    assert_int_equal(ask(fixture, &echo, NULL).outcome, SQL_ROW);
}

/* Whatever the server's own settings say. */
static void a_connection_has_its_limits_and_compiles_nothing(void **state)
{
    struct fixture *fixture = *state;

    open_pool(fixture, 1, 10);
    assert_string_equal(ask(fixture, &setting, "jit").text, "off");
    assert_string_equal(ask(fixture, &setting, "statement_timeout").text, "500ms");
    assert_string_equal(ask(fixture, &setting, "lock_timeout").text, "200ms");
}

static void shared_reads_of_a_turn_share_one_transaction(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[20];

    open_pool(fixture, 1, 100);
    wait_ready(fixture, true);
    unsigned long long before = stats(fixture).batches;
    for (int i = 0; i < 20; i++)
        start(fixture, &probes[i], &xid, NULL);
    wait_for(fixture, 20);
    assert_int_equal(stats(fixture).batches - before, 1);
    for (int i = 1; i < 20; i++)
        assert_string_equal(probes[i].text, probes[0].text); /* now() is the transaction's */
}

static void many_reads_are_spread_over_empty_connections(void **state)
{
    struct fixture *fixture = *state;
    struct probe probes[40];

    open_pool(fixture, 2, 100);
    while (stats(fixture).idle < 2)
        turn(fixture);
    unsigned long long before = stats(fixture).batches;
    for (int i = 0; i < 40; i++)
        start(fixture, &probes[i], &xid, NULL);
    wait_for(fixture, 40);
    assert_int_equal(stats(fixture).batches - before, 2);
    for (int i = 1; i < 40; i++)
        assert_string_equal(probes[i].text, probes[i < 20 ? 0 : 20].text);
    assert_string_not_equal(probes[0].text, probes[20].text);
}

static void a_slow_read_does_not_hold_the_next(void **state)
{
    struct fixture *fixture = *state;
    struct probe slow_one, quick;

    open_pool(fixture, 2, 100);
    while (stats(fixture).idle < 2)
        turn(fixture);
    start(fixture, &slow_one, &doze, "0.4");
    while (stats(fixture).idle == 2)
        turn(fixture);
    start(fixture, &quick, &echo, "quick");
    wait_for(fixture, 1);
    assert_string_equal(quick.text, "quick");
    assert_int_equal(slow_one.answers, 0);
    wait_for(fixture, 2);
    assert_int_equal(slow_one.outcome, SQL_ROW);
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
    assert_string_equal(
        ask(fixture, &run, "perform 1 / (select count(*) from t.row where n = 99)").sqlstate,
        "22012");
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
    ask(fixture, &run,
        "loop perform pg_stat_clear_snapshot(); "
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
    ask(fixture, &run,
        "loop perform pg_stat_clear_snapshot(); "
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
                         "exit when found; end loop")
                         .outcome,
                     SQL_ROW);
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
    ask(fixture, &run,
        "perform pg_terminate_backend(pid) from pg_stat_activity "
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

#define TEST(name) cmocka_unit_test_teardown(name, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_has_its_row),
        TEST(a_connection_has_its_limits_and_compiles_nothing),
        TEST(shared_reads_of_a_turn_share_one_transaction),
        TEST(many_reads_are_spread_over_empty_connections),
        TEST(a_slow_read_does_not_hold_the_next),
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
