/* The table of refusals and its sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "must.h"
#include "problem.h"
#include "response.h"

static void every_slug_comes_once(void **state)
{
    (void)state;
    assert_true(n_problems > 20);
    assert_non_null(problem_find("internal")); /* what an unknown slug becomes */
    for (size_t i = 0; i < n_problems; i++)
        assert_ptr_equal(problem_find(problems[i].slug), &problems[i]);
}

static void every_status_has_a_reason_and_is_a_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_problems; i++) {
        assert_in_range(problems[i].status, 400, 599);
        if (strcmp(response_reason(problems[i].status), "Unknown") == 0)
            fail_msg("%s: %d", problems[i].slug, problems[i].status);
    }
}

/* The same placeholders in both languages, or a reader of one is told less. */
static void both_sentences_name_the_same_parameters(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_problems; i++) {
        const char *at = problems[i].zh, *end;

        while ((at = strchr(at, '{')) && (end = strchr(at, '}'))) {
            char name[60] = "";

            assert_true((size_t)(end - at) + 1 < sizeof(name));
            memcpy(name, at, (size_t)(end - at) + 1);
            if (!strstr(problems[i].en, name))
                fail_msg("%s: %s is not in the English sentence", problems[i].slug, name);
            at = end;
        }
    }
}

static void a_time_reads_as_in_china(void **state)
{
    json_t *params = json_pack("{s:s,s:s,s:[s,s]}", "until", "2026-08-12T09:00:00+00:00", "word",
                               "2026-08-12Three", "two", "2026-12-31T16:00:00Z", "x");
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    problem_sentence(&out, "{until}; {word}; {two}", params);
    assert_string_equal(out.data, "2026-08-12 17:00; 2026-08-12Three; 2027-01-01 00:00 / x");
    buf_release(&out);
    json_decref(params);
}

static void parameters_are_put_in(void **state)
{
    json_t *params = json_pack("{s:s,s:i}", "who", "甲", "n", 3);
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    problem_sentence(&out, "{who}: {n} of {unknown}, {", params);
    assert_string_equal(out.data, "甲: 3 of {unknown}, {");
    buf_release(&out);
    json_decref(params);
}

static void several_texts_stand_beside_each_other(void **state)
{
    json_t *params = json_pack("{s:[s,s],s:[i]}", "failed", "甲", "乙", "n", 3);
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    problem_sentence(&out, "{failed}; {n}", params);
    assert_string_equal(out.data, "甲 / 乙; [3]");
    buf_release(&out);
    json_decref(params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slug_comes_once),
        cmocka_unit_test(every_status_has_a_reason_and_is_a_refusal),
        cmocka_unit_test(both_sentences_name_the_same_parameters),
        cmocka_unit_test(a_time_reads_as_in_china),
        cmocka_unit_test(parameters_are_put_in),
        cmocka_unit_test(several_texts_stand_beside_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
