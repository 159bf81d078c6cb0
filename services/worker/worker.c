/* worker.c - see worker.h.
 *
 *  timers -> outbox (deliveries side by side) -> housekeeping -> next due -> sleep
 *     ^__________|  while a batch comes full
 *
 * What is due lives in the database alone: the worker can be killed at any time, and any number of
 * workers may run. A round that failed is tried again after a pause that grows. */
#include "worker.h"

#include <event2/event.h>
#include <math.h>
#include <stdlib.h>

#include "channel.h"
#include "clock.h"
#include "log.h"
#include "str.h"

#define SLEEP_LAST_MS 30000
#define RETRY_FIRST_MS 1000
#define HOUSEKEEPING_MS 60000

static const struct sql_stmt stmt_timers = { "run_timers", "select job.run_timers($1::int) as n", 1,
                                             false, false };
static const struct sql_stmt stmt_outbox = {
    "take_outbox", "select id, kind, payload from job.take_outbox($1::int)", 1, false, false
};
static const struct sql_stmt stmt_housekeeping = { "housekeeping",
                                                   "select job.housekeeping() as done", 0, false,
                                                   false };
static const struct sql_stmt stmt_next_due = { "next_due", "select job.next_due() as seconds", 0,
                                               false, true };

const struct sql_stmt *const worker_stmts[] = {
    &stmt_timers,   &stmt_outbox,      &stmt_housekeeping,
    &stmt_next_due, &stmt_outbox_done, &stmt_deliver_inbox,
};
const size_t n_worker_stmts = COUNT_OF(worker_stmts);

struct worker {
    struct worker_conf conf;
    struct event *timer;
    size_t step; /* of the table below; COUNT_OF is asleep */
    bool again;  /* woken during a round */
    bool failed; /* a step of this round failed */
    bool stopping, finished;
    int retry_ms;
    int deliveries;    /* under way */
    int fired;         /* timers, in this round: their steps may have set others */
    long long next_ms; /* until the next timer is due */
    long long cleaned_ms;
    char limit[16];
};

enum then { THEN_NEXT, THEN_FIRST, THEN_WAIT };

/* A full batch means that there may be more. */
static enum then timers_done(struct worker *worker, const struct sql_result *result)
{
    const char *n = sql_get(result, "n");
    int fired = n ? (int)strtol(n, NULL, 10) : 0;

    worker->fired += fired;
    if (fired > 0)
        log_info(worker->conf.log, "timers fired", LOG_I("count", fired));
    return fired >= worker->conf.batch ? THEN_FIRST : THEN_NEXT;
}

static enum then outbox_done(struct worker *worker, const struct sql_result *result)
{
    for (int i = 0; i < result->rows; i++) {
        if (channel_deliver(worker, result, i) < 0)
            worker->failed = true;
        else
            worker->deliveries++;
    }
    /* A full batch means that there may be more, and a delivery may have given rise to others. */
    worker->again =
        worker->again || result->rows >= worker->conf.batch || (worker->conf.once && result->rows);
    return worker->deliveries > 0 ? THEN_WAIT : THEN_NEXT;
}

static enum then housekeeping_done(struct worker *worker, const struct sql_result *result)
{
    log_debug(worker->conf.log, "housekeeping", LOG_S("done", sql_get(result, "done")));
    return THEN_NEXT;
}

static enum then next_due_done(struct worker *worker, const struct sql_result *result)
{
    const char *text = sql_get(result, "seconds");
    double seconds = text ? strtod(text, NULL) : SLEEP_LAST_MS;

    worker->next_ms = seconds < SLEEP_LAST_MS ? (long long)ceil(seconds * 1000) : SLEEP_LAST_MS;
    return THEN_NEXT;
}

static bool housekeeping_wanted(struct worker *worker)
{
    long long now = clock_ms();

    if (!worker->conf.once && now - worker->cleaned_ms < HOUSEKEEPING_MS)
        return false;
    worker->cleaned_ms = now;
    return true;
}

static const struct step {
    const struct sql_stmt *stmt;
    enum then (*done)(struct worker *worker, const struct sql_result *result);
    bool (*wanted)(struct worker *worker); /* NULL: always */
    bool vital; /* without it the round has failed, and the next one waits */
} steps[] = {
    { &stmt_timers, timers_done, NULL, true },
    { &stmt_outbox, outbox_done, NULL, true },
    { &stmt_housekeeping, housekeeping_done, housekeeping_wanted, false },
    { &stmt_next_due, next_due_done, NULL, true },
};

static void worker_go(struct worker *worker);

static void worker_timer(struct worker *worker, long long ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000 };

    evtimer_add(worker->timer, &after);
}

static void worker_finish(struct worker *worker)
{
    if (worker->finished)
        return;
    worker->finished = true;
    evtimer_del(worker->timer);
    worker->conf.finished(worker->conf.arg, !worker->failed);
}

/* The round is over: finish, go again at once, or sleep. */
static void worker_rest(struct worker *worker)
{
    bool more = worker->again || (worker->conf.once && worker->fired > 0);

    worker->step = COUNT_OF(steps);
    if (worker->stopping || (worker->conf.once && (worker->failed || !more))) {
        worker_finish(worker);
    } else if (worker->failed) {
        worker_timer(worker, worker->retry_ms);
        worker->retry_ms =
            worker->retry_ms * 2 < SLEEP_LAST_MS ? worker->retry_ms * 2 : SLEEP_LAST_MS;
    } else {
        worker->retry_ms = RETRY_FIRST_MS;
        /* A timer that is due now although all have just been fired is another worker's. */
        if (!more && worker->next_ms == 0)
            worker->next_ms = RETRY_FIRST_MS;
        worker_timer(worker, more                              ? 0
                             : worker->next_ms < SLEEP_LAST_MS ? worker->next_ms
                                                               : SLEEP_LAST_MS);
    }
}

static void worker_follow(struct worker *worker, enum then then)
{
    if (then == THEN_WAIT)
        return;
    worker->step = then == THEN_FIRST ? 0 : worker->step + 1;
    worker_go(worker);
}

static void on_step(void *arg, const struct sql_result *result)
{
    struct worker *worker = arg;
    const struct step *step = &steps[worker->step];

    if (result->outcome == SQL_ROW || result->outcome == SQL_EMPTY) {
        worker_follow(worker, step->done(worker, result));
        return;
    }
    worker->failed = worker->failed || step->vital;
    if (result->outcome != SQL_ERROR) /* which the pool has told already */
        log_warn(worker->conf.log, "step failed", LOG_S("step", step->stmt->name),
                 LOG_S("sqlstate", result->sqlstate), LOG_S("why", result->message));
    worker_follow(worker, THEN_NEXT);
}

/* Starts the step that the worker stands at. */
static void worker_go(struct worker *worker)
{
    struct sql_args args = { 0 };

    while (worker->step < COUNT_OF(steps) && steps[worker->step].wanted &&
           !steps[worker->step].wanted(worker))
        worker->step++;
    if (worker->step == COUNT_OF(steps) || worker->stopping) {
        worker_rest(worker);
        return;
    }

    const struct step *step = &steps[worker->step];

    if (step->stmt->n_args > 0)
        sql_text(&args, worker->limit);
    if (!sql_pool_run(worker->conf.pool, step->stmt, &args, on_step, worker)) {
        worker->failed = true;
        worker_rest(worker);
    }
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    (void)fd, (void)what;
    worker->again = false;
    worker->failed = false;
    worker->fired = 0;
    worker->next_ms = SLEEP_LAST_MS;
    worker->step = 0;
    worker_go(worker);
}

void worker_delivered(struct worker *worker)
{
    if (--worker->deliveries == 0)
        worker_follow(worker, THEN_NEXT);
}

const struct worker_conf *worker_conf(const struct worker *worker)
{
    return &worker->conf;
}

struct worker *worker_new(const struct worker_conf *conf)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    if (!worker)
        return NULL;
    worker->conf = *conf;
    worker->retry_ms = RETRY_FIRST_MS;
    worker->step = COUNT_OF(steps);
    worker->cleaned_ms = clock_ms() - HOUSEKEEPING_MS;
    snprintf(worker->limit, sizeof(worker->limit), "%d", conf->batch);
    worker->timer = evtimer_new(conf->base, on_timer, worker);
    if (!worker->timer) {
        free(worker);
        return NULL;
    }
    worker_timer(worker, 0);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    event_free(worker->timer);
    free(worker);
}

void worker_wake(struct worker *worker)
{
    worker->again = true;
    if (worker->step == COUNT_OF(steps) && !worker->stopping && !worker->finished)
        worker_timer(worker, 0);
}

void worker_stop(struct worker *worker)
{
    worker->stopping = true;
    if (worker->step == COUNT_OF(steps))
        worker_finish(worker);
}
