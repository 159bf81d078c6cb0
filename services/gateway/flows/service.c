/* service.c - what operators and programs ask of the process itself. */
#include <string.h>

#include "buf.h"
#include "flows/flow.h"
#include "flows/flows.h"
#include "gateway.h"
#include "http/cache.h"
#include "http/peers.h"
#include "http/server.h"
#include "http/tls.h"
#include "json_text.h"
#include "live.h"
#include "match.h"
#include "metrics.h"
#include "problem.h"

/* --- GET /healthz, /readyz -------------------------------------------------------------------- */

static enum flow_next health_reply(struct req *req)
{
    reply_json(req, 200, "{\"status\":\"ok\"}", 15);
    return FLOW_DONE;
}

const struct flow_step flow_health[] = { FLOW_STEP(health_reply), FLOW_END };

static enum flow_next ready_reply(struct req *req)
{
    struct gateway *gw = req->gw;

    if (!sql_pool_ready(gw->pool) || !gw->nobody_hash[0] || http_server_stopping(gw->server))
        return flow_refuse(req, "unavailable");
    reply_json(req, 200, "{\"status\":\"ready\"}", 18);
    return FLOW_DONE;
}

const struct flow_step flow_ready[] = { FLOW_STEP(ready_reply), FLOW_END };

/* --- GET /metrics ----------------------------------------------------------------------------- */

struct gauge {
    const char *name;
    const char *help;
    double value;
};

static void add_gauges(struct buf *out, const struct gauge *gauges, size_t n, const char *kind)
{
    for (size_t i = 0; i < n; i++)
        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", gauges[i].name, gauges[i].help,
                 gauges[i].name, kind, gauges[i].name, gauges[i].value);
}

/* Numbers that others count already are read when they are asked for. */
static void add_process(struct gateway *gw, struct buf *out)
{
    struct http_server_stats http;
    struct sql_pool_stats sql;
    struct cache_stats cache;
    struct match_state match;
    struct live_stats live;

    http_server_stats(gw->server, &http);
    sql_pool_stats(gw->pool, &sql);
    cache_stats(gw->cache, &cache);
    match_state(gw->match, &match);
    live_stats(gw->live, &live);
    const struct gauge gauges[] = {
        { "jb_connections", "open client connections", (double)http.connections },
        { "jb_requests_waiting", "requests that wait for the database", (double)http.waiting },
        { "jb_answers_writing", "answers that clients have yet to take", (double)http.writing },
        { "jb_output_bytes", "memory of answers that clients have yet to take", (double)http.held },
        { "jb_peers", "addresses remembered", (double)peers_count(gw->peers) },
        { "jb_sql_connections", "database connections", sql.connections },
        { "jb_sql_busy", "database connections at work", sql.busy },
        { "jb_sql_queued", "statements that wait for a connection", sql.queued },
        { "jb_kdf_waiting", "password checks that wait", kdf_waiting(gw->kdf) },
        { "jb_cache_entries", "public answers kept", (double)cache.entries },
        { "jb_cache_bytes", "memory of the public answers", (double)cache.bytes },
        { "jb_loop_lag_seconds", "the longest delay of a timer since the last question",
          (double)loop_take_lag_us(gw->loop) / 1e6 },
        { "jb_live_streams", "browsers that wait for news of their desk", (double)live.streams },
        { "jb_match_up", "1: the match engine answers", match.up },
        { "jb_match_items", "records in the match engine", (double)match.items },
        { "jb_match_behind_seconds", "since the engine last had all that the database has",
          match.behind_s },
        { "jb_certificate_days", "days until the certificate ends",
          gw->tls ? tls_days_left(gw->tls) : 0 },
    };
    const struct gauge counters[] = {
        { "jb_accepted_total", "connections accepted", (double)http.accepted },
        { "jb_evicted_total", "idle connections closed for new ones", (double)http.evicted },
        { "jb_connections_refused_total", "connections refused", (double)http.refused },
        { "jb_timeouts_total", "connections ended by a deadline", (double)http.timeouts },
        { "jb_listener_pauses_total", "times without a descriptor left", (double)http.pauses },
        { "jb_sql_calls_total", "statements", (double)sql.calls },
        { "jb_sql_batches_total", "batches of shared reads", (double)sql.batches },
        { "jb_sql_errors_total", "statements that failed", (double)sql.errors },
        { "jb_sql_reconnects_total", "database connections made anew", (double)sql.reconnects },
        { "jb_sql_refused_total", "statements refused because the queue was full",
          (double)sql.busy_refusals },
        { "jb_match_asked_total", "questions for the match engine", (double)match.asked },
        { "jb_match_answered_total", "of them answered", (double)match.answered },
        { "jb_match_late_total", "of them not answered in time", (double)match.late },
        { "jb_match_away_total", "of them not sent: the engine was away or overloaded",
          (double)match.refused },
        { "jb_match_lost_total", "times the engine was lost", (double)match.lost },
        { "jb_live_opened_total", "streams of GET /live", (double)live.opened },
        { "jb_live_events_total", "news told to them", (double)live.events },
        { "jb_live_checks_total", "times one was asked whether its session lives",
          (double)live.checks },
        { "jb_cache_clears_total", "times the public answers were dropped", (double)cache.clears },
    };

    add_gauges(out, gauges, COUNT_OF(gauges), "gauge");
    add_gauges(out, counters, COUNT_OF(counters), "counter");
}

/* Numbers tell about the business of the house: this machine and named addresses only. A request
 * that came through a proxy we do not know is not from this machine. */
static bool may_see_metrics(struct req *req)
{
    if (name_list_has(&req->gw->metrics_from, req->ip, strlen(req->ip)))
        return true;
    return req->peer->loopback && !req_header(req, "X-Forwarded-For");
}

static enum flow_next metrics_reply(struct req *req)
{
    struct buf out;

    if (!may_see_metrics(req))
        return flow_refuse(req, "not_found");
    buf_init(&out, 8u << 20);
    metrics_write(req->gw->metrics, &out);
    add_process(req->gw, &out);
    if (out.failed)
        req_refuse(req, "internal", NULL);
    else
        reply_text(req, 200, "text/plain; version=0.0.4; charset=utf-8", out.data, out.len);
    buf_release(&out);
    return FLOW_DONE;
}

const struct flow_step flow_metrics[] = { FLOW_STEP(metrics_reply), FLOW_END };

/* --- GET /problems/{slug} --------------------------------------------------------------------- */

static enum flow_next problem_reply(struct req *req)
{
    const struct problem *problem = problem_find(req->params[0]);
    json_t *body;

    if (!problem)
        return flow_refuse(req, "not_found");
    body = req_keep_json(req, json_pack("{s:s+,s:s,s:i,s:s,s:s}", "type", "/problems/",
                                        problem->slug, "slug", problem->slug, "status",
                                        problem->status, "zh", problem->zh, "en", problem->en));
    if (body)
        reply_json_t(req, 200, body);
    else
        req_refuse(req, "internal", NULL);
    return FLOW_DONE;
}

const struct flow_step flow_problem[] = { FLOW_STEP(problem_reply), FLOW_END };
