/* req.c - see req.h. */
#include "req.h"

#include <stdlib.h>
#include <string.h>

#include "auth/credential.h"
#include "clock.h"
#include "crypto.h"
#include "gateway.h"
#include "http/conn.h"
#include "json_text.h"
#include "match.h"
#include "pages/page.h"
#include "public.h"
#include "str.h"

#define ARENA_MAX (64u << 20)
#define EXTRA_MAX 4096

static void move_span(struct span *span, const char *from, const char *to)
{
    if (span->at)
        span->at = to + (span->at - from);
}

/* The connection's input goes away; the head keeps pointing into our copy of it. */
static void move_head(struct http_head *head, const char *from, const char *to)
{
    struct span *spans[] = { &head->method, &head->target, &head->path, &head->query, &head->host };

    for (size_t i = 0; i < COUNT_OF(spans); i++)
        move_span(spans[i], from, to);
    for (int i = 0; i < head->n_fields; i++) {
        move_span(&head->fields[i].name, from, to);
        move_span(&head->fields[i].value, from, to);
    }
}

static void copy_head(struct http_head *to, const struct http_head *from)
{
    struct http_field *fields = to->fields;

    /* Only the fields in use: the whole array is some kilobytes. */
    memcpy(fields, from->fields, (size_t)from->n_fields * sizeof(*fields));
    to->method = from->method;
    to->target = from->target;
    to->path = from->path;
    to->query = from->query;
    to->host = from->host;
    to->n_fields = from->n_fields;
    to->minor = from->minor;
    to->keep_alive = from->keep_alive;
    to->chunked = from->chunked;
    to->has_length = from->has_length;
    to->expect_continue = from->expect_continue;
    to->content_length = from->content_length;
}

static void req_free(void *thing)
{
    struct req *req = thing;

    arena_release(&req->arena);
    req->gw->body_bytes -= req->raw.len;
    if (req->raw.len > 0)
        crypto_wipe(req->raw.data, req->raw.len); /* it may have held a password */
    buf_release(&req->raw);
    buf_release(&req->extra);
    crypto_wipe(req->session, sizeof(req->session));
    free(req);
}

/* The process's prefix and twelve hex digits that count. */
static void name_request(struct gateway *gw, char ret_rid[REQ_RID_MAX])
{
    unsigned char count[6];
    uint64_t number = gw->rid_next++;
    size_t len = strlen(gw->rid_prefix);

    for (size_t i = 0; i < sizeof(count); i++)
        count[i] = (unsigned char)(number >> (40 - 8 * i));
    memcpy(ret_rid, gw->rid_prefix, len);
    crypto_hex(count, sizeof(count), ret_rid + len);
}

struct req *req_new(struct gateway *gw, struct conn *conn, const struct http_head *head,
                    const char *bytes, size_t len)
{
    struct req *req = calloc(1, sizeof(*req));
    char *copy;

    if (!req)
        return NULL;
    req->gw = gw;
    req->conn = conn;
    req->began_us = clock_us();
    req->arena.limit = ARENA_MAX;
    req->lang = "zh";
    req->ip = conn_ip(conn);
    req->peer = conn_peer(conn);
    buf_init(&req->extra, EXTRA_MAX);
    buf_init(&req->raw, 0);
    name_request(gw, req->rid);
    if (!head)
        return req;
    copy = arena_dup(&req->arena, bytes, len);
    if (!copy) {
        req_free(req);
        return NULL;
    }
    copy_head(&req->head, head);
    move_head(&req->head, bytes, copy);
    return req;
}

void req_end(struct req *req, bool gone)
{
    req->gone = req->gone || gone;
    if (req->call)
        sql_call_detach(req->call);
    if (req->kdf)
        kdf_call_detach(req->kdf);
    if (req->asked)
        match_call_detach(req->asked);
    req->call = NULL;
    req->kdf = NULL;
    req->asked = NULL;
    page_leave(req);
    if (req->flight)
        public_leave(req);
    loop_bury(req->gw->loop, &req->grave, req_free, req);
}

const char *req_header(struct req *req, const char *name)
{
    const struct http_field *field = http_head_field(&req->head, name);

    return field ? arena_dup(&req->arena, field->value.at, field->value.len) : NULL;
}

const char *req_site(struct req *req)
{
    const char *host =
        req->head.host.at ? arena_dup(&req->arena, req->head.host.at, req->head.host.len) : "";

    if (*req->gw->conf.public_url)
        return req->gw->conf.public_url;
    return host ? arena_printf(&req->arena, "http%s://%s", req->secure ? "s" : "", host) : NULL;
}

/* Cookie: a=b; c=d */
const char *req_cookie(struct req *req, const char *name)
{
    size_t name_len = strlen(name);
    const char *at = req_header(req, "Cookie");

    while (at && *at) {
        at += strspn(at, " ;");
        size_t len = strcspn(at, ";");
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=')
            return arena_dup(&req->arena, at + name_len + 1, len - name_len - 1);
        at += len;
    }
    return NULL;
}

bool req_is(const struct req *req, const char *method)
{
    return span_eq(req->head.method, method);
}

bool req_is_safe(const struct req *req)
{
    return req_is(req, "GET") || req_is(req, "HEAD") || req_is(req, "OPTIONS");
}

const char *req_body_text(const struct req *req, const char *name)
{
    return json_string_value(json_object_get(req->body, name));
}

static void on_json_end(void *arg)
{
    json_decref(arg);
}

json_t *req_keep_json(struct req *req, json_t *value)
{
    if (!value || arena_defer(&req->arena, on_json_end, value) < 0)
        return NULL;
    return value;
}

static void add_text(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, ",\"%s\":", name);
    if (value)
        buf_add_json(out, value, strlen(value));
    else
        buf_adds(out, "null");
}

/* What makes a repeated request the same one: method, target and the body's bytes. Keyed, because
 * it is kept in the database and a body may hold a password. */
static const char *fingerprint(struct req *req)
{
    const struct keys *keys = &req->gw->keys;
    struct span parts[] = {
        req->head.method,
        { " ", 1 },
        req->head.target,
        { "\n", 1 },
        { req->raw.data, req->raw.len },
    };
    unsigned char hash[CRYPTO_HASH];
    char *hex = arena_alloc(&req->arena, CRYPTO_HEX(CRYPTO_HASH));

    if (!hex || crypto_sha256_spans(parts, COUNT_OF(parts), hash) < 0 ||
        crypto_hmac_sha256(keys->print, sizeof(keys->print), hash, sizeof(hash), hash) < 0)
        return NULL;
    crypto_hex(hash, sizeof(hash), hex);
    return hex;
}

/* Which roles the route is for; nothing where it is for everybody or whoever has signed in. */
static void add_roles(struct buf *out, const struct route *route)
{
    const char *before = ",\"roles\":[";

    if (!route || route->perm & (PERM_PUBLIC | PERM_SIGNED))
        return;
    for (size_t i = 0; i < n_perm_names; i++) {
        if (!(route->perm & perm_names[i].bit))
            continue;
        buf_addf(out, "%s\"%s\"", before, perm_names[i].name);
        before = ",";
    }
    buf_addc(out, ']');
}

const char *req_context(struct req *req)
{
    struct buf out;
    char *text;

    buf_init(&out, 65536);
    buf_addf(&out, "{\"rid\":\"%s\"", req->rid);
    add_text(&out, "ip", req->ip);
    add_text(&out, "lang", req->lang);
    add_roles(&out, req->route);
    if (!req_is_safe(req)) {
        add_text(&out, "key", req->key);
        add_text(&out, "fp", req->key ? fingerprint(req) : NULL);
        add_text(&out, "agent", req_header(req, "User-Agent"));
    }
    buf_addf(&out, ",\"version\":%s", req->if_version ? req->if_version : "null");
    if (req->query) {
        buf_adds(&out, ",\"query\":");
        json_text_add(&out, req->query);
    }
    buf_addc(&out, '}');
    text = out.failed ? NULL : arena_dup(&req->arena, out.data, out.len);
    buf_release(&out);
    return text;
}
