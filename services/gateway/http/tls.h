/* tls.h - TLS 1.2 and 1.3 for the listener: AEAD with ephemeral keys only, no renegotiation, no
 * compression, no early data, no tickets (a full handshake on P-256 is cheap, and a session kept
 * on neither side is one less secret). */
#ifndef JB_HTTP_TLS_H
#define JB_HTTP_TLS_H

#include <stddef.h>

#include "must.h"

struct ssl_st;
struct tls;

/* Reads the certificate chain and key (PEM). NULL on failure, with a sentence in ret_error. */
struct tls *tls_new(const char *cert_file, const char *key_file, char *ret_error, size_t size);
void tls_free(struct tls *tls);
/* Reads the files again. On failure the old certificate stays. Open connections keep theirs. */
int MUST_CHECK tls_reload(struct tls *tls, char *ret_error, size_t size);
/* A new server-side session, owned by the caller, or NULL. */
struct ssl_st *tls_session(struct tls *tls);
/* Days until the certificate ends. */
int tls_days_left(const struct tls *tls);

#endif
