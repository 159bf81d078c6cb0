/* Numbers with units and codes of materials are one word, and their parts stay words. */
#include <stdbool.h>

#include "text_case.h"

static void each_is_one_word_spelled_one_way(void **state)
{
    static const struct {
        const char *text, *term;
    } rows[] = {
        { "8英寸", "8英寸" },         { "8-inch", "8英寸" },   { "8 inches", "8英寸" },
        { "T1100", "t1100" },         { "350MW", "350mw" },    { "350 MW", "350mw" },
        { "350兆瓦", "350mw" },       { "4H-SiC", "4h-sic" },  { "ZrCl4", "zrcl4" },
        { "≥99.99%", "99.99%" },      { "99.5 %", "99.5%" },   { "10^-6", "10-6" },
        { "10⁻⁶", "10-6" },           { "0.5μm", "0.5μm" },    { "0.5um", "0.5μm" },
        { "0.5微米", "0.5μm" },       { "5G", "5g" },          { "PM2.5", "pm2.5" },
        { "α-Al2O3", "α-al2o3" },     { "60℃", "60°c" },       { "60 °C", "60°c" },
        { "60摄氏度", "60°c" },       { "100万吨", "100万t" }, { "1,000 kg", "1000kg" },
        { "２０～４０ｍｍ", "40mm" }, { "37°", "37°" },        { "3‰", "3‰" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text_case *self = *state;
        struct tokens tokens = text_case_tokens(self, rows[i].text);
        bool found = false;

        for (size_t k = 0; k < tokens.n[SPACE_W]; k++)
            found |= strcmp(tokens.list[SPACE_W][k].term, rows[i].term) == 0;
        if (!found)
            fail_msg("%s gives %s", rows[i].text, text_case_line(self, SPACE_W, rows[i].text));
    }
}

static void the_parts_stay_words(void **state)
{
    assert_terms(*state, SPACE_W, "4H-SiC", "4h-sic|4h|sic");
}

static void a_comparator_belongs_to_the_place(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "纯度≥99.99%");

    assert_string_equal(tokens.list[SPACE_W][1].term, "99.99%");
    assert_int_equal(tokens.list[SPACE_W][1].from, 6);
    assert_int_equal(tokens.list[SPACE_W][1].to, 15);
}

static void a_range_is_two_numbers(void **state)
{
    assert_terms(*state, SPACE_W, "10-12", "10|12");
}

static void words_without_a_digit_are_no_code(void **state)
{
    assert_terms(*state, SPACE_W, "Li-ion", "li|ion");
}

static void a_unit_ends_with_its_word(void **state)
{
    assert_terms(*state, SPACE_W, "5米粉", "5|米粉");
}

static void wholes_are_not_counted_as_words(void **state)
{
    assert_int_equal(text_case_tokens(*state, "4H-SiC").words, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        text_test(each_is_one_word_spelled_one_way),  text_test(the_parts_stay_words),
        text_test(a_comparator_belongs_to_the_place), text_test(a_range_is_two_numbers),
        text_test(words_without_a_digit_are_no_code), text_test(a_unit_ends_with_its_word),
        text_test(wholes_are_not_counted_as_words),
    };

    return cmocka_run_group_tests_name("text_whole", tests, NULL, NULL);
}
