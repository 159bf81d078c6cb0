/* What JSON of strangers is read, what is refused, by which name and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"

struct json_case {
    const char *name;
    const char *bytes;
    size_t len;
    const char *slug; /* NULL: is read */
    int line;
    size_t offset;
};

#define GOOD(name, bytes)                                                                          \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, NULL, 0, 0                                                 \
    }
#define BAD(name, bytes, slug, line, offset)                                                       \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, slug, line, offset                                         \
    }

static const struct json_case cases[] = {
    GOOD("an object is read", "{\"a\":[1,-2.5e3,true,false,null,\"\\u699c\\ud83d\\ude00\"]}"),
    GOOD("an array is read", "[]"),
    GOOD("blanks around are read", " \t\r\n{} \n"),
    GOOD("the same member of two objects is read", "[{\"a\":1},{\"a\":2}]"),
    GOOD("brackets in a text do not nest",
         "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"}"),
    GOOD("raw UTF-8 is read", "{\"榜\":\"帅\"}"),
    GOOD("the largest integer is read", "[9223372036854775807]"),

    BAD("a member twice is refused", "{\"a\":1,\n\"a\":2}", "json_duplicate_key", 2, 11),
    BAD("a member twice in two spellings is refused", "{\"a\":1,\"\\u0061\":2}",
        "json_duplicate_key", 1, 15),
    BAD("a byte that is not UTF-8 is refused", "{\"a\":\n\"\xff\"}", "json_bad_utf8", 2, 7),
    BAD("an overlong character is refused", "[\"\xc0\xaf\"]", "json_bad_utf8", 1, 2),
    BAD("a surrogate in UTF-8 is refused", "[\"\xed\xa0\x80\"]", "json_bad_utf8", 1, 2),
    BAD("a character cut short is refused", "[\"\xe6\xa6", "json_bad_utf8", 1, 2),
    BAD("a lone surrogate is refused", "[\"\\ud800\"]", "json_syntax", 1, 9),
    BAD("an escaped NUL is refused", "[\"\\u0000\"]", "json_syntax", 1, 9),
    BAD("a NUL in a member's name is refused", "{\"\\u0000\":1}", "json_syntax", 1, 9),
    BAD("a raw NUL is refused", "[\"\0\"]", "json_syntax", 1, 2),
    BAD("a NUL after the value is refused", "[]\0", "json_syntax", 1, 3),
    BAD("a raw control byte is refused", "[\"\x01\"]", "json_syntax", 1, 2),
    BAD("a raw line end in a text is refused", "[\"\n\"]", "json_syntax", 1, 2),
    BAD("an integer past 64 bits is refused", "[9223372036854775808]", "json_bad_number", 1, 20),
    BAD("a real past its range is refused", "[1e999]", "json_bad_number", 1, 6),
    BAD("nothing is refused", "", "json_syntax", 1, 0),
    BAD("a number alone is refused", "3", "json_syntax", 1, 1),
    BAD("a text alone is refused", "\"a\"", "json_syntax", 1, 3),
    BAD("two values are refused", "{} {}", "json_syntax", 1, 4),
    BAD("a trailing comma is refused", "[1,]", "json_syntax", 1, 4),
    BAD("a comment is refused", "{/**/}", "json_syntax", 1, 2),
    BAD("a name without quotes is refused", "{a:1}", "json_syntax", 1, 2),
    BAD("a quote of the wrong kind is refused", "{'a':1}", "json_syntax", 1, 2),
    BAD("a leading zero is refused", "[01]", "json_syntax", 1, 2),
    BAD("a plus sign is refused", "[+1]", "json_syntax", 1, 2),
    BAD("NaN is refused", "[NaN]", "json_syntax", 1, 4),
    BAD("a byte order mark is refused", "\xef\xbb\xbf{}", "json_syntax", 1, 3),
    BAD("an object that does not end is refused", "{\"a\":1", "json_syntax", 1, 6),
    BAD("a text that does not end is refused", "[\"a", "json_syntax", 1, 3),
    BAD("a backslash at the very end is refused", "[\"\\", "json_syntax", 1, 3),
};

static void check_case(void **state)
{
    const struct json_case *one = *state;
    struct json_fault fault = { 0 };
    json_t *value = NULL;
    char *exact = malloc(one->len ? one->len : 1);

    assert_non_null(exact);
    memcpy(exact, one->bytes, one->len);

    int rc = json_read(exact, one->len, 1000, &value, &fault);
    free(exact);
    json_decref(value);
    assert_int_equal(rc, one->slug ? -1 : 0);
    if (!one->slug)
        return;
    assert_null(value);
    assert_string_equal(fault.slug, one->slug);
    assert_int_equal(fault.line, one->line);
    assert_int_equal(fault.offset, one->offset);
}

static void check_depth(int depth, const char *slug)
{
    struct json_fault fault = { 0 };
    json_t *value = NULL;
    char bytes[200];

    memset(bytes, '[', (size_t)depth);
    memset(bytes + depth, ']', (size_t)depth);
    if (json_read(bytes, (size_t)depth * 2, sizeof(bytes), &value, &fault) == 0) {
        json_decref(value);
        assert_null(slug);
        return;
    }
    assert_string_equal(fault.slug, slug);
    assert_int_equal(fault.offset, 32);
}

static void values_nest_32_deep(void **state)
{
    (void)state;
    check_depth(32, NULL);
    check_depth(33, "json_too_deep");
    check_depth(100, "json_too_deep");
}

static void a_million_open_brackets_are_refused_before_they_recurse(void **state)
{
    size_t len = 1000000;
    struct json_fault fault = { 0 };
    json_t *value = NULL;
    char *bytes = malloc(len);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, '[', len);
    assert_int_equal(json_read(bytes, len, len, &value, &fault), -1);
    assert_string_equal(fault.slug, "json_too_deep");
    free(bytes);
}

static void the_size_has_a_limit(void **state)
{
    struct json_fault fault = { 0 };
    json_t *value = NULL;

    (void)state;
    assert_int_equal(json_read("[1]", 3, 3, &value, &fault), 0);
    json_decref(value);
    assert_int_equal(json_read("[1]", 3, 2, &value, &fault), -1);
    assert_string_equal(fault.slug, "body_too_large");
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(values_nest_32_deep),
        cmocka_unit_test(a_million_open_brackets_are_refused_before_they_recurse),
        cmocka_unit_test(the_size_has_a_limit),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(others)] = { 0 };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i].name = cases[i].name;
        tests[i].test_func = check_case;
        tests[i].initial_state = (void *)(uintptr_t)&cases[i];
    }
    memcpy(tests + COUNT_OF(cases), others, sizeof(others));
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
