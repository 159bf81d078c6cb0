/* etag.c - see etag.h. */
#include "etag.h"

#include <string.h>

#include "crypto.h"

#define BLOCKS_MAX 64 /* a longer body is digested outright: the sums have to stay somewhere */

__extension__ typedef unsigned __int128 uint128;

/* NH over one block, which is a multiple of sixteen bytes. */
static uint128 block_sum(const struct etag_key *key, const char *bytes, size_t len)
{
    uint128 sum = 0;
    uint64_t word[2];

    for (size_t i = 0; i < len; i += sizeof(word)) {
        const uint64_t *mask = &key->word[i / sizeof(uint64_t)];

        memcpy(word, bytes + i, sizeof(word));
        sum += (uint128)(word[0] + mask[0]) * (word[1] + mask[1]);
    }
    return sum;
}

static int body_hash(const struct etag_key *key, const char *body, size_t len,
                     unsigned char ret[CRYPTO_HASH])
{
    uint128 sums[BLOCKS_MAX + 2];
    size_t n = 0, whole = len - len % 16;
    char last[16] = { 0 }; /* filled up with zeros: the length, which is hashed too, tells */

    if (len > (size_t)BLOCKS_MAX * ETAG_BLOCK)
        return crypto_sha256(body, len, ret);
    for (size_t at = 0; at < whole; at += ETAG_BLOCK)
        sums[n++] = block_sum(key, body + at, whole - at < ETAG_BLOCK ? whole - at : ETAG_BLOCK);
    if (len > whole)
        memcpy(last, body + whole, len - whole);
    sums[n++] = block_sum(key, last, sizeof(last));
    sums[n++] = len;
    return crypto_sha256(sums, n * sizeof(sums[0]), ret);
}

size_t etag_make(const struct etag_key *key, const char *version, const char *body, size_t len,
                 char *ret, size_t size)
{
    size_t version_len = version ? strlen(version) : 0;
    unsigned char hash[CRYPTO_HASH];
    char *at = ret;

    if (version_len + ETAG_HASH_HEX + sizeof("\"-\"") > size ||
        body_hash(key, body ? body : "", len, hash) < 0)
        return 0;
    *at++ = '"';
    if (version) {
        memcpy(at, version, version_len);
        at += version_len;
        *at++ = '-';
    }
    crypto_hex(hash, ETAG_HASH_HEX / 2, at);
    at += ETAG_HASH_HEX;
    memcpy(at, "\"", 2);
    return (size_t)(at + 1 - ret);
}

static bool same_tag(struct span tag, const char *etag, size_t len)
{
    if (tag.len >= 2 && tag.at[0] == 'W' && tag.at[1] == '/') {
        tag.at += 2; /* If-None-Match compares weakly */
        tag.len -= 2;
    }
    if (tag.len < len - 1 || memcmp(tag.at, etag, len - 1) != 0)
        return false;
    return (tag.len == len && tag.at[len - 1] == '"') ||
           (tag.len == len + 3 && memcmp(tag.at + len - 1, "-gz\"", 4) == 0);
}

bool etag_matches(struct span list, const char *etag, size_t len)
{
    const char *at = list.at, *end = list.at + list.len, *comma;

    if (list.len == 1 && *at == '*')
        return true;
    while (at < end) {
        while (at < end && (*at == ' ' || *at == '\t' || *at == ','))
            at++;
        comma = memchr(at, ',', (size_t)(end - at));
        struct span tag = { at, (size_t)((comma ? comma : end) - at) };
        while (tag.len && (tag.at[tag.len - 1] == ' ' || tag.at[tag.len - 1] == '\t'))
            tag.len--;
        if (same_tag(tag, etag, len))
            return true;
        at = comma ? comma + 1 : end;
    }
    return false;
}
