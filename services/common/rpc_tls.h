/* rpc_tls.h - TLS between the services: 1.3 only, and each side shows a certificate of the one
 * authority that it was told to trust. Nobody else's certificates count, not the system's either.
 */
#ifndef JB_RPC_TLS_H
#define JB_RPC_TLS_H

#include <stdbool.h>

struct ssl_ctx_st;
struct ssl_st;

struct rpc_tls_conf {
    const char *cert, *key, *ca; /* PEM files */
    bool server;
};

/* SSL_CTX_free it. NULL with a static text in *ret_why. */
struct ssl_ctx_st *rpc_tls_new(const struct rpc_tls_conf *conf, const char **ret_why);
/* One connection. `name`: what the server's certificate must be made out to, "" for no more than
 * the authority. NULL: no memory. */
struct ssl_st *rpc_tls_session(struct ssl_ctx_st *tls, const char *name);

#endif
