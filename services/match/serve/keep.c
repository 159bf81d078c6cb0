/* keep.c - see keep.h. */
#include "keep.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "jobs.h"
#include "log.h"
#include "loop.h"
#include "snapshot.h"

#define TICK_S 1
#define NICE 10
#define CHINA_S (8L * 3600)
#define COMPACT_LEAST 10000 /* removed slots that are worth a copy */

enum task { TASK_NONE, TASK_LOAD, TASK_SAVE, TASK_LEARN, TASK_COMPACT };

struct keep {
    struct job job; /* the one thing under way; first, so that a job is its keep */
    struct keep_conf conf;
    struct jobs *jobs;
    struct event *tick;
    struct engine *engine;
    struct terms terms;
    enum task task;
    bool ready, stopping;
    volatile bool cancel; /* learning is to end */
    /* of the thing under way: the thread's until its end is told */
    const char *why, *folder_fault;
    long saved_terms;
    char *terms_text; /* a copy for the thread */
    long long began_ms;
    /* what is due */
    unsigned long long changes,
        saved_changes; /* since the snapshot; of them in the one under way */
    bool fresh_model;
    long long saved_ms, learned_ms;
    long learned_day;
    void (*stopped)(void *arg);
    void *stopped_arg;
    struct keep_counts counts;
};

/* --- on the thread ---------------------------------------------------------------------------- */

static void load(struct keep *keep)
{
    struct snapshot snapshot = { 0 };
    bool kept = *keep->conf.dir;

    keep->why = kept ? snapshot_load(keep->conf.dir, &snapshot) : "no folder is set";
    if (snapshot.index)
        keep->engine =
            engine_from(snapshot.index, snapshot.model, snapshot.terms.rows, snapshot.terms.n);
    else
        keep->engine = engine_new();
    if (keep->engine && snapshot.index && snapshot_settle(keep->conf.dir, keep->engine) < 0) {
        engine_free(keep->engine);
        keep->engine = NULL;
    }
    keep->terms = snapshot.terms;
    if (keep->engine && !snapshot.index && kept)
        keep->folder_fault = snapshot_prepare(keep->conf.dir, engine_index(keep->engine));
}

static void save(struct keep *keep)
{
    keep->why = snapshot_save(keep->conf.dir, keep->engine,
                              keep->terms_text ? keep->terms_text : "[]", keep->saved_terms);
}

static void on_work(struct job *job)
{
    struct keep *keep = (struct keep *)job;

    keep->why = NULL;
    /* Who asks comes first, whatever the machine: Linux keeps a niceness for each thread. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), keep->task == TASK_LOAD ? 0 : NICE);
    switch (keep->task) {
    case TASK_LOAD:
        load(keep);
        break;
    case TASK_SAVE:
        save(keep);
        break;
    case TASK_LEARN:
        if (engine_learn(keep->engine, keep->conf.learn_threads, &keep->cancel) < 0)
            keep->why = "memory is out, or it was cancelled";
        break;
    case TASK_COMPACT:
        if (engine_compact(keep->engine) < 0)
            keep->why = "memory is out";
        break;
    case TASK_NONE:
        break;
    }
}

/* --- on the loop ------------------------------------------------------------------------------ */

static void choose(struct keep *keep);

static long china_day(int *ret_hour)
{
    time_t now = time(NULL) + CHINA_S;

    *ret_hour = (int)(now / 3600 % 24);
    return (long)(now / 86400);
}

static unsigned model_size(struct keep *keep)
{
    struct model *model = engine_model(keep->engine);
    unsigned items = model_items(model);

    model_unref(model);
    return items;
}

static void loaded(struct keep *keep, double seconds)
{
    keep->counts.load_s = seconds;
    if (keep->engine) {
        struct index *index = engine_index(keep->engine);

        index_read(index);
        uint32_t live = index_live(index);
        index_done(index);
        keep->counts.model_items = model_size(keep);
        log_info(keep->conf.log, "library loaded", LOG_I("items", live),
                 LOG_S("position", index_position(index)), LOG_S("no_snapshot", keep->why),
                 LOG_F("seconds", seconds));
        if (keep->folder_fault)
            log_error(keep->conf.log, "snapshots will fail", LOG_S("why", keep->folder_fault));
    }
    keep->conf.loaded(keep->conf.arg, keep->engine, &keep->terms);
}

static void saved(struct keep *keep, double seconds)
{
    free(keep->terms_text);
    keep->terms_text = NULL;
    keep->saved_ms = clock_ms();
    if (keep->why) {
        log_error(keep->conf.log, "snapshot cannot be written", LOG_S("why", keep->why));
        return;
    }
    keep->changes -= keep->saved_changes;
    keep->fresh_model = false;
    keep->counts.saved++;
    keep->counts.save_s = seconds;
    log_info(keep->conf.log, "snapshot written", LOG_F("seconds", seconds));
}

static void learned(struct keep *keep, double seconds)
{
    keep->learned_ms = clock_ms();
    if (keep->why) {
        log_warn(keep->conf.log, "nothing was learned", LOG_S("why", keep->why));
        return;
    }
    keep->fresh_model = true;
    keep->counts.learned++;
    keep->counts.learn_s = seconds;
    keep->counts.model_items = model_size(keep);
    log_info(keep->conf.log, "vectors learned", LOG_I("items", keep->counts.model_items),
             LOG_F("seconds", seconds));
}

static void compacted(struct keep *keep, double seconds)
{
    keep->counts.compacted += !keep->why;
    log_info(keep->conf.log, "index made dense", LOG_S("why_not", keep->why),
             LOG_F("seconds", seconds));
}

static void on_done(struct job *job)
{
    static void (*const ends[])(struct keep * keep,
                                double seconds) = { [TASK_LOAD] = loaded,
                                                    [TASK_SAVE] = saved,
                                                    [TASK_LEARN] = learned,
                                                    [TASK_COMPACT] = compacted };
    struct keep *keep = (struct keep *)job;
    enum task task = keep->task;

    keep->task = TASK_NONE;
    if (task != TASK_NONE && keep->tick)
        ends[task](keep, (double)(clock_ms() - keep->began_ms) / 1000);
    if (keep->tick)
        choose(keep);
}

static void begin(struct keep *keep, enum task task)
{
    keep->task = task;
    keep->began_ms = clock_ms();
    keep->job.work = on_work;
    keep->job.done = on_done;
    if (jobs_run(keep->jobs, &keep->job) < 0)
        keep->task = TASK_NONE; /* cannot be: one at a time. The next tick tries again */
}

static void begin_save(struct keep *keep)
{
    keep->terms_text = keep->terms.text ? strdup(keep->terms.text) : NULL;
    keep->saved_terms = keep->terms_text ? keep->terms.version : 0;
    keep->saved_changes = keep->changes;
    begin(keep, TASK_SAVE);
}

static bool save_due(const struct keep *keep, long long now)
{
    bool any = keep->changes > 0 || keep->fresh_model;

    if (!*keep->conf.dir || !keep->ready || !any)
        return false;
    return keep->stopping || now - keep->saved_ms >= keep->conf.save_ms ||
           keep->changes >= (unsigned long long)keep->conf.save_changes;
}

static bool learn_due(struct keep *keep, long long now)
{
    struct index *index = engine_index(keep->engine);
    long long grown, most;
    int hour;
    long day = china_day(&hour);

    if (!keep->ready || keep->stopping ||
        (keep->learned_ms && now - keep->learned_ms < keep->conf.learn_pause_ms))
        return false;
    index_read(index);
    grown = (long long)index_live(index) - keep->counts.model_items;
    index_done(index);
    if (grown < 0)
        grown = -grown;
    most = (long long)keep->counts.model_items * keep->conf.learn_percent / 100;
    if (hour == keep->conf.learn_hour && day != keep->learned_day && keep->changes > 0) {
        keep->learned_day = day;
        return true;
    }
    return grown > most;
}

static bool compact_due(struct keep *keep)
{
    struct index *index = engine_index(keep->engine);

    if (!keep->ready || keep->stopping)
        return false;
    index_read(index);
    uint32_t slots = index_slots(index), live = index_live(index);
    index_done(index);
    return slots - live > COMPACT_LEAST && slots - live > live / 4;
}

static void choose(struct keep *keep)
{
    long long now = clock_ms();

    if (keep->task != TASK_NONE)
        return;
    if (keep->engine && save_due(keep, now))
        begin_save(keep);
    else if (keep->engine && compact_due(keep))
        begin(keep, TASK_COMPACT);
    else if (keep->engine && learn_due(keep, now))
        begin(keep, TASK_LEARN);
    else if (keep->stopped) {
        void (*stopped)(void *arg) = keep->stopped;

        keep->stopped = NULL;
        stopped(keep->stopped_arg);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    choose(arg);
}

struct keep *keep_new(const struct keep_conf *conf)
{
    const struct timeval tick = { TICK_S, 0 };
    struct keep *keep = calloc(1, sizeof(*keep));
    struct event_base *base = loop_base(conf->loop);

    if (!keep)
        return NULL;
    keep->conf = *conf;
    keep->saved_ms = clock_ms();
    keep->jobs = jobs_new(base, 1, 1);
    keep->tick = event_new(base, -1, EV_PERSIST, on_tick, keep);
    if (!keep->jobs || !keep->tick || event_add(keep->tick, &tick) < 0) {
        keep_free(keep);
        return NULL;
    }
    begin(keep, TASK_LOAD);
    return keep;
}

void keep_free(struct keep *keep)
{
    if (!keep)
        return;
    __atomic_store_n(&keep->cancel, true, __ATOMIC_RELEASE);
    if (keep->tick)
        event_free(keep->tick);
    keep->tick = NULL; /* on_done then only ends */
    jobs_free(keep->jobs);
    free(keep->terms_text);
    terms_release(&keep->terms);
    engine_free(keep->engine);
    free(keep);
}

void keep_changed(struct keep *keep, unsigned long long n)
{
    keep->changes += n;
}

void keep_ready(struct keep *keep)
{
    keep->ready = true;
    choose(keep);
}

void keep_stop(struct keep *keep, void (*stopped)(void *arg), void *arg)
{
    keep->stopping = true;
    __atomic_store_n(&keep->cancel, true, __ATOMIC_RELEASE);
    keep->stopped = stopped;
    keep->stopped_arg = arg;
    event_active(keep->tick, EV_TIMEOUT, 0);
}

void keep_counts(const struct keep *keep, struct keep_counts *ret)
{
    *ret = keep->counts;
    ret->learning = keep->task == TASK_LEARN;
    ret->saving = keep->task == TASK_SAVE;
}
