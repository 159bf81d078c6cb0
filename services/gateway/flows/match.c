/* match.c - every route that asks the match engine.
 *
 * what is asked -> the engine -> documents, without what the asker may not see -> reply
 *  (database)      (socket)       (database)
 *
 * A route of MATCH, see routes.c, names its question; api.match_ask makes the engine's question of
 * the request (match_json.h has its form), api.match_tell makes the document of the engine's
 * answer. What match_ask adds as `context` goes along to match_tell. A body of match_ask without
 * `ask` is the reply already. When the engine does not answer, match_tell hears that instead: a
 * match is never a failure. */
#include <string.h>

#include "flows/flow.h"
#include "flows/flows.h"
#include "flows/stmts.h"
#include "gateway.h"
#include "json_text.h"
#include "log.h"
#include "match.h"
#include "match_json.h"

struct matching {
    const char *question; /* as match_ask gave it */
    const char *answer;
};

static void bind_who(struct req *req, struct sql_args *args)
{
    if (req->credential == CRED_NONE)
        sql_text(args, NULL);
    else
        sql_bytes(args, &req->arena, req->session, sizeof(req->session));
    sql_text(args, req_context(req));
    sql_text(args, req->route->question);
}

static enum flow_next match_question(struct req *req)
{
    const json_t *given = req->body ? req->body : req->query;
    struct sql_args args = { 0 };

    req->self = arena_alloc(&req->arena, sizeof(struct matching));
    if (!req->self)
        return flow_refuse(req, "internal");
    bind_who(req, &args);
    sql_text(&args, req->n_params > 0 ? req->params[0] : NULL);
    sql_text(&args, given ? json_text(&req->arena, given) : "{}");
    return flow_sql(req, &stmt_match_ask, &args);
}

static void on_answer(void *arg, const Jb__Response *response, const char *why)
{
    struct req *req = arg;
    struct matching *self = req->self;
    json_t *answer = match_json_answer(response, why);

    req->asked = NULL;
    self->answer = answer ? json_text(&req->arena, answer) : NULL;
    json_decref(answer);
    if (response && response->outcome == JB__OUTCOME__BAD)
        log_error(req->gw->log, "the engine cannot answer this", LOG_S("rid", req->rid),
                  LOG_S("question", req->route->question), LOG_S("why", response->why));
    flow_resume(req);
}

static enum flow_next match_engine(struct req *req)
{
    struct matching *self = req->self;
    Jb__Request *request;
    json_t *question;
    const char *why = "it is no JSON";

    self->question = req->row.rows > 0 ? sql_get(&req->row, "body") : NULL;
    if (!self->question)
        return flow_refuse(req, "not_found");
    question = req_keep_json(req, json_loads(self->question, 0, NULL));
    if (question && !json_object_get(question, "ask")) {
        reply_answer(req, &req->row);
        return FLOW_DONE;
    }
    request = question ? match_json_question(question, &req->arena, &why) : NULL;
    if (!request) {
        log_error(req->gw->log, "the database asks the engine nonsense", LOG_S("rid", req->rid),
                  LOG_S("question", req->route->question), LOG_S("why", why));
        return flow_refuse(req, "internal");
    }
    req->asked = match_ask(req->gw->match, request, on_answer, req);
    return req->asked ? FLOW_PARKED : flow_refuse(req, "busy");
}

static enum flow_next match_documents(struct req *req)
{
    struct matching *self = req->self;
    struct sql_args args = { 0 };

    if (!self->answer)
        return flow_refuse(req, "internal");
    bind_who(req, &args);
    sql_text(&args, self->question);
    sql_text(&args, self->answer);
    return flow_sql(req, &stmt_match_tell, &args);
}

static enum flow_next match_reply(struct req *req)
{
    if (req->row.rows == 0)
        return flow_refuse(req, "not_found");
    reply_answer(req, &req->row);
    return FLOW_DONE;
}

const struct flow_step flow_match[] = {
    FLOW_STEP(match_question),
    FLOW_STEP(match_engine),
    FLOW_STEP(match_documents),
    FLOW_STEP(match_reply),
    FLOW_END,
};
