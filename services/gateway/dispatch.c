/* dispatch.c - see dispatch.h. */
#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "body.h"
#include "checks.h"
#include "flows/flow.h"
#include "gateway.h"
#include "log.h"
#include "pages/page.h"
#include "public.h"
#include "reply.h"
#include "req.h"
#include "router.h"

/* --- the statement ---------------------------------------------------------------------------- */

static void on_row(void *arg, const struct sql_result *result)
{
    struct req *req = arg;

    req->call = NULL;
    if (result->outcome == SQL_ROW)
        reply_answer(req, result);
    else
        reply_no_row(req, result);
}

static void run_statement(struct req *req)
{
    const struct sql_stmt *stmt = router_stmt(req->gw->router, req->route_index);
    struct sql_args args = { 0 };

    if (args_bind(req, req->route->args, &args) < 0) {
        req_refuse(req, "internal", NULL);
        return;
    }
    req->call = sql_pool_run(req->gw->pool, stmt, &args, on_row, req);
    if (!req->call)
        req_refuse(req, "busy", NULL);
}

void dispatch_run(struct req *req)
{
    if (body_check(req) == 0 && !page_before_act(req))
        dispatch_act(req);
}

void dispatch_act(struct req *req)
{
    if (req->route->flow)
        flow_start(req, req->route->flow);
    else if (req->route->flags & ROUTE_CACHED && req->gw->conf.cache_mb > 0)
        public_run(req);
    else
        run_statement(req);
}

/* --- what the connections say ----------------------------------------------------------------- */

static void on_head(void *ctx, struct conn *conn, const struct http_head *head, const char *bytes,
                    size_t len)
{
    struct gateway *gw = ctx;
    struct req *req;
    uint64_t limit;

    if (public_quick(gw, conn, head))
        return;
    req = req_new(gw, conn, head, bytes, len);
    if (!req) {
        conn_close(conn, "no memory");
        return;
    }
    conn_wait(conn, req);
    if (checks_head(req) < 0 || body_expect(req, &limit) < 0)
        return;
    if (limit > 0)
        conn_want_body(conn, req, &req->head, limit);
    else
        dispatch_run(req);
}

static int on_body(void *exchange, struct span data)
{
    struct req *req = exchange;

    struct gateway *gw = req->gw;

    if (gw->body_bytes + data.len > (size_t)gw->conf.bodies_mb << 20)
        return req_refuse(req, "busy", NULL);
    buf_add(&req->raw, data.at, data.len);
    if (req->raw.failed)
        return req_refuse(req, "internal", NULL);
    gw->body_bytes += data.len;
    return 0;
}

static void on_body_end(void *exchange)
{
    dispatch_run(exchange);
}

/* The problem of a message that cannot be read: the first row with its error or its status. */
static const char *slug_of(enum http_error error)
{
    static const struct {
        enum http_error error; /* HTTP_OK: any */
        int status;
        const char *slug;
    } slugs[] = {
        { HTTP_ERR_METHOD_TOO_LONG, 501, "method_unknown" },
        { HTTP_OK, 400, "bad_request" },
        { HTTP_OK, 408, "too_slow" },
        { HTTP_OK, 413, "body_too_large" },
        { HTTP_OK, 414, "target_too_long" },
        { HTTP_OK, 417, "expectation_failed" },
        { HTTP_OK, 431, "head_too_large" },
        { HTTP_OK, 501, "transfer_coding_unknown" },
        { HTTP_OK, 505, "http_version_unknown" },
    };

    for (size_t i = 0; i < COUNT_OF(slugs); i++)
        if (slugs[i].error == error ||
            (slugs[i].error == HTTP_OK && slugs[i].status == http_error_status(error)))
            return slugs[i].slug;
    return "bad_request";
}

static void on_bad(void *ctx, struct conn *conn, void *exchange, enum http_error error)
{
    struct gateway *gw = ctx;
    struct req *req = exchange;

    if (!req) {
        req = req_new(gw, conn, NULL, NULL, 0);
        if (!req) {
            conn_close(conn, "no memory");
            return;
        }
        req->secure = conn_secure(conn);
        req->head.minor = 1;
        conn_wait(conn, req);
    }
    req_refuse_with(req, slug_of(error), "why", http_error_text(error));
}

static void on_end(void *exchange, bool gone)
{
    req_end(exchange, gone);
}

void dispatch_app(struct gateway *gw, struct http_app *ret)
{
    *ret = (struct http_app){ gw, on_head, on_body, on_body_end, on_bad, on_end };
}
