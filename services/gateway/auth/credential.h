/* credential.h - who a request says it is, and whether a browser was tricked into sending it.
 *
 * A session is 256 random bits in a cookie, an API token the same in "Authorization: Bearer". Only
 * their SHA-256 goes to the database, which alone knows whether they are good. */
#ifndef JB_AUTH_CREDENTIAL_H
#define JB_AUTH_CREDENTIAL_H

#include "must.h"

struct req;

#define SECRET_BYTES 32

/* Fills req->credential and req->session. A credential that cannot be one (wrong length or
 * alphabet) is refused with 401; -1 then. */
int MUST_CHECK credential_read(struct req *req);
/* Origin and Sec-Fetch-Site, where a browser sends them, must be ours. */
int MUST_CHECK credential_check_origin(struct req *req);
/* The per-session token, from the header or from the form field `csrf`. */
int MUST_CHECK credential_check_csrf(struct req *req, const char *token);
/* The token for a session's hash: base64url text in the arena. */
const char *credential_csrf(struct req *req, const unsigned char session[32]);
/* A fresh session: 256 random bits, their hash, and the Set-Cookie line of the answer. */
int MUST_CHECK credential_new(struct req *req, unsigned char ret_hash[32]);
/* Set-Cookie for the session made by credential_new, to be called once the database agreed. */
void credential_set_cookie(struct req *req);
void credential_clear_cookie(struct req *req);
/* SHA-256 of a one-time token as people paste it: 64 hex digits or 43 of base64url. */
int MUST_CHECK credential_hash_token(const char *text, unsigned char ret_hash[32]);

#endif
