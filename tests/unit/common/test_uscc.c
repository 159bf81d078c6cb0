/* Check digits, against numbers that the standards' own worked examples give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "uscc.h"

static enum uscc_verdict read_code(const char *text, char ret[USCC_LENGTH + 1])
{
    return uscc_read(text, strlen(text), ret);
}

static void check_good(const char *text, const char *code)
{
    char seen[USCC_LENGTH + 1] = "";

    assert_int_equal(read_code(text, seen), USCC_GOOD);
    assert_string_equal(seen, code);
}

static void check_bad(const char *text, enum uscc_verdict verdict)
{
    char seen[USCC_LENGTH + 1] = "untouched";

    assert_int_equal(read_code(text, seen), verdict);
    assert_string_equal(seen, "untouched");
}

static void the_worked_examples_are_right(void **state)
{
    (void)state;
    check_good("91110000600037341L", "91110000600037341L");
    check_good("91310115MA1K3BTP2B", "91310115MA1K3BTP2B");
    check_good("121200004013590816", "121200004013590816");
}

static void codes_are_normalised_as_people_type_them(void **state)
{
    (void)state;
    check_good(" 91110000 6000-37341l\t", "91110000600037341L");
    check_good("９１１１００００６０００３７３４１Ｌ", "91110000600037341L");
    check_good("\xe3\x80\x80"
               "91310115ma1k3btp2b",
               "91310115MA1K3BTP2B");
}

static void the_first_two_may_be_letters(void **state)
{
    char code[USCC_LENGTH + 1] = "N2210702000000000";

    (void)state;
    code[17] = uscc_check_char(code);
    check_good(code, code);
}

static void every_single_slip_is_found(void **state)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[] = "91310115MA1K3BTP2B", seen[USCC_LENGTH + 1];
    int tried = 0;

    (void)state;
    for (size_t at = 0; at < USCC_LENGTH; at++) {
        char right = code[at];

        for (const char *c = alphabet; *c; c++) {
            if (*c == right)
                continue;
            code[at] = *c;
            assert_int_not_equal(read_code(code, seen), USCC_GOOD);
            tried++;
        }
        code[at] = right;
    }
    assert_int_equal(tried, 18 * 30);
}

static void malformed_codes_are_told_from_wrong_ones(void **state)
{
    (void)state;
    check_bad("91110000600037341N", USCC_BAD_CHECK);
    check_bad("", USCC_BAD_FORM);
    check_bad("91110000600037341", USCC_BAD_FORM);
    check_bad("91110000600037341LL", USCC_BAD_FORM);
    check_bad("9111000060003734OL", USCC_BAD_FORM);
    check_bad("91A10000600037341L", USCC_BAD_FORM);
    check_bad("91110000600037341榜", USCC_BAD_FORM);
    check_bad("91110000600037341\xff", USCC_BAD_FORM);
}

static void a_letter_outside_the_alphabet_has_no_check_character(void **state)
{
    (void)state;
    assert_int_equal(uscc_check_char("9111000060003734I"), '\0');
}

static void the_organisation_code_inside_has_its_own_check(void **state)
{
    (void)state;
    assert_true(uscc_organisation_right("91110000600037341L"));
    assert_true(uscc_organisation_right("91310115MA1K3BTP2B"));
    assert_true(uscc_organisation_right("121200004013590816"));
    assert_false(uscc_organisation_right("91110000600037342L"));
}

static void patent_numbers_have_a_check_digit(void **state)
{
    static const char *const good[] = { "CN201410234381.X", "ZL201410234381.X", "201410234381.X",
                                        "201410234381X" };
    static const char *const bad[] = { "CN201410234381.1",
                                       "201410234381",
                                       "CN201440234381.X",
                                       "20141023438A.X",
                                       "201410234381-X",
                                       "CN",
                                       "" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(patent_number_right(good[i], strlen(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(patent_number_right(bad[i], strlen(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_examples_are_right),
        cmocka_unit_test(codes_are_normalised_as_people_type_them),
        cmocka_unit_test(the_first_two_may_be_letters),
        cmocka_unit_test(every_single_slip_is_found),
        cmocka_unit_test(malformed_codes_are_told_from_wrong_ones),
        cmocka_unit_test(a_letter_outside_the_alphabet_has_no_check_character),
        cmocka_unit_test(the_organisation_code_inside_has_its_own_check),
        cmocka_unit_test(patent_numbers_have_a_check_digit),
    };

    return cmocka_run_group_tests_name("uscc", tests, NULL, NULL);
}
