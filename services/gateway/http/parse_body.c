/* parse_body.c - where a body ends: Content-Length, or the chunked coding (RFC 9112 7.1).
 *
 * The chunked coding is a machine of one byte at a time, all its state in struct http_body, so any
 * cut of the input gives the same bytes. Two deviations to the strict side: no blanks around chunk
 * sizes and extensions, and limits on what a chunk may say beside its data. Trailer fields are
 * checked for form and dropped: nothing here may be decided after the body. */
#include <string.h>

#include "parse.h"
#include "parse_chars.h"
#include "str.h"

#define CHUNK_DIGITS_MAX 16
#define CHUNK_LINE_MAX 1024
#define EXTENSIONS_MAX 8192 /* in one body; else one-byte chunks carry a flood of extensions */
#define TRAILER_MAX 8192

enum body_state {
    BODY_SIZED,
    SIZE_FIRST, /* a digit is due */
    SIZE,
    EXT_NAME_FIRST,
    EXT_NAME,
    EXT_VALUE_FIRST,
    EXT_VALUE,
    EXT_QUOTED,
    EXT_ESCAPED,
    EXT_AFTER_QUOTED,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_FIRST,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF,
    BODY_OVER,
};

void http_body_init(struct http_body *body, const struct http_head *head, uint64_t limit)
{
    memset(body, 0, sizeof(*body));
    body->state = head->chunked ? SIZE_FIRST : BODY_SIZED;
    body->left = head->chunked ? 0 : head->content_length;
    body->limit = limit;
}

static enum http_error take_size_digit(struct http_body *body, char c)
{
    if (++body->line > CHUNK_DIGITS_MAX)
        return HTTP_ERR_BAD_CHUNK_SIZE;
    body->left = body->left << 4 | (uint64_t)char_hex(c);
    body->state = SIZE;
    return HTTP_OK;
}

/* What may follow a size, a name or a value: the next extension or the end of the line. */
static enum http_error end_of_part(struct http_body *body, char c, enum http_error otherwise)
{
    if (c != ';' && c != '\r')
        return c == '\n' ? HTTP_ERR_BARE_LF : otherwise;
    body->state = c == ';' ? EXT_NAME_FIRST : SIZE_LF;
    return HTTP_OK;
}

static enum http_error on_size(struct http_body *body, char c)
{
    if (char_is(c, CH_HEX))
        return take_size_digit(body, c);
    if (body->state == SIZE_FIRST)
        return HTTP_ERR_BAD_CHUNK_SIZE;
    return end_of_part(body, c, HTTP_ERR_BAD_CHUNK_SIZE);
}

static enum http_error on_part_first(struct http_body *body, char c)
{
    if (c == '"' && body->state == EXT_VALUE_FIRST) {
        body->state = EXT_QUOTED;
        return HTTP_OK;
    }
    body->state = body->state == EXT_NAME_FIRST ? EXT_NAME : EXT_VALUE;
    return char_is(c, CH_TOKEN) ? HTTP_OK : HTTP_ERR_BAD_CHUNK_EXTENSION;
}

static enum http_error on_part(struct http_body *body, char c)
{
    if (char_is(c, CH_TOKEN))
        return HTTP_OK;
    if (c == '=' && body->state == EXT_NAME) {
        body->state = EXT_VALUE_FIRST;
        return HTTP_OK;
    }
    return end_of_part(body, c, HTTP_ERR_BAD_CHUNK_EXTENSION);
}

static enum http_error on_quoted(struct http_body *body, char c)
{
    if (c == '"')
        body->state = EXT_AFTER_QUOTED;
    else if (c == '\\')
        body->state = EXT_ESCAPED;
    else if (!char_is(c, CH_QUOTED))
        return HTTP_ERR_BAD_CHUNK_EXTENSION;
    return HTTP_OK;
}

static enum http_error on_escaped(struct http_body *body, char c)
{
    body->state = EXT_QUOTED;
    return char_is(c, CH_VALUE) ? HTTP_OK : HTTP_ERR_BAD_CHUNK_EXTENSION;
}

static enum http_error on_after_quoted(struct http_body *body, char c)
{
    return end_of_part(body, c, HTTP_ERR_BAD_CHUNK_EXTENSION);
}

static enum http_error on_size_end(struct http_body *body, char c)
{
    if (c != '\n')
        return HTTP_ERR_BARE_CR;
    body->line = 0;
    body->state = body->left > 0 ? DATA : TRAILER_FIRST;
    return body->left > body->limit - body->total ? HTTP_ERR_BODY_TOO_LARGE : HTTP_OK;
}

static enum http_error on_data_end(struct http_body *body, char c)
{
    if (c != (body->state == DATA_CR ? '\r' : '\n'))
        return HTTP_ERR_BAD_CHUNK_END;
    body->state = body->state == DATA_CR ? DATA_LF : SIZE_FIRST;
    return HTTP_OK;
}

/* What may not come after the body (RFC 9110 6.5.1): framing, routing, credentials. Such a trailer
 * is a request that somebody tried to hide in a body, or wants a reader that merges trailers into
 * the head to see another message than we do. */
static bool is_refused_trailer(const struct http_body *body)
{
    static const char *const refused[] = {
        "host",         "content-length",   "transfer-encoding", "connection",
        "upgrade",      "expect",           "authorization",     "cookie",
        "content-type", "content-encoding",
    };
    const struct span name = { body->name, body->name_len };

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (span_eq_nocase(name, refused[i]))
            return true;
    }
    return false;
}

static enum http_error on_trailer_name(struct http_body *body, char c)
{
    if (c == ':') {
        body->state = TRAILER_VALUE;
        return is_refused_trailer(body) ? HTTP_ERR_BAD_TRAILER : HTTP_OK;
    }
    if (body->name_len < HTTP_TRAILER_NAME_MAX)
        body->name[body->name_len++] = c;
    return char_is(c, CH_TOKEN) ? HTTP_OK : HTTP_ERR_BAD_FIELD_NAME;
}

static enum http_error on_trailer_first(struct http_body *body, char c)
{
    if (c == ' ' || c == '\t')
        return HTTP_ERR_FOLDED_FIELD;
    if (c == '\r' || c == '\n') {
        body->state = LAST_LF;
        return c == '\r' ? HTTP_OK : HTTP_ERR_BARE_LF;
    }
    body->state = TRAILER_NAME;
    body->name_len = 0;
    return c == ':' ? HTTP_ERR_BAD_FIELD_NAME : on_trailer_name(body, c);
}

static enum http_error on_trailer_value(struct http_body *body, char c)
{
    if (c == '\r')
        body->state = TRAILER_LF;
    if (c == '\r' || char_is(c, CH_VALUE))
        return HTTP_OK;
    return c == '\n' ? HTTP_ERR_BARE_LF : HTTP_ERR_BAD_FIELD_VALUE;
}

static enum http_error on_trailer_end(struct http_body *body, char c)
{
    body->state = body->state == LAST_LF ? BODY_OVER : TRAILER_FIRST;
    return c == '\n' ? HTTP_OK : HTTP_ERR_BARE_CR;
}

/* DATA is taken in runs, not by the byte. */
static enum http_error (*const on_state[])(struct http_body *body, char c) = {
    [SIZE_FIRST] = on_size,
    [SIZE] = on_size,
    [EXT_NAME_FIRST] = on_part_first,
    [EXT_NAME] = on_part,
    [EXT_VALUE_FIRST] = on_part_first,
    [EXT_VALUE] = on_part,
    [EXT_QUOTED] = on_quoted,
    [EXT_ESCAPED] = on_escaped,
    [EXT_AFTER_QUOTED] = on_after_quoted,
    [SIZE_LF] = on_size_end,
    [DATA_CR] = on_data_end,
    [DATA_LF] = on_data_end,
    [TRAILER_FIRST] = on_trailer_first,
    [TRAILER_NAME] = on_trailer_name,
    [TRAILER_VALUE] = on_trailer_value,
    [TRAILER_LF] = on_trailer_end,
    [LAST_LF] = on_trailer_end,
};

static enum http_error on_byte(struct http_body *body, char c)
{
    bool in_extension = body->state >= EXT_NAME_FIRST && body->state <= EXT_AFTER_QUOTED;
    bool in_trailer = body->state >= TRAILER_FIRST;

    if (in_extension && (++body->line > CHUNK_LINE_MAX || ++body->extension > EXTENSIONS_MAX))
        return HTTP_ERR_CHUNK_LINE_TOO_LONG;
    if (in_trailer && ++body->line > TRAILER_MAX)
        return HTTP_ERR_TRAILER_TOO_LARGE;
    return on_state[body->state](body, c);
}

/* Hands out what there is of the current run of data. */
static size_t take_data(struct http_body *body, const char *at, size_t len, struct span *ret)
{
    size_t n = len < body->left ? len : (size_t)body->left;

    *ret = (struct span){ at, n };
    body->left -= n;
    body->total += n;
    if (body->left == 0)
        body->state = body->state == DATA ? DATA_CR : BODY_OVER;
    return n;
}

enum http_progress http_body_feed(struct http_body *body, const char *bytes, size_t len,
                                  size_t *ret_used, struct span *ret_data,
                                  enum http_error *ret_error)
{
    enum http_error error = HTTP_OK;
    size_t used = 0;

    *ret_data = (struct span){ bytes, 0 };
    if (body->state == BODY_SIZED) {
        if (body->left > body->limit - body->total)
            error = HTTP_ERR_BODY_TOO_LARGE;
        else
            used = take_data(body, bytes, len, ret_data);
    }
    while (!error && used < len && ret_data->len == 0 && body->state != BODY_OVER) {
        if (body->state == DATA)
            used += take_data(body, bytes + used, len - used, ret_data);
        else
            error = on_byte(body, bytes[used++]);
    }
    *ret_used = used;
    if (error)
        *ret_error = error;
    return error ? HTTP_BAD : body->state == BODY_OVER ? HTTP_DONE : HTTP_NEED_MORE;
}
