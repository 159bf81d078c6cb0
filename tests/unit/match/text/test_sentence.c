/* test_sentence.c - sentences end at their marks, numbers go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "must.h"
#include "sentence.h"

static void a_sentence_ends_behind_its_mark(void **state)
{
    static const struct {
        const char *text;
        const char *first;
    } cases[] = {
        { "硅片抛光。缺陷检测", "硅片抛光。" },
        { "纯度≥99.99%；粒度", "纯度≥99.99%；" },
        { "Purity 99.9%. Size", "Purity 99.9%. " },
        { "一行\n又一行", "一行\n" },
        { "没有标点", "没有标点" },
        { "", "" },
        { "。", "。" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(sentence_end(cases[i].text, 0), strlen(cases[i].first));
}

static void the_next_one_begins_where_it_ended(void **state)
{
    static const char text[] = "甲；乙。丙";
    size_t from = sentence_end(text, 0);

    (void)state;
    assert_string_equal(text + from, "乙。丙");
    from = sentence_end(text, from);
    assert_string_equal(text + from, "丙");
    assert_int_equal(sentence_end(text, from), strlen(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_ends_behind_its_mark),
        cmocka_unit_test(the_next_one_begins_where_it_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
