/* args.c - see args.h: one small function a letter. */
#include "args.h"

#include <string.h>

#include "crypto.h"
#include "gateway.h"
#include "json_text.h"
#include "req.h"

struct binding {
    struct req *req;
    struct sql_args *args;
    int next_param;
};

static int bind_text(struct binding *to, const char *text)
{
    if (!text)
        return -1;
    sql_text(to->args, text);
    return 0;
}

static int bind_session(struct binding *to)
{
    struct req *req = to->req;

    if (req->credential == CRED_NONE)
        sql_text(to->args, NULL);
    else
        sql_bytes(to->args, &req->arena, req->session, sizeof(req->session));
    return 0;
}

static int bind_context(struct binding *to)
{
    return bind_text(to, req_context(to->req));
}

static int bind_param(struct binding *to)
{
    if (to->next_param >= to->req->n_params)
        return -1;
    return bind_text(to, to->req->params[to->next_param++]);
}

static int bind_json(struct binding *to, const json_t *value)
{
    return bind_text(to, value ? json_text(&to->req->arena, value) : "{}");
}

static int bind_query(struct binding *to)
{
    return bind_json(to, to->req->query);
}

static int bind_body(struct binding *to)
{
    return bind_json(to, to->req->body);
}

static int bind_upload(struct binding *to)
{
    return bind_text(to, to->req->raw.data ? to->req->raw.data : "");
}

/* A key for what is sealed under one object: derived, never stored. */
static int bind_seal(struct binding *to)
{
    struct req *req = to->req;
    unsigned char key[CRYPTO_HASH];
    char *hex = arena_alloc(&req->arena, CRYPTO_HEX(CRYPTO_HASH));
    char id[40];

    if (!hex || req->n_params < 1 || strlen(req->params[0]) >= sizeof(id))
        return -1;
    for (size_t i = 0; i <= strlen(req->params[0]); i++) /* one object, one key, however written */
        id[i] = (char)(req->params[0][i] >= 'A' && req->params[0][i] <= 'F' ? req->params[0][i] + 32
                                                                            : req->params[0][i]);
    if (crypto_hmac_sha256(req->gw->keys.seal, sizeof(req->gw->keys.seal), id, strlen(id), key) < 0)
        return -1;
    crypto_hex(key, sizeof(key), hex);
    return bind_text(to, hex);
}

static int bind_totp_key(struct binding *to)
{
    return bind_text(to, args_totp_key(to->req));
}

static int bind_token(struct binding *to)
{
    unsigned char bits[32];
    char *hex = arena_alloc(&to->req->arena, CRYPTO_HEX(sizeof(bits)));

    if (!hex || crypto_random(bits, sizeof(bits)) < 0)
        return -1;
    crypto_hex(bits, sizeof(bits), hex);
    return bind_text(to, hex);
}

/* Where people reach this service; what they read elsewhere (feeds, calendars) links back to it. */
static int bind_site(struct binding *to)
{
    return bind_text(to, req_site(to->req));
}

static const struct {
    char letter;
    int (*bind)(struct binding *to);
} letters_table[] = {
    { 's', bind_session }, { 'r', bind_context }, { 'p', bind_param }, { 'q', bind_query },
    { 'b', bind_body },    { 'u', bind_upload },  { 'k', bind_seal },  { 't', bind_totp_key },
    { 'T', bind_token },   { 'h', bind_site },
};

const char *args_totp_key(const struct req *req)
{
    return req->gw->keys.totp_hex;
}

int args_bind(struct req *req, const char *letters, struct sql_args *ret)
{
    struct binding to = { .req = req, .args = ret };
    size_t i;

    for (; *letters; letters++) {
        for (i = 0; i < COUNT_OF(letters_table); i++)
            if (letters_table[i].letter == *letters)
                break;
        if (i == COUNT_OF(letters_table) || letters_table[i].bind(&to) < 0)
            return -1;
    }
    return 0;
}
