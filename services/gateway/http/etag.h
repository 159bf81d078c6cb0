/* etag.h - the tag of a body, and whether a client names it.
 *
 * Every answer has one, so it must cost little: each KiB is summed under a key (NH, the universal
 * hash of UMAC: one multiplication for sixteen bytes), and SipHash goes over the sums. Whoever does
 * not know the key cannot make two bodies with one tag. All gateways of a city share the key, which
 * is derived from its secret, so tags outlive restarts. */
#ifndef JB_HTTP_ETAG_H
#define JB_HTTP_ETAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

#define ETAG_BLOCK 1024  /* bytes, and the length of the key */
#define ETAG_HASH_HEX 32 /* 128 bits are plenty to tell two bodies apart */

/* Random or derived bytes. */
struct etag_key {
    uint64_t sum[ETAG_BLOCK / sizeof(uint64_t)];
    uint64_t sip[2];
};

/* A strong ETag: "<version>-<hash>" or "<hash>", with quotes. Returns its length, 0 when it does
 * not fit. */
size_t etag_make(const struct etag_key *key, const char *version, const char *body, size_t len,
                 char *ret, size_t size);
/* Does an If-None-Match value name the tag, or its gzip form? */
bool etag_matches(struct span if_none_match, const char *etag, size_t len);

#endif
