/* public.c - see public.h. */
#include "public.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "args.h"
#include "checks.h"
#include "clock.h"
#include "gateway.h"
#include "http/cache.h"
#include "http/conn.h"
#include "http/gzip.h"
#include "http/response.h"
#include "metrics.h"
#include "pages/page.h"
#include "pages/page_cache.h"
#include "pages/site.h"
#include "reply.h"
#include "req.h"
#include "router.h"
#include "str.h"

/* --- hits ------------------------------------------------------------------------------------- */

/* The few headers that matter to a kept answer, found in one pass. */
struct wants {
    struct span accept_encoding;
    struct span if_none_match;
    bool html;      /* a browser */
    bool forwarded; /* a proxy speaks: who asks has to be found out first */
};

static struct wants look(const struct http_head *head)
{
    struct wants wants = { 0 };

    for (int i = 0; i < head->n_fields; i++) {
        const struct http_field *field = &head->fields[i];

        if (field->name.len == 15 && span_eq_nocase(field->name, "Accept-Encoding"))
            wants.accept_encoding = field->value;
        else if (field->name.len == 13 && span_eq_nocase(field->name, "If-None-Match"))
            wants.if_none_match = field->value;
        else if (field->name.len == 6 && span_eq_nocase(field->name, "Accept"))
            wants.html = page_is_wanted(field->value);
        else if (field->name.len == 15 && span_eq_nocase(field->name, "X-Forwarded-For"))
            wants.forwarded = true;
    }
    return wants;
}

static enum cache_variant choose(struct cache *cache, struct cache_entry *entry,
                                 const struct wants *wants)
{
    if (wants->if_none_match.len &&
        etag_matches(wants->if_none_match, entry->etag, entry->etag_len))
        return CACHE_SAME;
    if (gzip_accepted(wants->accept_encoding) && cache_pack(cache, entry))
        return CACHE_GZIP;
    return CACHE_PLAIN;
}

static void send_entry(struct gateway *gw, struct conn *conn, const struct http_head *head,
                       struct cache_entry *entry, enum cache_variant variant)
{
    const struct cache_form *form = &entry->form[variant];
    const char *tail = response_tail(conn_keeps(conn), head->minor == 0);
    size_t tail_len = strlen(tail);
    char bytes[RESPONSE_HEAD_MAX + 64];
    struct conn_answer answer = { .head = bytes, .head_len = form->head_len + tail_len };

    cache_touch(gw->cache, entry, variant);
    memcpy(bytes, form->head, form->head_len);
    memcpy(bytes + form->head_len, tail, tail_len + 1);
    if (head->method.len == 3 && form->body_len > 0) { /* GET, not HEAD */
        answer.body = form->body;
        answer.body_len = form->body_len;
        answer.release = cache_release;
        answer.arg = entry;
        answer.shared = true;
        entry->refs++;
    }
    conn_send(conn, &answer);
}

/* A document is kept under its target; a page under a key of its own. */
static struct cache_entry *find(struct gateway *gw, const struct http_head *head,
                                const struct wants *wants)
{
    char key[1024];
    size_t len;

    if (!wants->html || !gw->site)
        return cache_find(gw->cache, head->target);
    len = page_cache_key(head, key, sizeof(key));
    return len > 0 ? cache_find(gw->cache, (struct span){ key, len }) : NULL;
}

bool public_quick(struct gateway *gw, struct conn *conn, const struct http_head *head)
{
    struct cache_entry *entry;
    enum cache_variant variant;
    struct wants wants;
    int64_t began = clock_us();
    int wait;

    if ((!span_eq(head->method, "GET") && !span_eq(head->method, "HEAD")) || head->chunked ||
        head->content_length > 0)
        return false;
    wants = look(head);
    entry = find(gw, head, &wants);
    if (!entry)
        return false;
    /* Anything unusual takes the long way, which knows the answer to it. */
    if (wants.forwarded || !checks_host(gw, head) || !checks_rate(gw, conn_peer(conn), &wait))
        return false;
    variant = choose(gw->cache, entry, &wants);
    series_add(gw->counters.cache_hits, 1);
    series_add(variant == CACHE_SAME ? gw->counters.quick_same : gw->counters.quick_ok, 1);
    access_line(gw->access, &(struct access_line){
                                .ip = conn_ip(conn),
                                .method = head->method,
                                .path = head->path,
                                .status = variant == CACHE_SAME ? 304 : 200,
                                .bytes = entry->form[variant].body_len,
                                .us = clock_us() - began,
                                .cached = true,
                            });
    send_entry(gw, conn, head, entry, variant);
    return true;
}

/* --- misses ----------------------------------------------------------------------------------- */

/* One statement and those who wait for its row. The flight has its own arguments: the request that
 * began it may leave before the answer. */
struct cache_flight {
    struct cache_flight *next;
    struct gateway *gw;
    struct arena arena;
    struct loop_grave grave;
    struct span key;
    uint64_t generation;
    struct req *waiting;
};

static void flight_free(void *thing)
{
    struct cache_flight *flight = thing;

    arena_release(&flight->arena);
    free(flight);
}

static void flight_unlink(struct cache_flight *flight)
{
    struct cache_flight **at = &flight->gw->flights;

    while (*at && *at != flight)
        at = &(*at)->next;
    if (*at)
        *at = flight->next;
}

static void answer_all(struct cache_flight *flight, struct cache_entry *entry,
                       const struct sql_result *result)
{
    struct req *req, *next;

    for (req = flight->waiting; req; req = next) {
        next = req->flight_next;
        req->flight = NULL;
        if (entry)
            reply_kept(req, entry);
        else if (result->outcome == SQL_ROW)
            reply_answer(req, result); /* nothing is there, or no memory to keep it */
        else
            reply_no_row(req, result);
    }
    flight->waiting = NULL;
}

static void on_row(void *arg, const struct sql_result *result)
{
    struct cache_flight *flight = arg;
    struct cache_entry *entry = NULL;
    const char *body;

    if (result->outcome == SQL_ROW && (body = sql_get(result, "body")))
        entry = cache_put(flight->gw->cache, flight->generation, flight->key, "application/json",
                          sql_get(result, "version"), body, sql_len(result, "body"));
    flight_unlink(flight);
    answer_all(flight, entry, result);
    if (entry)
        cache_release(entry);
    loop_bury(flight->gw->loop, &flight->grave, flight_free, flight);
}

static int flight_start(struct cache_flight *flight, struct req *req)
{
    const struct sql_stmt *stmt = router_stmt(req->gw->router, req->route_index);
    struct sql_args args = { 0 };

    if (args_bind(req, req->route->args, &args) < 0)
        return -1;
    for (int i = 0; i < args.count; i++)
        if (args.value[i] &&
            !(args.value[i] = arena_dup(&flight->arena, args.value[i], strlen(args.value[i]))))
            return -1;
    return sql_pool_run(req->gw->pool, stmt, &args, on_row, flight) ? 0 : -1;
}

static struct cache_flight *flight_new(struct req *req)
{
    struct gateway *gw = req->gw;
    struct cache_flight *flight = calloc(1, sizeof(*flight));

    if (!flight)
        return NULL;
    flight->gw = gw;
    flight->generation = cache_generation(gw->cache);
    flight->key.at = arena_dup(&flight->arena, req->head.target.at, req->head.target.len);
    flight->key.len = req->head.target.len;
    if (!flight->key.at || flight_start(flight, req) < 0) {
        flight_free(flight);
        return NULL;
    }
    flight->next = gw->flights;
    gw->flights = flight;
    return flight;
}

/* A flight that began before the last announcement may bring the past: it is not joined. */
static struct cache_flight *flight_find(struct gateway *gw, struct span key)
{
    struct cache_flight *flight = gw->flights;

    while (flight && (flight->generation != cache_generation(gw->cache) ||
                      flight->key.len != key.len || memcmp(flight->key.at, key.at, key.len) != 0))
        flight = flight->next;
    return flight;
}

void public_run(struct req *req)
{
    struct cache_entry *entry = cache_find(req->gw->cache, req->head.target);
    struct cache_flight *flight;

    if (entry) {
        reply_kept(req, entry);
        return;
    }
    series_add(req->gw->counters.cache_misses, 1);
    flight = flight_find(req->gw, req->head.target);
    if (!flight)
        flight = flight_new(req);
    if (!flight) {
        req_refuse(req, "busy", NULL);
        return;
    }
    req->flight = flight;
    req->flight_next = flight->waiting;
    flight->waiting = req;
}

void public_leave(struct req *req)
{
    struct req **at = &req->flight->waiting;

    while (*at && *at != req)
        at = &(*at)->flight_next;
    if (*at)
        *at = req->flight_next;
    req->flight = NULL;
}

void public_changed(struct gateway *gw)
{
    cache_clear(gw->cache);
    if (gw->site) {
        json_decref(gw->site->codes);
        gw->site->codes = NULL;
    }
}
