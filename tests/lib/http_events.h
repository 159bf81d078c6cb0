/* http_events.h - a stream of request bytes as a text of what the parser saw, one event a line.
 *
 *   GET /path?query @host 1.1 keep [accept=text/html]      head; fields other than Host
 *   POST / @a 1.1 keep chunked 100                         framing and expectation, if any
 *   body "abc"                                             after a head that announces a body
 *   400 BAD_HOST                                           refused; nothing comes after
 *   more                                                   the last message is not complete
 *
 * The stream arrives in pieces, and what the parser may look at is copied to memory of exactly that
 * size, so that the address sanitizer sees a step too far. */
#ifndef JB_TEST_HTTP_EVENTS_H
#define JB_TEST_HTTP_EVENTS_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/parse.h"

#define EVENTS_BODY_LIMIT 100000

struct http_events {
    char *text;
    size_t len;
};

struct http_stream {
    struct http_events *events;
    struct http_head head;
    struct http_body body;
    bool in_body, over;
};

static inline void events_add(struct http_events *events, const char *bytes, size_t len)
{
    events->text = realloc(events->text, events->len + len + 1);
    if (!events->text)
        abort();
    if (len > 0)
        memcpy(events->text + events->len, bytes, len);
    events->len += len;
    events->text[events->len] = '\0';
}

__attribute__((format(printf, 2, 3))) static inline void events_addf(struct http_events *events,
                                                                     const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    events_add(events, line, (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1);
}

static inline const char *http_error_name(enum http_error error)
{
    static const char *const names[] = {
        "OK",
#define HTTP_ERROR(name, status, text) #name,
#include "http/parse_errors.def"
#undef HTTP_ERROR
    };

    return names[error];
}

static inline void events_refused(struct http_stream *stream, enum http_error error)
{
    if (stream->in_body)
        events_addf(stream->events, "\"\n");
    events_addf(stream->events, "%d %s\n", http_error_status(error), http_error_name(error));
    stream->over = true;
}

static inline void events_span(struct http_events *events, const char *before, struct span span)
{
    events_addf(events, "%s", before);
    events_add(events, span.at, span.len);
}

static inline void events_head(struct http_stream *stream)
{
    const struct http_head *head = &stream->head;
    struct http_events *events = stream->events;

    events_span(events, "", head->method);
    events_span(events, " ", head->path);
    if (head->query.at)
        events_span(events, "?", head->query);
    events_span(events, " @", head->host);
    events_addf(events, " 1.%d %s", head->minor, head->keep_alive ? "keep" : "close");
    if (head->chunked)
        events_addf(events, " chunked");
    else if (head->has_length)
        events_addf(events, " length=%llu", (unsigned long long)head->content_length);
    if (head->expect_continue)
        events_addf(events, " 100");
    for (int i = 0; i < head->n_fields; i++) {
        if (head->fields[i].name.len == 4 && http_head_field(head, "Host") == &head->fields[i])
            continue;
        events_span(events, " [", head->fields[i].name);
        events_span(events, "=", head->fields[i].value);
        events_addf(events, "]");
    }
    events_addf(events, "\n");
}

/* One step on the bytes that have arrived; how many were used. Sets *ret_again when more may follow
 * without new bytes. */
static inline size_t stream_step(struct http_stream *stream, const char *bytes, size_t len,
                                 bool *ret_again)
{
    enum http_error error = HTTP_OK;
    enum http_progress progress;
    struct span data;
    size_t used = 0;

    *ret_again = false;
    if (!stream->in_body) {
        progress = http_parse_head(bytes, len, &stream->head, &used, &error);
        if (progress == HTTP_DONE) {
            events_head(stream);
            http_body_init(&stream->body, &stream->head, EVENTS_BODY_LIMIT);
            stream->in_body = true;
            if (stream->head.chunked || stream->head.content_length > 0)
                events_addf(stream->events, "body \"");
            *ret_again = true;
        }
    } else {
        progress = http_body_feed(&stream->body, bytes, len, &used, &data, &error);
        events_add(stream->events, data.at, data.len);
        *ret_again = progress == HTTP_NEED_MORE && used > 0;
        if (progress == HTTP_DONE) {
            if (stream->head.chunked || stream->head.content_length > 0)
                events_addf(stream->events, "\"\n");
            stream->in_body = false;
            stream->over = !stream->head.keep_alive;
            *ret_again = true;
        }
    }
    if (progress == HTTP_BAD)
        events_refused(stream, error);
    return used;
}

/* The events of bytes[0..len), arriving in pieces of `piece` bytes after a first one of `first`. */
static inline char *http_events_of(const char *bytes, size_t len, size_t first, size_t piece)
{
    struct http_events events = { NULL, 0 };
    struct http_stream stream = { .events = &events };
    size_t from = 0, have = first < len ? first : len;

    events_add(&events, "", 0);
    for (;;) {
        bool again = true;

        while (again && !stream.over) {
            char *copy = malloc(have - from ? have - from : 1);

            if (!copy)
                abort();
            memcpy(copy, bytes + from, have - from);
            from += stream_step(&stream, copy, have - from, &again);
            free(copy);
        }
        if (have == len || stream.over)
            break;
        have = len - have < piece ? len : have + piece;
    }
    if (!stream.over && (stream.in_body || from < len))
        events_addf(&events, "%smore\n", stream.in_body ? "\"\n" : "");
    return events.text;
}

#endif
