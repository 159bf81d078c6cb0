/* learn.c - the order of learning; and folding of items, one by one or all that lack it. */
#include "model_parts.h"

#include <cblas.h>
#include <stdlib.h>

/* The terms of a stretch of items, copied while the index is locked. */
struct copied {
    struct posting *terms;
    size_t n, room;
    struct {
        uint32_t slot, check;
        size_t end;
    } items[WALK_STRETCH];
    uint32_t n_items;
};

static int copy_terms(struct copied *copied, const struct index *index, uint32_t slot)
{
    size_t left = copied->room - copied->n;
    struct posting *free_part = copied->terms ? copied->terms + copied->n : NULL;
    size_t n = index_forward(index, SPACE_W, slot, free_part, left);

    if (n > left || !copied->terms) {
        size_t room = 2 * (copied->n + n) + 64;
        struct posting *terms = realloc(copied->terms, room * sizeof(*terms));

        if (!terms)
            return -1;
        copied->terms = terms;
        copied->room = room;
        n = index_forward(index, SPACE_W, slot, terms + copied->n, room - copied->n);
    }
    copied->n += n;
    copied->items[copied->n_items].slot = slot;
    copied->items[copied->n_items].check = item_check(index, slot);
    copied->items[copied->n_items++].end = copied->n;
    return 0;
}

static int fold_copied(struct model *model, const struct copied *copied)
{
    uint32_t wv = model->wv.dims, lsa = model->lsa.dims;
    float *folds = malloc(((size_t)wv + lsa + 1) * sizeof(*folds));
    size_t from = 0;
    int rc = folds ? 0 : -1;

    for (uint32_t i = 0; rc == 0 && i < copied->n_items; i++) {
        const struct posting *terms = copied->terms + from;
        size_t n = copied->items[i].end - from;

        vectors_fold(&model->wv, terms, n, folds);
        vectors_fold(&model->lsa, terms, n, folds + wv);
        rc = folded_put(model->folded, copied->items[i].slot, copied->items[i].check, folds,
                        folds + wv);
        from = copied->items[i].end;
    }
    free(folds);
    return rc;
}

int model_note(struct model *model, const struct index *index, uint32_t slot)
{
    struct copied *copied;
    int rc = -1;

    if (!model->folded)
        return 0;
    copied = calloc(1, sizeof(*copied));
    if (copied && copy_terms(copied, index, slot) == 0)
        rc = fold_copied(model, copied);
    if (copied)
        free(copied->terms);
    free(copied);
    return rc;
}

struct noting {
    struct model *model;
    struct index *index;
    uint32_t first, slots;
};

static int note_stretch(void *arg, size_t part, int worker)
{
    struct noting *noting = arg;
    uint32_t from = noting->first + (uint32_t)part * WALK_STRETCH;
    uint32_t end = noting->slots - from < WALK_STRETCH ? noting->slots : from + WALK_STRETCH;
    struct copied *copied = calloc(1, sizeof(*copied));
    int rc = copied ? 0 : -1;

    (void)worker;
    index_read(noting->index);
    for (uint32_t slot = from; rc == 0 && slot < end; slot++) {
        if (index_is_live(noting->index, slot) && !folded_row(noting->model->folded, slot))
            rc = copy_terms(copied, noting->index, slot);
    }
    index_done(noting->index);
    if (rc == 0)
        rc = fold_copied(noting->model, copied);
    if (copied)
        free(copied->terms);
    free(copied);
    return rc;
}

static int note_all(struct model *model, struct index *index, const struct team *team)
{
    struct noting noting = { .model = model, .index = index };

    /* Items that come meanwhile are looked for again, until a round has found no new slot. */
    while (model->folded) {
        index_read(index);
        noting.slots = index_slots(index);
        index_done(index);
        if (noting.slots <= noting.first)
            break;
        if (team_run(team, ((size_t)noting.slots - noting.first + WALK_STRETCH - 1) / WALK_STRETCH,
                     note_stretch, &noting) < 0)
            return -1;
        noting.first = noting.slots;
    }
    return 0;
}

static struct team team_of(int threads, const volatile bool *cancel)
{
    return (struct team){ .threads = threads < 1          ? 1
                                     : threads > TEAM_MAX ? TEAM_MAX
                                                          : threads,
                          .cancel = cancel };
}

int model_note_all(struct model *model, struct index *index, int threads,
                   const volatile bool *cancel)
{
    struct team team = team_of(threads, cancel);

    return note_all(model, index, &team);
}

static int learn_all(const struct learner *learner, struct model *model)
{
    if (words_learn(learner, &model->wv) < 0 || lsa_learn(learner, &model->lsa) < 0)
        return -1;
    if (model->wv.dims > 0 && near_find(&learner->team, &model->wv, &model->near) < 0)
        return -1;
    if (model->wv.dims + model->lsa.dims > 0) {
        model->folded = folded_new(model->wv.dims, model->lsa.dims);
        if (!model->folded)
            return -1;
    }
    model->version = model_digest(model);
    return note_all(model, learner->index, &learner->team);
}

struct model *model_learn(struct index *index, int threads, const volatile bool *cancel)
{
    struct learner learner = { .team = team_of(threads, cancel), .index = index };
    struct model *model = model_new();

    if (!model)
        return NULL;
    openblas_set_num_threads(1); /* team.h says why */
    index_read(index);
    learner.live = index_live(index);
    learner.texts = index_texts(index, 0);
    index_done(index);
    model->items = learner.live;
    if (learn_all(&learner, model) < 0) {
        model_unref(model);
        return NULL;
    }
    model_even(model);
    return model;
}
