/* password.c - where a password is set: its own account, registration, the first administrator,
 * a reset token. The policy (S8) is looked at here, before any hash is made. */
#include <string.h>

#include "auth/credential.h"
#include "auth/password.h"
#include "flows/flow.h"
#include "flows/flows.h"
#include "flows/stmts.h"
#include "gateway.h"
#include "json_text.h"

struct setting {
    const char *fresh;       /* the new password in its one form */
    const char *body;        /* what else was sent, as JSON text */
    unsigned char token[32]; /* SHA-256 of the one-time token */
    bool right;              /* the old password was */
};

static void refuse_field(struct req *req, const char *field, const char *code)
{
    json_t *params = json_pack("{s:[{s:s,s:s,s:i,s:i}]}", "errors", "field", field, "code", code,
                               "min", PASSWORD_MIN, "max", PASSWORD_MAX);

    req_refuse(req, "invalid", params);
    json_decref(params);
}

/* Takes the new password out of the body: what goes to SQL never holds it. */
static enum flow_next take_password(struct req *req, const char *field)
{
    struct setting *self = arena_alloc(&req->arena, sizeof(*self));
    const char *words[] = { req_body_text(req, "login"), req_body_text(req, "name") };
    const char *code;

    if (!self)
        return flow_refuse(req, "internal");
    req->self = self;
    self->fresh = password_nfc(&req->arena, req_body_text(req, field));
    if (!self->fresh)
        return flow_refuse(req, "internal");
    code =
        password_fault(req->gw->blocklist, self->fresh,
                       strcmp(req->gw->conf.password_profile, "gb") == 0, words, COUNT_OF(words));
    if (code) {
        refuse_field(req, field, code);
        return FLOW_DONE;
    }
    json_object_del(req->body, field);
    return FLOW_ON;
}

static enum flow_next take_token(struct req *req)
{
    struct setting *self = req->self;
    const char *token = req_body_text(req, "token");

    if (!token || credential_hash_token(token, self->token) < 0)
        return flow_refuse(req, "bad_one_time_token");
    json_object_del(req->body, "token");
    return FLOW_ON;
}

static enum flow_next password_take(struct req *req)
{
    return take_password(req, "password");
}

static enum flow_next password_hash(struct req *req)
{
    struct setting *self = req->self;

    return flow_hash(req, self->fresh);
}

static enum flow_next password_reply(struct req *req)
{
    if (req->row.rows == 0)
        return flow_refuse(req, "not_found");
    reply_answer(req, &req->row);
    return FLOW_DONE;
}

static const char *body_text(struct req *req)
{
    return req->body ? json_text(&req->arena, req->body) : "{}";
}

/* --- POST /account/password ------------------------------------------------------------------- */

static enum flow_next change_take(struct req *req)
{
    return take_password(req, "new_password");
}

static enum flow_next change_find(struct req *req)
{
    struct sql_args args = { 0 };

    sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_password_find, &args);
}

static enum flow_next change_check(struct req *req)
{
    const char *hash = req->row.rows > 0 ? sql_get(&req->row, "hash") : NULL;
    const char *password = password_nfc(&req->arena, req_body_text(req, "password"));

    if (!password)
        return flow_refuse(req, "internal");
    return flow_verify(req, hash ? hash : req->gw->nobody_hash, password);
}

static enum flow_next change_hash(struct req *req)
{
    struct setting *self = req->self;

    self->right = req->row.rows > 0 && sql_get(&req->row, "hash") && req->verified == KDF_MATCH;
    return flow_hash(req, self->fresh);
}

static enum flow_next change_store(struct req *req)
{
    struct setting *self = req->self;
    struct sql_args args = { 0 };

    sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    sql_text(&args, self->right ? "true" : "false");
    sql_text(&args, req->hash);
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_password_change, &args);
}

const struct flow_step flow_password[] = {
    FLOW_STEP(change_take),
    FLOW_STEP(change_find),
    FLOW_STEP(change_check),
    FLOW_STEP(change_hash),
    FLOW_STEP(change_store),
    FLOW_STEP(password_reply),
    FLOW_END,
};

/* --- POST /accounts --------------------------------------------------------------------------- */

static enum flow_next register_store(struct req *req)
{
    struct sql_args args = { 0 };

    sql_text(&args, req->hash);
    sql_text(&args, body_text(req));
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_register_person, &args);
}

const struct flow_step flow_register[] = {
    FLOW_STEP(flow_throttle),  FLOW_STEP(password_take),  FLOW_STEP(password_hash),
    FLOW_STEP(register_store), FLOW_STEP(password_reply), FLOW_END,
};

/* --- POST /first-admin ------------------------------------------------------------------------ */

static enum flow_next first_admin_store(struct req *req)
{
    struct setting *self = req->self;
    struct sql_args args = { 0 };

    sql_bytes(&args, &req->arena, self->token, sizeof(self->token));
    sql_text(&args, req->hash);
    sql_text(&args, body_text(req));
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_first_admin, &args);
}

const struct flow_step flow_first_admin[] = {
    FLOW_STEP(flow_throttle),
    FLOW_STEP(password_take),
    FLOW_STEP(take_token),
    FLOW_STEP(password_hash),
    FLOW_STEP(first_admin_store),
    FLOW_STEP(password_reply),
    FLOW_END,
};

/* --- POST /password-reset --------------------------------------------------------------------- */

static enum flow_next reset_store(struct req *req)
{
    struct setting *self = req->self;
    struct sql_args args = { 0 };

    sql_bytes(&args, &req->arena, self->token, sizeof(self->token));
    sql_text(&args, req->hash);
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_password_set, &args);
}

const struct flow_step flow_password_reset[] = {
    FLOW_STEP(flow_throttle),
    FLOW_STEP(password_take),
    FLOW_STEP(take_token),
    FLOW_STEP(password_hash),
    FLOW_STEP(reset_store),
    FLOW_STEP(password_reply),
    FLOW_END,
};
