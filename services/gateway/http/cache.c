/* cache.c - see cache.h: a hash table with a least-recently-used list through it. */
#include "cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "gzip.h"
#include "response.h"

#define SLOTS 8192u

struct cache {
    struct cache_entry *slots[SLOTS];
    struct cache_entry *oldest, *newest;
    size_t entries, bytes, max;
    int life_ms;
    uint64_t generation, seed;
    unsigned long long clears;
    const struct etag_key *tags;
    struct response_clock clock;
};

/* --- entries ------------------------------------------------------------------------------- */

static void entry_free(struct cache_entry *entry)
{
    for (int i = 0; i < CACHE_VARIANTS; i++)
        free(entry->form[i].head);
    free((void *)(uintptr_t)entry->form[CACHE_PLAIN].body);
    free((void *)(uintptr_t)entry->form[CACHE_GZIP].body);
    free((void *)(uintptr_t)entry->key.at);
    free(entry);
}

void cache_release(void *arg)
{
    struct cache_entry *entry = arg;

    if (--entry->refs == 0)
        entry_free(entry);
}

const char *cache_keeping(struct span key)
{
    static const char assets[] = "/assets/";

    if (key.len >= sizeof(assets) - 1 && memcmp(key.at, assets, sizeof(assets) - 1) == 0)
        return "public, max-age=31536000, immutable";
    return "public, no-cache";
}

static int make_form(struct cache_entry *entry, enum cache_variant variant, const char *type,
                     const char *etag)
{
    struct cache_form *form = &entry->form[variant];
    struct response_clock now = { 0 };
    struct response_head head = {
        .status = variant == CACHE_SAME ? 304 : 200,
        .type = variant == CACHE_SAME ? NULL : type,
        .date = response_now(&now),
        .length = form->body_len,
        .etag = etag,
        .cache = cache_keeping(entry->key),
        .encoding = variant == CACHE_GZIP ? "gzip" : NULL,
        .vary = response_vary(entry->type),
    };
    char bytes[RESPONSE_HEAD_MAX];

    form->head_len = response_head_write(bytes, sizeof(bytes), &head);
    form->head = form->head_len ? malloc(form->head_len) : NULL;
    if (!form->head)
        return -1;
    memcpy(form->head, bytes, form->head_len);
    entry->size += form->head_len + form->body_len;
    return 0;
}

bool cache_pack(struct cache *cache, struct cache_entry *entry)
{
    const struct cache_form *plain = &entry->form[CACHE_PLAIN];
    struct cache_form *form = &entry->form[CACHE_GZIP];
    char etag[sizeof(entry->etag) + 4];
    size_t before = entry->size;

    if (entry->packed || plain->body_len < GZIP_MIN)
        return form->head != NULL;
    entry->packed = true;
    form->body = gzip_pack(plain->body, plain->body_len, &form->body_len);
    if (!form->body)
        return false;
    snprintf(etag, sizeof(etag), "%.*s-gz\"", (int)entry->etag_len - 1, entry->etag);
    if (make_form(entry, CACHE_GZIP, entry->type, etag) < 0)
        return false;
    if (entry->kept)
        cache->bytes += entry->size - before;
    return true;
}

static char *copy_of(const char *bytes, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy && len)
        memcpy(copy, bytes, len);
    if (copy)
        copy[len] = '\0';
    return copy;
}

static struct cache_entry *entry_make(const struct etag_key *tags, struct span key,
                                      const char *type, const char *version, const char *body,
                                      size_t len)
{
    struct cache_entry *entry = calloc(1, sizeof(*entry));

    if (!entry)
        return NULL;
    entry->refs = 1;
    entry->type = type;
    entry->key = (struct span){ copy_of(key.at, key.len), key.len };
    entry->form[CACHE_PLAIN].body = copy_of(body, len);
    entry->form[CACHE_PLAIN].body_len = len;
    entry->etag_len = etag_make(tags, version, body, len, entry->etag, sizeof(entry->etag));
    entry->size = sizeof(*entry) + key.len;
    if (!entry->key.at || !entry->form[CACHE_PLAIN].body || !entry->etag_len ||
        make_form(entry, CACHE_PLAIN, type, entry->etag) < 0 ||
        make_form(entry, CACHE_SAME, type, entry->etag) < 0) {
        entry_free(entry);
        return NULL;
    }
    return entry;
}

/* --- the table ------------------------------------------------------------------------------ */

static struct cache_entry **slot_of(struct cache *cache, struct span key)
{
    uint64_t hash = cache->seed;

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 0x100000001b3ULL;
    return &cache->slots[(hash ^ (hash >> 31)) % SLOTS];
}

static void unlink_used(struct cache *cache, struct cache_entry *entry)
{
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
}

static void append_used(struct cache *cache, struct cache_entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void drop(struct cache *cache, struct cache_entry *entry)
{
    struct cache_entry **at = slot_of(cache, entry->key);

    while (*at != entry)
        at = &(*at)->hash_next;
    *at = entry->hash_next;
    unlink_used(cache, entry);
    cache->entries--;
    cache->bytes -= entry->size;
    entry->kept = false;
    cache_release(entry);
}

struct cache *cache_new(size_t max_bytes, int life_ms, const struct etag_key *tags)
{
    struct cache *cache = calloc(1, sizeof(*cache));

    if (!cache)
        return NULL;
    cache->max = max_bytes;
    cache->life_ms = life_ms;
    cache->tags = tags;
    if (getrandom(&cache->seed, sizeof(cache->seed), 0) != (ssize_t)sizeof(cache->seed)) {
        free(cache);
        return NULL;
    }
    return cache;
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    cache_clear(cache);
    free(cache);
}

struct cache_entry *cache_find(struct cache *cache, struct span key)
{
    struct cache_entry *entry = *slot_of(cache, key);

    while (entry && (entry->key.len != key.len || memcmp(entry->key.at, key.at, key.len) != 0))
        entry = entry->hash_next;
    if (!entry)
        return NULL;
    if (clock_ms() >= entry->until_ms) {
        drop(cache, entry);
        return NULL;
    }
    if (cache->newest != entry) {
        unlink_used(cache, entry);
        append_used(cache, entry);
    }
    return entry;
}

uint64_t cache_generation(const struct cache *cache)
{
    return cache->generation;
}

struct cache_entry *cache_put(struct cache *cache, uint64_t generation, struct span key,
                              const char *type, const char *version, const char *body, size_t len)
{
    struct cache_entry *entry = entry_make(cache->tags, key, type, version, body, len), *old;

    if (!entry || generation != cache->generation || entry->size > cache->max / 4)
        return entry;
    old = cache_find(cache, key);
    if (old)
        drop(cache, old);
    while (cache->bytes + entry->size > cache->max && cache->oldest)
        drop(cache, cache->oldest); /* NOLINT(clang-analyzer-unix.Malloc): unlinked */
    struct cache_entry **slot = slot_of(cache, entry->key);
    entry->hash_next = *slot;
    *slot = entry;
    append_used(cache, entry);
    entry->kept = true;
    entry->refs++;
    entry->until_ms = clock_ms() + cache->life_ms;
    cache->entries++;
    cache->bytes += entry->size;
    return entry;
}

void cache_clear(struct cache *cache)
{
    cache->generation++;
    cache->clears++;
    while (cache->oldest)
        drop(cache, cache->oldest);
}

void cache_touch(struct cache *cache, struct cache_entry *entry, enum cache_variant variant)
{
    memcpy(entry->form[variant].head + response_date_offset(variant == CACHE_SAME ? 304 : 200),
           response_now(&cache->clock), RESPONSE_DATE_LEN);
}

void cache_stats(const struct cache *cache, struct cache_stats *ret)
{
    *ret = (struct cache_stats){ cache->entries, cache->bytes, cache->clears };
}
