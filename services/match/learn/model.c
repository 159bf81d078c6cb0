/* model.c - asking a model, its life and its size. */
#include "model_parts.h"

#include <stdlib.h>
#include <string.h>

struct model *model_new(void)
{
    struct model *model = calloc(1, sizeof(*model));

    if (model)
        atomic_init(&model->refs, 1);
    return model;
}

struct model *model_empty(void)
{
    return model_new();
}

struct model *model_ref(struct model *model)
{
    atomic_fetch_add(&model->refs, 1);
    return model;
}

void model_unref(struct model *model)
{
    if (!model || atomic_fetch_sub(&model->refs, 1) > 1)
        return;
    vectors_release(&model->wv);
    vectors_release(&model->lsa);
    near_release(&model->near);
    folded_free(model->folded);
    free(model);
}

uint64_t model_version(const struct model *model)
{
    return model->version;
}

uint32_t model_items(const struct model *model)
{
    return model->items;
}

size_t model_neighbours(const struct model *model, uint32_t word, const struct neighbour **ret)
{
    uint32_t row = vocab_row(&model->wv.vocab, word);

    if (row == NO_ROW)
        return 0;
    *ret = model->near.list + model->near.starts[row];
    return model->near.starts[row + 1] - model->near.starts[row];
}

int model_word_dims(const struct model *model)
{
    return (int)model->wv.dims;
}

int model_lsa_dims(const struct model *model)
{
    return (int)model->lsa.dims;
}

const float *model_word(const struct model *model, uint32_t word)
{
    uint32_t row = vocab_row(&model->wv.vocab, word);

    return row == NO_ROW ? NULL : model->wv.rows + (size_t)row * model->wv.dims;
}

void model_fold(const struct model *model, const struct index *index, const struct posting *terms,
                size_t n, float *ret_wv, float *ret_lsa)
{
    (void)index; /* idf is the one that the model was learned with */
    vectors_fold(&model->wv, terms, n, ret_wv);
    vectors_fold(&model->lsa, terms, n, ret_lsa);
}

static const struct folded_row *row_of(const struct model *model, uint32_t slot)
{
    return model->folded ? folded_row(model->folded, slot) : NULL;
}

const int8_t *model_item_wv(const struct model *model, uint32_t slot, float *ret_scale)
{
    const struct folded_row *row = row_of(model, slot);

    if (!row)
        return NULL;
    *ret_scale = row->wv_scale;
    return row->bytes;
}

const int8_t *model_item_lsa(const struct model *model, uint32_t slot, float *ret_scale)
{
    const struct folded_row *row = row_of(model, slot);

    if (!row)
        return NULL;
    *ret_scale = row->lsa_scale;
    return row->bytes + model->wv.dims;
}

int model_move(struct model *model, const uint32_t *moved, uint32_t n)
{
    return model->folded ? folded_move(model->folded, moved, n) : 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static uint64_t mix_vectors(uint64_t hash, const struct vectors *vectors)
{
    size_t n = (size_t)vectors->vocab.n * vectors->dims;

    for (uint32_t w = 0; w < vectors->vocab.n; w++)
        hash = mix(hash, vectors->vocab.checks[w]);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;

        memcpy(&bits, &vectors->rows[i], sizeof(bits));
        hash = mix(hash, bits);
    }
    return hash;
}

uint64_t model_digest(const struct model *model)
{
    return mix_vectors(mix_vectors(mix(1, model->items), &model->wv), &model->lsa);
}

uint32_t item_check(const struct index *index, uint32_t slot)
{
    const struct facts *facts = index_facts(index, slot);
    uint64_t hash = mix(2, (uint64_t)facts->version);

    for (size_t i = 0; i < sizeof(facts->id); i++)
        hash = mix(hash, facts->id[i]);
    return (uint32_t)(hash >> 32);
}

static size_t vectors_bytes(const struct vectors *vectors)
{
    const struct vocab *vocab = &vectors->vocab;

    return vocab->n * (sizeof(*vocab->terms) + sizeof(*vocab->idf) + sizeof(*vocab->checks)) +
           vocab->n_terms * sizeof(*vocab->rows) +
           (size_t)vocab->n * vectors->dims * sizeof(*vectors->rows);
}

size_t model_bytes(const struct model *model)
{
    size_t near = model->near.starts ? model->near.starts[model->near.n] : 0;

    return sizeof(*model) + vectors_bytes(&model->wv) + vectors_bytes(&model->lsa) +
           model->near.n * sizeof(*model->near.starts) + near * sizeof(*model->near.list) +
           (model->folded ? folded_bytes(model->folded) : 0);
}
