/* engine.c - holds index, model, norms and analyser together and hands questions to rank/.
 *
 * Two locks: `swap` is held shared by whoever uses the four parts and exclusively for the moment in
 * which one is exchanged; `write` lets one writer at a time prepare its record. The index has a
 * lock of its own. Order: write, swap, index. */
#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask.h"
#include "embeds.h"
#include "labels.h"
#include "norms.h"
#include "pair.h"
#include "reread.h"

struct engine {
    pthread_rwlock_t swap;
    pthread_mutex_t write;
    struct index *index;
    struct model *model;
    struct norms *norms;
    struct analyser *analyser;
    struct bridge *bridge;
    struct labels_shelf *shelf;
    struct embeds *embeds; /* NULL: there is no endpoint, or it has not spoken yet */
    atomic_bool embeds_ready;
    atomic_uint unembedded; /* slot from which to look for the next records without a vector */
    unsigned terms_version;
};
struct worker {
    struct engine *engine;
    struct text_scratch *scratch;
};

struct engine *engine_from(struct index *index, struct model *model, const struct term_row *rows,
                           size_t n)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    const char *why;

    if (!engine) {
        index_free(index);
        model_unref(model);
        return NULL;
    }
    pthread_rwlock_init(&engine->swap, NULL);
    pthread_mutex_init(&engine->write, NULL);
    engine->index = index;
    engine->model = model ? model : model_empty();
    engine->norms = norms_new();
    engine->analyser = analyser_new(rows, n, &why);
    engine->bridge = bridge_new(rows, n);
    engine->shelf = labels_shelf_new();
    /* What came between the index's file and the model's has no vectors yet. */
    if (!index || !engine->model || !engine->norms || !engine->analyser || !engine->bridge ||
        model_note_all(engine->model, index, 1, NULL) < 0) {
        engine_free(engine);
        return NULL;
    }
    return engine;
}

struct engine *engine_new(void)
{
    struct index *index = index_new();

    return index ? engine_from(index, NULL, NULL, 0) : NULL;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    analyser_free(engine->analyser);
    bridge_free(engine->bridge);
    labels_shelf_free(engine->shelf);
    embeds_free(engine->embeds);
    norms_free(engine->norms);
    model_unref(engine->model);
    index_free(engine->index);
    pthread_mutex_destroy(&engine->write);
    pthread_rwlock_destroy(&engine->swap);
    free(engine);
}

struct worker *worker_new(struct engine *engine)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    if (!worker)
        return NULL;
    worker->engine = engine;
    worker->scratch = text_scratch_new();
    if (!worker->scratch) {
        free(worker);
        return NULL;
    }
    return worker;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    text_scratch_free(worker->scratch);
    free(worker);
}

struct index *engine_index(struct engine *engine)
{
    return engine->index;
}

struct model *engine_model(struct engine *engine)
{
    pthread_rwlock_rdlock(&engine->swap);
    struct model *model = model_ref(engine->model);
    pthread_rwlock_unlock(&engine->swap);
    return model;
}

/* With vectors of an endpoint it is another ranking, and another version. */
static const char *version_of(const struct engine *engine, bool embedded, char ret[64])
{
    int n = snprintf(ret, 64, "1-%016llx-%u", (unsigned long long)model_version(engine->model),
                     engine->terms_version);

    if (embedded)
        snprintf(ret + n, 64 - (size_t)n, "-e%08x", embeds_mark(engine->embeds));
    return ret;
}

const char *engine_version(struct engine *engine, char ret[64])
{
    pthread_rwlock_rdlock(&engine->swap);
    version_of(engine, atomic_load(&engine->embeds_ready), ret);
    pthread_rwlock_unlock(&engine->swap);
    return ret;
}

/* ---- records ---- */

static int analyse_fields(const struct engine *engine, struct worker *worker, struct arena *arena,
                          const char *const field[N_FIELDS], struct tokens ret[N_FIELDS])
{
    memset(ret, 0, N_FIELDS * sizeof(*ret));
    for (int f = 0; f < N_FIELDS; f++)
        if (field[f] && text_analyse(engine->analyser, worker->scratch, arena, field[f],
                                     strlen(field[f]), &ret[f]) < 0)
            return -1;
    return 0;
}

/* New slots get their norms and folded vectors before anybody can rank them high by accident:
 * without them they merely score by words. `vectors`: of the endpoint, NULL where there is none. */
static int note_slots(struct engine *engine, const struct item *items, float *const *vectors,
                      size_t n)
{
    int rc = 0;

    index_read(engine->index);
    for (size_t i = 0; i < n && rc == 0; i++) {
        uint32_t slot = index_find(engine->index, items[i].id);

        if (slot != NO_SLOT &&
            (norms_note(engine->norms, engine->index, slot) < 0 ||
             model_note(engine->model, engine->index, slot) < 0 ||
             (vectors[i] && embeds_put(engine->embeds, engine->index, slot, vectors[i]) < 0)))
            rc = -1;
    }
    index_done(engine->index);
    return rc;
}

/* A record that is put again as it was, for a new term list, keeps the vector that was asked for.
 * To be freed; NULL: it has none. */
static float *vector_of(struct engine *engine, const struct item *item)
{
    float *unit =
        engine->embeds ? malloc((size_t)embeds_dims(engine->embeds) * sizeof(*unit)) : NULL;
    bool has = false;

    if (!unit)
        return NULL;
    index_read(engine->index);
    uint32_t slot = index_find(engine->index, item->id);
    if (slot != NO_SLOT && index_facts(engine->index, slot)->version == item->version)
        has = embeds_get(engine->embeds, slot, unit);
    index_done(engine->index);
    if (!has) {
        free(unit);
        unit = NULL;
    }
    return unit;
}

/* In the writer's turn. */
static int put_analysed(struct engine *engine, const struct item *items,
                        const struct index_record *records, size_t n)
{
    float *vectors[ENGINE_PUT_TOGETHER];
    int rc;

    for (size_t i = 0; i < n; i++)
        vectors[i] = vector_of(engine, &items[i]);
    rc = n == 1 ? index_put(engine->index, items, records->tokens)
                : index_put_all(engine->index, records, n);
    if (rc == 0)
        rc = note_slots(engine, items, vectors, n);
    for (size_t i = 0; i < n; i++)
        free(vectors[i]);
    return rc;
}

/* Texts are taken apart before the writer's turn, so that many threads can fill an index. */
static int put_once(struct engine *engine, struct worker *worker, const struct item *items,
                    size_t n, bool *ret_again)
{
    struct arena arena = { 0 };
    struct index_record records[ENGINE_PUT_TOGETHER];
    int rc = 0;

    pthread_rwlock_rdlock(&engine->swap);
    unsigned terms = engine->terms_version;
    for (size_t i = 0; i < n && rc == 0; i++) {
        records[i].item = &items[i];
        rc = analyse_fields(engine, worker, &arena, items[i].field, records[i].tokens);
    }
    pthread_rwlock_unlock(&engine->swap);
    pthread_mutex_lock(&engine->write);
    pthread_rwlock_rdlock(&engine->swap);
    *ret_again = rc == 0 && terms != engine->terms_version;
    if (rc == 0 && !*ret_again)
        rc = put_analysed(engine, items, records, n);
    pthread_rwlock_unlock(&engine->swap);
    pthread_mutex_unlock(&engine->write);
    arena_release(&arena);
    return rc;
}

int engine_put_all(struct engine *engine, struct worker *worker, const struct item *items, size_t n)
{
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i += ENGINE_PUT_TOGETHER) {
        size_t some = n - i < ENGINE_PUT_TOGETHER ? n - i : ENGINE_PUT_TOGETHER;
        bool again;

        do {
            rc = put_once(engine, worker, items + i, some, &again);
        } while (again);
    }
    return rc;
}

int engine_put(struct engine *engine, struct worker *worker, const struct item *item)
{
    return engine_put_all(engine, worker, item, 1);
}

int engine_remove(struct engine *engine, const uint8_t id[16], int64_t version)
{
    pthread_mutex_lock(&engine->write);
    int rc = index_remove(engine->index, id, version);
    pthread_mutex_unlock(&engine->write);
    return rc;
}

int engine_terms(struct engine *engine, const struct term_row *rows, size_t n)
{
    const char *why;
    struct analyser *analyser = analyser_new(rows, n, &why);
    struct bridge *bridge = bridge_new(rows, n);
    struct worker *worker = worker_new(engine);
    int rc = -1;

    if (analyser && bridge && worker) {
        pthread_rwlock_wrlock(&engine->swap);
        struct analyser *old = engine->analyser;
        struct bridge *old_bridge = engine->bridge;
        engine->analyser = analyser;
        engine->bridge = bridge;
        engine->terms_version++;
        pthread_rwlock_unlock(&engine->swap);
        analyser_free(old);
        bridge_free(old_bridge);
        rc = reread_all(engine, worker);
    } else {
        analyser_free(analyser);
        bridge_free(bridge);
    }
    worker_free(worker);
    return rc;
}

/* All norms anew, in stretches, since idf has drifted; or those that are missing. */
static int note_all_norms(struct engine *engine, bool missing)
{
    enum { STRETCH = 256 };

    for (uint32_t slot = 0;;) {
        pthread_mutex_lock(&engine->write);
        index_read(engine->index);
        uint32_t end = index_slots(engine->index);
        int rc = 0;
        for (int i = 0; i < STRETCH && slot < end && rc == 0; i++, slot++)
            if (index_is_live(engine->index, slot) &&
                !(missing && norms_get(engine->norms, SPACE_U, slot) > 0))
                rc = norms_note(engine->norms, engine->index, slot);
        index_done(engine->index);
        pthread_mutex_unlock(&engine->write);
        if (rc < 0 || slot >= end)
            return rc;
    }
}

int engine_learn(struct engine *engine, int threads, const volatile bool *cancel)
{
    struct model *model = model_learn(engine->index, threads, cancel);

    if (!model || note_all_norms(engine, false) < 0) {
        model_unref(model);
        return -1;
    }
    pthread_mutex_lock(&engine->write);
    /* What came while it was learned is folded now, so that no record is without vectors. */
    int rc = model_note_all(model, engine->index, threads, cancel);
    pthread_rwlock_wrlock(&engine->swap);
    struct model *old = engine->model;
    engine->model = rc == 0 ? model : old;
    pthread_rwlock_unlock(&engine->swap);
    pthread_mutex_unlock(&engine->write);
    model_unref(rc == 0 ? old : model);
    return rc;
}

int engine_save_norms(struct engine *engine, const char *path)
{
    index_read(engine->index);
    int rc = norms_save(engine->norms, engine->index, path);
    index_done(engine->index);
    return rc;
}

int engine_load_norms(struct engine *engine, const char *path)
{
    index_read(engine->index);
    (void)norms_load(engine->norms, engine->index, path);
    index_done(engine->index);
    return note_all_norms(engine, true);
}

/* Called by the index at the moment of the exchange: slots, norms and vectors move together. */
static int on_moved(void *arg, const uint32_t *moved, uint32_t n)
{
    struct engine *engine = arg;

    if (norms_move(engine->norms, moved, n) < 0 || model_move(engine->model, moved, n) < 0)
        return -1;
    if (engine->embeds)
        embeds_move(engine->embeds, moved, n);
    atomic_store(&engine->unembedded, 0);
    return 0;
}

int engine_compact(struct engine *engine)
{
    return index_compact(engine->index, on_moved, engine);
}

/* ---- vectors of an embedding endpoint ---- */

int engine_embed_open(struct engine *engine, const char *name, int dims, double weight)
{
    struct embeds *embeds = embeds_new(name, dims, weight);

    if (!embeds)
        return -1;
    pthread_rwlock_wrlock(&engine->swap);
    engine->embeds = embeds;
    pthread_rwlock_unlock(&engine->swap);
    return 0;
}

/* -1: a text cannot be read. */
static int read_unembedded(const struct index *index, struct arena *arena, uint32_t slot,
                           struct unembedded *ret)
{
    const struct facts *facts = index_facts(index, slot);

    memcpy(ret->id, facts->id, sizeof(ret->id));
    ret->version = facts->version;
    for (int f = 0; f < N_FIELDS; f++) {
        ret->field[f] = index_text(index, arena, slot, (enum field)f);
        if (!ret->field[f])
            return -1;
    }
    return 0;
}

size_t engine_unembedded(struct engine *engine, struct arena *arena, bool again,
                         struct unembedded *ret, size_t max, bool *ret_end)
{
    enum { LOOK_AT = 4096, STRETCHES = 8 }; /* slots between two breaths of the writers */
    struct index *index = engine->index;
    size_t n = 0;

    if (again)
        atomic_store(&engine->unembedded, 0);
    pthread_rwlock_rdlock(&engine->swap);
    *ret_end = false;
    for (int i = 0; !*ret_end && n < max && i < STRETCHES; i++) {
        index_read(index);
        uint32_t slot = atomic_load(&engine->unembedded), slots = index_slots(index);
        uint32_t end = slots > slot && slots - slot > LOOK_AT ? slot + LOOK_AT : slots;
        for (; slot < end && n < max; slot++)
            if (index_is_live(index, slot) && index_words(index, slot) > 0 &&
                index_facts(index, slot)->kind != KIND_LABEL &&
                !(engine->embeds && embeds_has(engine->embeds, slot)) &&
                read_unembedded(index, arena, slot, &ret[n]) == 0)
                n++;
        atomic_store(&engine->unembedded, slot);
        *ret_end = slot >= slots;
        index_done(index);
    }
    pthread_rwlock_unlock(&engine->swap);
    return n;
}

int engine_embed(struct engine *engine, const uint8_t id[16], int64_t version, const float *vector)
{
    int rc = -1;

    pthread_rwlock_rdlock(&engine->swap);
    float *unit =
        engine->embeds ? malloc((size_t)embeds_dims(engine->embeds) * sizeof(*unit)) : NULL;
    if (unit && embeds_unit(vector, embeds_dims(engine->embeds), unit)) {
        index_read(engine->index);
        uint32_t slot = index_find(engine->index, id);
        rc = slot != NO_SLOT && index_facts(engine->index, slot)->version == version
                 ? embeds_put(engine->embeds, engine->index, slot, unit)
                 : 0;
        index_done(engine->index);
    }
    pthread_rwlock_unlock(&engine->swap);
    free(unit);
    return rc;
}

void engine_embed_ready(struct engine *engine, bool ready)
{
    pthread_rwlock_wrlock(&engine->swap);
    atomic_store(&engine->embeds_ready, ready && engine->embeds);
    pthread_rwlock_unlock(&engine->swap);
}

/* The question's vector: what was sent along, or the record's own. */
static enum engine_result find_vector(const struct engine *engine, struct ask_state *ask)
{
    const struct question *question = ask->question;

    if (question->ask != ASK_MATCH || !atomic_load(&engine->embeds_ready))
        return ENGINE_OK;
    float *unit = arena_alloc(ask->arena, (size_t)embeds_dims(engine->embeds) * sizeof(*unit));
    if (!unit)
        return ENGINE_NO_MEMORY;
    if (question->vector ? embeds_unit(question->vector, embeds_dims(engine->embeds), unit)
                         : ask->self != NO_SLOT && embeds_get(engine->embeds, ask->self, unit)) {
        ask->embeds = engine->embeds;
        ask->embed = unit;
    }
    return ENGINE_OK;
}

/* ---- questions ---- */

static const struct {
    enum ask ask;
    enum engine_result (*run)(struct ask_state *ask, struct answer *ret);
} ways[] = {
    { ASK_MATCH, ask_match },   { ASK_SEARCH, ask_search }, { ASK_SAME, ask_same },
    { ASK_GROUPS, ask_groups }, { ASK_COVER, ask_cover },   { ASK_CLASSIFY, ask_classify },
};

/* The subject's texts: the record's own, or what was sent. A record that the asker may not see is
 * as unknown as one that is not there. */
static enum engine_result find_subject(struct ask_state *ask)
{
    const struct subject *subject = &ask->question->subject;

    ask->self = NO_SLOT;
    if (!subject->has_id) {
        memcpy(ask->text, subject->field, sizeof(ask->text));
        return ENGINE_OK;
    }
    struct passes *all = passes_new(&ask->question->filter, ask->index, NULL, ask->arena);
    if (!all)
        return ENGINE_NO_MEMORY;
    ask->self = index_find(ask->index, subject->id);
    if (ask->self == NO_SLOT || !passes_visible(all, ask->self))
        return ENGINE_UNKNOWN;
    for (int f = 0; f < N_FIELDS; f++) {
        ask->text[f] = index_text(ask->index, ask->arena, ask->self, (enum field)f);
        if (!ask->text[f])
            return ENGINE_NO_MEMORY;
    }
    return ENGINE_OK;
}

static enum engine_result run(struct engine *engine, struct worker *worker, struct ask_state *ask,
                              struct answer *ret)
{
    enum engine_result rc = find_subject(ask);

    rc = rc == ENGINE_OK ? find_vector(engine, ask) : rc;
    if (rc != ENGINE_OK)
        return rc;
    ask->passes = passes_new(&ask->question->filter, ask->index,
                             ask->self == NO_SLOT ? NULL : ask->question->subject.id, ask->arena);
    if (!ask->passes || analyse_fields(engine, worker, ask->arena, ask->text, ask->tokens) < 0)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (ways[i].ask == ask->question->ask)
            return ways[i].run(ask, ret);
    return ENGINE_BAD;
}

enum engine_result engine_ask(struct engine *engine, struct worker *worker, struct arena *arena,
                              const struct question *question, struct answer *ret)
{
    struct answer answer = { 0 };
    time_t now = time(NULL);
    struct tm tm;

    pthread_rwlock_rdlock(&engine->swap);
    index_read(engine->index);
    struct ask_state ask = {
        .question = question,
        .arena = arena,
        .index = engine->index,
        .model = engine->model,
        .norms = engine->norms,
        .analyser = engine->analyser,
        .bridge = engine->bridge,
        .shelf = engine->shelf,
        .scratch = worker->scratch,
        .this_year = gmtime_r(&now, &tm) ? tm.tm_year + 1900 : 0,
    };
    enum engine_result rc = run(engine, worker, &ask, &answer);
    answer.embedded = ask.embed != NULL;
    version_of(engine, answer.embedded, answer.version);
    index_done(engine->index);
    pthread_rwlock_unlock(&engine->swap);
    if (rc == ENGINE_OK)
        *ret = answer;
    return rc;
}

double engine_pair(struct engine *engine, struct worker *worker, const char *a, const char *b)
{
    const char *const text[2] = { a, b };
    struct side *side[2] = { NULL, NULL };
    struct arena arena = { 0 };

    pthread_rwlock_rdlock(&engine->swap);
    index_read(engine->index);
    for (int i = 0; i < 2; i++) {
        struct tokens tokens;

        if (text_analyse(engine->analyser, worker->scratch, &arena, text[i], strlen(text[i]),
                         &tokens) == 0)
            side[i] = side_new(&arena, engine->index, engine->model, &tokens, 1);
    }
    double likeness = side[0] && side[1] ? side_likeness(&arena, side[0], side[1]) : -1;
    index_done(engine->index);
    pthread_rwlock_unlock(&engine->swap);
    arena_release(&arena);
    return likeness;
}
