/* sign_in.c - POST /session.
 *
 * find account -> check password -> (hash anew) -> open session -> reply
 *  (database)     (hash thread)    (hash thread)    (database)
 *
 * A login that nobody has takes the same way with a hash that fits no password, so neither the
 * answer nor its time tells whether the account exists (S9). */
#include <string.h>

#include "args.h"
#include "auth/credential.h"
#include "auth/password.h"
#include "flows/flow.h"
#include "flows/flows.h"
#include "flows/session.h"
#include "flows/stmts.h"
#include "gateway.h"

struct sign_in {
    const char *password; /* in its one form, see auth/password.h */
    const char *account;  /* NULL: nobody */
    const char *hash;
    unsigned char session[32];
    bool right;
};

static enum flow_next sign_in_find_account(struct req *req)
{
    struct sign_in *self = arena_alloc(&req->arena, sizeof(*self));
    struct sql_args args = { 0 };

    if (!self)
        return flow_refuse(req, "internal");
    req->self = self;
    self->password = password_nfc(&req->arena, req_body_text(req, "password"));
    if (!self->password)
        return flow_refuse(req, "internal");
    sql_text(&args, req_body_text(req, "login"));
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_sign_in_find, &args);
}

static enum flow_next sign_in_check_password(struct req *req)
{
    struct sign_in *self = req->self;

    if (req->row.rows > 0) {
        self->account = sql_get(&req->row, "account");
        self->hash = sql_get(&req->row, "hash");
    }
    return flow_verify(req, self->account && self->hash ? self->hash : req->gw->nobody_hash,
                       self->password);
}

static enum flow_next sign_in_rehash(struct req *req)
{
    struct sign_in *self = req->self;

    self->right = self->account && self->hash && req->verified == KDF_MATCH;
    if (self->right && req->rehash)
        return flow_hash(req, self->password);
    req->hash = NULL;
    return FLOW_ON;
}

static enum flow_next sign_in_open_session(struct req *req)
{
    struct sign_in *self = req->self;
    struct sql_args args = { 0 };

    if (credential_new(req, self->session) < 0)
        return flow_refuse(req, "internal");
    sql_text(&args, self->account);
    sql_text(&args, self->right ? "true" : "false");
    sql_bytes(&args, &req->arena, self->session, sizeof(self->session));
    sql_text(&args, req_body_text(req, "code"));
    sql_text(&args, args_totp_key(req));
    sql_text(&args, req->hash);
    sql_text(&args, req_context(req));
    return flow_sql(req, &stmt_sign_in_open, &args);
}

static enum flow_next sign_in_reply(struct req *req)
{
    struct sign_in *self = req->self;

    if (req->row.rows == 0)
        return flow_refuse(req, "wrong_credentials");
    credential_set_cookie(req);
    return session_reply(req, self->session);
}

const struct flow_step flow_sign_in[] = {
    FLOW_STEP(flow_throttle),
    FLOW_STEP(sign_in_find_account),
    FLOW_STEP(sign_in_check_password),
    FLOW_STEP(sign_in_rehash),
    FLOW_STEP(sign_in_open_session),
    FLOW_STEP(sign_in_reply),
    FLOW_END,
};
