/* apply.c - see apply.h. */
#include "apply.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "jobs.h"
#include "rpc.h"
#include "str.h"

#define THREADS_MAX 16
#define ROWS_A_THREAD 16 /* fewer are not worth waking another */
#define SWEEP_STEP 4096  /* slots between two breaths of the writers */
#define ARENA_MAX (64u << 20)

struct part {
    struct job job;
    struct apply *apply;
    int nth;
    struct worker *worker;
    struct apply_result result;
    /* records that have been read and are to be put together */
    struct arena arena;
    struct item items[ENGINE_PUT_TOGETHER];
    const char *ids[ENGINE_PUT_TOGETHER];
    size_t n;
};

struct apply {
    struct engine *engine;
    struct jobs *jobs;
    struct part parts[THREADS_MAX];
    int threads;
    /* the batch under way */
    struct arena arena;
    struct sql_result rows;
    const char *kind, *position;
    int shares, out; /* out: parts whose end the loop has not heard of */
    atomic_int left; /* parts that are not through */
    unsigned sweep_kind;
    uint8_t (*ids)[16];
    size_t n_ids;
    apply_done_fn done;
    void *arg;
};

/* --- rows ------------------------------------------------------------------------------------- */

static void note_bad(struct part *part, const char *id, const char *why)
{
    if (part->result.bad++ > 0)
        return;
    part->result.why = why;
    snprintf(part->result.bad_id, sizeof(part->result.bad_id), "%s", id ? id : "");
}

/* At least this version of it is there: the feed may tell a thing twice. */
static bool is_there(struct engine *engine, const uint8_t id[16], int64_t version)
{
    struct index *index = engine_index(engine);
    bool yes = false;

    index_read(index);
    uint32_t slot = index_find(index, id);
    if (slot != NO_SLOT)
        yes = index_facts(index, slot)->version >= version;
    index_done(index);
    return yes;
}

/* A batch that does not fit into memory may still fit record by record. */
static void put_waiting(struct part *part)
{
    static const char full[] = "the engine cannot take it: memory is out";
    struct engine *engine = part->apply->engine;
    bool all = engine_put_all(engine, part->worker, part->items, part->n) == 0;

    for (size_t i = 0; i < part->n; i++) {
        if (!all && engine_put(engine, part->worker, &part->items[i]) < 0) {
            note_bad(part, part->ids[i], full);
            continue;
        }
        part->result.put++;
        part->result.kinds |= part->items[i].kind;
    }
    part->n = 0;
    arena_release(&part->arena);
    part->arena = (struct arena){ .limit = ARENA_MAX };
}

static const char *put_row(struct part *part, const char *kind, const uint8_t id[16],
                           const char *const text[3])
{
    long version = 0;
    const char *why;

    if (str_to_long(text[1], 0, INT64_MAX, &version) == 0 &&
        is_there(part->apply->engine, id, version)) {
        part->result.same++;
        return NULL;
    }
    why = doc_read(text[0], kind, text[1], text[2], &part->arena, &part->items[part->n]);
    if (why)
        return why;
    part->ids[part->n++] = text[0];
    if (part->n == ENGINE_PUT_TOGETHER || part->arena.used > ARENA_MAX / 4)
        put_waiting(part);
    return NULL;
}

/* What came before it is in first: it may be the same record. */
static const char *remove_row(struct part *part, const char *kind, const uint8_t id[16],
                              const char *version_text)
{
    long version = 0;

    if (str_to_long(version_text, 0, INT64_MAX, &version) < 0)
        return "the version is not a whole number";
    put_waiting(part);
    if (engine_remove(part->apply->engine, id, version) < 0)
        return "the engine cannot remove it: memory is out";
    part->result.removed++;
    part->result.kinds |= rpc_kind(kind);
    return NULL;
}

static void apply_row(struct part *part, int row)
{
    const struct apply *apply = part->apply;
    const char *text[] = { sql_get_at(&apply->rows, row, "id"),
                           sql_get_at(&apply->rows, row, "version"),
                           sql_get_at(&apply->rows, row, "doc") };
    const char *kind = apply->kind ? apply->kind : sql_get_at(&apply->rows, row, "kind");
    const char *why = NULL;
    uint8_t id[16];

    if (str_eq(kind, "terms"))
        return; /* the feed's own matter */
    if (!text[0] || !text[1] || !kind || doc_id(text[0], id) < 0)
        why = "a row without id, kind or version";
    else if (id[15] % apply->shares != part->nth)
        return;
    else if (text[2])
        why = put_row(part, kind, id, text);
    else
        why = remove_row(part, kind, id, text[1]);
    if (why)
        note_bad(part, text[0], why);
}

static void on_rows(struct job *job)
{
    struct part *part = (struct part *)job; /* its first member */
    struct apply *apply = part->apply;

    for (int i = 0; i < apply->rows.rows; i++)
        apply_row(part, i);
    put_waiting(part);
    /* Whoever is through last says how far the index is: never before all is in. */
    if (atomic_fetch_sub(&apply->left, 1) == 1 && apply->position)
        index_set_position(engine_index(apply->engine), apply->position);
}

/* --- sweeping --------------------------------------------------------------------------------- */

struct doomed {
    uint8_t id[16];
    int64_t version;
};

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* Of some slots those that the database does not have. The lock is not held while removing. */
static size_t find_doomed(struct apply *apply, uint32_t from, struct doomed *ret, uint32_t *ret_end)
{
    struct index *index = engine_index(apply->engine);
    size_t n = 0;

    index_read(index);
    *ret_end = index_slots(index);
    for (uint32_t slot = from; slot < *ret_end && slot < from + SWEEP_STEP; slot++) {
        const struct facts *facts;

        if (!index_is_live(index, slot))
            continue;
        facts = index_facts(index, slot);
        if (facts->kind != apply->sweep_kind ||
            bsearch(facts->id, apply->ids, apply->n_ids, 16, compare_ids))
            continue;
        memcpy(ret[n].id, facts->id, 16);
        ret[n++].version = facts->version;
    }
    index_done(index);
    return n;
}

static void on_sweep(struct job *job)
{
    struct part *part = (struct part *)job;
    struct apply *apply = part->apply;
    struct doomed *doomed = calloc(SWEEP_STEP, sizeof(*doomed));
    uint32_t slot = 0, end = 1;

    if (!doomed)
        note_bad(part, NULL, "out of memory");
    for (; doomed && slot < end; slot += SWEEP_STEP) {
        size_t n = find_doomed(apply, slot, doomed, &end);

        for (size_t i = 0; i < n; i++)
            if (engine_remove(apply->engine, doomed[i].id, doomed[i].version) < 0)
                note_bad(part, NULL, "the engine cannot remove it: memory is out");
        part->result.removed += n;
    }
    part->result.kinds = part->result.removed ? apply->sweep_kind : 0;
    free(doomed);
}

/* --- both ------------------------------------------------------------------------------------- */

static void finish(struct apply *apply)
{
    struct apply_result sum = { 0 };

    for (int i = 0; i < apply->shares; i++) {
        const struct apply_result *one = &apply->parts[i].result;

        sum.put += one->put;
        sum.same += one->same;
        sum.removed += one->removed;
        sum.kinds |= one->kinds;
        if (one->bad && !sum.bad) {
            sum.why = one->why;
            memcpy(sum.bad_id, one->bad_id, sizeof(sum.bad_id));
        }
        sum.bad += one->bad;
    }
    arena_release(&apply->arena);
    free(apply->ids);
    apply->ids = NULL;
    if (apply->done)
        apply->done(apply->arg, &sum);
}

static void on_part_done(struct job *job)
{
    struct apply *apply = ((struct part *)job)->apply;

    if (--apply->out == 0)
        finish(apply);
}

/* There is room for every part: only one batch is under way, and the queue is as long. */
static void start(struct apply *apply, void (*work)(struct job *job), int shares)
{
    apply->shares = apply->out = shares;
    atomic_store(&apply->left, shares);
    for (int i = 0; i < shares; i++) {
        apply->parts[i].result = (struct apply_result){ 0 };
        apply->parts[i].job.work = work;
        apply->parts[i].job.done = on_part_done;
        if (jobs_run(apply->jobs, &apply->parts[i].job) < 0)
            abort(); /* a second batch at a time: a defect of the feed */
    }
}

void apply_rows(struct apply *apply, struct arena *arena, const struct sql_result *rows,
                const char *kind, const char *position, apply_done_fn done, void *arg)
{
    int shares = 1 + rows->rows / ROWS_A_THREAD;

    apply->arena = *arena;
    *arena = (struct arena){ 0 };
    apply->rows = *rows;
    apply->kind = kind;
    apply->position = position;
    apply->done = done;
    apply->arg = arg;
    start(apply, on_rows, shares < apply->threads ? shares : apply->threads);
}

void apply_sweep(struct apply *apply, unsigned kind, uint8_t (*ids)[16], size_t n,
                 apply_done_fn done, void *arg)
{
    apply->sweep_kind = kind;
    apply->ids = ids;
    apply->n_ids = n;
    apply->done = done;
    apply->arg = arg;
    start(apply, on_sweep, 1);
}

struct apply *apply_new(struct event_base *base, struct engine *engine, int threads)
{
    struct apply *apply = calloc(1, sizeof(*apply));

    if (!apply)
        return NULL;
    apply->engine = engine;
    apply->threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    atomic_init(&apply->left, 0);
    apply->jobs = jobs_new(base, apply->threads, apply->threads);
    for (int i = 0; i < apply->threads; i++) {
        apply->parts[i].apply = apply;
        apply->parts[i].nth = i;
        apply->parts[i].arena.limit = ARENA_MAX;
        apply->parts[i].worker = worker_new(engine);
        if (!apply->parts[i].worker || !apply->jobs) {
            apply_free(apply);
            return NULL;
        }
    }
    return apply;
}

void apply_free(struct apply *apply)
{
    if (!apply)
        return;
    apply->done = NULL;
    jobs_free(apply->jobs);
    for (int i = 0; i < apply->threads; i++)
        if (apply->parts[i].worker)
            worker_free(apply->parts[i].worker);
    arena_release(&apply->arena);
    free(apply->ids);
    free(apply);
}
