/* digest.c - see digest.h. */
#include "digest.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "crypto.h"

uint64_t digest_of(const uint8_t id[16], int64_t version)
{
    char hex[CRYPTO_HEX(16)], text[64];
    unsigned char md[EVP_MAX_MD_SIZE];
    uint64_t sum = 0;
    int len;

    crypto_hex(id, 16, hex);
    len = snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%.12s:%" PRId64, hex, hex + 8, hex + 12,
                   hex + 16, hex + 20, version);
    if (!EVP_Digest(text, (size_t)len, md, NULL, EVP_md5(), NULL))
        return 0; /* the sums then differ, and a rescan does no harm */
    for (int i = 0; i < 8; i++)
        sum = sum << 8 | md[i];
    return sum;
}
