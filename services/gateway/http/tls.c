/* tls.c - see tls.h. The context is replaced as a whole on reload: OpenSSL counts references, so
 * connections that are open keep the context they began with. */
#include "tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TLS12_CIPHERS                                                                              \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                                   \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#define TLS13_CIPHERS "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

struct tls {
    SSL_CTX *ctx;
    char *cert_file;
    char *key_file;
};

static int on_alpn(SSL *ssl, const unsigned char **ret, unsigned char *ret_len,
                   const unsigned char *offered, unsigned int len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl;
    (void)arg;
    if (SSL_select_next_proto(&chosen, ret_len, ours, sizeof(ours) - 1, offered, len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *ret = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int set_policy(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                 SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
    if (!SSL_CTX_set_num_tickets(ctx, 0) || !SSL_CTX_set_max_early_data(ctx, 0) ||
        !SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) ||
        !SSL_CTX_set_cipher_list(ctx, TLS12_CIPHERS) ||
        !SSL_CTX_set_ciphersuites(ctx, TLS13_CIPHERS) ||
        !SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384"))
        return -1;
    return 0;
}

static SSL_CTX *ctx_make(const char *cert_file, const char *key_file, char *ret_error, size_t size)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    unsigned long code;

    ERR_clear_error();
    if (ctx && set_policy(ctx) == 0 && SSL_CTX_use_certificate_chain_file(ctx, cert_file) == 1 &&
        SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(ctx) == 1)
        return ctx;

    code = ERR_peek_last_error();
    snprintf(ret_error, size, "cannot use certificate '%s' with key '%s': %s", cert_file, key_file,
             code ? ERR_reason_error_string(code) : "unknown reason");
    ERR_clear_error();
    SSL_CTX_free(ctx);
    return NULL;
}

struct tls *tls_new(const char *cert_file, const char *key_file, char *ret_error, size_t size)
{
    struct tls *tls = calloc(1, sizeof(*tls));

    if (!tls)
        return NULL;
    tls->cert_file = strdup(cert_file);
    tls->key_file = strdup(key_file);
    if (tls->cert_file && tls->key_file)
        tls->ctx = ctx_make(cert_file, key_file, ret_error, size);
    if (tls->ctx)
        return tls;
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->ctx);
    free(tls->cert_file);
    free(tls->key_file);
    free(tls);
}

int tls_reload(struct tls *tls, char *ret_error, size_t size)
{
    SSL_CTX *fresh = ctx_make(tls->cert_file, tls->key_file, ret_error, size);

    if (!fresh)
        return -1;
    SSL_CTX_free(tls->ctx);
    tls->ctx = fresh;
    return 0;
}

struct ssl_st *tls_session(struct tls *tls)
{
    return SSL_new(tls->ctx);
}

int tls_days_left(const struct tls *tls)
{
    const X509 *cert = SSL_CTX_get0_certificate(tls->ctx);
    int days = 0, seconds = 0;

    if (!cert || !ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(cert)))
        return 0;
    return days;
}
