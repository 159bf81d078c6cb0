/* Words, units and pairs, where they stand and what a text of any kind does to them. */
#include "text_case.h"

static void chinese_is_cut_into_words(void **state)
{
    assert_terms(*state, SPACE_W, "锂离子电池的热管理", "锂|离子|电池|热|管理");
}

static void english_is_stemmed(void **state)
{
    assert_terms(*state, SPACE_W, "Learning Networks", "learn|network");
}

static void stop_words_are_counted_but_no_words(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "the cost of batteries");

    assert_int_equal(tokens.n[SPACE_W], 2);
    assert_int_equal(tokens.words, 4);
}

static void stop_words_are_units(void **state)
{
    assert_terms(*state, SPACE_U, "电池的 use of it", "电|池|的|use|of|it");
}

static void traditional_text_gives_simplified_terms(void **state)
{
    assert_terms(*state, SPACE_W, "離子電池", "离子|电池");
}

static void full_width_digits_are_digits(void **state)
{
    assert_terms(*state, SPACE_W, "１２３", "123");
}

static void pairs_stay_inside_a_segment(void **state)
{
    assert_terms(*state, SPACE_B, "电池，材料", "电池|材料");
}

static void a_line_end_ends_a_segment(void **state)
{
    assert_terms(*state, SPACE_B, "电池\n材料", "电池|材料");
}

static void space_hyphen_and_apostrophe_do_not_end_a_segment(void **state)
{
    assert_terms(*state, SPACE_B, "deep-learning d' un", "deep learn|learn d|d un");
}

static void han_pairs_stand_together_and_others_keep_a_space(void **state)
{
    assert_terms(*state, SPACE_B, "用SiC片", "用 sic|sic 片");
}

static void positions_count_units_and_leave_a_gap(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "电池。材料");

    assert_int_equal(tokens.list[SPACE_U][1].pos, 1);
    assert_int_equal(tokens.list[SPACE_U][2].pos, 3);
    assert_int_equal(tokens.list[SPACE_W][1].pos, 3);
}

static void many_stops_leave_one_gap(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "。，电。！？ …池");

    assert_int_equal(tokens.list[SPACE_U][0].pos, 0);
    assert_int_equal(tokens.list[SPACE_U][1].pos, 2);
}

static void offsets_are_those_of_the_original(void **state)
{
    const char *text = "ＳｉＣ與鋰Ⅷ電池";
    struct tokens tokens = text_case_tokens(*state, text);
    const struct token *last = &tokens.list[SPACE_W][tokens.n[SPACE_W] - 1];

    assert_string_equal(last->term, "电池");
    assert_memory_equal(text + last->from, "電池", 6);
    assert_int_equal(last->to - last->from, 6);
    assert_int_equal(tokens.list[SPACE_W][0].from, 0);
    assert_int_equal(tokens.list[SPACE_W][0].to, 9);
}

static void offsets_count_bad_bytes(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "\xff\xfe电池");

    assert_int_equal(tokens.n[SPACE_W], 1);
    assert_int_equal(tokens.list[SPACE_W][0].from, 2);
    assert_int_equal(tokens.list[SPACE_W][0].to, 8);
}

static void an_emoji_is_no_word(void **state)
{
    assert_terms(*state, SPACE_W, "电池😀👨‍👩‍👧材料", "电池|材料");
}

static void scripts_may_mix(void **state)
{
    assert_terms(*state, SPACE_W, "Привет 한국어 カメラ 电池 Ünal",
                 "привет|한국어|カメラ|电池|ünal");
}

static void characters_past_the_bmp_are_units(void **state)
{
    assert_terms(*state, SPACE_U, "𠮷林", "𠮷|林");
}

static void stops_of_chinese_texts_part_words(void **state)
{
    assert_terms(*state, SPACE_U, "AI：GPU，20,30；BP.RBF", "ai|gpu|20|30|bp|rbf");
}

static void a_nul_byte_is_a_stop(void **state)
{
    struct text_case *self = *state;
    struct tokens tokens;

    assert_int_equal(
        text_analyse(self->analyser, self->scratch, &self->arena, "ab\0cd", 5, &tokens), 0);
    assert_int_equal(tokens.n[SPACE_U], 2);
    assert_int_equal(tokens.n[SPACE_B], 0);
}

static void nothing_has_no_tokens(void **state)
{
    struct tokens tokens = text_case_tokens(*state, "");

    assert_int_equal(tokens.n[SPACE_W] + tokens.n[SPACE_U] + tokens.n[SPACE_B] + tokens.words, 0);
}

static void a_run_too_long_is_cut_at_a_character(void **state)
{
    struct text_case *self = *state;
    char text[602] = "x";
    struct tokens tokens;

    for (size_t i = 1; i < 601; i += 2)
        memcpy(text + i, "é", 2);
    tokens = text_case_tokens(self, text);
    assert_int_equal(tokens.n[SPACE_W], 1);
    assert_int_equal(tokens.list[SPACE_W][0].len, 63);
    assert_int_equal(tokens.list[SPACE_W][0].to, 601);
}

static void text_past_a_mebibyte_is_not_read(void **state)
{
    struct text_case *self = *state;
    size_t n = (1 << 20) + 300;
    char *text = malloc(n);
    struct tokens tokens;

    assert_non_null(text);
    for (size_t i = 0; i + 3 <= n; i += 3)
        memcpy(text + i, "池", 3);
    assert_int_equal(text_analyse(self->analyser, self->scratch, &self->arena, text, n, &tokens),
                     0);
    assert_int_equal(tokens.n[SPACE_U], (1 << 20) / 3);
    free(text);
}

static void no_memory_is_said_and_forgotten(void **state)
{
    struct text_case *self = *state;
    struct tokens tokens;

    self->arena.limit = 64;
    assert_int_equal(
        text_analyse(self->analyser, self->scratch, &self->arena, "锂离子电池", 15, &tokens), -1);
    assert_null(text_normalise(self->scratch, &self->arena, "锂离子电池锂离子电池锂离子电池", 45));
    self->arena.limit = 0;
    assert_terms(self, SPACE_W, "电池", "电池");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        text_test(chinese_is_cut_into_words),
        text_test(english_is_stemmed),
        text_test(stop_words_are_counted_but_no_words),
        text_test(stop_words_are_units),
        text_test(traditional_text_gives_simplified_terms),
        text_test(full_width_digits_are_digits),
        text_test(pairs_stay_inside_a_segment),
        text_test(a_line_end_ends_a_segment),
        text_test(space_hyphen_and_apostrophe_do_not_end_a_segment),
        text_test(han_pairs_stand_together_and_others_keep_a_space),
        text_test(positions_count_units_and_leave_a_gap),
        text_test(many_stops_leave_one_gap),
        text_test(offsets_are_those_of_the_original),
        text_test(offsets_count_bad_bytes),
        text_test(an_emoji_is_no_word),
        text_test(scripts_may_mix),
        text_test(characters_past_the_bmp_are_units),
        text_test(stops_of_chinese_texts_part_words),
        text_test(a_nul_byte_is_a_stop),
        text_test(nothing_has_no_tokens),
        text_test(a_run_too_long_is_cut_at_a_character),
        text_test(text_past_a_mebibyte_is_not_read),
        text_test(no_memory_is_said_and_forgotten),
    };

    return cmocka_run_group_tests_name("text_words", tests, NULL, NULL);
}
