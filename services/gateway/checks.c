/* checks.c - see checks.h. A check answers and returns -1, or returns 0; the first that answers
 * ends the row. */
#include "checks.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth/credential.h"
#include "clock.h"
#include "gateway.h"
#include "http/conn.h"
#include "http/peers.h"
#include "pages/page.h"
#include "reply.h"
#include "req.h"
#include "router.h"
#include "static.h"
#include "str.h"

#define BURST_SECONDS 5

/* --- who is on the line ---------------------------------------------------------------------- */

/* The last address that our own proxy has seen: the ones before it are hearsay. */
static int check_proxy(struct req *req)
{
    const char *forwarded, *comma, *proto;
    struct peer *peer;

    if (!name_list_has(&req->gw->proxies, req->ip, strlen(req->ip)))
        return 0;
    proto = req_header(req, "X-Forwarded-Proto");
    req->secure = req->secure || (proto && strcmp(proto, "https") == 0);
    forwarded = req_header(req, "X-Forwarded-For");
    if (!forwarded)
        return 0;
    comma = strrchr(forwarded, ',');
    if (comma)
        forwarded = comma + 1;
    forwarded += strspn(forwarded, " ");
    peer = peers_get_text(req->gw->peers, forwarded);
    if (peer) {
        req->peer = peer;
        req->ip = forwarded;
    }
    return 0;
}

static struct span without_port(struct span host)
{
    const char *colon;

    if (host.len && host.at[0] == '[') {
        const char *close = memchr(host.at, ']', host.len);
        return close ? (struct span){ host.at, (size_t)(close - host.at) + 1 } : host;
    }
    colon = memchr(host.at, ':', host.len);
    return colon ? (struct span){ host.at, (size_t)(colon - host.at) } : host;
}

bool checks_host(const struct gateway *gw, const struct http_head *head)
{
    static const char *const always[] = { "localhost", "127.0.0.1", "[::1]" };
    struct span host = without_port(head->host);

    if (head->minor == 0 && host.len == 0)
        return true; /* HTTP/1.0 knows no Host; nothing of ours is made from it */
    for (size_t i = 0; i < COUNT_OF(always); i++)
        if (span_eq_nocase(host, always[i]))
            return true;
    return name_list_has(&gw->hosts, host.at, host.len);
}

bool checks_rate(const struct gateway *gw, struct peer *peer, int *ret_wait)
{
    double rate = (double)gw->conf.ip_requests;

    /* This machine's own tools and its proxy are not counted. */
    if (peer->loopback || rate <= 0)
        return true;
    return bucket_take(&peer->requests, rate, rate * BURST_SECONDS, clock_ms(), ret_wait);
}

static int check_host(struct req *req)
{
    return checks_host(req->gw, &req->head) ? 0 : req_refuse(req, "bad_host", NULL);
}

static int check_rate(struct req *req)
{
    int wait = 0;
    json_t *params;

    if (checks_rate(req->gw, req->peer, &wait))
        return 0;
    params = json_pack("{s:i}", "retry_after", wait);
    req_refuse(req, "too_many_requests", params);
    json_decref(params);
    return -1;
}

/* --- which language -------------------------------------------------------------------------- */

/* The weight of a language in Accept-Language, -1 when it is not named. */
static double weight_of(const char *accept, const char *lang)
{
    double best = -1;

    for (const char *at = accept; *at; at += strcspn(at, ",")) {
        at += strspn(at, " ,");
        const char *q = strstr(at, ";q=");
        size_t len = strcspn(at, ",");
        double weight = q && q < at + len ? strtod(q + 3, NULL) : 1.0;
        if (strncasecmp(at, lang, 2) == 0 && strchr("-;, ", at[2]) && weight > best)
            best = weight;
        if (!*at)
            break;
    }
    return best;
}

bool checks_prefers_english(const char *accept)
{
    return weight_of(accept, "en") > weight_of(accept, "zh");
}

static int check_language(struct req *req)
{
    const char *accept = req_header(req, "Accept-Language");

    if (accept && checks_prefers_english(accept))
        req->lang = "en";
    return 0;
}

/* --- which route ----------------------------------------------------------------------------- */

static int refuse_method(struct req *req, unsigned methods, const char *slug)
{
    char allow[80];

    router_allow(methods, allow, sizeof(allow));
    reply_header(req, "Allow", allow);
    if (!slug) {
        reply_empty(req, 204);
        return -1;
    }
    return req_refuse(req, slug, NULL);
}

/* No route has this path and method. */
static int refuse_path(struct req *req, unsigned methods)
{
    if (methods && req_is(req, "OPTIONS"))
        return refuse_method(req, methods, NULL);
    if (methods || req_is(req, "TRACE"))
        return refuse_method(req, methods, "method_not_allowed");
    if ((req_is(req, "GET") || req->head_only) && static_serve(req))
        return -1;
    return req_refuse(req, "not_found", NULL);
}

static int check_method(struct req *req)
{
    struct span method = req->head.method;

    if (span_eq(method, "CONNECT"))
        return refuse_method(req, 0, "method_not_allowed");
    if (!span_eq(method, "TRACE") && !router_method_known(method))
        return req_refuse(req, "method_unknown", NULL);
    if (!span_eq(req->head.target, "*"))
        return 0;
    return span_eq(method, "OPTIONS") ? refuse_method(req, ~0u, NULL)
                                      : req_refuse(req, "bad_request", NULL);
}

static int check_route(struct req *req)
{
    struct route_match match = { 0 };

    if (req->route)
        return 0; /* a page */
    if (router_find(req->gw->router, &req->arena, req->head.method, req->head.path, &match) < 0)
        return req_refuse(req, "internal", NULL);
    req->head_only = req_is(req, "HEAD");
    if (!match.route)
        return refuse_path(req, match.methods);
    req->route = match.route;
    req->route_index = match.index;
    req->n_params = match.n_params;
    memcpy(req->params, match.params, sizeof(match.params));
    return 0;
}

/* --- may it knock ----------------------------------------------------------------------------- */

static int check_credential(struct req *req)
{
    if (credential_read(req) < 0)
        return -1;
    if (!(req->route->perm & PERM_PUBLIC) && req->credential == CRED_NONE && !page_defers(req))
        return req_refuse(req, "session_missing", NULL);
    return 0;
}

/* A cookie comes along by itself, so an act under it needs a sign that our own page sent it. */
static int check_browser(struct req *req)
{
    const char *token;

    if (req_is_safe(req))
        return 0;
    if (credential_check_origin(req) < 0)
        return -1;
    if (req->credential != CRED_COOKIE ||
        (req->route->perm & PERM_PUBLIC && !(req->route->args && strchr(req->route->args, 's'))))
        req->csrf_checked = true;
    token = req_header(req, "X-CSRF-Token");
    if (!req->csrf_checked && token)
        return credential_check_csrf(req, token);
    return 0; /* else the form's field is looked at when the body is here */
}

static bool is_uuid_text(const char *text)
{
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (!text[i] || (dash ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i])))
            return false;
    }
    return text[36] == '\0';
}

static int check_key(struct req *req)
{
    const char *key = req_header(req, "Idempotency-Key");

    if (!key)
        key = req->key; /* of a form's action */
    if (key && !is_uuid_text(key))
        return req_refuse(req, "bad_key", NULL);
    req->key = key;
    if (!key && req_is(req, "POST") && !(req->route->flags & ROUTE_NO_KEY))
        return req_refuse(req, "no_key", NULL);
    return 0;
}

/* If-Match: "7", "7-<hash>", W/"7-..." or *: the version that the client has seen. */
static int check_version(struct req *req)
{
    const char *match = req_header(req, "If-Match");
    size_t digits;

    if (!match || strcmp(match, "*") == 0)
        return 0;
    if (strncmp(match, "W/", 2) == 0)
        match += 2;
    match += *match == '"';
    digits = strspn(match, "0123456789");
    if (digits == 0 || digits > 9 || !match[digits] || !strchr("\"-", match[digits]))
        return req_refuse(req, "bad_version", NULL);
    /* 007 would not be JSON */
    while (digits > 1 && *match == '0')
        match++, digits--;
    req->if_version = arena_dup(&req->arena, match, digits);
    return 0;
}

int checks_head(struct req *req)
{
    static int (*const checks[])(struct req *) = {
        check_proxy, check_language,   check_host,    check_rate, page_check_face, check_method,
        check_route, check_credential, check_browser, check_key,  check_version,
    };

    req->secure = conn_secure(req->conn);
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        if (checks[i](req) < 0)
            return -1;
    return 0;
}
