/* crypto.h - the few primitives that the house uses, over OpenSSL. All may fail (memory). */
#ifndef JB_CRYPTO_H
#define JB_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define CRYPTO_HASH 32                            /* bytes of SHA-256 */
#define CRYPTO_HEX(n) (2 * (n) + 1)               /* with the NUL */
#define CRYPTO_BASE64URL(n) (((n)*4 + 2) / 3 + 1) /* without padding, with the NUL */

int MUST_CHECK crypto_random(void *ret, size_t len);
#define CRYPTO_UUID 37
int MUST_CHECK crypto_uuid(char ret[CRYPTO_UUID]); /* random, version 4 (RFC 9562) */
int MUST_CHECK crypto_sha256(const void *bytes, size_t len, unsigned char ret[CRYPTO_HASH]);
/* One digest over several pieces. */
int MUST_CHECK crypto_sha256_spans(const struct span *spans, size_t n,
                                   unsigned char ret[CRYPTO_HASH]);
int MUST_CHECK crypto_hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                                  unsigned char ret[CRYPTO_HASH]);
/* RFC 5869 with SHA-256; `salt` may be NULL. */
int MUST_CHECK crypto_hkdf(const void *key, size_t key_len, const void *salt, size_t salt_len,
                           const char *info, unsigned char *ret, size_t ret_len);

void crypto_hex(const void *bytes, size_t len, char *ret); /* CRYPTO_HEX(len), lower case */
/* Exactly 2 * ret_len hex digits of either case. */
int MUST_CHECK crypto_unhex(const char *hex, size_t hex_len, unsigned char *ret, size_t ret_len);
void crypto_base64url(const void *bytes, size_t len, char *ret); /* CRYPTO_BASE64URL(len) */
/* Strict: no padding, no stray bits, exactly ret_len bytes. */
int MUST_CHECK crypto_unbase64url(const char *text, size_t text_len, unsigned char *ret,
                                  size_t ret_len);

bool crypto_same(const void *a, const void *b, size_t len); /* in constant time */
void crypto_wipe(void *bytes, size_t len);                  /* not optimised away */

#endif
