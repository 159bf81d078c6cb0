/* test_arena.c - memory that dies together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "arena.h"

static void add_x(void *arg)
{
    strcat(arg, "x");
}

static void add_y(void *arg)
{
    strcat(arg, "y");
}

static void release_runs_cleanups_newest_first(void **state)
{
    char log[3] = "";
    struct arena arena = { 0 };

    (void)state;
    assert_int_equal(arena_defer(&arena, add_x, log), 0);
    assert_int_equal(arena_defer(&arena, add_y, log), 0);
    arena_release(&arena);
    assert_string_equal(log, "yx");
}

static void memory_is_zeroed_and_aligned(void **state)
{
    static const unsigned char zeros[5000];
    static const size_t sizes[] = { 0, 1, 7, 16, 333, 5000, 3, 4096 };
    struct arena arena = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        unsigned char *memory = arena_alloc(&arena, sizes[i]);

        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        assert_memory_equal(memory, zeros, sizes[i]);
        memset(memory, 0xff, sizes[i]);
    }
    arena_release(&arena);
}

static void nothing_is_given_past_the_limit(void **state)
{
    struct arena arena = { .limit = 64 };

    (void)state;
    assert_non_null(arena_alloc(&arena, 64));
    assert_null(arena_alloc(&arena, 1));
    arena_release(&arena);
    assert_non_null(arena_alloc(&arena, 64));
    arena_release(&arena);
}

static void a_size_that_overflows_is_refused(void **state)
{
    struct arena arena = { 0 };

    (void)state;
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - 8));
    assert_null(arena_dup(&arena, "x", SIZE_MAX));
}

static void a_cleanup_that_cannot_be_kept_runs_now(void **state)
{
    char log[3] = "";
    struct arena arena = { .limit = 1 };

    (void)state;
    assert_int_equal(arena_defer(&arena, add_x, log), -1);
    assert_string_equal(log, "x");
    arena_release(&arena);
    assert_string_equal(log, "x");
}

static void printf_measures_first(void **state)
{
    struct arena arena = { 0 };

    (void)state;
    assert_string_equal(arena_printf(&arena, "%s-%d", "项目", 7), "项目-7");
    assert_int_equal(strlen(arena_printf(&arena, "%10000d", 1)), 10000);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(release_runs_cleanups_newest_first),
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(nothing_is_given_past_the_limit),
        cmocka_unit_test(a_size_that_overflows_is_refused),
        cmocka_unit_test(a_cleanup_that_cannot_be_kept_runs_now),
        cmocka_unit_test(printf_measures_first),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
