/* cache.h - public answers, kept ready to be sent: head and body, plain and gzip, and the 304.
 *
 * What is public is the same for everybody, so the key is the target alone. Everything is dropped
 * when the database announces a change. An answer that was asked for before the announcement and
 * arrives after it is given to those who wait, but not kept: that is what the generation is for. */
#ifndef JB_HTTP_CACHE_H
#define JB_HTTP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "etag.h"
#include "parse.h"

struct cache;

/* One whole answer; the head lacks its tail (response.h). */
struct cache_form {
    char *head;
    size_t head_len;
    const char *body;
    size_t body_len;
};

enum cache_variant { CACHE_PLAIN, CACHE_GZIP, CACHE_SAME, CACHE_VARIANTS }; /* SAME: the 304 */

struct cache_entry {
    struct cache_entry *hash_next, *older, *newer;
    struct span key;
    unsigned refs;
    bool kept;   /* in the table */
    bool packed; /* the gzip form has been tried */
    const char *type;
    int64_t until_ms;
    size_t size;
    char etag[80];
    size_t etag_len;                        /* with quotes; the gzip form's ends in -gz" */
    struct cache_form form[CACHE_VARIANTS]; /* CACHE_GZIP may be missing: head NULL */
};

/* `tags` outlives the cache. */
struct cache *cache_new(size_t max_bytes, int life_ms, const struct etag_key *tags);
void cache_free(struct cache *cache);
/* NULL when there is none or it is too old. Borrowed until the next call on the cache. */
struct cache_entry *cache_find(struct cache *cache, struct span key);
uint64_t cache_generation(const struct cache *cache);
/* Makes an entry with one reference for the caller, and keeps it unless `generation` is not
 * today's. `type` is static text, `version` may be NULL. NULL when memory is out. */
struct cache_entry *cache_put(struct cache *cache, uint64_t generation, struct span key,
                              const char *type, const char *version, const char *body, size_t len);
void cache_release(void *entry);
/* Cache-Control of a kept answer. What lies in /assets/ has a hash of its content in its name, and
 * another content has another name: a browser need not ask again. */
const char *cache_keeping(struct span key);
/* Makes the gzip form when somebody wants it for the first time. True when there is one. */
bool cache_pack(struct cache *cache, struct cache_entry *entry);
/* Everything kept is dropped, and nothing asked for until now will be kept. */
void cache_clear(struct cache *cache);
/* Brings the head's date up to now; costs a comparison while the second lasts. */
void cache_touch(struct cache *cache, struct cache_entry *entry, enum cache_variant variant);

struct cache_stats {
    size_t entries, bytes;
    unsigned long long clears;
};
void cache_stats(const struct cache *cache, struct cache_stats *ret);

#endif
