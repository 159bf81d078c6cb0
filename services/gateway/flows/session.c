/* session.c - GET /session, DELETE /session, POST /session/reauth. */
#include "flows/session.h"

#include <string.h>

#include "args.h"
#include "auth/credential.h"
#include "auth/password.h"
#include "dispatch.h"
#include "flows/flows.h"
#include "flows/stmts.h"
#include "gateway.h"
#include "pages/page.h"

enum flow_next session_reply(struct req *req, const unsigned char session[32])
{
    const char *text = sql_get(&req->row, "body"), *status = sql_get(&req->row, "status");
    json_t *body = req_keep_json(req, json_loads(text ? text : "{}", 0, NULL));
    const char *csrf = credential_csrf(req, session);

    if (!body || !csrf || json_object_set_new(body, "csrf", json_string(csrf)) < 0)
        return flow_refuse(req, "internal");
    reply_json_t(req, status && strcmp(status, "201") == 0 ? 201 : 200, body);
    return FLOW_DONE;
}

static enum flow_next ask(struct req *req, const struct sql_stmt *stmt)
{
    struct sql_args args = { 0 };

    sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    sql_text(&args, req_context(req));
    return flow_sql(req, stmt, &args);
}

/* --- show ------------------------------------------------------------------------------------- */

static enum flow_next session_get(struct req *req)
{
    return ask(req, &stmt_session_get);
}

static enum flow_next session_show(struct req *req)
{
    return session_reply(req, req->session);
}

const struct flow_step flow_session[] = {
    FLOW_STEP(session_get),
    FLOW_STEP(session_show),
    FLOW_END,
};

/* --- sign out --------------------------------------------------------------------------------- */

static enum flow_next session_close(struct req *req)
{
    return ask(req, &stmt_session_close);
}

static enum flow_next session_closed(struct req *req)
{
    credential_clear_cookie(req);
    reply_empty(req, 204);
    return FLOW_DONE;
}

const struct flow_step flow_sign_out[] = {
    FLOW_STEP(session_close),
    FLOW_STEP(session_closed),
    FLOW_END,
};

/* --- say it again before a weighty act: the session gets a new id (S12, S13) ------------------ */

struct reauth {
    unsigned char session[32];
};

static enum flow_next reauth_find(struct req *req)
{
    return ask(req, &stmt_session_reauth_find);
}

static enum flow_next reauth_check(struct req *req)
{
    const char *hash = req->row.rows > 0 ? sql_get(&req->row, "hash") : NULL;
    const char *password = password_nfc(&req->arena, req_body_text(req, "password"));

    if (!password)
        return flow_refuse(req, "internal");
    return flow_verify(req, hash ? hash : req->gw->nobody_hash, password);
}

static enum flow_next reauth_open(struct req *req)
{
    bool found = req->row.rows > 0 && sql_get(&req->row, "hash");
    struct reauth *self = arena_alloc(&req->arena, sizeof(*self));
    struct sql_args args = { 0 };

    if (!self || credential_new(req, self->session) < 0)
        return flow_refuse(req, "internal");
    req->self = self;
    sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    sql_text(&args, found && req->verified == KDF_MATCH ? "true" : "false");
    sql_text(&args, req_body_text(req, "code"));
    sql_text(&args, args_totp_key(req));
    sql_text(&args, req_context(req));
    sql_bytes(&args, &req->arena, self->session, sizeof(self->session));
    return flow_sql(req, &stmt_session_reauth, &args);
}

static enum flow_next reauth_reply(struct req *req)
{
    struct reauth *self = req->self;

    if (req->row.rows == 0)
        return flow_refuse(req, "wrong_credentials");
    credential_set_cookie(req);
    return session_reply(req, self->session);
}

const struct flow_step flow_reauth[] = {
    FLOW_STEP(flow_throttle), FLOW_STEP(reauth_find),  FLOW_STEP(reauth_check),
    FLOW_STEP(reauth_open),   FLOW_STEP(reauth_reply), FLOW_END,
};

/* --- the same in one step with the act, as a form without scripts sends it -------------------- */

static enum flow_next reauth_act(struct req *req)
{
    struct reauth *self = req->self;

    if (req->row.rows == 0)
        return flow_refuse(req, "wrong_credentials");
    credential_set_cookie(req);
    memcpy(req->session, self->session, sizeof(req->session));
    req->body = req->page->body;
    dispatch_act(req);
    return FLOW_PARKED;
}

const struct flow_step flow_reauth_then_act[] = {
    FLOW_STEP(flow_throttle), FLOW_STEP(reauth_find), FLOW_STEP(reauth_check),
    FLOW_STEP(reauth_open),   FLOW_STEP(reauth_act),  FLOW_END,
};
