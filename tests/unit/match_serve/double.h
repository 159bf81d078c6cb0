/* double.h - an engine for the tests of what serves it: it keeps ids and versions, counts what is
 * asked of it, and takes as long as the test wants. Defines what engine.h, index.h and model.h
 * declare and serve/ calls; include it in one file of a program.
 *
 * A question's title says what happens: "wait" until the gate opens, "slow N" for N ms or until its
 * deadline, "unknown", "many" for a thousand candidates; anything else is answered with the asked
 * title as a reason. */
#ifndef JM_DOUBLE_H
#define JM_DOUBLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "clock.h"
#include "crypto.h"
#include "engine.h"

struct index {
    pthread_rwlock_t lock;
    struct facts *facts;
    uint32_t n, cap;
    char position[64];
};

struct model {
    atomic_int refs;
    uint32_t items;
};

struct engine {
    struct index *index;
    struct model *model;
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool open; /* the gate of "wait" */
    atomic_int asked, waiting, put, removed, learned, compacted;
    size_t terms;
};

struct worker {
    struct engine *engine;
    atomic_flag busy;
};

void index_read(struct index *index)
{
    pthread_rwlock_rdlock(&index->lock);
}

void index_done(struct index *index)
{
    pthread_rwlock_unlock(&index->lock);
}

struct index *index_new(void)
{
    struct index *index = calloc(1, sizeof(*index));

    pthread_rwlock_init(&index->lock, NULL);
    return index;
}

void index_free(struct index *index)
{
    pthread_rwlock_destroy(&index->lock);
    free(index->facts);
    free(index);
}

uint32_t index_slots(const struct index *index)
{
    return index->n;
}

uint32_t index_live(const struct index *index)
{
    return index->n;
}

bool index_is_live(const struct index *index, uint32_t slot)
{
    return slot < index->n;
}

const struct facts *index_facts(const struct index *index, uint32_t slot)
{
    return &index->facts[slot];
}

uint32_t index_find(const struct index *index, const uint8_t id[16])
{
    for (uint32_t i = 0; i < index->n; i++)
        if (memcmp(index->facts[i].id, id, 16) == 0)
            return i;
    return NO_SLOT;
}

void index_set_position(struct index *index, const char *position)
{
    pthread_rwlock_wrlock(&index->lock);
    snprintf(index->position, sizeof(index->position), "%s", position);
    pthread_rwlock_unlock(&index->lock);
}

const char *index_position(const struct index *index)
{
    return index->position;
}

size_t index_bytes(const struct index *index)
{
    return index->cap * sizeof(struct facts);
}

int index_save(struct index *index, const char *path, const char **ret_why)
{
    FILE *file = fopen(path, "w");
    int rc = -1;

    *ret_why = "cannot be written";
    if (!file)
        return -1;
    index_read(index);
    if (fwrite(&index->n, sizeof(index->n), 1, file) == 1 &&
        fwrite(index->position, sizeof(index->position), 1, file) == 1 &&
        (index->n == 0 || fwrite(index->facts, sizeof(*index->facts), index->n, file) == index->n))
        rc = 0;
    index_done(index);
    return fclose(file) == 0 ? rc : -1;
}

struct index *index_load(const char *path, const char **ret_why)
{
    FILE *file = fopen(path, "r");
    struct index *index;

    *ret_why = "there is none";
    if (!file)
        return NULL;
    index = index_new();
    if (fread(&index->n, sizeof(index->n), 1, file) == 1 &&
        fread(index->position, sizeof(index->position), 1, file) == 1) {
        index->cap = index->n;
        index->facts = calloc(index->n + 1, sizeof(*index->facts));
        index->n = (uint32_t)fread(index->facts, sizeof(*index->facts), index->n, file);
    }
    fclose(file);
    if (index->n == index->cap)
        return index;
    *ret_why = "it is damaged";
    index_free(index);
    return NULL;
}

struct model *model_ref(struct model *model)
{
    atomic_fetch_add(&model->refs, 1);
    return model;
}

void model_unref(struct model *model)
{
    if (model && atomic_fetch_sub(&model->refs, 1) == 1)
        free(model);
}

struct model *model_empty(void)
{
    struct model *model = calloc(1, sizeof(*model));

    atomic_init(&model->refs, 1);
    return model;
}

uint32_t model_items(const struct model *model)
{
    return model->items;
}

int model_save(const struct model *model, const char *path, const char **ret_why)
{
    FILE *file = fopen(path, "w");

    *ret_why = "cannot be written";
    if (!file)
        return -1;
    fprintf(file, "%u", model->items);
    return fclose(file);
}

struct model *model_load(const char *path, const struct index *index, const char **ret_why)
{
    FILE *file = fopen(path, "r");
    struct model *model;

    (void)index;
    *ret_why = "there is none";
    if (!file)
        return NULL;
    model = model_empty();
    if (fscanf(file, "%u", &model->items) != 1)
        model->items = 0;
    fclose(file);
    return model;
}

struct engine *engine_from(struct index *index, struct model *model, const struct term_row *rows,
                           size_t n)
{
    struct engine *engine = calloc(1, sizeof(*engine));

    (void)rows;
    engine->index = index;
    engine->model = model ? model : model_empty();
    engine->terms = n;
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->opened, NULL);
    return engine;
}

struct engine *engine_new(void)
{
    return engine_from(index_new(), NULL, NULL, 0);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    index_free(engine->index);
    model_unref(engine->model);
    pthread_cond_destroy(&engine->opened);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

struct worker *worker_new(struct engine *engine)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    worker->engine = engine;
    atomic_flag_clear(&worker->busy);
    return worker;
}

void worker_free(struct worker *worker)
{
    free(worker);
}

struct index *engine_index(struct engine *engine)
{
    return engine->index;
}

struct model *engine_model(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    struct model *model = model_ref(engine->model);
    pthread_mutex_unlock(&engine->lock);
    return model;
}

int engine_save_norms(struct engine *engine, const char *path)
{
    FILE *file = fopen(path, "w");

    (void)engine;
    return file && fclose(file) == 0 ? 0 : -1;
}

int engine_load_norms(struct engine *engine, const char *path)
{
    (void)engine;
    return access(path, F_OK);
}

const char *engine_version(struct engine *engine, char ret[64])
{
    (void)engine;
    snprintf(ret, 64, "double");
    return ret;
}

/* Nobody may use one worker from two threads at a time. */
static void worker_enter(struct worker *worker)
{
    if (atomic_flag_test_and_set(&worker->busy))
        abort();
}

static void worker_leave(struct worker *worker)
{
    atomic_flag_clear(&worker->busy);
}

int engine_put(struct engine *engine, struct worker *worker, const struct item *item)
{
    struct index *index = engine->index;
    struct facts facts = { .kind = item->kind, .version = item->version };

    worker_enter(worker);
    memcpy(facts.id, item->id, 16);
    atomic_fetch_add(&engine->put, 1);
    pthread_rwlock_wrlock(&index->lock);
    uint32_t slot = index_find(index, item->id);
    if (slot == NO_SLOT) {
        if (index->n == index->cap) {
            index->cap = index->cap ? 2 * index->cap : 16;
            index->facts = realloc(index->facts, index->cap * sizeof(*index->facts));
        }
        index->facts[index->n++] = facts;
    } else if (index->facts[slot].version <= item->version) {
        index->facts[slot] = facts;
    }
    pthread_rwlock_unlock(&index->lock);
    worker_leave(worker);
    return 0;
}

int engine_remove(struct engine *engine, const uint8_t id[16], int64_t version)
{
    struct index *index = engine->index;

    atomic_fetch_add(&engine->removed, 1);
    pthread_rwlock_wrlock(&index->lock);
    uint32_t slot = index_find(index, id);
    if (slot != NO_SLOT && index->facts[slot].version <= version)
        index->facts[slot] = index->facts[--index->n];
    pthread_rwlock_unlock(&index->lock);
    return 0;
}

int engine_terms(struct engine *engine, const struct term_row *rows, size_t n)
{
    (void)rows;
    engine->terms = n;
    return 0;
}

int engine_learn(struct engine *engine, int threads, const volatile bool *cancel)
{
    struct model *model = model_empty(), *old;

    (void)threads;
    if (*cancel) {
        model_unref(model);
        return -1;
    }
    index_read(engine->index);
    model->items = engine->index->n;
    index_done(engine->index);
    pthread_mutex_lock(&engine->lock);
    old = engine->model;
    engine->model = model;
    pthread_mutex_unlock(&engine->lock);
    model_unref(old);
    atomic_fetch_add(&engine->learned, 1);
    return 0;
}

int engine_compact(struct engine *engine)
{
    atomic_fetch_add(&engine->compacted, 1);
    return 0;
}

static void gate_open(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->open = true;
    pthread_cond_broadcast(&engine->opened);
    pthread_mutex_unlock(&engine->lock);
}

static void gate_wait(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    atomic_fetch_add(&engine->waiting, 1);
    while (!engine->open)
        pthread_cond_wait(&engine->opened, &engine->lock);
    atomic_fetch_sub(&engine->waiting, 1);
    pthread_mutex_unlock(&engine->lock);
}

static void fill(struct arena *arena, const struct question *question, size_t n, struct answer *ret)
{
    ret->list = arena_alloc(arena, n * sizeof(*ret->list));
    ret->n = n;
    ret->total = n;
    snprintf(ret->version, sizeof(ret->version), "double");
    for (size_t i = 0; i < n; i++) {
        struct reason *reason = arena_alloc(arena, sizeof(*reason));

        *reason = (struct reason){ .kind = REASON_TERM,
                                   .share = 0.5,
                                   .term = question->subject.field[FIELD_TITLE],
                                   .other = "" };
        ret->list[i] = (struct candidate){ .kind = KIND_EXPERT,
                                           .version = 7,
                                           .score = 0.5,
                                           .strength = STRENGTH_POSSIBLE,
                                           .reasons = reason,
                                           .n_reasons = 1 };
        ret->list[i].id[15] = (uint8_t)(i + 1);
    }
}

enum engine_result engine_ask(struct engine *engine, struct worker *worker, struct arena *arena,
                              const struct question *question, struct answer *ret)
{
    const char *title = question->subject.field[FIELD_TITLE];
    enum engine_result result = ENGINE_OK;

    worker_enter(worker);
    atomic_fetch_add(&engine->asked, 1);
    if (strcmp(title, "wait") == 0)
        gate_wait(engine);
    if (strncmp(title, "slow ", 5) == 0) {
        long long until = clock_ms() + strtol(title + 5, NULL, 10);

        while (clock_ms() < until && clock_ms() < question->deadline_ms)
            usleep(500);
        if (clock_ms() >= question->deadline_ms)
            result = ENGINE_LATE;
    }
    if (strcmp(title, "unknown") == 0)
        result = ENGINE_UNKNOWN;
    if (result == ENGINE_OK)
        fill(arena, question, strcmp(title, "many") == 0 ? 1000 : 1, ret);
    worker_leave(worker);
    return result;
}

int index_set_text_folder(struct index *index, const char *folder)
{
    (void)index;
    return access(folder, W_OK);
}

/* As the database computes it: see index/digest.h. */
void index_digest(struct index *index, unsigned kinds, uint64_t *ret_hash, uint32_t *ret_count)
{
    uint64_t sum = 0;
    uint32_t n = 0;

    index_read(index);
    for (uint32_t i = 0; i < index->n; i++) {
        char hex[CRYPTO_HEX(16)], text[64];
        unsigned char md[16];
        uint64_t one = 0;

        if (!(index->facts[i].kind & kinds))
            continue;
        crypto_hex(index->facts[i].id, 16, hex);
        int len = snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%s:%lld", hex, hex + 8,
                           hex + 12, hex + 16, hex + 20, (long long)index->facts[i].version);
        EVP_Digest(text, (size_t)len, md, NULL, EVP_md5(), NULL);
        for (int b = 0; b < 8; b++)
            one = one << 8 | md[b];
        sum += one;
        n++;
    }
    index_done(index);
    *ret_hash = sum;
    *ret_count = n;
}

#endif
