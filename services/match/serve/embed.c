/* embed.c - see embed.h.
 *
 *   a batch of records, or a question:  database -> what it lacks: endpoint -> database
 *
 * Both are a `wish`, which goes through the same steps on the loop; the endpoint is asked on
 * threads. One wish at a time is a batch; questions have ENDPOINTS - 1 connections for themselves,
 * and one that finds none free goes on without. */
#include "embed.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "buf.h"
#include "clock.h"
#include "embed_text.h"
#include "endpoint.h"
#include "jobs.h"
#include "log.h"
#include "loop.h"
#include "sql_pool.h"
#include "wire.h"

#define ENDPOINTS 5
#define BATCH 32
#define BATCH_MS 60000
#define QUESTION_MS 10000
#define ROUND_MS 1000 /* between two looks for new records */
#define PAUSE_FIRST_MS 1000
#define PAUSE_LAST_MS 60000
#define ARENA_MAX (64u << 20)
#define ARRAY_MAX (64u << 20)

static const struct sql_stmt stmt_vectors = {
    "feed_vectors", "select sum, vector from feed.vectors($1::text, $2::uuid[])", 2, false, false
};
static const struct sql_stmt stmt_keep = {
    "feed_keep_vectors", "select feed.keep_vectors($1::text, $2::uuid[], $3::bytea[])", 3, false,
    false
};
static const struct sql_stmt *const stmts[] = { &stmt_vectors, &stmt_keep };

struct text {
    const char *bytes;
    char sum[SUM_HEX];
    float *vector;  /* in the arena; NULL: not yet */
    uint8_t id[16]; /* of a record */
    int64_t version;
};

struct wish {
    struct job job;
    TAILQ_ENTRY(wish) link;
    struct embed *embed;
    struct arena arena;
    struct text *texts;
    size_t n;
    /* a question's */
    struct event *timer;
    vector_done_fn done; /* NULL: a batch, or it has been told */
    void *arg;
    /* while the endpoint is asked */
    struct endpoint *endpoint;
    const char **lacking;
    size_t n_lacking;
    float *got;
    int got_dims;
    bool failed;
    char why[ENDPOINT_WHY];
};
TAILQ_HEAD(wishes, wish);

struct embed {
    struct embed_conf conf;
    struct engine *engine; /* NULL: not begun */
    struct sql_pool *pool;
    struct jobs *jobs;
    struct endpoint *endpoints[ENDPOINTS]; /* the first is the batch's; NULL: in use */
    atomic_bool cease;
    struct event *timer; /* of the next batch */
    struct wishes wishes;
    bool again; /* the next batch begins from the first record */
    int dims;   /* 0: nobody has said yet */
    int pause_ms;
    long long down_until_ms;
    struct embed_counts counts;
};

static void start(struct event *timer, long long ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000 };

    evtimer_add(timer, &after);
}

/* --- the life of a wish ----------------------------------------------------------------------- */

static struct wish *wish_new(struct embed *embed, size_t max)
{
    struct wish *wish = calloc(1, sizeof(*wish));

    if (!wish)
        return NULL;
    wish->arena.limit = ARENA_MAX;
    wish->embed = embed;
    wish->texts = arena_alloc(&wish->arena, max * sizeof(*wish->texts));
    wish->lacking = arena_alloc(&wish->arena, max * sizeof(*wish->lacking));
    TAILQ_INSERT_TAIL(&embed->wishes, wish, link);
    return wish;
}

static void wish_free(struct wish *wish)
{
    TAILQ_REMOVE(&wish->embed->wishes, wish, link);
    if (wish->timer)
        event_free(wish->timer);
    free(wish->got);
    arena_release(&wish->arena);
    free(wish);
}

/* The question goes on, with its vector or without; once. */
static void tell(struct wish *wish, const float *vector, const char *why)
{
    vector_done_fn done = wish->done;

    wish->done = NULL;
    if (done)
        done(wish->arg, vector, (size_t)wish->embed->dims, why);
}

static bool is_batch(const struct wish *wish)
{
    return !wish->timer;
}

/* The endpoint, or the database in front of it, is left alone for a while. */
static void pause_all(struct embed *embed, const char *what, const char *why)
{
    embed->counts.failed++;
    log_warn(embed->conf.log, what, LOG_S("why", why), LOG_I("retry_ms", embed->pause_ms));
    embed->down_until_ms = clock_ms() + embed->pause_ms;
    embed->pause_ms = embed->pause_ms * 2 < PAUSE_LAST_MS ? embed->pause_ms * 2 : PAUSE_LAST_MS;
    embed->again = true;
}

/* The records get what is known; a vector that has no direction counts as a failure. */
static void wish_end(struct wish *wish, const char *why)
{
    struct embed *embed = wish->embed;
    bool batch = is_batch(wish);
    int rc = 0;

    if (atomic_load(&embed->cease))
        why = "down";
    if (!batch)
        tell(wish, wish->texts[0].vector, wish->texts[0].vector ? "" : why ? why : "down");
    for (size_t i = 0; batch && !atomic_load(&embed->cease) && i < wish->n; i++)
        if (wish->texts[i].vector &&
            engine_embed(embed->engine, wish->texts[i].id, wish->texts[i].version,
                         wish->texts[i].vector) < 0)
            rc = -1;
    if (rc < 0)
        pause_all(embed, "vectors cannot be taken", "memory is out, or one is all zeros");
    wish_free(wish);
    if (batch && !atomic_load(&embed->cease))
        start(embed->timer, clock_ms() < embed->down_until_ms ? ROUND_MS : 0);
}

/* The first vector says how long all are. */
static int agree_dims(struct embed *embed, int dims)
{
    if (embed->dims)
        return embed->dims == dims ? 0 : -1;
    if (!embed->engine ||
        engine_embed_open(embed->engine, embed->conf.model, dims, embed->conf.weight) < 0)
        return -1;
    embed->dims = dims;
    return 0;
}

/* --- the endpoint ----------------------------------------------------------------------------- */

static void on_ask(struct job *job)
{
    struct wish *wish = (struct wish *)job; /* its first member */
    long patience = is_batch(wish) ? BATCH_MS : QUESTION_MS;

    wish->failed = endpoint_ask(wish->endpoint, wish->lacking, wish->n_lacking, patience,
                                &wish->got, &wish->got_dims, wish->why) < 0;
}

/* In an arena: the statement needs it until it is answered. NULL: no memory. */
static const char *sums_of(struct wish *wish, bool lacking)
{
    struct buf buf;

    buf_init(&buf, ARRAY_MAX);
    buf_addc(&buf, '{');
    for (size_t i = 0; i < wish->n; i++)
        if (!lacking || !wish->texts[i].vector) {
            buf_adds(&buf, buf.len > 1 ? "," : "");
            buf_adds(&buf, wish->texts[i].sum);
        }
    buf_addc(&buf, '}');

    const char *list = buf.failed ? NULL : arena_dup(&wish->arena, buf.data, buf.len);

    buf_release(&buf);
    return list;
}

static const char *vectors_of(struct wish *wish)
{
    struct buf buf;

    buf_init(&buf, ARRAY_MAX);
    buf_addc(&buf, '{');
    for (size_t i = 0; i < wish->n_lacking; i++) {
        buf_adds(&buf, i > 0 ? "," : "");
        embed_write(&buf, wish->got + i * (size_t)wish->got_dims, (size_t)wish->got_dims);
    }
    buf_addc(&buf, '}');

    const char *list = buf.failed ? NULL : arena_dup(&wish->arena, buf.data, buf.len);

    buf_release(&buf);
    return list;
}

/* A cache that does not keep it costs another question to the endpoint, no more. */
static void on_kept(void *arg, const struct sql_result *result)
{
    struct wish *wish = arg;

    if (result->outcome == SQL_ROW || result->outcome == SQL_EMPTY)
        wish->embed->counts.kept += wish->n_lacking;
    else if (!atomic_load(&wish->embed->cease))
        log_warn(wish->embed->conf.log, "vectors are not kept", LOG_S("why", result->message));
    wish_end(wish, NULL);
}

static void keep(struct wish *wish, const char *sums, const char *vectors)
{
    struct sql_args args = { 0 };

    sql_text(&args, wish->embed->conf.model);
    sql_text(&args, sums);
    sql_text(&args, vectors);
    if (!sums || !vectors || !sql_pool_run(wish->embed->pool, &stmt_keep, &args, on_kept, wish))
        wish_end(wish, NULL);
}

static void on_asked(struct job *job)
{
    struct wish *wish = (struct wish *)job;
    struct embed *embed = wish->embed;
    size_t from = 0;

    for (size_t i = 0; i < ENDPOINTS && wish->endpoint; i++)
        if (!embed->endpoints[i] && (i == 0) == is_batch(wish)) {
            embed->endpoints[i] = wish->endpoint;
            wish->endpoint = NULL;
        }
    if (atomic_load(&embed->cease)) {
        wish_end(wish, "down");
        return;
    }
    if (!wish->failed && agree_dims(embed, wish->got_dims) < 0) {
        wish->failed = true;
        snprintf(wish->why, sizeof(wish->why), "its vectors have %d numbers, and had %d before",
                 wish->got_dims, embed->dims);
    }
    if (wish->failed) {
        pause_all(embed, "the embedding endpoint has failed", wish->why);
        wish_end(wish, "down");
        return;
    }
    embed->pause_ms = PAUSE_FIRST_MS;
    embed->down_until_ms = 0;
    embed->counts.asked += wish->n_lacking;

    const char *sums = sums_of(wish, true), *vectors = vectors_of(wish);

    for (size_t i = 0; i < wish->n; i++)
        if (!wish->texts[i].vector)
            wish->texts[i].vector = wish->got + (size_t)wish->got_dims * from++;
    if (!is_batch(wish))
        tell(wish, wish->texts[0].vector, "");
    keep(wish, sums, vectors);
}

/* A free connection of its sort; NULL: all are in use. */
static struct endpoint *take_endpoint(struct embed *embed, bool batch)
{
    for (size_t i = batch ? 0 : 1; i < (batch ? 1 : ENDPOINTS); i++)
        if (embed->endpoints[i]) {
            struct endpoint *endpoint = embed->endpoints[i];

            embed->endpoints[i] = NULL;
            return endpoint;
        }
    return NULL;
}

static void ask_endpoint(struct wish *wish)
{
    struct embed *embed = wish->embed;

    wish->n_lacking = 0;
    for (size_t i = 0; i < wish->n; i++)
        if (!wish->texts[i].vector)
            wish->lacking[wish->n_lacking++] = wish->texts[i].bytes;
    if (wish->n_lacking == 0 || clock_ms() < embed->down_until_ms || atomic_load(&embed->cease)) {
        wish_end(wish, "down");
        return;
    }
    wish->endpoint = take_endpoint(embed, is_batch(wish));
    if (!wish->endpoint) {
        wish_end(wish, "late");
        return;
    }
    wish->job.work = on_ask;
    wish->job.done = on_asked;
    if (jobs_run(embed->jobs, &wish->job) < 0) /* one thread for each connection: it is idle */
        abort();
}

/* --- the database in front of it -------------------------------------------------------------- */

/* NULL: it is not as it should be. */
static float *read_cached(struct wish *wish, const char *hex)
{
    size_t n = 0;
    float *vector = hex ? embed_read(&wish->arena, hex, &n) : NULL;

    return vector && n <= ENDPOINT_DIMS_MAX && agree_dims(wish->embed, (int)n) == 0 ? vector : NULL;
}

static void on_cached(void *arg, const struct sql_result *result)
{
    struct wish *wish = arg;
    struct embed *embed = wish->embed;
    bool answered = result->outcome == SQL_ROW || result->outcome == SQL_EMPTY;

    for (int row = 0; row < result->rows && answered; row++) {
        const char *sum = sql_get_at(result, row, "sum");

        for (size_t i = 0; i < wish->n && sum; i++)
            if (!wish->texts[i].vector && embed_same_sum(sum, wish->texts[i].sum)) {
                wish->texts[i].vector = read_cached(wish, sql_get_at(result, row, "vector"));
                embed->counts.cached += wish->texts[i].vector != NULL;
            }
    }
    if (!answered && is_batch(wish) && !atomic_load(&embed->cease)) {
        pause_all(embed, "the vectors wait for the database", result->message);
        wish_end(wish, "down");
        return;
    }
    ask_endpoint(wish);
}

static int look_up(struct wish *wish)
{
    struct sql_args args = { 0 };
    const char *sums = sums_of(wish, false);

    sql_text(&args, wish->embed->conf.model);
    sql_text(&args, sums);
    return sums && sql_pool_run(wish->embed->pool, &stmt_vectors, &args, on_cached, wish) ? 0 : -1;
}

/* --- records ---------------------------------------------------------------------------------- */

static int begin_batch(struct wish *wish, bool *ret_end)
{
    struct embed *embed = wish->embed;
    struct unembedded list[BATCH];
    size_t n;

    if (!wish->texts || !wish->lacking)
        return -1;
    n = engine_unembedded(embed->engine, &wish->arena, embed->again, list, BATCH, ret_end);
    embed->again = false;
    *ret_end = *ret_end && n == 0;
    for (size_t i = 0; i < n; i++) {
        struct text *text = &wish->texts[wish->n];

        memcpy(text->id, list[i].id, sizeof(text->id));
        text->version = list[i].version;
        wish->n += embed_text(&wish->arena, list[i].field, embed->conf.chars, &text->bytes,
                              text->sum) == 0;
    }
    return wish->n > 0 ? look_up(wish) : -1;
}

/* The next records without a vector. There is one batch at a time: its end starts the timer. */
static void next_batch(struct embed *embed)
{
    struct wish *wish = wish_new(embed, BATCH);
    bool end = false;

    if (wish && begin_batch(wish, &end) == 0)
        return;
    embed->again = embed->again || (wish && wish->n > 0);
    if (wish)
        wish_free(wish);
    if (end && embed->dims && !embed->counts.ready) {
        embed->counts.ready = true;
        engine_embed_ready(embed->engine, true);
        log_info(embed->conf.log, "every record has its vector", LOG_I("dimensions", embed->dims));
    }
    start(embed->timer, end || !wish ? ROUND_MS : 1);
}

static void on_round(evutil_socket_t fd, short what, void *arg)
{
    struct embed *embed = arg;
    long long now = clock_ms();

    (void)fd, (void)what;
    if (now < embed->down_until_ms)
        start(embed->timer, embed->down_until_ms - now);
    else
        next_batch(embed);
}

void embed_begin(struct embed *embed, struct engine *engine)
{
    embed->engine = engine;
    start(embed->timer, 0);
}

/* --- questions -------------------------------------------------------------------------------- */

static void on_patience(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    tell(arg, NULL, "late"); /* what comes later is kept for the next who asks this */
}

const char *embed_question(void *arg, const Jb__Subject *subject, long long until_ms,
                           vector_done_fn done, void *done_arg)
{
    struct embed *embed = arg;
    struct wish *wish = embed->counts.ready ? wish_new(embed, 1) : NULL;
    long long left = until_ms - clock_ms();
    struct subject asked;

    if (!embed->counts.ready)
        return "filling";
    if (!wish)
        return "down";
    wish->timer = evtimer_new(loop_base(embed->conf.loop), on_patience, wish);
    if (!wish->texts || !wish->lacking || !wish->timer ||
        wire_subject(subject, &wish->arena, &asked) ||
        embed_text(&wish->arena, asked.field, embed->conf.chars, &wish->texts->bytes,
                   wish->texts->sum) < 0 ||
        (wish->n = 1, look_up(wish)) < 0) {
        wish_free(wish);
        return "down";
    }
    wish->done = done;
    wish->arg = done_arg;
    start(wish->timer, left > 0 ? left : 0);
    return NULL;
}

/* --- its life --------------------------------------------------------------------------------- */

static int start_endpoints(struct embed *embed)
{
    const struct endpoint_conf conf = { .url = embed->conf.url,
                                        .model = embed->conf.model,
                                        .key = embed->conf.key,
                                        .cease = &embed->cease };

    for (size_t i = 0; i < ENDPOINTS; i++) {
        embed->endpoints[i] = endpoint_new(&conf);
        if (!embed->endpoints[i])
            return -1;
    }
    embed->jobs = jobs_new(loop_base(embed->conf.loop), ENDPOINTS, ENDPOINTS);
    return embed->jobs ? 0 : -1;
}

static int start_pool(struct embed *embed)
{
    const struct sql_pool_conf conf = {
        .conninfo = embed->conf.conninfo,
        .size = 2,
        .queue_max = 64,
        .queue_timeout_ms = 5000,
        .statement_timeout_ms = embed->conf.statement_timeout_ms,
        .lock_timeout_ms = 5000,
        .idle_in_transaction_timeout_ms = 10000,
        .stmts = stmts,
        .n_stmts = COUNT_OF(stmts),
        .log = embed->conf.log,
        .application = "jiebang-match vectors",
    };

    embed->pool = sql_pool_new(loop_base(embed->conf.loop), &conf);
    return embed->pool ? 0 : -1;
}

struct embed *embed_new(const struct embed_conf *conf)
{
    struct embed *embed = calloc(1, sizeof(*embed));

    if (!embed)
        return NULL;
    embed->conf = *conf;
    embed->pause_ms = PAUSE_FIRST_MS;
    TAILQ_INIT(&embed->wishes);
    atomic_init(&embed->cease, false);
    embed->timer = evtimer_new(loop_base(conf->loop), on_round, embed);
    if (!embed->timer || start_endpoints(embed) < 0 || start_pool(embed) < 0) {
        embed_free(embed);
        return NULL;
    }
    return embed;
}

void embed_free(struct embed *embed)
{
    if (!embed)
        return;
    atomic_store(&embed->cease, true);
    /* Every wish is at the database or at the endpoint, and ends there. */
    if (embed->pool)
        sql_pool_free(embed->pool);
    if (embed->jobs)
        jobs_free(embed->jobs);
    for (size_t i = 0; i < ENDPOINTS; i++)
        endpoint_free(embed->endpoints[i]);
    if (embed->timer)
        event_free(embed->timer);
    free(embed);
}

void embed_counts(const struct embed *embed, struct embed_counts *ret)
{
    *ret = embed->counts;
}
