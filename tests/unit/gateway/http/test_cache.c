/* Public answers that are kept, their tags, and gzip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include "cache.h"
#include "gzip.h"
#include "must.h"
#include "response.h"

#define TYPE "application/json"
#define SPAN(text) ((struct span){ text, sizeof(text) - 1 })

static struct cache *cache;
static const struct etag_key tags = { { 3, 1, 4, 1, 5, 9 }, { 2, 6 } };

static int make(void **state)
{
    (void)state;
    cache = cache_new(64u << 10, 60000, &tags);
    return cache ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    cache_free(cache);
    return 0;
}

static void keep(const char *key, const char *body, size_t len)
{
    struct cache_entry *entry = cache_put(cache, cache_generation(cache),
                                          (struct span){ key, strlen(key) }, TYPE, "3", body, len);

    assert_non_null(entry);
    cache_release(entry);
}

static void what_was_kept_is_found(void **state)
{
    struct cache_entry *entry;

    (void)state;
    keep("/items", "[1]", 3);
    entry = cache_find(cache, SPAN("/items"));
    assert_non_null(entry);
    assert_memory_equal(entry->form[CACHE_PLAIN].body, "[1]", 3);
    assert_non_null(strstr(entry->form[CACHE_PLAIN].head, "Content-Length: 3\r\n"));
    assert_null(cache_find(cache, SPAN("/items?page=2")));
}

static void a_change_drops_everything(void **state)
{
    (void)state;
    keep("/items", "[1]", 3);
    cache_clear(cache);
    assert_null(cache_find(cache, SPAN("/items")));
}

static void an_answer_older_than_the_change_is_not_kept(void **state)
{
    uint64_t before = cache_generation(cache);
    struct cache_entry *entry;

    (void)state;
    cache_clear(cache);
    entry = cache_put(cache, before, SPAN("/items"), TYPE, NULL, "[1]", 3);
    assert_non_null(entry); /* those who waited get it */
    assert_null(cache_find(cache, SPAN("/items")));
    cache_release(entry);
}

static void an_entry_in_use_outlives_the_change(void **state)
{
    struct cache_entry *entry =
        cache_put(cache, cache_generation(cache), SPAN("/a"), TYPE, NULL, "[1]", 3);

    (void)state;
    cache_clear(cache);
    assert_memory_equal(entry->form[CACHE_PLAIN].body, "[1]", 3);
    cache_release(entry);
}

static void memory_is_bounded_and_the_oldest_goes_first(void **state)
{
    char body[4000], key[16];
    struct cache_stats stats;

    (void)state;
    memset(body, 'x', sizeof(body));
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof(key), "/%d", i);
        keep(key, body, sizeof(body));
    }
    cache_stats(cache, &stats);
    assert_true(stats.bytes <= 64u << 10);
    assert_true(stats.entries > 3);
    assert_null(cache_find(cache, SPAN("/0")));
    assert_non_null(cache_find(cache, SPAN("/99")));
}

static void an_answer_too_large_is_given_but_not_kept(void **state)
{
    static char body[32u << 10];
    struct cache_entry *entry =
        cache_put(cache, cache_generation(cache), SPAN("/big"), TYPE, NULL, body, sizeof(body));

    (void)state;
    assert_non_null(entry);
    assert_null(cache_find(cache, SPAN("/big")));
    cache_release(entry);
}

static void the_date_of_a_kept_head_is_brought_up_to_date(void **state)
{
    struct cache_entry *entry;
    char *at, now[RESPONSE_DATE_LEN + 1];

    (void)state;
    keep("/a", "[1]", 3);
    entry = cache_find(cache, SPAN("/a"));
    for (int variant = CACHE_PLAIN; variant <= CACHE_SAME; variant += CACHE_SAME) {
        at = strstr(entry->form[variant].head, "Date: ") + 6;
        memset(at, '#', RESPONSE_DATE_LEN);
        cache_touch(cache, entry, (enum cache_variant)variant);
        response_date(time(NULL), now);
        assert_memory_equal(at, now, 17); /* the day and year; the second may have turned */
    }
}

static void long_text_is_packed_and_comes_back(void **state)
{
    char text[5000], back[5000];
    size_t len = 0;
    z_stream stream = { 0 };
    char *packed;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 7);
    packed = gzip_pack(text, sizeof(text), &len);
    assert_non_null(packed);
    assert_true(len < 500);
    stream.next_in = (Bytef *)packed;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof(back);
    assert_int_equal(inflateInit2(&stream, 31), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_memory_equal(back, text, sizeof(text));
    inflateEnd(&stream);
    free(packed);
}

static void what_does_not_shrink_stays_as_it_is(void **state)
{
    unsigned char noise[64];
    unsigned value = 12345;
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof(noise); i++) {
        value = value * 1103515245u + 12345u;
        noise[i] = (unsigned char)(value >> 16);
    }
    assert_null(gzip_pack((char *)noise, sizeof(noise), &len));
}

static void gzip_is_accepted_as_it_is_said(void **state)
{
    static const struct {
        const char *accept;
        bool yes;
    } cases[] = {
        { "gzip", true },
        { "br, gzip", true },
        { "gzip;q=0.5", true },
        { "gzip;q=0", false },
        { "gzip ; q=0.000", false },
        { "*", true },
        { "*;q=0", false },
        { "gzip;q=0, *", false },
        { "identity", false },
        { "x-gzip", true },
        { "GZIP", true },
        { "", false },
        { "gzipp", false },
        { "br,,gzip", true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(gzip_accepted((struct span){ cases[i].accept, strlen(cases[i].accept) }),
                         cases[i].yes);
}

static void the_gzip_form_is_made_when_it_is_wanted(void **state)
{
    char body[3000];
    struct cache_stats before, after;
    struct cache_entry *entry;

    (void)state;
    memset(body, 'x', sizeof(body));
    keep("/a", body, sizeof(body));
    keep("/short", "[1]", 3);
    entry = cache_find(cache, SPAN("/a"));
    cache_stats(cache, &before);
    assert_null(entry->form[CACHE_GZIP].head);
    assert_true(cache_pack(cache, entry));
    assert_true(entry->form[CACHE_GZIP].body_len < 200);
    assert_non_null(strstr(entry->form[CACHE_GZIP].head, "-gz\"\r\n"));
    cache_stats(cache, &after);
    assert_true(after.bytes > before.bytes);
    assert_false(cache_pack(cache, cache_find(cache, SPAN("/short"))));
    cache_clear(cache);
    cache_stats(cache, &after);
    assert_int_equal(after.bytes, 0);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, make, unmake)
    const struct CMUnitTest tests[] = {
        EACH(what_was_kept_is_found),
        EACH(the_gzip_form_is_made_when_it_is_wanted),
        EACH(a_change_drops_everything),
        EACH(an_answer_older_than_the_change_is_not_kept),
        EACH(an_entry_in_use_outlives_the_change),
        EACH(memory_is_bounded_and_the_oldest_goes_first),
        EACH(an_answer_too_large_is_given_but_not_kept),
        EACH(the_date_of_a_kept_head_is_brought_up_to_date),
        EACH(long_text_is_packed_and_comes_back),
        EACH(what_does_not_shrink_stays_as_it_is),
        EACH(gzip_is_accepted_as_it_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
