/* Tags of bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "etag.h"

#define SPAN(text) ((struct span){ text, sizeof(text) - 1 })
#define LONG (70u << 10)
#define TAG 80

static struct etag_key key;
static char body[LONG];

static int fill(void **state)
{
    uint64_t word = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(key.sum) / sizeof(key.sum[0]); i++)
        key.sum[i] = word = word * 6364136223846793005u + 1442695040888963407u;
    for (size_t i = 0; i < sizeof(body); i++)
        body[i] = (char)((word = word * 6364136223846793005u + 1442695040888963407u) >> 56);
    return 0;
}

static void tag_of(const char *bytes, size_t len, char ret[TAG])
{
    assert_int_equal(etag_make(&key, NULL, bytes, len, ret, TAG), ETAG_HASH_HEX + 2);
}

static void a_tag_is_known_again(void **state)
{
    char tag[80];
    size_t len = etag_make(&key, "7", "[1]", 3, tag, sizeof(tag));

    (void)state;
    assert_true(len > 10);
    assert_memory_equal(tag, "\"7-", 3);
    assert_true(etag_matches((struct span){ tag, len }, tag, len));
    assert_true(etag_matches(SPAN("*"), tag, len));
    assert_false(etag_matches(SPAN("\"7-abc\""), tag, len));
    assert_false(etag_matches((struct span){ tag, len - 1 }, tag, len));
}

static void a_tag_is_known_in_a_list_weak_and_of_the_gzip_form(void **state)
{
    const char *tag = "\"abc\"";

    (void)state;
    assert_true(etag_matches(SPAN("\"x\", W/\"abc\" ,\"y\""), tag, 5));
    assert_true(etag_matches(SPAN("\"abc-gz\""), tag, 5));
    assert_false(etag_matches(SPAN("\"abc-zz\""), tag, 5));
    assert_false(etag_matches(SPAN("\"abcd\""), tag, 5));
}

static void every_bit_and_the_length_count(void **state)
{
    static const size_t lens[] = { 1, 15, 16, 17, 1023, 1024, 1025, 2272, 64u << 10, LONG };
    char tag[TAG], other[TAG];

    (void)state;
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        tag_of(body, lens[i], tag);
        tag_of(body, lens[i] - 1, other);
        assert_string_not_equal(tag, other);
        for (size_t at = 0; at < lens[i]; at += lens[i] / 7 + 1) {
            body[at] = (char)(body[at] ^ 1);
            tag_of(body, lens[i], other);
            body[at] = (char)(body[at] ^ 1);
            assert_string_not_equal(tag, other);
        }
        tag_of(body, lens[i], other);
        assert_string_equal(tag, other);
    }
}

static void zeros_at_the_end_count(void **state)
{
    static const char zeros[40] = { 0 };
    char tag[TAG], other[TAG];

    (void)state;
    for (size_t len = 0; len + 1 < sizeof(zeros); len++) {
        tag_of(zeros, len, tag);
        tag_of(zeros, len + 1, other);
        assert_string_not_equal(tag, other);
    }
}

static void blocks_may_not_change_places(void **state)
{
    char two[2 * ETAG_BLOCK], tag[TAG], other[TAG];

    (void)state;
    memcpy(two, body, sizeof(two));
    tag_of(two, sizeof(two), tag);
    memcpy(two, body + ETAG_BLOCK, ETAG_BLOCK);
    memcpy(two + ETAG_BLOCK, body, ETAG_BLOCK);
    tag_of(two, sizeof(two), other);
    assert_string_not_equal(tag, other);
}

static void another_key_gives_another_tag(void **state)
{
    char tag[TAG], other[TAG];

    (void)state;
    tag_of(body, 100, tag);
    key.sum[1] ^= 1;
    tag_of(body, 100, other);
    key.sum[1] ^= 1;
    assert_string_not_equal(tag, other);
    key.sip[1] ^= 1;
    tag_of(body, 100, other);
    key.sip[1] ^= 1;
    assert_string_not_equal(tag, other);
}

static void a_tag_that_does_not_fit_is_none(void **state)
{
    char tag[ETAG_HASH_HEX + 5];

    (void)state;
    assert_int_equal(etag_make(&key, "12", "x", 1, tag, sizeof(tag)), 0);
    assert_int_equal(etag_make(&key, "1", "x", 1, tag, sizeof(tag)), sizeof(tag) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_known_again),
        cmocka_unit_test(a_tag_is_known_in_a_list_weak_and_of_the_gzip_form),
        cmocka_unit_test(every_bit_and_the_length_count),
        cmocka_unit_test(zeros_at_the_end_count),
        cmocka_unit_test(blocks_may_not_change_places),
        cmocka_unit_test(another_key_gives_another_tag),
        cmocka_unit_test(a_tag_that_does_not_fit_is_none),
    };

    return cmocka_run_group_tests(tests, fill, NULL);
}
