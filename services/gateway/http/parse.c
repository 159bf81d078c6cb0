/* parse.c - the head of a request: request line, field lines, the empty line.
 *
 * Reading order: http_parse_head at the bottom, then the lines as they come. What a field means is
 * in parse_fields.c, what a target may look like in parse_target.c, the body in parse_body.c. */
#include "parse.h"

#include <string.h>

#include "parse_chars.h"
#include "parse_scan.h"
#include "str.h"

#define METHOD_MAX 32

static const struct {
    int status;
    const char *text;
} errors[] = {
    [HTTP_OK] = { 200, "" },
#define HTTP_ERROR(name, status, text) [HTTP_ERR_##name] = { status, text },
#include "parse_errors.def"
#undef HTTP_ERROR
};

int http_error_status(enum http_error error)
{
    return errors[error].status;
}

const char *http_error_text(enum http_error error)
{
    return errors[error].text;
}

const struct http_field *http_head_field(const struct http_head *head, const char *name)
{
    for (int i = 0; i < head->n_fields; i++) {
        if (span_eq_nocase(head->fields[i].name, name))
            return &head->fields[i];
    }
    return NULL;
}

/* CRLF at the cursor; called when the byte there can only be its beginning. */
static enum http_progress scan_line_end(struct http_scan *scan, enum http_error otherwise)
{
    if (scan->at == scan->end)
        return HTTP_NEED_MORE;
    if (*scan->at == '\n')
        return scan_refuse(scan, HTTP_ERR_BARE_LF);
    if (*scan->at != '\r')
        return scan_refuse(scan, otherwise);
    if (scan->at + 1 == scan->end)
        return HTTP_NEED_MORE;
    if (scan->at[1] != '\n')
        return scan_refuse(scan, HTTP_ERR_BARE_CR);
    scan->at += 2;
    return HTTP_DONE;
}

static enum http_progress scan_method(struct http_scan *scan)
{
    const char *start = scan->at;

    while (scan->at < scan->end && char_is(*scan->at, CH_TOKEN)) {
        if (++scan->at - start > METHOD_MAX)
            return scan_refuse(scan, HTTP_ERR_METHOD_TOO_LONG);
    }
    if (scan->at == scan->end)
        return HTTP_NEED_MORE;
    if (*scan->at != ' ' || scan->at == start)
        return scan_refuse(scan, HTTP_ERR_BAD_START_LINE);
    scan->head->method = (struct span){ start, (size_t)(scan->at - start) };
    scan->at++;
    return HTTP_DONE;
}

/* Brackets may stand in the authority of an absolute or authority form, never after a "/". */
static bool target_takes(const char *start, char c)
{
    return char_is(c, CH_TARGET) || ((c == '[' || c == ']') && *start != '/');
}

static enum http_progress scan_target(struct http_scan *scan)
{
    const char *start = scan->at;
    int hex_due = 0;

    for (; scan->at < scan->end && target_takes(start, *scan->at); scan->at++) {
        if (scan->at - start == HTTP_TARGET_MAX)
            return scan_refuse(scan, HTTP_ERR_TARGET_TOO_LONG);
        if (hex_due > 0 && !char_is(*scan->at, CH_HEX))
            return scan_refuse(scan, HTTP_ERR_BAD_TARGET);
        hex_due = *scan->at == '%' ? 2 : hex_due > 0 ? hex_due - 1 : 0;
    }
    if (scan->at == scan->end)
        return HTTP_NEED_MORE;
    if (*scan->at != ' ' || scan->at == start || hex_due > 0)
        return scan_refuse(scan, HTTP_ERR_BAD_TARGET);

    enum http_error error =
        head_take_target(scan->head, (struct span){ start, (size_t)(scan->at - start) });
    if (error)
        return scan_refuse(scan, error);
    scan->at++;
    return HTTP_DONE;
}

static enum http_progress scan_version(struct http_scan *scan)
{
    static const char pattern[] = "HTTP/#.#";
    const char *start = scan->at;

    for (size_t i = 0; pattern[i]; i++, scan->at++) {
        if (scan->at == scan->end)
            return HTTP_NEED_MORE;
        if (pattern[i] == '#' ? !char_is(*scan->at, CH_DIGIT) : *scan->at != pattern[i])
            return scan_refuse(scan, HTTP_ERR_BAD_START_LINE);
    }
    if (start[5] != '1' || start[7] > '1')
        return scan_refuse(scan, HTTP_ERR_BAD_VERSION);
    scan->head->minor = start[7] - '0';
    return scan_line_end(scan, HTTP_ERR_BAD_START_LINE);
}

/* Most of a head is plain bytes of values: eight are judged at once, and the one that stops this
 * (a control byte, DEL, the tab that is allowed) is left to the table. */
static const char *skip_plain(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101, tops = ones << 7;
    uint64_t eight;

    for (; end - at >= 8; at += 8) {
        memcpy(&eight, at, sizeof(eight));

        uint64_t is_del = eight ^ (ones * 0x7f);
        if (((eight - ones * 0x20) & ~eight & tops) | ((is_del - ones) & ~is_del & tops))
            break;
    }
    return at;
}

static struct span trim(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct span){ at, (size_t)(end - at) };
}

static enum http_progress scan_field(struct http_scan *scan)
{
    struct http_field *field = &scan->head->fields[scan->head->n_fields];
    const char *start = scan->at;

    if (*start == ' ' || *start == '\t')
        return scan_refuse(scan, HTTP_ERR_FOLDED_FIELD);
    if (scan->head->n_fields == HTTP_FIELDS_MAX)
        return scan_refuse(scan, HTTP_ERR_TOO_MANY_FIELDS);

    while (scan->at < scan->end && char_is(*scan->at, CH_TOKEN))
        scan->at++;
    if (scan->at == scan->end)
        return HTTP_NEED_MORE;
    if (*scan->at != ':' || scan->at == start)
        return scan_refuse(scan, HTTP_ERR_BAD_FIELD_NAME);
    field->name = (struct span){ start, (size_t)(scan->at - start) };

    const char *value = ++scan->at;
    scan->at = skip_plain(value, scan->end);
    while (scan->at < scan->end && char_is(*scan->at, CH_VALUE))
        scan->at++;
    const char *value_end = scan->at;
    enum http_progress progress = scan_line_end(scan, HTTP_ERR_BAD_FIELD_VALUE);
    if (progress != HTTP_DONE)
        return progress;
    field->value = trim(value, value_end);
    scan->head->n_fields++;

    enum http_error error = head_note_field(scan, field);
    return error ? scan_refuse(scan, error) : HTTP_DONE;
}

static enum http_progress scan_fields(struct http_scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\r' && *scan->at != '\n') {
        enum http_progress progress = scan_field(scan);

        if (progress != HTTP_DONE)
            return progress;
    }
    return scan_line_end(scan, HTTP_ERR_BAD_FIELD_NAME);
}

static enum http_progress scan_empty_line(struct http_scan *scan)
{
    if (scan->at == scan->end)
        return HTTP_NEED_MORE;
    return *scan->at == '\r' ? scan_line_end(scan, HTTP_ERR_BAD_START_LINE) : HTTP_DONE;
}

static enum http_progress scan_end(struct http_scan *scan)
{
    enum http_error error = head_finish(scan);

    return error ? scan_refuse(scan, error) : HTTP_DONE;
}

enum http_progress http_parse_head(const char *bytes, size_t len, struct http_head *ret,
                                   size_t *ret_used, enum http_error *ret_error)
{
    static enum http_progress (*const parts[])(struct http_scan *) = {
        scan_empty_line, scan_method, scan_target, scan_version, scan_fields, scan_end,
    };
    /* Bytes past the limit are not looked at, or a cut there would change the verdict. */
    struct http_scan scan = { .at = bytes, .head = ret };

    scan.end = bytes;
    if (len > 0) /* an empty buffer may be NULL, and NULL takes no arithmetic */
        scan.end += len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX;
    ret->n_fields = 0;
    ret->host = (struct span){ NULL, 0 };
    ret->chunked = ret->has_length = ret->expect_continue = false;
    ret->content_length = 0;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        enum http_progress progress = parts[i](&scan);

        if (progress == HTTP_NEED_MORE && len >= HTTP_HEAD_MAX)
            progress = scan_refuse(&scan, HTTP_ERR_HEAD_TOO_LARGE);
        if (progress == HTTP_BAD)
            *ret_error = scan.error;
        if (progress != HTTP_DONE)
            return progress;
    }
    *ret_used = (size_t)(scan.at - bytes);
    return HTTP_DONE;
}
