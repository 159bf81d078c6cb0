/* test_str.c - small questions about text. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <stdint.h>
#include <cmocka.h>

#include "str.h"

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        int rc;
        long value;
    } cases[] = {
        { "0", 0, 0 },     { "-5", 0, -5 },
        { "100", 0, 100 }, { "101", -1, 0 },
        { "-6", -1, 0 },   { "", -1, 0 },
        { " 1", -1, 0 },   { "1 ", -1, 0 },
        { "+1", -1, 0 },   { "0x1", -1, 0 },
        { "1.0", -1, 0 },  { "-", -1, 0 },
        { "--1", -1, 0 },  { "99999999999999999999", -1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        long value = 77;

        assert_int_equal(str_to_long(cases[i].text, -5, 100, &value), cases[i].rc);
        assert_int_equal(value, cases[i].rc == 0 ? cases[i].value : 77);
    }
}

static void null_equals_null_only(void **state)
{
    (void)state;
    assert_true(str_eq(NULL, NULL));
    assert_false(str_eq(NULL, ""));
    assert_false(str_eq("", NULL));
    assert_true(str_eq("a", "a"));
}

static void spans_compare_by_length_and_bytes(void **state)
{
    const struct span span = { "HOSTile", 4 };

    (void)state;
    assert_true(span_eq(span, "HOST"));
    assert_false(span_eq(span, "HOSTile"));
    assert_false(span_eq(span, "host"));
    assert_true(span_eq_nocase(span, "hOsT"));
    assert_false(span_eq_nocase(span, "hos"));
    assert_true(span_eq((struct span){ NULL, 0 }, ""));
}

static void a_local_path_leads_nowhere_else(void **state)
{
    static const struct {
        const char *text;
        bool local;
    } cases[] = {
        { "/", true },
        { "/items?x=1#a", true },
        { "", false },
        { "items", false },
        { "//example.org", false },
        { "/\\example.org", false },
        { "/\t/example.org", false },
        { "https://example.org", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(str_is_local(cases[i].text, strlen(cases[i].text)), cases[i].local);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(null_equals_null_only),
        cmocka_unit_test(spans_compare_by_length_and_bytes),
        cmocka_unit_test(a_local_path_leads_nowhere_else),
    };

    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
