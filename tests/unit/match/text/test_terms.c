/* The bureau's term list: kept terms, stop terms, synonyms. */
#include <stdio.h>

#include "text_case.h"

static const struct term_row rows[] = {
    { TERM_KEEP, "锂离子电池", NULL, 0 },
    { TERM_KEEP, "离子电池", NULL, 0 },
    { TERM_KEEP, "锂离子电池组", NULL, 0 },
    { TERM_KEEP, "Support Vector Machine", NULL, 0 },
    { TERM_KEEP, "電解液", NULL, 0 },
    { TERM_KEEP, "", NULL, 0 },
    { TERM_KEEP, "，。", NULL, 0 },
    { TERM_STOP, "研究", NULL, 0 },
    { TERM_STOP, "8英寸", NULL, 0 },
    { TERM_SYNONYM, "碳化硅", "SiC", 0.9 },
    { TERM_SYNONYM, "碳化硅", "Silicon Carbide", 0.8 },
    { TERM_SYNONYM, "电池", "电池", 1 },
    { TERM_SYNONYM, "揭榜", "", 1 },
    { TERM_SYNONYM, "半导体", "semiconductor", 0.3 },
    { TERM_SYNONYM, "半导体", "semiconductors", 0.7 },
};

static int setup(void **state)
{
    return text_case_with(state, rows, COUNT_OF(rows));
}

static void a_kept_term_is_one_word_besides_its_words(void **state)
{
    assert_terms(*state, SPACE_W, "锂离子电池", "锂离子电池|锂|离子|电池");
}

static void the_longest_kept_term_counts(void **state)
{
    assert_terms(*state, SPACE_W, "锂离子电池组", "锂离子电池组|锂|离子|电池|组");
}

static void a_kept_term_of_letters_is_found_in_every_form(void **state)
{
    struct text_case *self = *state;
    const char *line = "support vector machin|support|vector|machin";

    assert_terms(self, SPACE_W, "support vector machine", line);
    assert_terms(self, SPACE_W, "Support-Vector  Machines", line);
}

static void a_kept_term_of_letters_needs_whole_words(void **state)
{
    assert_terms(*state, SPACE_W, "support vector machining2", "support|vector|machining2");
}

static void a_kept_term_stays_inside_a_segment(void **state)
{
    assert_terms(*state, SPACE_W, "锂离子，电池", "锂|离子|电池");
}

static void a_kept_term_is_normalised(void **state)
{
    assert_non_null(strstr(text_case_line(*state, SPACE_W, "电解液"), "电解液"));
}

static void a_stop_term_is_no_word(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "电池研究");

    assert_int_equal(tokens.n[SPACE_W], 1);
    assert_int_equal(tokens.words, 2);
}

static void a_whole_number_can_be_stopped(void **state)
{
    assert_terms(*state, SPACE_W, "8英寸", "8|英寸");
}

static void a_synonym_counts_both_ways(void **state)
{
    struct text_case *self = *state;
    const struct synonym *list;

    assert_int_equal(analyser_synonyms(self->analyser, "碳化硅", &list), 2);
    assert_string_equal(list[0].term, "sic");
    assert_float_equal(list[0].weight, 0.9, 1e-9);
    assert_int_equal(analyser_synonyms(self->analyser, "sic", &list), 1);
    assert_string_equal(list[0].term, "碳化硅");
}

static void a_synonym_of_several_words_tells_them(void **state)
{
    struct text_case *self = *state;
    const struct synonym *list;

    assert_int_equal(analyser_synonyms(self->analyser, "碳化硅", &list), 2);
    assert_string_equal(list[1].term, "silicon carbid");
    assert_int_equal(list[1].n_words, 2);
    assert_string_equal(list[1].words[0], "silicon");
    assert_string_equal(list[1].words[1], "carbid");
}

static void both_sides_of_a_synonym_are_kept_terms(void **state)
{
    struct text_case *self = *state;

    assert_terms(self, SPACE_W, "silicon carbides", "silicon carbid|silicon|carbid");
    assert_non_null(strstr(text_case_line(self, SPACE_W, "碳化硅"), "碳化硅"));
}

static void a_word_is_no_synonym_of_itself_or_of_nothing(void **state)
{
    struct text_case *self = *state;
    const struct synonym *list;

    assert_int_equal(analyser_synonyms(self->analyser, "电池", &list), 0);
    assert_int_equal(analyser_synonyms(self->analyser, "揭榜", &list), 0);
    assert_int_equal(analyser_synonyms(self->analyser, "never seen", &list), 0);
}

static void the_later_of_two_equal_rows_counts(void **state)
{
    struct text_case *self = *state;
    const struct synonym *list;

    assert_int_equal(analyser_synonyms(self->analyser, "半导体", &list), 1);
    assert_float_equal(list[0].weight, 0.7, 1e-9);
}

static void ten_thousand_terms_are_all_found(void **state)
{
    enum { MANY = 10000 };
    static char names[MANY][24];
    static struct term_row many[MANY];
    struct text_case *self = *state;
    const char *why;

    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof(names[i]), "word%d term%d", i % 100, i / 100);
        many[i] = (struct term_row){ TERM_KEEP, names[i], NULL, 0 };
    }
    analyser_free(self->analyser);
    self->analyser = analyser_new(many, MANY, &why);
    assert_non_null(self->analyser);
    for (int i = 0; i < MANY; i++) {
        struct tokens tokens = text_case_tokens(self, names[i]);

        assert_int_equal(tokens.n[SPACE_W], 3);
        assert_string_equal(tokens.list[SPACE_W][0].term, names[i]);
    }
}

#define terms_test(name) cmocka_unit_test_setup_teardown(name, setup, text_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        terms_test(a_kept_term_is_one_word_besides_its_words),
        terms_test(the_longest_kept_term_counts),
        terms_test(a_kept_term_of_letters_is_found_in_every_form),
        terms_test(a_kept_term_of_letters_needs_whole_words),
        terms_test(a_kept_term_stays_inside_a_segment),
        terms_test(a_kept_term_is_normalised),
        terms_test(a_stop_term_is_no_word),
        terms_test(a_whole_number_can_be_stopped),
        terms_test(a_synonym_counts_both_ways),
        terms_test(a_synonym_of_several_words_tells_them),
        terms_test(both_sides_of_a_synonym_are_kept_terms),
        terms_test(a_word_is_no_synonym_of_itself_or_of_nothing),
        terms_test(the_later_of_two_equal_rows_counts),
        terms_test(ten_thousand_terms_are_all_found),
    };

    return cmocka_run_group_tests_name("text_terms", tests, NULL, NULL);
}
