/* feed.c - see feed.h.
 *
 * One thing at a time: a statement, its rows into the engine, then the next. So what is applied is
 * always in the order in which the database said it, and a page of a rescan never brings back what
 * a later change has removed. What is due stands in flags; next() picks in the order of the table.
 *
 *   no position: position -> terms -> rescan of every kind -> changes (then it is ready)
 *   a snapshot:  terms -> changes -> digest -> changes -> compare -> rescan of what differs
 */
#include "feed.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "rpc.h"
#include "seen.h"
#include "str.h"

#define RETRY_FIRST_MS 200
#define RETRY_LAST_MS 10000
#define TERMS_MS 60000
#define COMPARE_AGAIN_MS 5000
#define COMPARES_MAX 4 /* in a round: the database reads everything for one */
#define ALL_KINDS ((1u << RPC_KINDS) - 1)
#define CALL_ARENA_MAX (1u << 20)

static const struct sql_stmt stmt_position = { "feed_position",
                                               "select feed.position() as position", 0, false,
                                               true };
static const struct sql_stmt stmt_terms = { "feed_terms",
                                            "select version, rows from feed.terms($1::bigint)", 1,
                                            false, true };
static const struct sql_stmt stmt_changes = {
    "feed_changes", "select position, kind, id, version, doc from feed.changes($1::text, $2::int)",
    2, false, true
};
static const struct sql_stmt stmt_rescan = {
    "feed_rescan", "select id, version, doc from feed.rescan($1::text, $2::uuid, $3::int)", 3,
    false, true
};
static const struct sql_stmt stmt_digest = { "feed_digest",
                                             "select kind, n, hash from feed.digest()", 0, false,
                                             true };
static const struct sql_stmt *const stmts[] = { &stmt_position, &stmt_terms, &stmt_changes,
                                                &stmt_rescan, &stmt_digest };

/* A kind that is being read through. */
struct rescan {
    unsigned left; /* kinds still to do, the lowest first */
    char after[40];
    struct seen seen;
    bool repair; /* what was not seen is removed at the end */
};

struct digest {
    bool known;
    uint64_t hash;
    unsigned long long n;
};

struct feed {
    struct feed_conf conf;
    struct sql_pool *pool;
    struct apply *apply;
    struct event *timer;
    struct arena arena; /* of the statement under way */
    const struct step *step;
    bool busy, stopping;
    bool position_due, terms_due, changes_due, digest_due;
    bool comparing;    /* digests are here; compare once there are no more changes */
    unsigned touched;  /* kinds that changed since the digests were asked for */
    unsigned repaired; /* kinds that were read through in this round of comparing */
    int compares;      /* in this round */
    struct digest digests[RPC_KINDS];
    struct rescan rescan;
    char position[64];
    char limit[16];
    char terms_known[24];
    int retry_ms;
    long long heard_ms, terms_ms, compare_at_ms;
    struct feed_counts counts;
};

/* What a step's answer leads to. */
enum then { THEN_NEXT, THEN_APPLYING };

struct step {
    const struct sql_stmt *stmt;
    bool vital; /* an error of it is tried again before anything else */
    bool (*due)(const struct feed *feed);
    void (*bind)(struct feed *feed, struct sql_args *args);
    enum then (*done)(struct feed *feed, const struct sql_result *result);
};

static void next(struct feed *feed);

static void timer(struct feed *feed, long long ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000 };

    evtimer_add(feed->timer, &after);
}

static unsigned lowest(unsigned kinds)
{
    return kinds & (~kinds + 1);
}

static unsigned place_of(unsigned kind)
{
    unsigned place = 0;

    while (!(kind >> place & 1))
        place++;
    return place;
}

/* --- position and terms ----------------------------------------------------------------------- */

static bool position_due(const struct feed *feed)
{
    return feed->position_due;
}

/* Changes from here on, everything before by reading it all. */
static enum then position_done(struct feed *feed, const struct sql_result *result)
{
    const char *position = sql_get(result, "position");

    snprintf(feed->position, sizeof(feed->position), "%s", position ? position : "");
    feed->position_due = false;
    feed->rescan.left = ALL_KINDS;
    feed->rescan.repair = index_live(engine_index(feed->conf.engine)) > 0;
    feed->changes_due = true;
    log_info(feed->conf.log, "reading the whole library", LOG_S("position", feed->position));
    return THEN_NEXT;
}

static bool terms_due(const struct feed *feed)
{
    return feed->terms_due;
}

/* The rows come only when the list is another: it can be long, and is asked for each minute. */
static void bind_terms(struct feed *feed, struct sql_args *args)
{
    snprintf(feed->terms_known, sizeof(feed->terms_known), "%ld", feed->conf.terms->version);
    sql_text(args, feed->terms_known);
}

static enum then terms_done(struct feed *feed, const struct sql_result *result)
{
    const char *version = sql_get(result, "version"), *rows = sql_get(result, "rows"), *why = NULL;
    long before = feed->conf.terms->version;

    feed->terms_due = false;
    feed->terms_ms = clock_ms();
    if (!version || !rows || strtol(version, NULL, 10) == before)
        return THEN_NEXT;
    why = terms_read(version, rows, feed->conf.terms);
    if (!why && engine_terms(feed->conf.engine, feed->conf.terms->rows, feed->conf.terms->n) < 0) {
        feed->conf.terms->version = before; /* so that it is tried again */
        why = "memory is out";
    }
    if (why)
        log_error(feed->conf.log, "the term list cannot be used", LOG_S("why", why));
    else
        log_info(feed->conf.log, "term list", LOG_I("version", feed->conf.terms->version),
                 LOG_I("terms", (long long)feed->conf.terms->n));
    return THEN_NEXT;
}

/* --- rows into the engine --------------------------------------------------------------------- */

static void count(struct feed *feed, const struct apply_result *result)
{
    feed->counts.put += result->put;
    feed->counts.same += result->same;
    feed->counts.removed += result->removed;
    feed->counts.bad += result->bad;
    feed->touched |= result->kinds;
    if (result->why)
        log_error(feed->conf.log, "records cannot be taken", LOG_I("count", result->bad),
                  LOG_S("id", result->bad_id), LOG_S("why", result->why));
    if (result->put + result->removed > 0)
        feed->conf.changed(feed->conf.arg, result->put + result->removed);
}

static void on_applied(void *arg, const struct apply_result *result)
{
    struct feed *feed = arg;

    feed->busy = false;
    memcpy(feed->counts.position, feed->position, sizeof(feed->position));
    count(feed, result);
    next(feed);
}

/* Keeps the rows and hands them over; `moves`: they lead up to feed->position. */
static enum then apply(struct feed *feed, const struct sql_result *result, const char *kind,
                       bool moves)
{
    struct arena arena = { 0 };
    struct sql_result rows;
    const char *position = NULL;

    if (moves)
        position = arena_dup(&arena, feed->position, strlen(feed->position));
    if ((moves && !position) || sql_keep(result, &arena, &rows) < 0) {
        arena_release(&arena);
        log_error(feed->conf.log, "rows cannot be kept: memory is out");
        feed->position_due = true; /* what is lost now is found by reading all */
        return THEN_NEXT;
    }
    apply_rows(feed->apply, &arena, &rows, kind, position, on_applied, feed);
    return THEN_APPLYING;
}

/* --- changes ---------------------------------------------------------------------------------- */

static bool changes_due(const struct feed *feed)
{
    /* Before the first reading of all is over there is nothing that could be kept up to date. */
    return feed->changes_due && (feed->counts.ready || feed->rescan.left == 0);
}

static void bind_changes(struct feed *feed, struct sql_args *args)
{
    sql_text(args, feed->position);
    sql_text(args, feed->limit);
}

static void compare(struct feed *feed);

/* There is no more: the index is as the database is, or was a moment ago. */
static void caught_up(struct feed *feed)
{
    feed->changes_due = false;
    feed->heard_ms = clock_ms();
    if (feed->comparing)
        compare(feed);
    if (feed->counts.ready)
        return;
    feed->counts.ready = true;
    feed->compare_at_ms = clock_ms();
    /* A position without rows after it has not been noted by any batch. */
    index_set_position(engine_index(feed->conf.engine), feed->position);
    memcpy(feed->counts.position, feed->position, sizeof(feed->position));
    feed->conf.ready(feed->conf.arg);
}

/* While a kind is being read through, what changes of it has been seen too. */
static void look_at_changes(struct feed *feed, const struct sql_result *result)
{
    for (int i = 0; i < result->rows; i++) {
        const char *kind = sql_get_at(result, i, "kind");

        if (str_eq(kind, "terms"))
            feed->terms_due = true;
        else if (kind && feed->rescan.repair && feed->rescan.left &&
                 rpc_kind(kind) == lowest(feed->rescan.left))
            seen_add(&feed->rescan.seen, sql_get_at(result, i, "id"));
        if (kind)
            feed->touched |= rpc_kind(kind);
    }
}

static enum then changes_done(struct feed *feed, const struct sql_result *result)
{
    const char *position;

    if (result->rows == 0) {
        caught_up(feed);
        return THEN_NEXT;
    }
    look_at_changes(feed, result);
    position = sql_get_at(result, result->rows - 1, "position");
    if (position)
        snprintf(feed->position, sizeof(feed->position), "%s", position);
    /* One more question, whose answer is nothing, tells that all is in. */
    return apply(feed, result, NULL, true);
}

/* --- reading a kind through ------------------------------------------------------------------- */

static bool rescan_due(const struct feed *feed)
{
    return feed->rescan.left != 0;
}

static void bind_rescan(struct feed *feed, struct sql_args *args)
{
    const struct rescan *rescan = &feed->rescan;

    sql_text(args, rpc_kinds[place_of(lowest(rescan->left))]);
    sql_text(args, *rescan->after ? rescan->after : NULL);
    sql_text(args, feed->limit);
}

/* The kind is through: what was not seen is not in the database any more. */
static enum then rescan_end(struct feed *feed)
{
    struct rescan *rescan = &feed->rescan;
    unsigned kind = lowest(rescan->left);
    bool sweep = rescan->repair && !rescan->seen.lost;
    uint8_t(*seen)[16];
    size_t n = 0;

    rescan->left &= ~kind;
    *rescan->after = '\0';
    feed->counts.rescans++;
    if (feed->counts.ready && rescan->left == 0)
        feed->compare_at_ms = clock_ms(); /* did it help? */
    if (!sweep) {
        seen_release(&rescan->seen);
        return THEN_NEXT;
    }
    seen = seen_take(&rescan->seen, &n);
    apply_sweep(feed->apply, kind, seen, n, on_applied, feed);
    return THEN_APPLYING;
}

static enum then rescan_done(struct feed *feed, const struct sql_result *result)
{
    struct rescan *rescan = &feed->rescan;
    const char *kind = rpc_kinds[place_of(lowest(rescan->left))], *last;

    if (result->rows == 0)
        return rescan_end(feed);
    for (int i = 0; i < result->rows && rescan->repair; i++)
        seen_add(&rescan->seen, sql_get_at(result, i, "id"));
    last = sql_get_at(result, result->rows - 1, "id");
    snprintf(rescan->after, sizeof(rescan->after), "%s", last ? last : "");
    return apply(feed, result, kind, false);
}

/* --- digests ---------------------------------------------------------------------------------- */

static bool digest_due(const struct feed *feed)
{
    return feed->digest_due && feed->counts.ready && !feed->comparing && feed->rescan.left == 0;
}

static void bind_digest(struct feed *feed, struct sql_args *args)
{
    (void)args;
    feed->touched = 0;
}

static enum then digest_done(struct feed *feed, const struct sql_result *result)
{
    memset(feed->digests, 0, sizeof(feed->digests));
    for (int i = 0; i < result->rows; i++) {
        const char *kind = sql_get_at(result, i, "kind"), *n = sql_get_at(result, i, "n"),
                   *hash = sql_get_at(result, i, "hash");
        unsigned bit = kind ? rpc_kind(kind) : 0;

        if (bit && n && hash)
            feed->digests[place_of(bit)] =
                (struct digest){ true, (uint64_t)strtoll(hash, NULL, 10), strtoull(n, NULL, 10) };
    }
    feed->digest_due = false;
    feed->comparing = true;
    feed->changes_due = true;
    return THEN_NEXT;
}

/* The kinds of which the index does not hold what the database said. A kind without a row is one of
 * which there is nothing. */
static unsigned differing(struct feed *feed)
{
    struct index *index = engine_index(feed->conf.engine);
    unsigned differ = 0;

    for (unsigned i = 0; i < RPC_KINDS; i++) {
        const struct digest *theirs = &feed->digests[i];
        uint64_t hash = 0;
        uint32_t n = 0;

        index_digest(index, 1u << i, &hash, &n);
        if (hash == theirs->hash && n == theirs->n)
            continue;
        differ |= 1u << i;
        if (!(feed->touched >> i & 1))
            log_warn(feed->conf.log, "index and database differ", LOG_S("kind", rpc_kinds[i]),
                     LOG_I("index", n), LOG_I("database", (long long)theirs->n),
                     LOG_B("after_repair", feed->repaired >> i & 1));
    }
    return differ;
}

/* What changed while it was compared says nothing and is looked at again soon; what differs is read
 * through, once a round: a record that cannot be read would else be asked for without end. */
static void compare(struct feed *feed)
{
    unsigned differ = differing(feed), busy = differ & feed->touched;

    feed->comparing = false;
    feed->rescan.left |= differ & ~busy & ~feed->repaired;
    feed->rescan.repair = true;
    feed->repaired |= feed->rescan.left;
    if (busy && ++feed->compares < COMPARES_MAX) {
        feed->compare_at_ms = clock_ms() + COMPARE_AGAIN_MS;
    } else if (feed->rescan.left == 0) {
        feed->compare_at_ms = clock_ms() + feed->conf.compare_ms;
        feed->repaired = 0;
        feed->compares = 0;
    }
    if (!differ)
        log_info(feed->conf.log, "index and database are equal",
                 LOG_I("items", index_live(engine_index(feed->conf.engine))));
}

/* --- the sequence ----------------------------------------------------------------------------- */

static const struct step steps[] = {
    { &stmt_position, true, position_due, NULL, position_done },
    { &stmt_terms, false, terms_due, bind_terms, terms_done },
    { &stmt_changes, true, changes_due, bind_changes, changes_done },
    { &stmt_rescan, true, rescan_due, bind_rescan, rescan_done },
    { &stmt_digest, false, digest_due, bind_digest, digest_done },
};

static void start_over(struct feed *feed)
{
    log_warn(feed->conf.log, "the database knows no such position", LOG_S("was", feed->position));
    feed->position_due = true;
}

/* The rest does not wait for what the database cannot do. */
static void give_up(struct feed *feed, const struct step *step)
{
    if (step->stmt == &stmt_terms) {
        feed->terms_due = false;
        feed->terms_ms = clock_ms();
    } else {
        feed->digest_due = false;
        feed->compare_at_ms = clock_ms() + feed->conf.compare_ms;
    }
}

static void on_result(void *arg, const struct sql_result *result)
{
    struct feed *feed = arg;
    const struct step *step = feed->step;

    feed->busy = false;
    if (feed->stopping)
        return;
    if (result->outcome == SQL_ROW || result->outcome == SQL_EMPTY) {
        feed->retry_ms = RETRY_FIRST_MS;
        feed->busy = step->done(feed, result) == THEN_APPLYING;
        if (!feed->busy)
            next(feed);
        return;
    }
    if (result->outcome == SQL_REFUSED && result->http_status == 410)
        start_over(feed);
    else if (result->outcome == SQL_ERROR && !step->vital) /* the pool has told it */
        give_up(feed, step);
    else if (result->outcome != SQL_ERROR)
        log_warn(feed->conf.log, "the feed waits for the database", LOG_S("step", step->stmt->name),
                 LOG_S("why", result->message), LOG_I("retry_ms", feed->retry_ms));
    timer(feed, feed->retry_ms);
    feed->retry_ms = feed->retry_ms * 2 < RETRY_LAST_MS ? feed->retry_ms * 2 : RETRY_LAST_MS;
}

static void run(struct feed *feed, const struct step *step)
{
    struct sql_args args = { 0 };

    feed->step = step;
    if (step->bind)
        step->bind(feed, &args);
    feed->busy = sql_pool_run(feed->pool, step->stmt, &args, on_result, feed) != NULL;
    if (!feed->busy)
        timer(feed, feed->retry_ms);
}

/* A page of a rescan, then what has changed meanwhile, and so on: repairing delays nothing. */
static void next(struct feed *feed)
{
    long long now = clock_ms();

    if (feed->busy || feed->stopping)
        return;
    if (now - feed->heard_ms >= feed->conf.poll_ms)
        feed->changes_due = true;
    if (now - feed->terms_ms >= TERMS_MS)
        feed->terms_due = true;
    if (feed->counts.ready && !feed->comparing && now >= feed->compare_at_ms)
        feed->digest_due = true;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (steps[i].due(feed)) {
            run(feed, &steps[i]);
            return;
        }
    }
    timer(feed, feed->conf.poll_ms);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    next(arg);
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
    struct feed *feed = arg;

    feed->changes_due = true;
    if (!channel || str_eq(payload, "terms"))
        feed->terms_due = true;
    next(feed);
}

/* --- its life --------------------------------------------------------------------------------- */

static int start_pool(struct feed *feed)
{
    static const char *const channels[] = { "feed_changed" };
    const struct sql_pool_conf conf = {
        .conninfo = feed->conf.conninfo,
        .size = 1,
        .queue_max = 4,
        .queue_timeout_ms = 10000,
        .statement_timeout_ms = feed->conf.statement_timeout_ms,
        .lock_timeout_ms = 5000,
        .idle_in_transaction_timeout_ms = 10000,
        .stmts = stmts,
        .n_stmts = COUNT_OF(stmts),
        .log = feed->conf.log,
        .application = "jiebang-match",
    };

    feed->pool = sql_pool_new(loop_base(feed->conf.loop), &conf);
    if (!feed->pool)
        return -1;
    return sql_pool_listen(feed->pool, channels, COUNT_OF(channels), on_notify, feed);
}

struct feed *feed_new(const struct feed_conf *conf)
{
    struct feed *feed = calloc(1, sizeof(*feed));
    struct event_base *base = loop_base(conf->loop);

    if (!feed)
        return NULL;
    feed->conf = *conf;
    feed->retry_ms = RETRY_FIRST_MS;
    snprintf(feed->limit, sizeof(feed->limit), "%d", conf->batch);
    snprintf(feed->position, sizeof(feed->position), "%s",
             index_position(engine_index(conf->engine)));
    feed->position_due = !*feed->position;
    feed->terms_due = feed->changes_due = true;
    feed->heard_ms = feed->terms_ms = clock_ms();
    feed->counts.behind_s = -1;
    feed->apply = apply_new(base, conf->engine, conf->threads);
    feed->timer = evtimer_new(base, on_timer, feed);
    if (!feed->apply || !feed->timer || start_pool(feed) < 0) {
        feed_free(feed);
        return NULL;
    }
    timer(feed, 0);
    return feed;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    feed->stopping = true;
    sql_pool_free(feed->pool);
    apply_free(feed->apply);
    if (feed->timer)
        event_free(feed->timer);
    seen_release(&feed->rescan.seen);
    free(feed);
}

void feed_counts(const struct feed *feed, struct feed_counts *ret)
{
    *ret = feed->counts;
    if (feed->counts.ready)
        ret->behind_s = (double)(clock_ms() - feed->heard_ms) / 1000;
}
