/* live.c - GET /live: whose stream is it, and is there room? Then live.h has it. */
#include "live.h"

#include "flows/flow.h"
#include "flows/flows.h"
#include "flows/stmts.h"
#include "gateway.h"
#include "str.h"

#define LATER_S 60

static enum flow_next refuse_later(struct req *req, const char *slug)
{
    json_t *params = json_pack("{s:i}", "retry_after", LATER_S);

    req_refuse(req, slug, params);
    json_decref(params);
    return FLOW_DONE;
}

static enum flow_next live_who(struct req *req)
{
    struct live_who *who = arena_alloc(&req->arena, sizeof(*who));
    struct sql_args args = { 0 };

    if (live_room(req->gw->live, NULL) != LIVE_ROOM)
        return refuse_later(req, "busy");
    if (!who)
        return flow_refuse(req, "internal");
    *who = (struct live_who){ .endings = live_endings(req->gw->live) };
    req->self = who;
    sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_live_open, &args);
}

static enum flow_next live_wait(struct req *req)
{
    struct live_who *who = req->self;
    const char *left = sql_get(&req->row, "left_s");

    who->person = sql_get(&req->row, "person");
    who->unread = sql_get(&req->row, "unread");
    if (!left || !who->person || !who->unread || str_to_long(left, 1, 1L << 30, &who->left_s) < 0)
        return flow_refuse(req, "session_expired");
    switch (live_room(req->gw->live, who->person)) {
    case LIVE_FULL:
        return refuse_later(req, "busy");
    case LIVE_FULL_PERSON:
        return refuse_later(req, "too_many_streams");
    default:
        live_begin(req->gw->live, req, who);
    }
    return FLOW_DONE;
}

const struct flow_step flow_live[] = {
    FLOW_STEP(live_who),
    FLOW_STEP(live_wait),
    FLOW_END,
};
