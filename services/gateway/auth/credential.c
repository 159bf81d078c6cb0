/* credential.c - see credential.h. */
#include "auth/credential.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "crypto.h"
#include "gateway.h"
#include "reply.h"
#include "req.h"
#include "str.h"

#define TOKEN_TEXT 43 /* base64url of 32 bytes */

/* Over TLS the prefix makes browsers insist on Secure, Path=/ and no Domain. */
static const char *cookie_name(const struct req *req)
{
    return req->secure ? "__Host-jb" : "jb";
}

int credential_hash_token(const char *text, unsigned char ret_hash[32])
{
    unsigned char token[SECRET_BYTES];
    size_t len = strlen(text);
    int rc = len == 2 * sizeof(token) ? crypto_unhex(text, len, token, sizeof(token))
                                      : crypto_unbase64url(text, len, token, sizeof(token));

    if (rc == 0)
        rc = crypto_sha256(token, sizeof(token), ret_hash);
    crypto_wipe(token, sizeof(token));
    return rc;
}

int credential_read(struct req *req)
{
    const char *authorization = req_header(req, "Authorization");
    const char *cookie;

    if (authorization) {
        if (strncasecmp(authorization, "Bearer ", 7) != 0 ||
            credential_hash_token(authorization + 7, req->session) < 0)
            return req_refuse(req, "bad_token", NULL);
        req->credential = CRED_BEARER;
        return 0;
    }
    cookie = req_cookie(req, cookie_name(req));
    /* A cookie of another make is as good as none: public pages stay readable with it. */
    if (cookie && strlen(cookie) == TOKEN_TEXT && credential_hash_token(cookie, req->session) == 0)
        req->credential = CRED_COOKIE;
    return 0;
}

int credential_check_origin(struct req *req)
{
    const char *origin = req_header(req, "Origin");
    const char *site = req_header(req, "Sec-Fetch-Site");
    const char *host;

    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return req_refuse(req, "bad_origin", NULL);
    if (!origin)
        return 0;
    host = strstr(origin, "://");
    if (!host || (strncmp(origin, "https://", 8) != 0 && strncmp(origin, "http://", 7) != 0) ||
        strlen(host + 3) != req->head.host.len ||
        strncasecmp(host + 3, req->head.host.at, req->head.host.len) != 0)
        return req_refuse(req, "bad_origin", NULL);
    return 0;
}

const char *credential_csrf(struct req *req, const unsigned char session[32])
{
    unsigned char mac[CRYPTO_HASH];
    char *text = arena_alloc(&req->arena, CRYPTO_BASE64URL(CRYPTO_HASH));

    if (!text ||
        crypto_hmac_sha256(req->gw->keys.csrf, sizeof(req->gw->keys.csrf), session, 32, mac) < 0)
        return NULL;
    crypto_base64url(mac, sizeof(mac), text);
    return text;
}

int credential_check_csrf(struct req *req, const char *token)
{
    const char *right = credential_csrf(req, req->session);

    if (!token || !right || strlen(token) != strlen(right) ||
        !crypto_same(token, right, strlen(right)))
        return req_refuse(req, "no_csrf", NULL);
    req->csrf_checked = true;
    return 0;
}

int credential_new(struct req *req, unsigned char ret_hash[32])
{
    unsigned char token[SECRET_BYTES];
    char *text = arena_alloc(&req->arena, CRYPTO_BASE64URL(SECRET_BYTES));
    int rc = text ? crypto_random(token, sizeof(token)) : -1;

    if (rc == 0)
        rc = crypto_sha256(token, sizeof(token), ret_hash);
    if (rc == 0) {
        crypto_base64url(token, sizeof(token), text);
        req->fresh_token = text;
    }
    crypto_wipe(token, sizeof(token));
    return rc;
}

void credential_set_cookie(struct req *req)
{
    char line[200];

    snprintf(line, sizeof(line), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", cookie_name(req),
             req->fresh_token, req->secure ? "; Secure" : "");
    reply_header(req, "Set-Cookie", line);
}

void credential_clear_cookie(struct req *req)
{
    char line[200];

    snprintf(line, sizeof(line), "%s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict%s",
             cookie_name(req), req->secure ? "; Secure" : "");
    reply_header(req, "Set-Cookie", line);
    reply_header(req, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
}
