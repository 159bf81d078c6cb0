/* What the form checker says when memory runs out: for each n the n-th allocation fails, once in
 * jansson and once by the arena's limit. Whatever fails, no field vanishes from a clean answer, no
 * good input is called bad, and nothing leaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "form.h"
#include "http/urlencoded.h"

static const struct field row[] = { { .name = "name", .kind = F_TEXT, .required = REQ },
                                    { .name = "value", .kind = F_NUMBER },
                                    { 0 } };
static const struct field form[] = {
    { .name = "text", .kind = F_TEXT },
    { .name = "prose", .kind = F_PROSE },
    { .name = "int", .kind = F_INT },
    { .name = "money", .kind = F_MONEY },
    { .name = "id", .kind = F_UUID },
    { .name = "date", .kind = F_DATE },
    { .name = "time", .kind = F_TIME },
    { .name = "enum", .kind = F_ENUM, .words = "poster claimant" },
    { .name = "uscc", .kind = F_USCC },
    { .name = "list", .kind = F_LIST, .max = 5, .sub = row },
    { .name = "words", .kind = F_WORDS, .max = 5 },
    { .name = "empty", .kind = F_IDS, .max = 5 },
    { .name = "json", .kind = F_JSON },
    { 0 },
};

static const char good[] =
    "{\"text\":\"a\",\"prose\":\"b\\r\\nc\",\"int\":1,\"money\":\"1.5\",\"date\":\"2026-11-22\","
    "\"id\":\"6f1c0d52-8b1f-4c0e-9a55-3c2e7f1d0a9b\",\"time\":\"2026-11-22T09:30:00Z\","
    "\"enum\":\"poster\",\"uscc\":\"91110000600037341L\",\"empty\":\"\",\"json\":{\"a\":[1]},"
    "\"list\":[{\"name\":\"x\",\"value\":1.5},{\"name\":\"y\"}],\"words\":\"a,b\"}";
static const char bad[] = "{\"text\":1,\"int\":\"x\",\"money\":\"-1\",\"enum\":\"x\",\"list\":[{"
                          "\"value\":\"q\"}],\"z\":1,"
                          "\"words\":\"1,2,3,4,5,6\"}";

static long left; /* allocations that still succeed */

static void *fail_at_last(size_t size)
{
    return left-- > 0 ? malloc(size) : NULL;
}

static enum form_result check(const json_t *input, const json_t *wanted, size_t limit)
{
    struct arena arena = { .limit = limit };
    json_t *clean = NULL, *errors = NULL;
    enum form_result result = form_check(&arena, form, input, &clean, &errors);

    left = 1000000;
    if (result == FORM_GOOD)
        assert_true(json_equal(clean, wanted));
    if (result == FORM_BAD)
        assert_true(json_array_size(errors) > 0);
    arena_release(&arena);
    return result;
}

/* Every n until the check comes through with the answer that it gives at rest. */
static void sweep(const char *text, enum form_result at_rest)
{
    struct arena arena = { 0 };
    json_t *input = json_loads(text, 0, NULL), *clean = NULL, *errors = NULL;
    long n = 0;
    size_t limit = 1;

    assert_non_null(input);
    assert_int_equal(form_check(&arena, form, input, &clean, &errors), at_rest);

    json_set_alloc_funcs(fail_at_last, free);
    for (enum form_result result = FORM_NO_MEMORY; result != at_rest; n++) {
        left = n;
        result = check(input, clean, 0);
        assert_true(result == at_rest || result == FORM_NO_MEMORY);
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(n > 10);

    while (check(input, clean, limit) != at_rest)
        limit += 16;
    assert_true(limit > 16);
    arena_release(&arena);
    json_decref(input);
}

static void a_good_input_loses_no_field(void **state)
{
    (void)state;
    sweep(good, FORM_GOOD);
}

static void a_bad_input_is_bad_or_not_judged(void **state)
{
    (void)state;
    sweep(bad, FORM_BAD);
}

static void a_query_is_read_whole_or_not_at_all(void **state)
{
    static const char bytes[] = "a=1&b.c=2&d[0].e=3&w[]=4";
    bool done = false;
    long n = 0;

    (void)state;
    json_set_alloc_funcs(fail_at_last, free);
    for (; !done; n++) {
        struct arena arena = { 0 };
        const char *slug = NULL;
        json_t *value = NULL;

        left = n;
        done = form_from_urlencoded(&arena, bytes, sizeof(bytes) - 1, &value, &slug) == 0;
        if (done)
            assert_int_equal(json_object_size(value), 4);
        else
            assert_string_equal(slug, "no_memory");
        arena_release(&arena);
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_input_loses_no_field),
        cmocka_unit_test(a_bad_input_is_bad_or_not_judged),
        cmocka_unit_test(a_query_is_read_whole_or_not_at_all),
    };

    return cmocka_run_group_tests_name("form memory", tests, NULL, NULL);
}
