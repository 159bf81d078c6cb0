/* gateway.h - one gateway process: the parts that main.c makes and hands down. */
#ifndef JB_GATEWAY_H
#define JB_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "http/etag.h"
#include "http/response.h"
#include "kdf.h"
#include "sql.h"

struct access_log;
struct blocklist;
struct cache;
struct cache_flight;
struct event_base;
struct http_server;
struct live;
struct log;
struct loop;
struct match;
struct metric;
struct metrics;
struct peers;
struct router;
struct series;
struct site;
struct sql_pool;
struct ssl_ctx_st;
struct tls;

struct settings {
#define SETTING(name, type, value, help) CONF_C_##type name;
#include "conf.def"
#undef SETTING
};

/* Keys derived from the secret, each for one purpose only. */
struct keys {
    unsigned char csrf[32];
    unsigned char seal[32];
    unsigned char print[32]; /* of request fingerprints */
    char totp_hex[65];
    struct etag_key tags;
};

/* Comma-separated names or addresses, taken apart. */
struct name_list {
    const char *name[32];
    size_t count;
};

#define COUNTED_STATUSES 600

struct counters {
    struct metric *requests;                  /* by status */
    struct series *answers[COUNTED_STATUSES]; /* its series, as they are met */
    struct metric *seconds;                   /* by route; the router holds the series */
    struct series *quick_ok, *quick_same;     /* requests of the cache: 200 and 304 */
    struct series *cache_hits;
    struct series *cache_misses;
};

struct gateway {
    struct settings conf;
    struct keys keys;
    struct name_list hosts;
    struct name_list proxies;
    struct name_list metrics_from;
    struct loop *loop;
    struct event_base *base;
    struct log *log;
    struct access_log *access;
    struct metrics *metrics;
    struct counters counters;
    struct sql_pool *pool;
    struct kdf *kdf;
    struct ssl_ctx_st *match_tls; /* NULL: the engine is on a unix socket */
    struct match *match;
    struct peers *peers;
    struct tls *tls;
    struct http_server *server;
    struct router *router;
    struct site *site; /* NULL: no pages, documents only */
    struct cache *cache;
    struct cache_flight *flights; /* public reads under way */
    struct live *live;            /* who waits for news of the desk */
    struct blocklist *blocklist;
    char nobody_hash[KDF_HASH_MAX]; /* checked for a login that nobody has (S9) */
    char rid_prefix[28];            /* of request ids: random for each process */
    uint64_t rid_next;
    size_t body_bytes; /* of all bodies being held */
    struct response_clock clock;
};

bool name_list_has(const struct name_list *list, const char *name, size_t len);

#endif
