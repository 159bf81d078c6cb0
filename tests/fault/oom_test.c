/* oom_test.c - each allocation of the shared library fails once, the first, the second, and so on,
 * until a scene gets through without meeting the failure. Nothing may crash, leak (the sanitizer
 * looks) or claim success that it has not had. malloc and its kin are wrapped by the linker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "conf.h"
#include "kdf.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "sql_pool.h"

#define SWEEP_MAX 200

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);

/* Counts down to the one allocation that fails; 0: none does. */
static int left;
static bool met;

static bool fails_now(void)
{
    if (left == 0 || --left > 0)
        return false;
    met = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails_now() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

/* Plays the scene until it meets no failure any more. Without any, nothing would be shown. */
static void sweep(void (*scene)(void))
{
    int n = 1;

    for (; n < SWEEP_MAX; n++) {
        left = n;
        met = false;
        scene();
        left = 0;
        if (!met)
            break;
    }
    assert_false(met);
    assert_true(n > 1);
}

static void count(void *arg)
{
    ++*(int *)arg;
}

static void arena_scene(void)
{
    struct arena arena = { 0 };
    int cleanups = 0;

    arena_alloc(&arena, 10);
    arena_alloc(&arena, 9000);
    char *copy = arena_dup(&arena, "copy", 4);
    if (copy)
        assert_string_equal(copy, "copy");
    char *text = arena_printf(&arena, "%d", 42);
    if (text)
        assert_string_equal(text, "42");
    int kept = arena_defer(&arena, count, &cleanups);
    assert_int_equal(cleanups, kept < 0 ? 1 : 0);
    arena_release(&arena);
    assert_int_equal(cleanups, 1);
}

static void arena_survives(void **state)
{
    (void)state;
    sweep(arena_scene);
}

static void buf_scene(void)
{
    struct buf buf;

    buf_init(&buf, 0);
    buf_adds(&buf, "0123456789");
    buf_addf(&buf, "%500d", 1);
    buf_add_json(&buf, "\n", 1);
    assert_int_equal(buf.failed, met);
    if (!buf.failed)
        assert_int_equal(buf.len, 514);
    buf_release(&buf);
}

static void buf_survives(void **state)
{
    (void)state;
    sweep(buf_scene);
}

static void metrics_scene(void)
{
    struct metrics *metrics = metrics_new();
    struct buf out;

    if (!metrics)
        return;
    struct metric *metric = metrics_add(metrics, METRIC_COUNTER, "c", "C.", "a b", NULL, 0);
    series_add(metric_series(metric, "x", "y", NULL), 1);
    buf_init(&out, 0);
    metrics_write(metrics, &out);
    buf_release(&out);
    metrics_free(metrics);
}

static void metrics_survive(void **state)
{
    (void)state;
    sweep(metrics_scene);
}

static void log_scene(void)
{
    struct log *log = log_new("/dev/null", LOG_LEVEL_INFO, "test");

    log_info(log, "event", LOG_S("key", "value"));
    log_info(log, "event");
    log_free(log);
}

static void log_survives(void **state)
{
    (void)state;
    sweep(log_scene);
}

static const struct conf_row rows[] = {
    { "text", CONF_TEXT, "default", "a text", 0 },
};

static void conf_scene(void)
{
    struct arena arena = { 0 };
    const char *text = NULL;
    char *argv[] = { (char[]){ "program" }, NULL };
    int argc = 1;
    enum conf_result rc = conf_load(rows, 1, &text, &arena, &argc, argv);

    assert_int_equal(rc, met ? CONF_BAD : CONF_OK);
    arena_release(&arena);
}

static void conf_survives(void **state)
{
    (void)state;
    sweep(conf_scene);
}

static void on_signal(void *arg, int signal)
{
    (void)arg, (void)signal;
}

static void loop_scene(void)
{
    struct loop *loop = loop_new();

    if (loop && loop_on_signal(loop, SIGUSR2, on_signal, NULL) < 0)
        assert_true(met);
    loop_free(loop);
}

static void loop_survives(void **state)
{
    (void)state;
    sweep(loop_scene);
}

static void on_hashed(void *arg, const struct kdf_result *result)
{
    (void)result;
    loop_stop(arg);
}

static void kdf_scene(void)
{
    const struct kdf_conf conf = { 1, 1, 64, 1 };
    struct loop *loop = loop_new();
    struct kdf *kdf = loop ? kdf_new(loop_base(loop), &conf) : NULL;

    if (kdf && kdf_hash(kdf, "password", 8, on_hashed, loop))
        assert_int_equal(loop_run(loop), 0);
    kdf_free(kdf);
    loop_free(loop);
}

static void kdf_survives(void **state)
{
    (void)state;
    sweep(kdf_scene);
}

static void a_lost_argument_is_not_null(void **state)
{
    struct arena arena = { .limit = 1 };
    struct sql_args args = { 0 };

    (void)state;
    sql_bytes(&args, &arena, "secret", 6);
    sql_int(&args, &arena, 7);
    assert_int_equal(args.count, 2);
    assert_non_null(args.value[0]); /* null would mean "no session" */
    assert_non_null(args.value[1]);
    arena_release(&arena);
}

struct outcome {
    struct loop *loop;
    int wanted;
};

static void on_done(void *arg, const struct sql_result *result)
{
    struct outcome *outcome = arg;

    assert_int_equal(result->outcome, SQL_DOWN);
    if (--outcome->wanted == 0)
        loop_stop(outcome->loop);
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
    (void)arg, (void)channel, (void)payload;
}

static void pool_scene(void)
{
    static const struct sql_stmt shared = { "s", "select 1", 0, true, true };
    static const struct sql_stmt alone = { "a", "select 1", 0, false, false };
    static const struct sql_stmt *const stmts[] = { &shared, &alone };
    static const char *const channels[] = { "c" };
    const struct sql_pool_conf conf = { .conninfo = "host=/nonexistent options='-c a=b'",
                                        .size = 2,
                                        .queue_max = 4,
                                        .queue_timeout_ms = 1,
                                        .statement_timeout_ms = 1000,
                                        .stmts = stmts,
                                        .n_stmts = 2 };
    const struct sql_args args = { 0 };
    struct outcome outcome = { .loop = loop_new() };
    struct sql_pool *pool = outcome.loop ? sql_pool_new(loop_base(outcome.loop), &conf) : NULL;

    if (pool) {
        if (sql_pool_listen(pool, channels, 1, on_notify, NULL) < 0)
            assert_true(met);
        outcome.wanted += sql_pool_run(pool, &shared, &args, on_done, &outcome) != NULL;
        outcome.wanted += sql_pool_run(pool, &alone, &args, on_done, &outcome) != NULL;
        if (outcome.wanted > 0)
            assert_int_equal(loop_run(outcome.loop), 0);
    }
    sql_pool_free(pool);
    loop_free(outcome.loop);
}

static void pool_survives(void **state)
{
    (void)state;
    sweep(pool_scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_survives),  cmocka_unit_test(buf_survives),
        cmocka_unit_test(metrics_survive), cmocka_unit_test(log_survives),
        cmocka_unit_test(conf_survives),   cmocka_unit_test(loop_survives),
        cmocka_unit_test(kdf_survives),    cmocka_unit_test(a_lost_argument_is_not_null),
        cmocka_unit_test(pool_survives),
    };

    return cmocka_run_group_tests_name("out of memory", tests, NULL, NULL);
}
