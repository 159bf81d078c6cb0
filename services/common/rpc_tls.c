/* rpc_tls.c - see rpc_tls.h. */
#include "rpc_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

/* NULL, or what is wrong. */
static const char *set_up(SSL_CTX *tls, const struct rpc_tls_conf *conf)
{
    SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (!SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) || !SSL_CTX_set_num_tickets(tls, 0))
        return "no TLS 1.3";
    if (SSL_CTX_use_certificate_chain_file(tls, conf->cert) != 1)
        return "tls_cert cannot be used";
    if (SSL_CTX_use_PrivateKey_file(tls, conf->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(tls) != 1)
        return "tls_key cannot be used, or is not the certificate's";
    if (SSL_CTX_load_verify_locations(tls, conf->ca, NULL) != 1)
        return "tls_ca cannot be used";
    return NULL;
}

struct ssl_ctx_st *rpc_tls_new(const struct rpc_tls_conf *conf, const char **ret_why)
{
    SSL_CTX *tls = SSL_CTX_new(conf->server ? TLS_server_method() : TLS_client_method());
    const char *why = tls ? set_up(tls, conf) : "out of memory";

    ERR_clear_error();
    if (!why)
        return tls;
    SSL_CTX_free(tls);
    *ret_why = why;
    return NULL;
}

struct ssl_st *rpc_tls_session(struct ssl_ctx_st *tls, const char *name)
{
    SSL *ssl = SSL_new(tls);

    if (ssl && *name && !SSL_set1_host(ssl, name)) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}
