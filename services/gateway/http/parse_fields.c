/* parse_fields.c - the fields on which framing, routing or the connection depend.
 *
 * A table: name, whether it may come again, and what it means. Fields that a handler reads as one
 * value are listed too, without a meaning: were they allowed twice, two readers could take two
 * different ones. */
#include <string.h>

#include "parse_chars.h"
#include "parse_scan.h"
#include "str.h"

static enum http_error note_host(struct http_head *head, struct span value)
{
    enum http_error error = check_authority(value, false);

    if (!error && !head->host.at) /* else the target has already named it (RFC 9112 3.2.2) */
        head->host = value;
    return error;
}

/* A tab behind a length or a coding is legal, and others refuse it (llhttp), so it goes. The byte
 * is there to be looked at: a blank, or the CR of this line. */
static bool ends_in_tab(struct span value)
{
    size_t end = value.len;

    while (value.at[end] == ' ')
        end++;
    return value.at[end] == '\t';
}

static enum http_error note_length(struct http_head *head, struct span value)
{
    uint64_t length = 0;

    if (value.len == 0 || value.len > 20 || ends_in_tab(value))
        return HTTP_ERR_BAD_LENGTH;
    for (size_t i = 0; i < value.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)value.at[i] - '0';

        if (!char_is(value.at[i], CH_DIGIT) || length > (UINT64_MAX - digit) / 10)
            return HTTP_ERR_BAD_LENGTH;
        length = length * 10 + digit;
    }
    head->content_length = length;
    head->has_length = true;
    return head->chunked ? HTTP_ERR_TWO_FRAMINGS : HTTP_OK;
}

/* Takes the next element of a comma-separated list, blanks trimmed; false at the end. */
static bool next_element(struct span *rest, struct span *ret)
{
    if (!rest->at)
        return false;

    const char *comma = rest->len ? memchr(rest->at, ',', rest->len) : NULL;
    const char *start = rest->at;
    const char *end = comma ? comma : rest->at + rest->len;

    *rest = comma ? (struct span){ comma + 1, rest->len - (size_t)(comma + 1 - start) }
                  : (struct span){ NULL, 0 };
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *ret = (struct span){ start, (size_t)(end - start) };
    return true;
}

static bool is_token(struct span span)
{
    for (size_t i = 0; i < span.len; i++) {
        if (!char_is(span.at[i], CH_TOKEN))
            return false;
    }
    return span.len > 0;
}

/* "gzip, chunked" is well formed and not known here; everything else but "chunked" leaves the
 * length of the body in doubt (RFC 9112 6.3). */
static enum http_error note_coding(struct http_head *head, struct span value)
{
    struct span element, rest = value;
    bool chunked = false;
    int n = 0;

    if (head->minor == 0)
        return HTTP_ERR_CODING_ON_1_0;
    for (; next_element(&rest, &element); n++) {
        if (chunked || !is_token(element))
            return HTTP_ERR_BAD_CODING;
        chunked = span_eq_nocase(element, "chunked");
    }
    if (!chunked || ends_in_tab(value))
        return HTTP_ERR_BAD_CODING;
    if (n > 1)
        return HTTP_ERR_UNKNOWN_CODING;
    head->chunked = true;
    return head->has_length ? HTTP_ERR_TWO_FRAMINGS : HTTP_OK;
}

static enum http_error note_expect(struct http_head *head, struct span value)
{
    if (head->minor == 0) /* RFC 9110 10.1.1: an expectation in HTTP/1.0 is ignored */
        return HTTP_OK;
    if (!span_eq_nocase(value, "100-continue"))
        return HTTP_ERR_BAD_EXPECT;
    head->expect_continue = true;
    return HTTP_OK;
}

enum { CONNECTION_CLOSE = 1 << 30, CONNECTION_KEEP = 1 << 29 };

static enum http_error note_connection(struct http_scan *scan, struct span value)
{
    struct span element, rest = value;

    while (next_element(&rest, &element)) {
        if (element.len == 0) /* empty list elements are legal to read (RFC 9110 5.6.1.2) */
            continue;
        if (!is_token(element))
            return HTTP_ERR_BAD_CONNECTION;
        if (span_eq_nocase(element, "close"))
            scan->seen |= CONNECTION_CLOSE;
        if (span_eq_nocase(element, "keep-alive"))
            scan->seen |= CONNECTION_KEEP;
    }
    return HTTP_OK;
}

static const struct {
    const char *name;
    size_t len;
    enum http_error (*note)(struct http_head *head, struct span value);
} once[] = {
#define ONCE(name, note)                                                                           \
    {                                                                                              \
        name, sizeof(name) - 1, note                                                               \
    }
    ONCE("host", note_host),
    ONCE("content-length", note_length),
    ONCE("transfer-encoding", note_coding),
    ONCE("expect", note_expect),
    ONCE("content-type", NULL),
    ONCE("content-encoding", NULL),
    ONCE("authorization", NULL),
    ONCE("cookie", NULL),
    ONCE("origin", NULL),
    ONCE("sec-fetch-site", NULL),
    ONCE("idempotency-key", NULL),
    ONCE("x-csrf-token", NULL),
    ONCE("if-match", NULL),
    ONCE("range", NULL),
#undef ONCE
};

enum http_error head_note_field(struct http_scan *scan, const struct http_field *field)
{
    for (size_t i = 0; i < COUNT_OF(once); i++) {
        if (field->name.len != once[i].len || !span_eq_nocase(field->name, once[i].name))
            continue;
        if (scan->seen & (1U << i))
            return HTTP_ERR_REPEATED_FIELD;
        scan->seen |= 1U << i;
        return once[i].note ? once[i].note(scan->head, field->value) : HTTP_OK;
    }
    if (span_eq_nocase(field->name, "connection"))
        return note_connection(scan, field->value);
    return HTTP_OK;
}

enum http_error head_finish(struct http_scan *scan)
{
    struct http_head *head = scan->head;
    bool has_body = head->chunked || head->content_length > 0;

    if (head->minor == 1 && !(scan->seen & 1U)) /* an absolute target does not replace the field */
        return HTTP_ERR_NO_HOST;
    if (!head->host.at)
        head->host = (struct span){ "", 0 };

    head->expect_continue = head->expect_continue && has_body;
    head->keep_alive = head->minor == 1 || (scan->seen & CONNECTION_KEEP);
    if (scan->seen & CONNECTION_CLOSE)
        head->keep_alive = false;
    if (span_eq_nocase(head->method, "CONNECT")) {
        head->keep_alive = false; /* what follows is not HTTP in the client's eyes */
        return head->chunked || head->has_length ? HTTP_ERR_CONNECT_BODY : HTTP_OK;
    }
    return HTTP_OK;
}
