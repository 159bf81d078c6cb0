/* etag.c - see etag.h. */
#include "etag.h"

#include <string.h>

#include "crypto.h"

__extension__ typedef unsigned __int128 uint128;

/* --- the sums of the blocks: NH --------------------------------------------------------------- */

/* `len` is a multiple of sixteen, at most ETAG_BLOCK. */
static uint128 block_sum(const struct etag_key *key, const char *bytes, size_t len)
{
    uint128 sum = 0;
    uint64_t word[2];

    for (size_t i = 0; i < len; i += sizeof(word)) {
        const uint64_t *mask = &key->sum[i / sizeof(uint64_t)];

        memcpy(word, bytes + i, sizeof(word));
        sum += (uint128)(word[0] + mask[0]) * (word[1] + mask[1]);
    }
    return sum;
}

/* --- over the sums: SipHash-2-4 with 128 bits ------------------------------------------------ */

struct sip {
    uint64_t v[4];
};

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void sip_rounds(struct sip *sip, int n)
{
    uint64_t *v = sip->v;

    while (n--) {
        v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
        v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
    }
}

static void sip_begin(struct sip *sip, const uint64_t key[2])
{
    *sip = (struct sip){ { key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d ^ 0xee,
                           key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573 } };
}

static void sip_add(struct sip *sip, uint64_t word)
{
    sip->v[3] ^= word;
    sip_rounds(sip, 2);
    sip->v[0] ^= word;
}

static void sip_end(struct sip *sip, uint64_t ret[2])
{
    const uint64_t *v = sip->v;

    sip->v[2] ^= 0xee;
    sip_rounds(sip, 4);
    ret[0] = v[0] ^ v[1] ^ v[2] ^ v[3];
    sip->v[1] ^= 0xdd;
    sip_rounds(sip, 4);
    ret[1] = v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* --- tags ------------------------------------------------------------------------------------- */

static void add_sum(struct sip *sip, uint128 sum)
{
    sip_add(sip, (uint64_t)sum);
    sip_add(sip, (uint64_t)(sum >> 64));
}

static void body_hash(const struct etag_key *key, const char *body, size_t len, uint64_t ret[2])
{
    size_t whole = len - len % 16;
    char last[16] = { 0 }; /* filled up with zeros: the length, which comes after, tells */
    struct sip sip;

    sip_begin(&sip, key->sip);
    for (size_t at = 0; at < whole; at += ETAG_BLOCK)
        add_sum(&sip, block_sum(key, body + at, whole - at < ETAG_BLOCK ? whole - at : ETAG_BLOCK));
    if (len > whole)
        memcpy(last, body + whole, len - whole);
    add_sum(&sip, block_sum(key, last, sizeof(last)));
    sip_add(&sip, len);
    sip_end(&sip, ret);
}

size_t etag_make(const struct etag_key *key, const char *version, const char *body, size_t len,
                 char *ret, size_t size)
{
    size_t version_len = version ? strlen(version) : 0;
    uint64_t hash[2];
    char *at = ret;

    if (version_len + ETAG_HASH_HEX + sizeof("\"-\"") > size)
        return 0;
    body_hash(key, body ? body : "", len, hash);
    *at++ = '"';
    if (version)
        at = stpcpy(stpcpy(at, version), "-");
    crypto_hex(hash, sizeof(hash), at);
    at += ETAG_HASH_HEX;
    return (size_t)(stpcpy(at, "\"") - ret);
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
