/* Forms and queries as JSON: what is read, and what is refused with which slug. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "http/urlencoded.h"

struct url_case {
    const char *name;
    const char *bytes;
    size_t len;
    const char *wanted; /* compact JSON, or a slug */
};

#define URL_CASE(name, bytes, wanted)                                                              \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, wanted                                                     \
    }

static const struct url_case cases[] = {
    URL_CASE("nothing is an empty object", "", "{}"),
    URL_CASE("pairs are members", "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"),
    URL_CASE("a value may be empty", "a=", "{\"a\":\"\"}"),
    URL_CASE("a name alone is an empty value", "a", "{\"a\":\"\"}"),
    URL_CASE("a value may hold an equals sign", "a=b=c", "{\"a\":\"b=c\"}"),
    URL_CASE("a plus is a blank", "a=b+c%2B", "{\"a\":\"b c+\"}"),
    URL_CASE("bytes are decoded to text", "a=%E6%A6%9C", "{\"a\":\"榜\"}"),
    URL_CASE("names are decoded too", "a%5B0%5D.b=1", "{\"a\":[{\"b\":\"1\"}]}"),
    URL_CASE("raw UTF-8 is text", "a=\xe6\xa6\x9c", "{\"a\":\"榜\"}"),
    URL_CASE("a dot makes an object", "a.b=1&a.c=2", "{\"a\":{\"b\":\"1\",\"c\":\"2\"}}"),
    URL_CASE("an index makes a list", "d[0].e=3&d[0].f=4&d[1].e=5",
             "{\"d\":[{\"e\":\"3\",\"f\":\"4\"},{\"e\":\"5\"}]}"),
    URL_CASE("lists may hold lists", "d[0][0]=1&d[0][1]=2", "{\"d\":[[\"1\",\"2\"]]}"),
    URL_CASE("empty brackets append", "w[]=x&w[]=y", "{\"w\":[\"x\",\"y\"]}"),

    URL_CASE("an empty pair is refused", "a=1&&b=2", "form_bad_name"),
    URL_CASE("an empty pair at the end is refused", "a=1&", "form_bad_name"),
    URL_CASE("an empty name is refused", "=1", "form_bad_name"),
    URL_CASE("a name twice is refused", "a=1&a=2", "form_duplicate"),
    URL_CASE("a name twice in an entry is refused", "d[0].e=1&d[0].e=2", "form_duplicate"),
    URL_CASE("an entry twice is refused", "d[0]=1&d[0]=2", "form_duplicate"),
    URL_CASE("a text is not also an object", "a=1&a.b=2", "form_bad_name"),
    URL_CASE("an object is not also a text", "a.b=2&a=1", "form_duplicate"),
    URL_CASE("an object is not also a list", "a.b=2&a[0]=1", "form_bad_name"),
    URL_CASE("a list is not also an object", "a[0]=1&a.b=2", "form_bad_name"),
    URL_CASE("indexes leave no gap", "d[0]=1&d[2]=2", "form_bad_name"),
    URL_CASE("indexes begin at 0", "d[1]=1", "form_bad_name"),
    URL_CASE("an index has no leading zero", "d[00]=1", "form_bad_name"),
    URL_CASE("an index has at most three digits", "d[1000]=1", "form_bad_name"),
    URL_CASE("an index is a number", "d[x]=1", "form_bad_name"),
    URL_CASE("a bracket is closed", "d[0=1", "form_bad_name"),
    URL_CASE("nothing follows empty brackets", "d[].e=1", "form_bad_name"),
    URL_CASE("a name does not end in a dot", "a.=1", "form_bad_name"),
    URL_CASE("a name does not begin with a dot", ".a=1", "form_bad_name"),
    URL_CASE("a name does not begin with a bracket", "[0]=1", "form_bad_name"),
    URL_CASE("a name is of ASCII letters", "%E6%A6%9C=1", "form_bad_name"),
    URL_CASE("a blank is no part of a name", "a+b=1", "form_bad_name"),
    URL_CASE("a name of an object's innards is a name", "__proto__.a=1",
             "{\"__proto__\":{\"a\":\"1\"}}"),
    URL_CASE("a percent needs two digits", "a=%4", "form_bad_percent"),
    URL_CASE("a percent needs hexadecimal digits", "a=%4g", "form_bad_percent"),
    URL_CASE("a percent alone is refused", "a=%", "form_bad_percent"),
    URL_CASE("a percent does not reach into the next pair", "a=%4&1=b", "form_bad_percent"),
    URL_CASE("NUL is refused", "a=%00", "form_bad_text"),
    URL_CASE("raw NUL is refused", "a=x\0y", "form_bad_text"),
    URL_CASE("NUL in a name is refused", "a%00b=1", "form_bad_text"),
    URL_CASE("an overlong slash is refused", "a=%C0%AF", "form_bad_text"),
    URL_CASE("a surrogate is refused", "a=%ED%A0%80", "form_bad_text"),
    URL_CASE("a character cut short is refused", "a=%E6%A6", "form_bad_text"),
};

static void check(const char *bytes, size_t len, const char *wanted)
{
    struct arena arena = { 0 };
    const char *slug = NULL;
    json_t *value = NULL;
    char *exact = malloc(len ? len : 1); /* of exactly this size, for the sanitizer */

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    if (form_from_urlencoded(&arena, exact, len, &value, &slug) < 0) {
        assert_null(value);
        assert_string_equal(slug, wanted);
    } else {
        char *text = json_dumps(value, JSON_COMPACT);

        assert_string_equal(text, wanted);
        free(text);
    }
    free(exact);
    arena_release(&arena);
}

static void check_case(void **state)
{
    const struct url_case *one = *state;

    check(one->bytes, one->len, one->wanted);
}

static void a_form_may_have_2000_pairs(void **state)
{
    char bytes[20000];
    size_t len = 0;

    (void)state;
    for (int i = 0; i < 2000; i++)
        len += (size_t)snprintf(bytes + len, sizeof(bytes) - len, "%sn%d=", i ? "&" : "", i);

    struct arena arena = { 0 };
    const char *slug = NULL;
    json_t *value = NULL;
    assert_int_equal(form_from_urlencoded(&arena, bytes, len, &value, &slug), 0);
    assert_int_equal(json_object_size(value), 2000);
    arena_release(&arena);

    memcpy(bytes + len, "&z=", 3);
    check(bytes, len + 3, "form_too_many");
}

static void a_name_may_nest_32_deep(void **state)
{
    struct arena arena = { 0 };
    const char *slug = NULL;
    json_t *value = NULL;
    char bytes[200] = "a";

    (void)state;
    for (int i = 1; i < 32; i++)
        strcat(bytes, ".a");
    assert_int_equal(form_from_urlencoded(&arena, bytes, strlen(bytes), &value, &slug), 0);
    arena_release(&arena);

    strcat(bytes, ".a");
    check(bytes, strlen(bytes), "form_too_deep");
}

static void a_part_of_a_name_may_have_64_bytes(void **state)
{
    struct arena arena = { 0 };
    const char *slug = NULL;
    json_t *value = NULL;
    char bytes[66];

    (void)state;
    memset(bytes, 'a', sizeof(bytes));
    assert_int_equal(form_from_urlencoded(&arena, bytes, 64, &value, &slug), 0);
    arena_release(&arena);
    check(bytes, 65, "form_bad_name");
}

static void a_plus_in_a_path_is_a_plus(void **state)
{
    struct arena arena = { 0 };
    struct span text;

    (void)state;
    assert_null(percent_decode(&arena, (struct span){ "a+b%20", 6 }, false, &text));
    assert_int_equal(text.len, 4);
    assert_string_equal(text.at, "a+b ");
    arena_release(&arena);
}

static void memory_that_is_out_is_said(void **state)
{
    struct arena arena = { .limit = 64 };
    const char *slug = NULL;
    json_t *value = NULL;
    char bytes[300] = "a=";

    (void)state;
    memset(bytes + 2, 'x', sizeof(bytes) - 2);
    assert_int_equal(form_from_urlencoded(&arena, bytes, sizeof(bytes), &value, &slug), -1);
    assert_string_equal(slug, "no_memory");
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(a_form_may_have_2000_pairs),
        cmocka_unit_test(a_name_may_nest_32_deep),
        cmocka_unit_test(a_part_of_a_name_may_have_64_bytes),
        cmocka_unit_test(a_plus_in_a_path_is_a_plus),
        cmocka_unit_test(memory_that_is_out_is_said),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(others)] = { 0 };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i].name = cases[i].name;
        tests[i].test_func = check_case;
        tests[i].initial_state = (void *)(uintptr_t)&cases[i];
    }
    memcpy(tests + COUNT_OF(cases), others, sizeof(others));
    return cmocka_run_group_tests_name("urlencoded", tests, NULL, NULL);
}
