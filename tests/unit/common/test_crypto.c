/* test_crypto.c - against the published vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "crypto.h"

static void assert_hex(const unsigned char *bytes, size_t len, const char *hex)
{
    char text[CRYPTO_HEX(64)];

    crypto_hex(bytes, len, text);
    assert_string_equal(text, hex);
}

static void sha256_of_abc(void **state)
{
    unsigned char hash[CRYPTO_HASH];
    const struct span pieces[] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };

    (void)state;
    assert_int_equal(crypto_sha256("abc", 3, hash), 0);
    assert_hex(hash, sizeof(hash),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    memset(hash, 0, sizeof(hash));
    assert_int_equal(crypto_sha256_spans(pieces, 3, hash), 0);
    assert_hex(hash, sizeof(hash),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void hmac_of_rfc_4231_case_2(void **state)
{
    unsigned char mac[CRYPTO_HASH];

    (void)state;
    assert_int_equal(crypto_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac), 0);
    assert_hex(mac, sizeof(mac),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hkdf_of_rfc_5869_case_3(void **state)
{
    unsigned char key[22], out[42];

    (void)state;
    memset(key, 0x0b, sizeof(key));
    assert_int_equal(crypto_hkdf(key, sizeof(key), NULL, 0, "", out, sizeof(out)), 0);
    assert_hex(out, sizeof(out),
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
               "9d201395faa4b61a96c8");
}

static void hkdf_depends_on_salt_and_info(void **state)
{
    unsigned char a[32], b[32], c[32];

    (void)state;
    assert_int_equal(crypto_hkdf("key", 3, "s", 1, "one", a, sizeof(a)), 0);
    assert_int_equal(crypto_hkdf("key", 3, "s", 1, "two", b, sizeof(b)), 0);
    assert_int_equal(crypto_hkdf("key", 3, "t", 1, "one", c, sizeof(c)), 0);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_memory_not_equal(a, c, sizeof(a));
}

static void hex_goes_both_ways_and_strictly(void **state)
{
    unsigned char bytes[3] = { 9, 9, 9 };

    (void)state;
    assert_int_equal(crypto_unhex("00aFff", 6, bytes, 3), 0);
    assert_memory_equal(bytes, "\x00\xaf\xff", 3);
    assert_int_equal(crypto_unhex("00af", 4, bytes, 3), -1);
    assert_int_equal(crypto_unhex("00af0g", 6, bytes, 3), -1);
    assert_memory_equal(bytes, "\x00\xaf\xff", 3);
}

static void base64url_of_rfc_4648(void **state)
{
    static const char *const cases[][2] = {
        { "f", "Zg" },         { "fo", "Zm8" },        { "foo", "Zm9v" },
        { "foob", "Zm9vYg" },  { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
        { "\xfb\xff", "-_8" },
    };
    char text[16];
    unsigned char back[8];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t len = strlen(cases[i][0]);

        crypto_base64url(cases[i][0], len, text);
        assert_string_equal(text, cases[i][1]);
        assert_int_equal(strlen(text), CRYPTO_BASE64URL(len) - 1);
        assert_int_equal(crypto_unbase64url(text, strlen(text), back, len), 0);
        assert_memory_equal(back, cases[i][0], len);
    }
}

static void base64url_has_one_text_for_each_value(void **state)
{
    unsigned char byte;

    (void)state;
    assert_int_equal(crypto_unbase64url("Zg", 2, &byte, 1), 0);
    assert_int_equal(crypto_unbase64url("Zh", 2, &byte, 1), -1); /* stray bits */
    assert_int_equal(crypto_unbase64url("Zg==", 4, &byte, 1), -1);
    assert_int_equal(crypto_unbase64url("Z+", 2, &byte, 1), -1);
    assert_int_equal(crypto_unbase64url("Z", 1, &byte, 1), -1);
    assert_int_equal(crypto_unbase64url("Z\0", 2, &byte, 1), -1);
}

static void random_bytes_differ(void **state)
{
    unsigned char a[32] = { 0 }, b[32] = { 0 };

    (void)state;
    assert_int_equal(crypto_random(a, sizeof(a)), 0);
    assert_int_equal(crypto_random(b, sizeof(b)), 0);
    assert_false(crypto_same(a, b, sizeof(a)));
    assert_true(crypto_same(a, a, sizeof(a)));
    crypto_wipe(a, sizeof(a));
    assert_memory_equal(a, (unsigned char[32]){ 0 }, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_abc),
        cmocka_unit_test(hmac_of_rfc_4231_case_2),
        cmocka_unit_test(hkdf_of_rfc_5869_case_3),
        cmocka_unit_test(hkdf_depends_on_salt_and_info),
        cmocka_unit_test(hex_goes_both_ways_and_strictly),
        cmocka_unit_test(base64url_of_rfc_4648),
        cmocka_unit_test(base64url_has_one_text_for_each_value),
        cmocka_unit_test(random_bytes_differ),
    };

    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
