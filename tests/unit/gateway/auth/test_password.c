/* Which passwords are good enough (S8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "arena.h"
#include "auth/password.h"
#include "must.h"

static struct blocklist *list;

static int make(void **state)
{
    (void)state;
    list = blocklist_new();
    return list ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    blocklist_free(list);
    return 0;
}

static const char *fault(const char *password)
{
    const char *words[] = { "zhangsan", NULL };

    return password_fault(list, password, false, words, COUNT_OF(words));
}

static void eight_code_points_are_enough_and_seven_are_not(void **state)
{
    (void)state;
    assert_null(fault("k7#mQz!p"));
    assert_string_equal(fault("k7#mQz!"), "too_short");
    assert_null(fault("榜单难题技术攻关"));
    assert_string_equal(fault("榜单难题技术攻"), "too_short");
}

static void a_hundred_and_twenty_eight_fit_and_one_more_does_not(void **state)
{
    char long_one[130];

    (void)state;
    for (size_t i = 0; i < 129; i++)
        long_one[i] = (char)('!' + (i * 7) % 90);
    long_one[129] = '\0';
    assert_string_equal(fault(long_one), "too_long");
    long_one[128] = '\0';
    assert_null(fault(long_one));
}

static void three_thousand_common_ones_are_refused(void **state)
{
    (void)state;
    assert_true(blocklist_count(list) >= 3000);
    assert_string_equal(fault("password123"), "password_common");
    assert_string_equal(fault("PassWord123"), "password_common");
    assert_string_equal(fault("12345678"), "password_common");
    assert_string_equal(fault("woaini520"), "password_common");
    assert_string_equal(fault("jiebang123"), "password_common");
}

static void the_login_is_no_password(void **state)
{
    (void)state;
    assert_string_equal(fault("ZhangSan1!"), "password_context");
    assert_null(fault("zhangsan rides a blue horse"));
}

static void profile_gb_asks_for_three_classes(void **state)
{
    (void)state;
    assert_string_equal(password_fault(list, "blue horse rides", true, NULL, 0), "password_simple");
    assert_null(password_fault(list, "Blue horse rides", true, NULL, 0));
    assert_null(password_fault(list, "blue horse rides", false, NULL, 0));
}

static void two_ways_to_type_a_letter_are_one_password(void **state)
{
    struct arena arena = { 0 };

    (void)state;
    assert_string_equal(password_nfc(&arena, "caf\x65\xcc\x81 au lait"),
                        password_nfc(&arena, "caf\xc3\xa9 au lait"));
    arena_release(&arena);
}

static void nothing_is_folded_or_cut(void **state)
{
    struct arena arena = { 0 };
    char long_one[5000];

    (void)state;
    assert_string_equal(password_nfc(&arena, "  \xef\xbc\xa1\xef\xbc\xa2 x "),
                        "  \xef\xbc\xa1\xef\xbc\xa2 x ");
    memset(long_one, 'x', sizeof(long_one));
    long_one[sizeof(long_one) - 1] = '\0';
    assert_int_equal(strlen(password_nfc(&arena, long_one)), sizeof(long_one) - 1);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_code_points_are_enough_and_seven_are_not),
        cmocka_unit_test(a_hundred_and_twenty_eight_fit_and_one_more_does_not),
        cmocka_unit_test(three_thousand_common_ones_are_refused),
        cmocka_unit_test(the_login_is_no_password),
        cmocka_unit_test(profile_gb_asks_for_three_classes),
        cmocka_unit_test(two_ways_to_type_a_letter_are_one_password),
        cmocka_unit_test(nothing_is_folded_or_cut),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
