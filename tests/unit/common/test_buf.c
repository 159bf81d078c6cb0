/* test_buf.c - the growing string and its JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "buf.h"
#include "must.h"

static void it_grows_to_its_limit_and_not_further(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 100);
    for (int i = 0; i < 100; i++)
        buf_addc(&buf, 'a');
    assert_false(buf.failed);
    assert_int_equal(strlen(buf.data), 100);
    buf_addc(&buf, 'b');
    assert_true(buf.failed);
    assert_int_equal(buf.len, 100);
    buf_release(&buf);
}

static void failing_is_sticky_until_cleared(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 3);
    buf_adds(&buf, "toolong");
    buf_adds(&buf, "ok");
    assert_true(buf.failed);
    assert_int_equal(buf.len, 0);
    buf_clear(&buf);
    buf_adds(&buf, "ok");
    assert_false(buf.failed);
    assert_string_equal(buf.data, "ok");
    buf_release(&buf);
}

static void printf_appends(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 0);
    buf_adds(&buf, "n=");
    buf_addf(&buf, "%d %300s", 42, "x");
    assert_int_equal(buf.len, 2 + 3 + 300);
    assert_memory_equal(buf.data, "n=42 ", 5);
    buf_release(&buf);
}

static void json_strings_are_escaped_and_valid(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *json;
    } cases[] = {
        { "plain", 5, "\"plain\"" },
        { "", 0, "\"\"" },
        { "a\"b\\c", 5, "\"a\\\"b\\\\c\"" },
        { "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
        { "a\0b\x1f\x7f", 5, "\"a\\u0000b\\u001f\\u007f\"" },
        { "揭榜", 6, "\"揭榜\"" },
        { "\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"" },
        { "\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },                 /* overlong */
        { "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" }, /* surrogate */
        { "\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "ab\xe6\x8f", 4, "\"ab\xef\xbf\xbd\xef\xbf\xbd\"" }, /* cut short */
        { "\x80z", 2, "\"\xef\xbf\xbdz\"" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf;

        buf_init(&buf, 0);
        buf_add_json(&buf, cases[i].bytes, cases[i].len);
        assert_string_equal(buf.data, cases[i].json);
        buf_release(&buf);
    }
}

static void percent_keeps_letters_digits_and_what_it_is_told(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 0);
    buf_add_percent(&buf, "aZ9-/ \xe6\x8f", 8, "-");
    assert_string_equal(buf.data, "aZ9-%2F%20%E6%8F");
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_to_its_limit_and_not_further),
        cmocka_unit_test(failing_is_sticky_until_cleared),
        cmocka_unit_test(printf_appends),
        cmocka_unit_test(json_strings_are_escaped_and_valid),
        cmocka_unit_test(percent_keeps_letters_digits_and_what_it_is_told),
    };

    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
