/* crypto.c - see crypto.h. */
#include "crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

int crypto_random(void *ret, size_t len)
{
    return len <= INT_MAX && RAND_bytes(ret, (int)len) == 1 ? 0 : -1;
}

int crypto_uuid(char ret[CRYPTO_UUID])
{
    unsigned char bits[16];
    char hex[CRYPTO_HEX(sizeof(bits))];

    if (crypto_random(bits, sizeof(bits)) < 0)
        return -1;
    bits[6] = (unsigned char)((bits[6] & 0x0f) | 0x40);
    bits[8] = (unsigned char)((bits[8] & 0x3f) | 0x80);
    crypto_hex(bits, sizeof(bits), hex);
    snprintf(ret, CRYPTO_UUID, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return 0;
}

int crypto_sha256(const void *bytes, size_t len, unsigned char ret[CRYPTO_HASH])
{
    return SHA256(bytes, len, ret) ? 0 : -1;
}

int crypto_sha256_spans(const struct span *spans, size_t n, unsigned char ret[CRYPTO_HASH])
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    unsigned char hash[CRYPTO_HASH];
    bool ok = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;

    for (size_t i = 0; ok && i < n; i++)
        ok = EVP_DigestUpdate(digest, spans[i].at, spans[i].len) == 1;
    ok = ok && EVP_DigestFinal_ex(digest, hash, NULL) == 1;
    EVP_MD_CTX_free(digest);
    if (!ok)
        return -1;
    memcpy(ret, hash, sizeof(hash));
    return 0;
}

int crypto_hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                       unsigned char ret[CRYPTO_HASH])
{
    unsigned char hash[CRYPTO_HASH];

    if (key_len > INT_MAX ||
        !HMAC(EVP_sha256(), key_len ? key : "", (int)key_len, bytes, len, hash, NULL))
        return -1;
    memcpy(ret, hash, sizeof(hash));
    return 0;
}

int crypto_hkdf(const void *key, size_t key_len, const void *salt, size_t salt_len,
                const char *info, unsigned char *ret, size_t ret_len)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    int rc = -1;

    if (!context || key_len > INT_MAX || salt_len > INT_MAX)
        goto out;
    if (EVP_PKEY_derive_init(context) != 1 ||
        EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set1_hkdf_key(context, key, (int)key_len) != 1)
        goto out;
    if (salt_len > 0 && EVP_PKEY_CTX_set1_hkdf_salt(context, salt, (int)salt_len) != 1)
        goto out;
    if (*info &&
        EVP_PKEY_CTX_add1_hkdf_info(context, (const unsigned char *)info, (int)strlen(info)) != 1)
        goto out;
    if (EVP_PKEY_derive(context, ret, &ret_len) == 1)
        rc = 0;
out:
    EVP_PKEY_CTX_free(context);
    return rc;
}

void crypto_hex(const void *bytes, size_t len, char *ret)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        ret[2 * i] = digits[at[i] >> 4];
        ret[2 * i + 1] = digits[at[i] & 15];
    }
    ret[2 * len] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int crypto_unhex(const char *hex, size_t hex_len, unsigned char *ret, size_t ret_len)
{
    if (hex_len != 2 * ret_len)
        return -1;
    for (size_t i = 0; i < hex_len; i++)
        if (hex_digit(hex[i]) < 0)
            return -1;
    for (size_t i = 0; i < ret_len; i++)
        ret[i] = (unsigned char)((unsigned)hex_digit(hex[2 * i]) << 4 |
                                 (unsigned)hex_digit(hex[2 * i + 1]));
    return 0;
}

static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void crypto_base64url(const void *bytes, size_t len, char *ret)
{
    const unsigned char *at = bytes;
    unsigned pending = 0; /* bits not yet written */
    unsigned value = 0;

    for (size_t i = 0; i < len; i++) {
        value = (value << 8 | at[i]) & 0xffff;
        pending += 8;
        for (; pending >= 6; pending -= 6)
            *ret++ = base64url_digits[value >> (pending - 6) & 63];
    }
    if (pending > 0)
        *ret++ = base64url_digits[value << (6 - pending) & 63];
    *ret = '\0';
}

int crypto_unbase64url(const char *text, size_t text_len, unsigned char *ret, size_t ret_len)
{
    unsigned pending = 0, value = 0;
    size_t done = 0;

    if (ret_len > SIZE_MAX / 4 || text_len != CRYPTO_BASE64URL(ret_len) - 1)
        return -1;
    for (size_t i = 0; i < text_len; i++) {
        const char *digit = text[i] ? strchr(base64url_digits, text[i]) : NULL;

        if (!digit)
            return -1;
        value = (value << 6 | (unsigned)(digit - base64url_digits)) & 0xffff;
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            ret[done++] = (unsigned char)(value >> pending & 255);
        }
    }
    /* Left-over bits must be zero, else two texts would mean the same bytes. */
    return (value & ((1u << pending) - 1)) == 0 ? 0 : -1;
}

bool crypto_same(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void crypto_wipe(void *bytes, size_t len)
{
    OPENSSL_cleanse(bytes, len);
}
