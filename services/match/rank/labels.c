/* labels.c - see labels.h. */
#include "labels.h"

#include <lapacke.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "params.h"

#define SHELF 8

struct example {
    uint8_t id[16];
    struct kernel_text text;
    uint32_t label; /* place in labels.list */
};
struct label {
    uint8_t id[16];
    struct kernel_text name;
    double norm;      /* length of the sum of its examples */
    double name_mean; /* likeness of its name to anything at all */
    size_t n;
};
struct labels {
    struct arena arena;
    uint64_t key;
    unsigned users, used; /* under the shelf's lock */
    struct label *list;
    size_t n;
    struct example *examples;
    size_t n_examples;
    double *alpha; /* n_examples x n, by column */
};
struct labels_shelf {
    pthread_mutex_t lock;
    struct labels *kept[SHELF];
    unsigned clock;
};

struct labels_shelf *labels_shelf_new(void)
{
    struct labels_shelf *shelf = calloc(1, sizeof(*shelf));

    if (shelf)
        pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

static void labels_free(struct labels *labels)
{
    if (!labels)
        return;
    free(labels->alpha);
    arena_release(&labels->arena);
    free(labels);
}

void labels_shelf_free(struct labels_shelf *shelf)
{
    if (!shelf)
        return;
    for (int i = 0; i < SHELF; i++)
        labels_free(shelf->kept[i]);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

/* ---- making one ---- */

static bool is_label(const void *arg, const struct index *index, uint32_t slot)
{
    (void)index;
    return passes_all(arg, slot, KIND_LABEL);
}

/* `passes` knows no subject: who is asked about is left out when it is asked, not when it is
 * learned. */
static int add_label(struct labels *labels, struct ask_state *ask, const struct passes *passes,
                     uint32_t slot, size_t most)
{
    unsigned kinds = ask->question->filter.evidence;
    const struct facts *facts = index_facts(ask->index, slot);
    struct evidence *evidence = arena_alloc(ask->arena, (most + 1) * sizeof(*evidence));
    struct label *label = &labels->list[labels->n];

    if (!evidence)
        return -1;
    memcpy(label->id, facts->id, sizeof(label->id));
    if (kernel_of_slot(&labels->arena, ask->index, ask->model, slot, &label->name) < 0)
        return -1;
    size_t n = index_evidence(ask->index, facts->id, evidence, most);
    for (size_t i = 0; i < n && i < most; i++) {
        struct example *example = &labels->examples[labels->n_examples];
        const struct facts *theirs = index_facts(ask->index, evidence[i].slot);

        if ((kinds && !(theirs->kind & kinds)) || !passes_evidence(passes, evidence[i].slot))
            continue;
        *example = (struct example){ .label = (uint32_t)labels->n };
        memcpy(example->id, theirs->id, sizeof(example->id));
        if (kernel_of_slot(&labels->arena, ask->index, ask->model, evidence[i].slot,
                           &example->text) < 0)
            return -1;
        labels->n_examples++;
        label->n++;
    }
    labels->n++;
    return 0;
}

/* (K + lam I) alpha = Y, where Y says which example has which label. */
static int solve_ridge(struct labels *labels, double *gram)
{
    size_t n = labels->n_examples, m = labels->n;

    labels->alpha = calloc(n * m + 1, sizeof(double));
    if (!labels->alpha)
        return -1;
    for (size_t i = 0; i < n; i++) {
        gram[i * n + i] += params.label_ridge;
        labels->alpha[(size_t)labels->examples[i].label * n + i] = 1;
    }
    if (n > 0 && LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (lapack_int)n, (lapack_int)m, gram,
                               (lapack_int)n, labels->alpha, (lapack_int)n) != 0)
        memset(labels->alpha, 0, n * m * sizeof(double)); /* not positive: do without R */
    return 0;
}

static double name_likeness(const struct label *label, const struct kernel_text *text,
                            const struct model *model)
{
    struct near_parts parts = kernel_parts(text, &label->name, model);

    return params.label_name_lex * parts.lex + params.label_name_wv * parts.wv +
           params.label_name_lsa * parts.lsa;
}

static void fill_gram(const struct labels *labels, const struct ask_state *ask, double *gram)
{
    size_t n = labels->n_examples;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            gram[i * n + j] = gram[j * n + i] =
                kernel_near(&labels->examples[i].text, &labels->examples[j].text, ask->model);
}

/* The length of each label's sum, and what its name is worth by accident. */
static void measure(struct labels *labels, struct ask_state *ask, const double *gram)
{
    size_t n = labels->n_examples;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (labels->examples[i].label == labels->examples[j].label)
                labels->list[labels->examples[i].label].norm += gram[i * n + j];
    for (size_t l = 0; l < labels->n; l++) {
        struct label *label = &labels->list[l];

        label->norm = sqrt(label->norm > 0 ? label->norm : 1);
        for (size_t i = 0; i < n; i++)
            label->name_mean +=
                name_likeness(label, &labels->examples[i].text, ask->model) / (double)n;
    }
}

static int learn(struct labels *labels, struct ask_state *ask)
{
    size_t n = labels->n_examples;
    double *gram = calloc(n * n + 1, sizeof(*gram));

    if (!gram)
        return -1;
    fill_gram(labels, ask, gram);
    measure(labels, ask, gram);
    int rc = solve_ridge(labels, gram);
    free(gram);
    return rc;
}

/* All labels share the room for examples, so that the time it takes is bounded by it and not by the
 * size of the library. */
static size_t examples_each(size_t n_labels)
{
    size_t share = n_labels ? (size_t)params.label_room / n_labels : 0;
    size_t most = (size_t)params.label_examples;

    return share < 1 ? 1 : share < most ? share : most;
}

static struct labels *labels_make(struct ask_state *ask, uint64_t key)
{
    size_t max = (size_t)params.labels_max;
    uint32_t *slots = arena_alloc(ask->arena, max * sizeof(*slots));
    struct passes *passes = passes_new(&ask->question->filter, ask->index, NULL, ask->arena);
    struct labels *labels = calloc(1, sizeof(*labels));

    if (!slots || !passes || !labels) {
        free(labels);
        return NULL;
    }
    labels->key = key;
    size_t n = index_all(ask->index, NULL, 0, is_label, passes, slots, max, max);
    n = n < max ? n : max;
    size_t each = examples_each(n);
    labels->list = arena_alloc(&labels->arena, (n + 1) * sizeof(*labels->list));
    labels->examples = arena_alloc(&labels->arena, (n * each + 1) * sizeof(*labels->examples));
    int rc = labels->list && labels->examples ? 0 : -1;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_label(labels, ask, passes, slots[i], each);
    if (rc == 0)
        rc = learn(labels, ask);
    if (rc == 0)
        return labels;
    labels_free(labels);
    return NULL;
}

/* ---- the shelf ---- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    while (len--)
        hash = (hash ^ *at++) * 0x100000001b3ULL;
    return hash;
}

/* What a classifier depends on: what the asker may see, and the model. Records that came since the
 * model was learned are not examples yet; they are with the next one. */
static uint64_t key_of(const struct ask_state *ask)
{
    const struct filter *filter = &ask->question->filter;
    uint64_t version = model_version(ask->model), hash = 0xcbf29ce484222325ULL;

    hash = mix(hash, &version, sizeof(version));
    hash = mix(hash, &filter->evidence, sizeof(filter->evidence));
    for (size_t i = 0; i < filter->n_scopes; i++)
        hash = mix(hash, filter->scopes[i], strlen(filter->scopes[i]) + 1);
    for (size_t i = 0; i < filter->n_fields; i++)
        hash = mix(hash, filter->fields[i], strlen(filter->fields[i]) + 1);
    if (filter->n_not_ids)
        hash = mix(hash, filter->not_ids, filter->n_not_ids * 16);
    if (filter->n_not_units)
        hash = mix(hash, filter->not_units, filter->n_not_units * 16);
    if (filter->n_not_persons)
        hash = mix(hash, filter->not_persons, filter->n_not_persons * 16);
    return hash;
}

/* Takes the place of the one that nobody uses and that was used longest ago. Under the lock. */
static void put_on_shelf(struct labels_shelf *shelf, struct labels *labels)
{
    int place = -1;

    for (int i = 0; i < SHELF; i++)
        if (!shelf->kept[i] || (shelf->kept[i]->users == 0 &&
                                (place < 0 || (shelf->kept[place] &&
                                               shelf->kept[i]->used < shelf->kept[place]->used))))
            place = i;
    if (place < 0)
        return; /* all are in use: this one goes when its user is done */
    labels_free(shelf->kept[place]);
    shelf->kept[place] = labels;
}

struct labels *labels_of(struct labels_shelf *shelf, struct ask_state *ask)
{
    uint64_t key = key_of(ask);
    struct labels *found = NULL;

    pthread_mutex_lock(&shelf->lock);
    for (int i = 0; i < SHELF && !found; i++)
        if (shelf->kept[i] && shelf->kept[i]->key == key)
            found = shelf->kept[i];
    if (found) {
        found->users++;
        found->used = ++shelf->clock;
    }
    pthread_mutex_unlock(&shelf->lock);
    if (found)
        return found;
    found = labels_make(ask, key);
    if (!found)
        return NULL;
    pthread_mutex_lock(&shelf->lock);
    found->users = 1;
    found->used = ++shelf->clock;
    put_on_shelf(shelf, found);
    pthread_mutex_unlock(&shelf->lock);
    return found;
}

void labels_done(struct labels_shelf *shelf, struct labels *labels)
{
    bool kept = false;

    if (!labels)
        return;
    pthread_mutex_lock(&shelf->lock);
    labels->users--;
    for (int i = 0; i < SHELF; i++)
        kept |= shelf->kept[i] == labels;
    pthread_mutex_unlock(&shelf->lock);
    if (!kept)
        labels_free(labels);
}

/* ---- asking one ---- */

static int greater(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left < *right) - (*left > *right);
}

/* Examples of a label stand together, so `first` walks along. */
static double by_examples(const struct labels *labels, size_t label, const double *near,
                          size_t first, bool ranked, double *scratch)
{
    const struct label *own = &labels->list[label];
    double sum = 0, ridge = 0, most = 0;

    if (ranked) {
        memcpy(scratch, near + first, own->n * sizeof(*near));
        qsort(scratch, own->n, sizeof(*scratch), greater);
        for (size_t i = 0; i < own->n; i++) {
            sum += scratch[i] / (double)(i + 1);
            most += 1 / (double)(i + 1);
        }
        return most > 0 ? sum / most : 0;
    }
    for (size_t i = 0; i < own->n; i++)
        sum += near[first + i];
    for (size_t i = 0; i < labels->n_examples; i++)
        ridge += near[i] * labels->alpha[label * labels->n_examples + i];
    return sum / own->norm + params.label_ridge_weight * ridge;
}

/* Likeness to every example but the subject itself. */
static void near_examples(const struct labels *labels, const struct ask_state *ask,
                          const struct kernel_text *text, double *ret)
{
    const struct subject *subject = &ask->question->subject;

    for (size_t i = 0; i < labels->n_examples; i++) {
        const struct example *example = &labels->examples[i];
        bool self = subject->has_id && memcmp(example->id, subject->id, 16) == 0;

        ret[i] = self ? 0 : kernel_near(text, &example->text, ask->model);
    }
}

int labels_score(const struct labels *labels, struct ask_state *ask, const struct kernel_text *text,
                 bool ranked, struct found **ret, size_t *ret_n)
{
    double *near = arena_alloc(ask->arena, (labels->n_examples + 1) * sizeof(*near));
    double *scratch = arena_alloc(ask->arena, (labels->n_examples + 1) * sizeof(*scratch));
    struct found *list = arena_alloc(ask->arena, (labels->n + 1) * sizeof(*list));
    size_t first = 0, kept = 0;

    if (!near || !scratch || !list)
        return -1;
    near_examples(labels, ask, text, near);
    for (size_t l = 0; l < labels->n; first += labels->list[l++].n) {
        const struct label *label = &labels->list[l];
        uint32_t slot = index_find(ask->index, label->id);

        if (slot == NO_SLOT || !passes_all(ask->passes, slot, KIND_LABEL))
            continue;
        list[kept].slot = slot;
        list[kept++].score = by_examples(labels, l, near, first, ranked, scratch) +
                             name_likeness(label, text, ask->model) - label->name_mean;
    }
    found_sort(list, kept);
    *ret = list;
    *ret_n = kept;
    return 0;
}
