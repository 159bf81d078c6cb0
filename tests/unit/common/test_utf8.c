/* Decoding, against the tables of the Unicode standard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "utf8.h"

/* Written straight from the definition, to check the table against. */
static size_t encode(uint32_t code, char *ret)
{
    if (code < 0x80) {
        ret[0] = (char)code;
        return 1;
    }

    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        ret[i] = (char)(0x80 | (code & 0x3f));
    ret[0] = (char)(lead[len] | code);
    return len;
}

static void every_character_decodes_and_no_surrogate_does(void **state)
{
    char bytes[4];
    uint32_t seen;

    (void)state;
    for (uint32_t code = 0; code < 0x110000; code++) {
        size_t len = encode(code, bytes);

        if (code >= 0xd800 && code <= 0xdfff) {
            assert_int_equal(utf8_next(bytes, len, &seen), 0);
            continue;
        }
        if (utf8_next(bytes, len, &seen) != len || seen != code)
            fail_msg("U+%04X is not decoded", code);
        if (len > 1 && utf8_next(bytes, len - 1, &seen) != 0)
            fail_msg("U+%04X is decoded though cut short", code);
    }
}

static void ill_formed_bytes_are_refused(void **state)
{
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xe6\xa6x",
        "\xc3(",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(utf8_valid(bad[i], strlen(bad[i])), 0);
}

static void the_well_formed_beginning_is_measured(void **state)
{
    (void)state;
    assert_int_equal(utf8_valid("揭x\xff", 5), 4);
    assert_int_equal(utf8_valid("揭榜", 5), 3);
    assert_int_equal(utf8_valid("揭榜", 6), 6);
    assert_int_equal(utf8_valid("", 0), 0);
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_count("揭榜a\xf0\x9f\x98\x80", 11), 4);
}

static void controls_and_direction_marks_are_told_from_text(void **state)
{
    static const uint32_t controls[] = { 0,       0x1f,   0x7f,   0x9f,   0x200e,
                                         0x202e,  0x2066, 0xfeff, 0xfdd0, 0xfffe,
                                         0x1ffff, 0x61c,  0x2060, 0xfffb, 0xe0041 };
    static const uint32_t text[] = { ' ', 0xa0, 0x200d, 0x3000, 0x699c, 0x1f600, 0xfffd };

    (void)state;
    for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
        assert_true(utf8_is_control(controls[i]));
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
        assert_false(utf8_is_control(text[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_decodes_and_no_surrogate_does),
        cmocka_unit_test(ill_formed_bytes_are_refused),
        cmocka_unit_test(the_well_formed_beginning_is_measured),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(controls_and_direction_marks_are_told_from_text),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
