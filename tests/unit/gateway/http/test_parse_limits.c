/* Each limit of the parser at its last allowed value and one past it, however the bytes arrive. */
#include "http_cases.h"

#define GROWN_MAX 40000

/* A message built from `before`, n times `unit`, and `after`. */
struct grown {
    char bytes[GROWN_MAX];
    size_t len;
};

static void grow(struct grown *message, const char *text)
{
    size_t len = strlen(text);

    assert_true(message->len + len < GROWN_MAX);
    memcpy(message->bytes + message->len, text, len);
    message->len += len;
}

static void grow_times(struct grown *message, size_t n, const char *unit)
{
    while (n-- > 0)
        grow(message, unit);
}

/* The last line of what was seen, in whatever pieces the message comes. */
static void check_last(const struct grown *message, const char *wanted)
{
    static const size_t pieces[] = { GROWN_MAX, 1, 2, 97, 1000, 16383, 16384, 16385 };

    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        /* Byte by byte is quadratic; a long message gets it for its last bytes. */
        size_t first = pieces[i] < 97 && message->len > 1000 ? message->len - 600 : pieces[i];
        char *seen = http_events_of(message->bytes, message->len, first, pieces[i]);
        size_t len = strlen(seen), want = strlen(wanted);

        assert_true(len >= want);
        assert_string_equal(seen + len - want, wanted);
        free(seen);
    }
}

static void check_target(size_t len, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, "GET /");
    grow_times(&message, len - 1, "a");
    grow(&message, " HTTP/1.1\r\nHost: a\r\n\r\n");
    check_last(&message, wanted);
}

static void a_target_may_have_8000_bytes(void **state)
{
    (void)state;
    check_target(8000, " @a 1.1 keep\n");
    check_target(8001, "414 TARGET_TOO_LONG\n");
    check_target(15000, "414 TARGET_TOO_LONG\n");
}

static void a_percent_across_the_target_limit_is_too_long(void **state)
{
    struct grown message = { .len = 0 };

    (void)state;
    grow(&message, "GET /");
    grow_times(&message, 7998, "a");
    grow(&message, "%41 HTTP/1.1\r\nHost: a\r\n\r\n");
    check_last(&message, "414 TARGET_TOO_LONG\n");
}

static void check_fields(size_t n, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, "GET / HTTP/1.1\r\nHost: a\r\n");
    grow_times(&message, n - 1, "X: a\r\n");
    grow(&message, "\r\n");
    check_last(&message, wanted);
}

static void a_head_may_have_100_fields(void **state)
{
    (void)state;
    check_fields(100, "[X=a]\n");
    check_fields(101, "431 TOO_MANY_FIELDS\n");
}

static void check_head(size_t len, const char *before, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, before);
    grow(&message, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    grow_times(&message, len - message.len - 4, "a");
    grow(&message, "\r\n\r\n");
    assert_int_equal(message.len, len);
    check_last(&message, wanted);
}

static void a_head_may_have_16384_bytes(void **state)
{
    (void)state;
    check_head(16384, "", "a]\n");
    check_head(16385, "", "431 HEAD_TOO_LARGE\n");
    check_head(20000, "", "431 HEAD_TOO_LARGE\n");
}

static void the_empty_line_before_a_head_counts(void **state)
{
    (void)state;
    check_head(16384, "\r\n", "a]\n");
    check_head(16385, "\r\n", "431 HEAD_TOO_LARGE\n");
}

static void a_fault_past_the_limit_is_not_seen(void **state)
{
    struct grown message = { .len = 0 };

    (void)state;
    grow(&message, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    grow_times(&message, 16384 - message.len, "a");
    grow(&message, "\x01\r\n\r\n");
    check_last(&message, "431 HEAD_TOO_LARGE\n");
}

static void check_host(size_t len, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, "GET / HTTP/1.1\r\nHost: ");
    grow_times(&message, len, "a");
    grow(&message, "\r\n\r\n");
    check_last(&message, wanted);
}

static void a_host_may_have_255_bytes(void **state)
{
    (void)state;
    check_host(255, " 1.1 keep\n");
    check_host(256, "400 BAD_HOST\n");
}

#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

static void check_chunk_line(size_t len, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, CHUNKED "0;");
    grow_times(&message, len - 2, "a");
    grow(&message, "\r\n\r\n");
    check_last(&message, wanted);
}

static void a_chunk_line_may_have_1024_bytes(void **state)
{
    (void)state;
    check_chunk_line(1024, "body \"\"\n");
    check_chunk_line(1025, "413 CHUNK_LINE_TOO_LONG\n");
}

static void the_extensions_of_a_body_have_a_limit_of_their_own(void **state)
{
    struct grown message = { .len = 0 };

    (void)state;
    grow(&message, CHUNKED);
    grow_times(&message, 4096, "1;a\r\nx\r\n"); /* a name and a CR each: 8192 bytes */
    grow(&message, "0\r\n\r\n");
    check_last(&message, "x\"\n");

    message.len -= strlen("0\r\n\r\n");
    grow(&message, "1;a\r\nx\r\n0\r\n\r\n");
    check_last(&message, "413 CHUNK_LINE_TOO_LONG\n");
}

static void check_trailer(size_t len, const char *wanted)
{
    struct grown message = { .len = 0 };

    grow(&message, CHUNKED "0\r\nX:");
    grow_times(&message, len - 6, "a");
    grow(&message, "\r\n\r\n");
    check_last(&message, wanted);
}

static void a_trailer_section_may_have_8192_bytes(void **state)
{
    (void)state;
    check_trailer(8192, "body \"\"\n");
    check_trailer(8193, "431 TRAILER_TOO_LARGE\n");
}

static void check_chunked_body(size_t size, const char *wanted)
{
    struct grown message = { .len = 0 };
    char chunk[32];

    grow(&message, CHUNKED);
    for (; size > 0; size -= size < 10000 ? size : 10000) {
        size_t n = size < 10000 ? size : 10000;

        snprintf(chunk, sizeof(chunk), "%zx\r\n", n);
        grow(&message, chunk);
        grow_times(&message, n, "d");
        grow(&message, "\r\n");
    }
    grow(&message, "0\r\n\r\n");

    struct http_head head;
    struct http_body body;
    enum http_error error = HTTP_OK;
    enum http_progress progress = HTTP_NEED_MORE;
    struct span data;
    size_t used, at;

    assert_int_equal(http_parse_head(message.bytes, message.len, &head, &at, &error), HTTP_DONE);
    http_body_init(&body, &head, 30000);
    while (progress == HTTP_NEED_MORE) {
        progress =
            http_body_feed(&body, message.bytes + at, message.len - at, &used, &data, &error);
        at += used;
    }
    assert_string_equal(progress == HTTP_DONE ? "done" : http_error_name(error), wanted);
}

static void the_limit_of_a_chunked_body_counts_its_data(void **state)
{
    (void)state;
    check_chunked_body(30000, "done");
    check_chunked_body(30001, "BODY_TOO_LARGE");
}

static enum http_progress feed_nothing(const char *framing, uint64_t limit, enum http_error *error)
{
    char bytes[200];
    struct http_head head;
    struct http_body body;
    struct span data;
    size_t used;

    snprintf(bytes, sizeof(bytes), "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n", framing);
    assert_int_equal(http_parse_head(bytes, strlen(bytes), &head, &used, error), HTTP_DONE);
    http_body_init(&body, &head, limit);
    return http_body_feed(&body, NULL, 0, &used, &data, error);
}

static void a_length_over_the_limit_is_refused_before_any_byte_comes(void **state)
{
    enum http_error error = HTTP_OK;

    (void)state;
    assert_int_equal(feed_nothing("Content-Length: 11\r\n", 10, &error), HTTP_BAD);
    assert_int_equal(error, HTTP_ERR_BODY_TOO_LARGE);
    assert_int_equal(feed_nothing("Content-Length: 10\r\n", 10, &error), HTTP_NEED_MORE);
}

static void a_message_without_body_is_over_before_any_byte_comes(void **state)
{
    enum http_error error = HTTP_OK;

    (void)state;
    assert_int_equal(feed_nothing("", 10, &error), HTTP_DONE);
    assert_int_equal(feed_nothing("Content-Length: 0\r\n", 0, &error), HTTP_DONE);
    assert_int_equal(feed_nothing("Transfer-Encoding: chunked\r\n", 0, &error), HTTP_NEED_MORE);
}

static void no_bytes_at_all_need_more(void **state)
{
    enum http_error error = HTTP_OK;
    struct http_head head;
    size_t used;

    (void)state;
    assert_int_equal(http_parse_head(NULL, 0, &head, &used, &error), HTTP_NEED_MORE);
}

static void a_bad_prefix_is_refused_as_soon_as_it_is_known(void **state)
{
    /* The last byte is the first that cannot be right. */
    static const char *const prefixes[] = {
        "GE(",
        "GET /a\x01",
        "GET /%x",
        "GET / X",
        "GET / HTTP/2.0",
        "GET / HTTP/1.1\r\n ",
        "GET / HTTP/1.1\r\nX ",
        "GET / HTTP/1.1\r\nX: \x01",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: a\r\n",
    };
    enum http_error error = HTTP_OK;
    struct http_head head;
    size_t used;

    (void)state;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t len = strlen(prefixes[i]);

        assert_int_equal(http_parse_head(prefixes[i], len, &head, &used, &error), HTTP_BAD);
        assert_int_equal(http_parse_head(prefixes[i], len - 1, &head, &used, &error),
                         HTTP_NEED_MORE);
    }
}

static void a_field_is_found_in_any_case_and_the_first_of_two(void **state)
{
    static const char bytes[] = "GET / HTTP/1.1\r\nHost: a\r\nx-b: 1\r\nX-B: 2\r\n\r\n";
    enum http_error error = HTTP_OK;
    struct http_head head;
    size_t used;

    (void)state;
    assert_int_equal(http_parse_head(bytes, sizeof(bytes) - 1, &head, &used, &error), HTTP_DONE);
    assert_int_equal(used, sizeof(bytes) - 1);
    assert_memory_equal(http_head_field(&head, "X-b")->value.at, "1", 1);
    assert_null(http_head_field(&head, "X-"));
    assert_null(http_head_field(&head, "X-BC"));
}

static void every_error_has_a_status_and_a_text(void **state)
{
    (void)state;
#define HTTP_ERROR(name, status, text)                                                             \
    assert_int_equal(http_error_status(HTTP_ERR_##name), status);                                  \
    assert_true(status >= 400 && status < 600);                                                    \
    assert_string_equal(http_error_text(HTTP_ERR_##name), text);
#include "http/parse_errors.def"
#undef HTTP_ERROR
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_may_have_8000_bytes),
        cmocka_unit_test(a_percent_across_the_target_limit_is_too_long),
        cmocka_unit_test(a_head_may_have_100_fields),
        cmocka_unit_test(a_head_may_have_16384_bytes),
        cmocka_unit_test(the_empty_line_before_a_head_counts),
        cmocka_unit_test(a_fault_past_the_limit_is_not_seen),
        cmocka_unit_test(a_host_may_have_255_bytes),
        cmocka_unit_test(a_chunk_line_may_have_1024_bytes),
        cmocka_unit_test(the_extensions_of_a_body_have_a_limit_of_their_own),
        cmocka_unit_test(a_trailer_section_may_have_8192_bytes),
        cmocka_unit_test(the_limit_of_a_chunked_body_counts_its_data),
        cmocka_unit_test(a_length_over_the_limit_is_refused_before_any_byte_comes),
        cmocka_unit_test(a_message_without_body_is_over_before_any_byte_comes),
        cmocka_unit_test(no_bytes_at_all_need_more),
        cmocka_unit_test(a_bad_prefix_is_refused_as_soon_as_it_is_known),
        cmocka_unit_test(a_field_is_found_in_any_case_and_the_first_of_two),
        cmocka_unit_test(every_error_has_a_status_and_a_text),
    };

    return cmocka_run_group_tests_name("http limits", tests, NULL, NULL);
}
