/* reply.c - see reply.h. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "clock.h"
#include "form.h"
#include "gateway.h"
#include "http/cache.h"
#include "http/conn.h"
#include "http/gzip.h"
#include "http/response.h"
#include "json_text.h"
#include "log.h"
#include "metrics.h"
#include "pages/page.h"
#include "problem.h"
#include "req.h"
#include "str.h"

#define JSON_TYPE "application/json"
#define PROBLEM_TYPE "application/problem+json"

void reply_header(struct req *req, const char *name, const char *value)
{
    /* A line break in a value would be a header of somebody else's choice. */
    if (strpbrk(value, "\r\n"))
        return;
    buf_addf(&req->extra, "%s: %s\r\n", name, value);
}

static bool is_text_type(const char *type)
{
    return str_starts(type, "text/") || str_starts(type, "application/json") ||
           str_starts(type, "application/atom+xml") || str_starts(type, "application/xml") ||
           str_starts(type, PROBLEM_TYPE);
}

/* What goes over the wire for one answer: settled before the head is written. */
struct wire {
    const char *body;
    size_t len;
    char *packed;             /* malloc'ed, or NULL */
    bool encoded;             /* the body is gzip */
    struct cache_entry *kept; /* whose body it is, or NULL */
    char etag[96];
    size_t etag_len;
    int status;
};

static void pack(struct req *req, const struct reply *reply, struct wire *wire)
{
    const struct http_field *accept = http_head_field(&req->head, "Accept-Encoding");

    if (!reply->compress || reply->len < GZIP_MIN || !is_text_type(reply->type) || !accept ||
        !gzip_accepted(accept->value))
        return;
    wire->packed = gzip_pack(reply->body, reply->len, &wire->len);
    if (!wire->packed) {
        wire->len = reply->len;
        return;
    }
    wire->body = wire->packed;
    wire->encoded = true;
    if (wire->etag_len)
        memcpy(wire->etag + wire->etag_len - 1, "-gz\"", 5);
}

static void tag(struct req *req, const struct reply *reply, struct wire *wire)
{
    const struct http_field *known = http_head_field(&req->head, "If-None-Match");

    if (reply->status / 100 != 2 || !reply->type)
        return;
    wire->etag_len = etag_make(&req->gw->keys.tags, reply->version, reply->body, reply->len,
                               wire->etag, sizeof(wire->etag) - 4);
    if (known && wire->etag_len && reply->status == 200 && req_is_safe(req) &&
        etag_matches(known->value, wire->etag, wire->etag_len))
        wire->status = 304;
}

static void account(struct req *req, int status, size_t sent)
{
    req->status = status;
    req->sent = sent;
    access_note(req);
}

/* A page may be gone back to, with what was typed in it; signing out clears it (S5). */
static const char *cache_rule(const struct reply *reply)
{
    if (reply->cacheable)
        return "public, no-cache";
    return reply->type && str_starts(reply->type, "text/html") ? "private, no-cache" : "no-store";
}

static void send_wire(struct req *req, const struct reply *reply, const struct wire *wire)
{
    char head[RESPONSE_HEAD_MAX + 1];
    bool bare = wire->status == 304 || !reply->type;
    struct response_head fields = {
        .status = wire->status,
        .date = response_now(&req->gw->clock),
        .type = bare ? NULL : reply->type,
        .length = bare ? 0 : wire->len,
        .etag = wire->etag_len ? wire->etag : NULL,
        .cache = wire->kept ? cache_keeping(wire->kept->key) : cache_rule(reply),
        .encoding = wire->encoded && !bare ? "gzip" : NULL,
        .vary = reply->compress ? response_vary(reply->type) : NULL,
        .rid = req->rid,
        .extra = req->extra.data,
        .extra_len = req->extra.len,
    };
    const char *tail = response_tail(conn_keeps(req->conn), req->head.minor == 0);
    size_t tail_len = strlen(tail);
    size_t len = response_head_write(head, sizeof(head) - tail_len - 1, &fields);
    struct conn_answer answer = {
        .head = head, .head_len = len + tail_len, .body = wire->body, .body_len = wire->len
    };

    memcpy(head + len, tail, tail_len + 1);
    if (bare || req->head_only)
        answer.body_len = 0;
    if (wire->packed) {
        answer.release = free;
        answer.arg = wire->packed;
    } else if (wire->kept) {
        wire->kept->refs++;
        answer.release = cache_release;
        answer.arg = wire->kept;
        answer.shared = true;
    }
    account(req, wire->status, answer.body_len);
    conn_send(req->conn, &answer);
}

void reply_stream(struct req *req, const char *type, const struct conn_stream *stream)
{
    char head[RESPONSE_HEAD_MAX + 1];
    bool http10 = req->head.minor == 0;
    struct response_head fields = {
        .status = 200,
        .date = response_now(&req->gw->clock),
        .type = type,
        .endless = true,
        .http10 = http10,
        .cache = "no-store",
        .rid = req->rid,
        .extra = req->extra.data,
        .extra_len = req->extra.len,
    };
    const char *tail = response_tail(req->head_only && conn_keeps(req->conn), http10);
    size_t tail_len = strlen(tail);
    size_t len = response_head_write(head, sizeof(head) - tail_len - 1, &fields);

    if (req->answered || req->gone) {
        if (stream)
            stream->on_end(stream->arg);
        return;
    }
    req->answered = true;
    memcpy(head + len, tail, tail_len + 1);
    account(req, 200, 0);
    if (req->head_only)
        conn_send(req->conn, &(struct conn_answer){ .head = head, .head_len = len + tail_len });
    else
        conn_stream_begin(req->conn, head, len + tail_len, stream);
}

void reply_send(struct req *req, const struct reply *reply)
{
    struct wire wire = { .body = reply->body, .len = reply->len, .status = reply->status };

    if (req->answered || req->gone || page_take(req, reply))
        return;
    req->answered = true;
    tag(req, reply, &wire);
    if (wire.status != 304 && !req->head_only)
        pack(req, reply, &wire);
    send_wire(req, reply, &wire);
}

void reply_json(struct req *req, int status, const char *body, size_t len)
{
    reply_send(req,
               &(struct reply){ .status = status, .type = JSON_TYPE, .body = body, .len = len });
}

void reply_json_t(struct req *req, int status, const json_t *body)
{
    const char *text = json_text(&req->arena, body);

    if (text)
        reply_json(req, status, text, strlen(text));
    else
        req_refuse(req, "internal", NULL);
}

void reply_text(struct req *req, int status, const char *type, const char *body, size_t len)
{
    reply_send(req, &(struct reply){ .status = status, .type = type, .body = body, .len = len });
}

void reply_empty(struct req *req, int status)
{
    reply_send(req, &(struct reply){ .status = status });
}

/* The entry's head lacks this request's own lines, so it is written afresh; the bytes of the body,
 * packed or not, are the entry's. */
void reply_kept(struct req *req, struct cache_entry *entry)
{
    const struct http_field *known = http_head_field(&req->head, "If-None-Match");
    const struct http_field *accept = http_head_field(&req->head, "Accept-Encoding");
    bool packed = accept && gzip_accepted(accept->value) && cache_pack(req->gw->cache, entry);
    const struct cache_form *form = &entry->form[packed ? CACHE_GZIP : CACHE_PLAIN];
    struct reply reply = {
        .status = 200, .type = entry->type, .cacheable = true, .compress = true
    };
    struct wire wire = { .body = form->body,
                         .len = form->body_len,
                         .status = 200,
                         .etag_len = entry->etag_len,
                         .kept = entry,
                         .encoded = packed };

    if (req->answered || req->gone)
        return;
    req->answered = true;
    memcpy(wire.etag, entry->etag, entry->etag_len + 1);
    if (known && etag_matches(known->value, entry->etag, entry->etag_len))
        wire.status = 304;
    else if (packed)
        memcpy(wire.etag + wire.etag_len - 1, "-gz\"", 5);
    send_wire(req, &reply, &wire);
}

/* A file: columns text, media, filename. */
static void reply_file(struct req *req, const struct sql_result *row)
{
    const char *name = sql_get(row, "filename"), *media = sql_get(row, "media");
    struct buf line;

    buf_init(&line, 2048);
    if (name) {
        /* RFC 6266: the name in UTF-8, percent-encoded; nothing else is understood alike. */
        buf_adds(&line, "attachment; filename*=UTF-8''");
        buf_add_percent(&line, name, strlen(name), ".-_");
        if (!line.failed)
            reply_header(req, "Content-Disposition", line.data);
    }
    buf_release(&line);
    reply_send(req, &(struct reply){ .status = 200,
                                     .type = media ? media : "text/csv; charset=utf-8",
                                     .body = sql_get(row, "text"),
                                     .len = sql_len(row, "text"),
                                     .compress = true });
}

void reply_answer(struct req *req, const struct sql_result *row)
{
    const char *status = sql_get(row, "status"), *location = sql_get(row, "location");
    struct reply reply = { .status = 200, .type = JSON_TYPE, .compress = true };
    long number;

    if (req->route && req->route->flags & ROUTE_TEXT) {
        reply_file(req, row);
        return;
    }
    if (status && str_to_long(status, 200, 299, &number) == 0)
        reply.status = (int)number;
    reply.body = sql_get(row, "body");
    reply.len = sql_len(row, "body");
    reply.version = sql_get(row, "version");
    reply.cacheable = req->route && req->route->flags & ROUTE_CACHED;
    if (location)
        reply_header(req, "Location", location);
    if (!reply.body && req_is_safe(req)) {
        req_refuse(req, "not_found", NULL);
        return;
    }
    if (!reply.body) {
        reply.status = reply.status == 200 ? 204 : reply.status;
        reply.type = NULL;
        reply.len = 0;
    }
    reply_send(req, &reply);
}

/* --- problems -------------------------------------------------------------------------------- */

static void add_errors(struct req *req, struct buf *out, const json_t *errors)
{
    bool zh = strcmp(req->lang, "zh") == 0;
    const char *message;
    size_t i;
    json_t *error;

    buf_adds(out, ",\"errors\":[");
    json_array_foreach(errors, i, error)
    {
        message = form_error_text(&req->arena, error, zh);
        if (i > 0)
            buf_addc(out, ',');
        if (message && json_is_object(error))
            json_object_set_new(error, "message", json_string(message));
        json_text_add(out, error);
    }
    buf_addc(out, ']');
}

/* The parameters that are not members of their own. */
static void add_params(struct buf *out, const json_t *params)
{
    bool first = true;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)params, name, value)
    {
        if (strcmp(name, "errors") == 0)
            continue;
        buf_adds(out, first ? ",\"params\":{" : ",");
        first = false;
        buf_add_json(out, name, strlen(name));
        buf_addc(out, ':');
        json_text_add(out, value);
    }
    if (!first)
        buf_addc(out, '}');
}

static void write_problem(struct req *req, struct buf *out, const struct problem *problem,
                          const json_t *params)
{
    const json_t *errors = json_object_get(params, "errors");
    bool zh = strcmp(req->lang, "zh") == 0;
    struct buf title;

    buf_init(&title, 8192);
    problem_sentence(&title, zh ? problem->zh : problem->en, params);
    buf_addf(out, "{\"type\":\"/problems/%s\",\"title\":", problem->slug);
    buf_add_json(out, title.data, title.len);
    buf_addf(out, ",\"status\":%d,\"detail\":", problem->status);
    buf_clear(&title);
    problem_sentence(&title, zh ? problem->en : problem->zh, params);
    buf_add_json(out, title.data, title.len);
    buf_addf(out, ",\"instance\":\"urn:uuid:%s\"", req->rid);
    buf_release(&title);
    if (json_is_array(errors) && json_array_size(errors) > 0)
        add_errors(req, out, errors);
    add_params(out, params);
    buf_addc(out, '}');
}

static void add_retry_after(struct req *req, const struct problem *problem, const json_t *params)
{
    long long seconds = json_integer_value(json_object_get(params, "retry_after"));
    char text[24];

    if (seconds <= 0 && problem->status == 503)
        seconds = 1;
    if (seconds <= 0)
        return;
    snprintf(text, sizeof(text), "%lld", seconds);
    reply_header(req, "Retry-After", text);
}

int req_refuse(struct req *req, const char *slug, const json_t *params)
{
    const struct problem *problem = problem_find(slug);
    struct buf out;

    if (!problem) {
        log_error(req->gw->log, "unknown problem", LOG_S("slug", slug), LOG_S("rid", req->rid));
        return req_refuse(req, "internal", NULL); /* test_problem.c: that one is there */
    }
    buf_init(&out, 1u << 20);
    write_problem(req, &out, problem, params);
    add_retry_after(req, problem, params);
    if (problem->status == 401)
        reply_header(req, "WWW-Authenticate", "Bearer realm=\"jiebang\"");
    reply_header(req, "Content-Language", req->lang);
    if (out.failed)
        reply_empty(req, 500);
    else
        reply_send(req, &(struct reply){ .status = problem->status,
                                         .type = PROBLEM_TYPE,
                                         .body = out.data,
                                         .len = out.len });
    buf_release(&out);
    return -1;
}

int req_refuse_with(struct req *req, const char *slug, const char *name, const char *value)
{
    json_t *params = json_pack("{s:s}", name, value);
    int rc = req_refuse(req, slug, params);

    json_decref(params);
    return rc;
}

static void reply_refused(struct req *req, const struct sql_result *result)
{
    json_t *params = NULL;

    if (result->detail)
        params = json_loads(result->detail, 0, NULL);
    req_refuse(req, result->slug ? result->slug : "internal", params);
    json_decref(params);
}

void reply_no_row(struct req *req, const struct sql_result *result)
{
    switch (result->outcome) {
    case SQL_REFUSED:
        reply_refused(req, result);
        break;
    case SQL_EMPTY:
        req_refuse(req, "not_found", NULL);
        break;
    case SQL_BUSY:
        req_refuse(req, "busy", NULL);
        break;
    case SQL_DOWN:
        req_refuse(req, req_is_safe(req) ? "unavailable" : "outcome_unknown", NULL);
        break;
    default:
        log_error(req->gw->log, "statement failed", LOG_S("rid", req->rid),
                  LOG_S("route", req->route ? req->route->path : NULL),
                  LOG_S("sqlstate", result->sqlstate), LOG_S("message", result->message));
        req_refuse(req, "internal", NULL);
    }
}
