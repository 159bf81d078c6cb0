/* setup.c - see setup.h. */
#include "setup.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "access.h"
#include "auth/password.h"
#include "crypto.h"
#include "dispatch.h"
#include "flows/flow.h"
#include "flows/flows.h"
#include "http/cache.h"
#include "http/peers.h"
#include "http/server.h"
#include "http/tls.h"
#include "live.h"
#include "log.h"
#include "loop.h"
#include "match.h"
#include "metrics.h"
#include "pages/site.h"
#include "public.h"
#include "router.h"
#include "rpc_tls.h"
#include "sql_pool.h"
#include "str.h"

#define SECRET_MIN 32
#define RESERVED_FDS 64 /* database, logs, files, and room to say no */
#define PEERS_MAX 65536
#define STREAMS_OF_ONE 6 /* of GET /live: one a browser */
#define KDF_KIB 65536
#define KDF_PASSES 3

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "jiebang-gateway: %s: %s\n", what, why);
    return -1;
}

/* --- lists ------------------------------------------------------------------------------------ */

int name_list_read(struct name_list *list, struct arena *arena, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, ", ");

        if (len > 0) {
            if (list->count == COUNT_OF(list->name))
                return -1;
            list->name[list->count] = arena_dup(arena, text, len);
            if (!list->name[list->count++])
                return -1;
        }
        text += len;
        text += strspn(text, ", ");
    }
    return 0;
}

bool name_list_has(const struct name_list *list, const char *name, size_t len)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->name[i]) == len && strncasecmp(list->name[i], name, len) == 0)
            return true;
    return false;
}

static int setup_lists(struct gateway *gw, struct arena *arena)
{
    if (name_list_read(&gw->hosts, arena, gw->conf.hosts) < 0 ||
        name_list_read(&gw->proxies, arena, gw->conf.proxies) < 0 ||
        name_list_read(&gw->metrics_from, arena, gw->conf.metrics_from) < 0)
        return fail("hosts, proxies, metrics_from", "more than 32 names");
    if (*gw->conf.public_url && !str_is_site(gw->conf.public_url))
        return fail("public_url", "it is like https://host, without a slash at the end");
    return 0;
}

/* --- keys ------------------------------------------------------------------------------------- */

static int setup_keys(struct gateway *gw)
{
    const struct conf_secret *secret = &gw->conf.secret;
    unsigned char totp[32];
    char uuid[CRYPTO_UUID];
    int rc;

    if (!secret->bytes || secret->len < SECRET_MIN)
        return fail("secret", "a file with at least 32 bytes is needed");
    rc = crypto_hkdf(secret->bytes, secret->len, NULL, 0, "jiebang csrf", gw->keys.csrf, 32) |
         crypto_hkdf(secret->bytes, secret->len, NULL, 0, "jiebang seal", gw->keys.seal, 32) |
         crypto_hkdf(secret->bytes, secret->len, NULL, 0, "jiebang print", gw->keys.print, 32) |
         crypto_hkdf(secret->bytes, secret->len, NULL, 0, "jiebang totp", totp, 32) |
         crypto_hkdf(secret->bytes, secret->len, NULL, 0, "jiebang tag",
                     (unsigned char *)&gw->keys.tags, sizeof(gw->keys.tags)) |
         crypto_uuid(uuid);
    if (rc < 0)
        return fail("secret", "cannot derive keys");
    crypto_hex(totp, sizeof(totp), gw->keys.totp_hex);
    crypto_wipe(totp, sizeof(totp));
    /* request ids look like UUIDs; the last twelve digits are counted */
    snprintf(gw->rid_prefix, sizeof(gw->rid_prefix), "%.24s", uuid);
    return 0;
}

/* --- log and numbers -------------------------------------------------------------------------- */

static int setup_log(struct gateway *gw)
{
    enum log_level level;

    if (log_level_of(gw->conf.log_level, &level) < 0)
        return fail("log_level", "debug, info, warn or error is expected");
    gw->log = log_new(*gw->conf.log ? gw->conf.log : NULL, level, "gateway");
    return gw->log ? 0 : fail("log", "the file cannot be opened");
}

static int setup_metrics(struct gateway *gw)
{
    static const double bounds[] = { 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                     0.05,   0.1,   0.25,   0.5,   1,    5 };
    struct counters *counters = &gw->counters;

    gw->metrics = metrics_new();
    if (!gw->metrics)
        return fail("metrics", "memory is out");
    counters->requests = metrics_add(gw->metrics, METRIC_COUNTER, "jb_requests_total",
                                     "answers by status", "status", NULL, 0);
    counters->quick_ok = metric_series(counters->requests, "200", NULL, NULL);
    counters->quick_same = metric_series(counters->requests, "304", NULL, NULL);
    counters->seconds =
        metrics_add(gw->metrics, METRIC_HISTOGRAM, "jb_request_seconds", "time from head to answer",
                    "method route", bounds, COUNT_OF(bounds));
    counters->cache_hits =
        metric_series(metrics_add(gw->metrics, METRIC_COUNTER, "jb_cache_hits_total",
                                  "public reads from memory", NULL, NULL, 0),
                      NULL, NULL, NULL);
    counters->cache_misses =
        metric_series(metrics_add(gw->metrics, METRIC_COUNTER, "jb_cache_misses_total",
                                  "public reads from the database", NULL, NULL, 0),
                      NULL, NULL, NULL);

    struct metric *lost =
        metrics_add(gw->metrics, METRIC_COUNTER, "jb_access_lines_lost_total",
                    "lines of the access log that could not be written", NULL, NULL, 0);

    gw->access = access_new(gw->base, gw->conf.access_log, metric_series(lost, NULL, NULL, NULL));
    return gw->access ? 0 : fail("access_log", "the file cannot be opened");
}

/* --- routes and database ---------------------------------------------------------------------- */

static int setup_router(struct gateway *gw)
{
    char why[200] = "memory is out";

    gw->router = router_new(routes, n_routes, why, sizeof(why));
    if (!gw->router)
        return fail("routes", why);
    router_measure(gw->router, gw->counters.seconds);
    return 0;
}

static int setup_site(struct gateway *gw)
{
    char why[4000] = "memory is out";

    if (!*gw->conf.web)
        return 0;
    gw->site = site_new(gw->conf.web, gw->conf.static_dir, gw->router, flow_page,
                        gw->conf.web_watch != 0, why, sizeof(why));
    if (!gw->site)
        return fail("web", why);
    router_measure(gw->site->router, gw->counters.seconds);
    return 0;
}

/* Channel NULL: announcements may have been missed. */
static void on_notify(void *arg, const char *channel, const char *payload)
{
    struct gateway *gw = arg;

    if (!channel || strcmp(channel, "public_changed") == 0)
        public_changed(gw);
    if (!channel || strcmp(channel, "public_changed") != 0)
        live_notify(gw->live, channel, payload);
}

static int setup_pool(struct gateway *gw, struct arena *arena)
{
    static const char *const channels[] = { "public_changed", "desk", "session_ended" };
    size_t n = router_count(gw->router), used = 0;
    const struct sql_stmt **stmts =
        arena_alloc(arena, (n + n_flow_stmts) * sizeof(const struct sql_stmt *));
    struct sql_pool_conf conf = {
        .conninfo = gw->conf.database_url,
        .size = (int)gw->conf.pool,
        .queue_max = (int)gw->conf.queue,
        .queue_timeout_ms = (int)gw->conf.queue_ms,
        .statement_timeout_ms = (int)gw->conf.statement_ms,
        .lock_timeout_ms = (int)gw->conf.lock_ms,
        .idle_in_transaction_timeout_ms = 10000,
        .stmts = stmts,
        .log = gw->log,
        .application = "jiebang-gateway",
    };

    if (!stmts)
        return fail("database", "memory is out");
    for (size_t i = 0; i < n; i++)
        if (router_stmt(gw->router, i)->text)
            stmts[used++] = router_stmt(gw->router, i);
    for (size_t i = 0; i < n_flow_stmts; i++)
        stmts[used++] = flow_stmts[i];
    conf.n_stmts = used;
    gw->pool = sql_pool_new(gw->base, &conf);
    if (!gw->pool || sql_pool_listen(gw->pool, channels, COUNT_OF(channels), on_notify, gw) < 0)
        return fail("database", "the pool cannot be made");
    return 0;
}

/* --- who waits -------------------------------------------------------------------------------- */

static int setup_live(struct gateway *gw)
{
    const struct settings *set = &gw->conf;
    struct live_conf conf = { .loop = gw->loop,
                              .pool = gw->pool,
                              .max = set->live_max > 0 ? (size_t)set->live_max : 0,
                              .max_person = STREAMS_OF_ONE,
                              .beat_ms = (int)set->live_beat_ms,
                              .life_ms = (int)set->live_s * 1000 };

    if (set->live_beat_ms < 20 || set->live_beat_ms > 300000)
        return fail("live_beat_ms", "a number from 20 to 300000 is expected");
    if (set->live_s < 1 || set->live_s > 86400)
        return fail("live_s", "a number from 1 to 86400 is expected");
    gw->live = live_new(&conf);
    return gw->live ? 0 : fail("live", "memory is out");
}

/* --- passwords -------------------------------------------------------------------------------- */

static void on_nobody(void *arg, const struct kdf_result *result)
{
    struct gateway *gw = arg;

    if (result->outcome == KDF_MATCH && result->hash)
        snprintf(gw->nobody_hash, sizeof(gw->nobody_hash), "%s", result->hash);
}

/* The hash of a password that nobody will ever type, made with today's costs. */
static int setup_kdf(struct gateway *gw)
{
    struct kdf_conf conf = { 2, (int)gw->conf.kdf_queue, KDF_KIB, KDF_PASSES };
    unsigned char random[32];
    char text[CRYPTO_HEX(sizeof(random))];

    gw->kdf = kdf_new(gw->base, &conf);
    gw->blocklist = blocklist_new();
    if (!gw->kdf || !gw->blocklist || crypto_random(random, sizeof(random)) < 0)
        return fail("passwords", "memory is out");
    crypto_hex(random, sizeof(random), text);
    if (!kdf_hash(gw->kdf, text, strlen(text), on_nobody, gw))
        return fail("passwords", "memory is out");
    return 0;
}

/* --- the match engine ------------------------------------------------------------------------- */

static int setup_match(struct gateway *gw)
{
    const struct settings *set = &gw->conf;
    const struct rpc_tls_conf tls = { set->match_cert, set->match_key, set->match_ca, false };
    struct match_conf conf = { .loop = gw->loop,
                               .log = gw->log,
                               .address = set->match,
                               .tls_name = set->match_name,
                               .timeout_ms = (int)set->match_ms };
    const char *why = NULL;

    if (set->match_ms < 10 || set->match_ms > 60000)
        return fail("match_ms", "a number from 10 to 60000 is expected");
    if (*set->match_cert) {
        gw->match_tls = rpc_tls_new(&tls, &why);
        if (!gw->match_tls)
            return fail("match_cert, match_key, match_ca", why);
    }
    conf.tls = gw->match_tls;
    gw->match = match_new(&conf);
    return gw->match ? 0 : fail("match", "neither a short path nor address:port, or memory is out");
}

/* --- the front -------------------------------------------------------------------------------- */

/* As many descriptors as we may have; each connection needs one. */
static long connections_max(const struct gateway *gw)
{
    struct rlimit limit;
    long most = 1024;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1000000)
            most = (long)limit.rlim_cur;
        else
            most = 1000000;
    }
    most -= RESERVED_FDS + gw->conf.pool;
    if (most < 8)
        most = 8;
    return gw->conf.connections > 0 && gw->conf.connections < most ? gw->conf.connections : most;
}

static int setup_front(struct gateway *gw, struct http_app *app)
{
    struct http_limits limits = {
        .head_ms = (int)gw->conf.head_ms,
        .body_ms = (int)gw->conf.body_ms,
        .body_rate = (int)gw->conf.body_rate,
        .idle_ms = (int)gw->conf.idle_ms,
        .write_ms = (int)gw->conf.write_ms,
        .held = (size_t)gw->conf.output_mb << 20,
        .per_ip = (int)gw->conf.ip_connections,
        .connections = (int)connections_max(gw),
    };

    dispatch_app(gw, app);
    gw->cache =
        cache_new((size_t)gw->conf.cache_mb << 20, (int)gw->conf.cache_s * 1000, &gw->keys.tags);
    gw->peers = peers_new(PEERS_MAX);
    if (gw->cache && gw->peers)
        gw->server = http_server_new(gw->base, &limits, app, gw->peers);
    return gw->server ? 0 : fail("server", "memory is out");
}

static int listen_tls(struct gateway *gw)
{
    char why[400] = "memory is out";

    if (gw->conf.port == 0)
        return 0;
    gw->tls = tls_new(gw->conf.cert, gw->conf.key, why, sizeof(why));
    if (!gw->tls)
        return fail("certificate", why);
    if (http_server_listen(gw->server, gw->conf.host, (int)gw->conf.port, gw->tls) < 0)
        return fail("port", "cannot listen");
    log_info(gw->log, "listening", LOG_S("host", gw->conf.host), LOG_I("port", gw->conf.port),
             LOG_I("certificate_days", tls_days_left(gw->tls)));
    return 0;
}

static int listen_plain(struct gateway *gw)
{
    if (gw->conf.plain == 0)
        return 0;
    if (http_server_listen(gw->server, gw->conf.plain_host, (int)gw->conf.plain, NULL) < 0)
        return fail("plain", "cannot listen");
    log_info(gw->log, "listening without TLS", LOG_S("host", gw->conf.plain_host),
             LOG_I("port", gw->conf.plain));
    return 0;
}

/* In this order: each part stands on those before it. */
static int setup_parts(struct gateway *gw, struct arena *arena)
{
    static int (*const parts[])(struct gateway *) = { setup_keys,   setup_log,  setup_metrics,
                                                      setup_router, setup_site, setup_kdf };

    if (setup_lists(gw, arena) < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i](gw) < 0)
            return -1;
    return setup_pool(gw, arena) < 0 ? -1 : setup_live(gw);
}

int setup_gateway(struct gateway *gw, struct http_app *app, struct arena *arena)
{
    if (gw->conf.port == 0 && gw->conf.plain == 0)
        return fail("port", "neither a TLS nor a plain port is given");
    gw->loop = loop_new();
    if (!gw->loop)
        return fail("loop", "memory is out");
    gw->base = loop_base(gw->loop);
    if (setup_parts(gw, arena) < 0 || setup_match(gw) < 0 || setup_front(gw, app) < 0)
        return -1;
    return listen_tls(gw) < 0 || listen_plain(gw) < 0 ? -1 : 0;
}

void setup_release(struct gateway *gw)
{
    http_server_free(gw->server); /* first: connections let go of statements and checks */
    live_free(gw->live);
    sql_pool_free(gw->pool);
    kdf_free(gw->kdf);
    match_free(gw->match);
    SSL_CTX_free(gw->match_tls);
    blocklist_free(gw->blocklist);
    cache_free(gw->cache);
    peers_free(gw->peers);
    tls_free(gw->tls);
    site_free(gw->site);
    router_free(gw->router);
    metrics_free(gw->metrics);
    access_free(gw->access);
    log_free(gw->log);
    loop_free(gw->loop);
    crypto_wipe(&gw->keys, sizeof(gw->keys));
}
