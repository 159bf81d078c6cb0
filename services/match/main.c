/* main.c - the match engine: settings, signals, and how its parts hang together.
 *
 *   keep loads the snapshot --> the feed follows the database --> serve answers gateways
 *
 * With a snapshot questions are answered from it at once, and it is brought up to date meanwhile;
 * without one they are told STARTING until the library has been read. */
#include <curl/curl.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "embed.h"
#include "endpoint.h"
#include "feed.h"
#include "keep.h"
#include "log.h"
#include "loop.h"
#include "rpc_tls.h"
#include "serve.h"

struct settings {
#define SETTING(name, type, value, help) CONF_C_##type name;
#include "conf.def"
#undef SETTING
};

static const struct conf_row rows[] = {
#define SETTING(name, type, value, help) CONF_ROW(struct settings, name, type, value, help),
#include "conf.def"
#undef SETTING
};

struct process {
    struct settings set;
    struct arena arena;
    struct log *log;
    struct loop *loop;
    struct ssl_ctx_st *tls;
    struct serve *serve;
    struct keep *keep;
    struct feed *feed;
    struct embed *embed; /* NULL: there is no endpoint */
    struct event *numbers;
    struct engine *engine; /* keep's */
    bool open, stopping, failed, late;
};

static void fail(struct process *process, const char *why)
{
    log_error(process->log, "the engine ends", LOG_S("why", why));
    process->failed = true;
    loop_stop(process->loop);
}

/* --- the parts call each other -----------------------------------------------------------------
 */

static void open_serve(struct process *process)
{
    if (process->open || process->stopping)
        return;
    process->open = true;
    if (serve_open(process->serve, process->engine) < 0)
        fail(process, "memory is out");
    else
        log_info(process->log, "answering questions");
}

static void on_feed_ready(void *arg)
{
    struct process *process = arg;

    open_serve(process);
    keep_ready(process->keep);
    if (process->embed)
        embed_begin(process->embed, process->engine);
}

static void on_feed_changed(void *arg, unsigned long long n)
{
    struct process *process = arg;

    keep_changed(process->keep, n);
}

static void on_loaded(void *arg, struct engine *engine, struct terms *terms)
{
    struct process *process = arg;
    const struct settings *set = &process->set;
    const struct feed_conf conf = {
        .loop = process->loop,
        .log = process->log,
        .conninfo = set->database_url,
        .engine = engine,
        .terms = terms,
        .threads = (int)set->feed_threads,
        .batch = (int)set->feed_batch,
        .poll_ms = (int)set->poll_ms,
        .compare_ms = (int)set->compare_minutes * 60000,
        .statement_timeout_ms = (int)set->statement_timeout_ms,
        .ready = on_feed_ready,
        .changed = on_feed_changed,
        .arg = process,
    };

    if (process->stopping)
        return;
    process->engine = engine;
    if (engine)
        process->feed = feed_new(&conf);
    if (!process->feed)
        fail(process, engine ? "cannot use database_url" : "memory is out");
    else if (*index_position(engine_index(engine)))
        open_serve(process);
}

/* --- numbers -----------------------------------------------------------------------------------
 */

struct number {
    const char *name;
    double value;
};

#define NUMBERS_MAX 32

static size_t numbers(struct process *process, struct number ret[NUMBERS_MAX])
{
    struct serve_counts serve;
    struct feed_counts feed = { .behind_s = -1 };
    struct embed_counts embed = { 0 };
    struct keep_counts keep;

    serve_counts(process->serve, &serve);
    keep_counts(process->keep, &keep);
    if (process->feed)
        feed_counts(process->feed, &feed);
    if (process->embed)
        embed_counts(process->embed, &embed);

    const struct number all[] = {
        { "asked", (double)serve.asked },
        { "ok", (double)serve.ok },
        { "late", (double)serve.late },
        { "overloaded", (double)serve.overloaded },
        { "starting", (double)serve.starting },
        { "refused", (double)serve.refused },
        { "failed", (double)serve.failed },
        { "dropped", (double)serve.dropped },
        { "waiting", serve.waiting },
        { "working", serve.working },
        { "connections", serve.connections },
        { "p50_ms", serve.p50_ms },
        { "p99_ms", serve.p99_ms },
        { "behind_s", feed.behind_s },
        { "put", (double)feed.put },
        { "same", (double)feed.same },
        { "removed", (double)feed.removed },
        { "bad", (double)feed.bad },
        { "rescans", (double)feed.rescans },
        { "saved", (double)keep.saved },
        { "learned", (double)keep.learned },
        { "compacted", (double)keep.compacted },
        { "load_s", keep.load_s },
        { "save_s", keep.save_s },
        { "learn_s", keep.learn_s },
        { "model_items", keep.model_items },
        { "embed_ready", embed.ready },
        { "embed_asked", (double)embed.asked },
        { "embed_cached", (double)embed.cached },
        { "embed_failed", (double)embed.failed },
        { "loop_lag_ms", (double)loop_take_lag_us(process->loop) / 1000 },
    };

    memcpy(ret, all, sizeof(all));
    return COUNT_OF(all);
}

static void write_numbers(struct process *process, struct arena *arena, Jb__Response *ret)
{
    struct number all[NUMBERS_MAX];
    size_t n = numbers(process, all);
    Jb__Number *list = arena_alloc(arena, n * sizeof(*list));
    Jb__Number **pointers = arena_alloc(arena, n * sizeof(Jb__Number *));

    if (!list || !pointers)
        return;
    for (size_t i = 0; i < n; i++) {
        jb__number__init(&list[i]);
        list[i].name = (char *)(uintptr_t)all[i].name;
        list[i].value = all[i].value;
        pointers[i] = &list[i];
    }
    ret->numbers = pointers;
    ret->n_numbers = n;
}

static void put_text(struct arena *arena, const char *text, char **ret)
{
    char *copy = arena_dup(arena, text, strlen(text));

    if (copy)
        *ret = copy;
}

static void on_status(void *arg, struct arena *arena, Jb__Response *ret)
{
    struct process *process = arg;
    struct feed_counts feed = { .behind_s = -1 };
    char version[64];

    if (process->feed)
        feed_counts(process->feed, &feed);
    ret->behind_s = feed.behind_s;
    put_text(arena, feed.position, &ret->position);
    write_numbers(process, arena, ret);
    if (!process->engine)
        return;

    struct index *index = engine_index(process->engine);

    engine_version(process->engine, version);
    put_text(arena, version, &ret->version);
    index_read(index);
    ret->items = index_live(index);
    ret->bytes = index_bytes(index);
    index_done(index);
}

static void on_numbers(evutil_socket_t fd, short what, void *arg)
{
    struct process *process = arg;
    struct number all[NUMBERS_MAX];
    struct log_field fields[NUMBERS_MAX];
    size_t n = numbers(process, all);

    (void)fd, (void)what;
    for (size_t i = 0; i < n; i++)
        fields[i] = (struct log_field)LOG_F(all[i].name, all[i].value);
    log_write(process->log, LOG_LEVEL_INFO, "numbers", fields, n);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static void on_kept(void *arg)
{
    struct process *process = arg;

    log_info(process->log, "stopped");
    loop_stop(process->loop);
}

static void on_served(void *arg)
{
    struct process *process = arg;

    feed_free(process->feed);
    process->feed = NULL;
    keep_stop(process->keep, on_kept, process);
}

static void on_too_late(evutil_socket_t fd, short what, void *arg)
{
    struct process *process = arg;

    (void)fd, (void)what;
    process->late = true;
    loop_stop(process->loop);
}

static void on_stop(void *arg, int signal)
{
    struct process *process = arg;
    const struct timeval patience = { process->set.stop_ms / 1000,
                                      process->set.stop_ms % 1000 * 1000 };

    if (process->stopping)
        return;
    process->stopping = true;
    log_info(process->log, "stopping", LOG_I("signal", signal));
    if (event_base_once(loop_base(process->loop), -1, EV_TIMEOUT, on_too_late, process, &patience) <
        0)
        loop_stop(process->loop);
    serve_stop(process->serve, on_served, process);
}

static void on_hangup(void *arg, int signal)
{
    struct process *process = arg;

    (void)signal;
    if (log_reopen(process->log) < 0)
        log_warn(process->log, "cannot open the log file anew");
}

/* --- the beginning: each says NULL, or why it cannot -------------------------------------------
 */

static const char *check_settings(struct settings *set)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const struct {
        long value, least, most;
        const char *why;
    } bounds[] = {
        { set->threads, 0, 64, "threads is not within 0 and 64" },
        { set->queue, 1, 100000, "queue is not within 1 and 100000" },
        { set->in_flight, 1, 100000, "in_flight is not within 1 and 100000" },
        { set->connections, 1, 10000, "connections is not within 1 and 10000" },
        { set->patience_ms, 1, 60000, "patience_ms is not within 1 and 60000" },
        { set->feed_threads, 1, 16, "feed_threads is not within 1 and 16" },
        { set->feed_batch, 1, 10000, "feed_batch is not within 1 and 10000" },
        { set->poll_ms, 10, 60000, "poll_ms is not within 10 and 60000" },
        { set->compare_minutes, 1, 10080, "compare_minutes is not within 1 and 10080" },
        { set->snapshot_minutes, 1, 10080, "snapshot_minutes is not within 1 and 10080" },
        { set->snapshot_changes, 1, 1000000000, "snapshot_changes is out of bounds" },
        { set->learn_percent, 1, 1000, "learn_percent is not within 1 and 1000" },
        { set->learn_hour, -1, 23, "learn_hour is not within -1 and 23" },
        { set->learn_pause_s, 1, 86400, "learn_pause_s is not within 1 and 86400" },
        { set->learn_threads, 1, 64, "learn_threads is not within 1 and 64" },
        { set->embed_weight, 0, 1000, "embed_weight is not within 0 and 1000" },
        { set->embed_chars, 100, 100000, "embed_chars is not within 100 and 100000" },
        { set->status_s, 0, 86400, "status_s is not within 0 and 86400" },
        { set->stop_ms, 100, 600000, "stop_ms is not within 100 and 600000" },
    };

    for (size_t i = 0; i < COUNT_OF(bounds); i++)
        if (bounds[i].value < bounds[i].least || bounds[i].value > bounds[i].most)
            return bounds[i].why;
    if (set->threads == 0)
        set->threads = cores > 0 && cores < 64 ? cores : 1;
    if (*set->embed_url && !*set->embed_model)
        return "embed_url needs embed_model, a name";
    if (*set->embed_url && endpoint_fault(set->embed_url))
        return endpoint_fault(set->embed_url);
    return *set->socket || *set->listen ? NULL : "neither socket nor listen is given";
}

/* Off without an address. */
static const char *start_embed(struct process *process)
{
    const struct settings *set = &process->set;
    const struct embed_conf conf = { .loop = process->loop,
                                     .log = process->log,
                                     .conninfo = set->database_url,
                                     .url = set->embed_url,
                                     .model = set->embed_model,
                                     .key = set->embed_key,
                                     .weight = (double)set->embed_weight / 100,
                                     .chars = (int)set->embed_chars,
                                     .statement_timeout_ms = (int)set->statement_timeout_ms };

    if (!*set->embed_url)
        return NULL;
    process->embed = embed_new(&conf);
    return process->embed ? NULL : "out of memory, or cannot use database_url";
}

static const char *start_serve(struct process *process)
{
    const struct settings *set = &process->set;
    const struct serve_conf conf = { .loop = process->loop,
                                     .log = process->log,
                                     .threads = (int)set->threads,
                                     .queue = (int)set->queue,
                                     .connections = (int)set->connections,
                                     .in_flight = (int)set->in_flight,
                                     .patience_ms = (int)set->patience_ms,
                                     .status = on_status,
                                     .arg = process,
                                     .vector = process->embed ? embed_question : NULL,
                                     .vector_arg = process->embed };
    const struct rpc_tls_conf tls = { set->tls_cert, set->tls_key, set->tls_ca, true };
    const char *why = NULL;

    process->serve = serve_new(&conf);
    if (!process->serve)
        return "out of memory";
    if (*set->socket)
        why = serve_listen_unix(process->serve, set->socket);
    if (why || !*set->listen)
        return why;
    process->tls = rpc_tls_new(&tls, &why);
    return process->tls ? serve_listen_tls(process->serve, set->listen, process->tls) : why;
}

static const char *start_keep(struct process *process)
{
    const struct settings *set = &process->set;
    const struct keep_conf conf = { .loop = process->loop,
                                    .log = process->log,
                                    .dir = set->dir,
                                    .save_ms = set->snapshot_minutes * 60000,
                                    .save_changes = set->snapshot_changes,
                                    .learn_percent = set->learn_percent,
                                    .learn_hour = set->learn_hour,
                                    .learn_pause_ms = set->learn_pause_s * 1000,
                                    .learn_threads = (int)set->learn_threads,
                                    .loaded = on_loaded,
                                    .arg = process };

    process->keep = keep_new(&conf);
    return process->keep ? NULL : "out of memory";
}

static const char *start_rest(struct process *process)
{
    const struct timeval period = { process->set.status_s, 0 };

    process->numbers = event_new(loop_base(process->loop), -1, EV_PERSIST, on_numbers, process);
    if (!process->numbers ||
        (process->set.status_s > 0 && event_add(process->numbers, &period) < 0) ||
        loop_on_signal(process->loop, SIGTERM, on_stop, process) < 0 ||
        loop_on_signal(process->loop, SIGINT, on_stop, process) < 0 ||
        loop_on_signal(process->loop, SIGHUP, on_hangup, process) < 0)
        return "out of memory";
    return NULL;
}

static const char *start(struct process *process)
{
    const char *path = *process->set.log_file ? process->set.log_file : NULL;
    enum log_level level;
    const char *why = check_settings(&process->set);

    if (why)
        return why;
    if (log_level_of(process->set.log_level, &level) < 0)
        return "log_level is none of debug, info, warn, error";
    process->log = log_new(path, level, "match");
    process->loop = loop_new();
    if (!process->log || !process->loop)
        return "cannot open the log file";
    why = start_embed(process);
    why = why ? why : start_serve(process);
    why = why ? why : start_keep(process);
    return why ? why : start_rest(process);
}

int main(int argc, char **argv)
{
    struct process process = { 0 };
    enum conf_result rc =
        conf_load(rows, COUNT_OF(rows), &process.set, &process.arena, &argc, argv);

    if (rc == CONF_HELP)
        conf_help(rows, COUNT_OF(rows), stdout, "Usage: jiebang-match [OPTION]...");
    if (rc != CONF_OK || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        arena_release(&process.arena);
        return rc == CONF_HELP ? 0 : 2;
    }

    const char *why = start(&process);

    if (why)
        fprintf(stderr, "jiebang-match: %s\n", why);
    else if (loop_run(process.loop) < 0)
        log_error(process.log, "the event loop failed");

    feed_free(process.feed);
    embed_free(process.embed); /* before those that wait for a vector */
    serve_free(process.serve);
    keep_free(process.keep); /* last: the engine is its own */
    SSL_CTX_free(process.tls);
    if (process.numbers)
        event_free(process.numbers);
    loop_free(process.loop);
    log_free(process.log);
    arena_release(&process.arena);
    curl_global_cleanup();
    return why ? 2 : process.failed || process.late ? 1 : 0;
}
