/* The normal form: what is the same to a reader is the same here. */
#include "text_case.h"

static const char *normal(void **state, const char *text)
{
    struct text_case *self = *state;
    const char *out = text_normalise(self->scratch, &self->arena, text, strlen(text));

    assert_non_null(out);
    return out;
}

static void nothing_stays_nothing(void **state)
{
    assert_string_equal(normal(state, ""), "");
}

static void full_width_becomes_plain(void **state)
{
    assert_string_equal(normal(state, "ＡＢＣ１２３（㎡）"), "abc123(m2)");
}

static void letters_are_folded(void **state)
{
    assert_string_equal(normal(state, "SiC ΩΣ Straße"), "sic ωσ strasse");
}

static void traditional_becomes_simplified(void **state)
{
    assert_string_equal(normal(state, "鋰離子電池與複合材料"), "锂离子电池与复合材料");
}

static void simplified_words_stay(void **state)
{
    assert_string_equal(normal(state, "专著 俱乐部 慰藉 苎麻"), "专著 俱乐部 慰藉 苎麻");
}

static void compatibility_characters_become_usual_ones(void **state)
{
    assert_string_equal(normal(state, "\xef\xa4\x81"), "更"); /* U+F901 */
}

static void marks_join_the_letter_before(void **state)
{
    assert_string_equal(normal(state, "e\xcc\x81"), "é");
}

static void kana_with_a_separate_mark_joins(void **state)
{
    assert_string_equal(normal(state, "か\xe3\x82\x99"), "が");
}

static void jamo_become_syllables(void **state)
{
    assert_string_equal(normal(state, "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), "한");
}

static void invisible_characters_go(void **state)
{
    assert_string_equal(normal(state, "碳\xe2\x80\x8b化\xc2\xad硅\xef\xbb\xbf"), "碳化硅");
}

static void dashes_are_one(void **state)
{
    assert_string_equal(normal(state, "a‐b–c−d"), "a-b-c-d");
}

static void bad_bytes_become_replacement_characters(void **state)
{
    assert_string_equal(normal(state, "a\xff\xc0\x80z\xe4\xbd"), "a\ufffd\ufffd\ufffdz\ufffd");
}

static void a_long_run_of_marks_ends_in_time(void **state)
{
    struct text_case *self = *state;
    size_t n = 1 << 20;
    char *text = malloc(n);

    assert_non_null(text);
    for (size_t i = 0; i < n; i += 4)
        memcpy(text + i, i % 8 ? "\xcc\x80\xcc\x81" : "\xcc\x96\xcc\x95", 4);
    assert_non_null(text_normalise(self->scratch, &self->arena, text, n));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        text_test(nothing_stays_nothing),
        text_test(full_width_becomes_plain),
        text_test(letters_are_folded),
        text_test(traditional_becomes_simplified),
        text_test(simplified_words_stay),
        text_test(compatibility_characters_become_usual_ones),
        text_test(marks_join_the_letter_before),
        text_test(kana_with_a_separate_mark_joins),
        text_test(jamo_become_syllables),
        text_test(invisible_characters_go),
        text_test(dashes_are_one),
        text_test(bad_bytes_become_replacement_characters),
        text_test(a_long_run_of_marks_ends_in_time),
    };

    return cmocka_run_group_tests_name("text_normalise", tests, NULL, NULL);
}
