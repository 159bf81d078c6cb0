/* lsa.c - latent semantic analysis of a spread sample of items. */
#include "vectors.h"

#include <stdlib.h>

#include "params.h"
#include "svd.h"

struct gathering {
    const struct vectors *vectors;
    struct sparse *matrix;
    struct posting *terms;
    size_t room;
    uint32_t n; /* items so far */
    uint32_t *cols;
    float *values;
    size_t entries, entries_room; /* of the block being filled */
};

static int read_terms(struct gathering *gathering, const struct index *index, uint32_t slot,
                      size_t *ret_n)
{
    size_t n = index_forward(index, SPACE_W, slot, gathering->terms, gathering->room);

    if (n > gathering->room) {
        struct posting *terms = realloc(gathering->terms, 2 * n * sizeof(*terms));

        if (!terms)
            return -1;
        gathering->terms = terms;
        gathering->room = 2 * n;
        n = index_forward(index, SPACE_W, slot, terms, gathering->room);
    }
    *ret_n = n;
    return 0;
}

static int block_room(struct gathering *gathering, size_t n)
{
    size_t room = 2 * (gathering->entries + n) + 1024;
    uint32_t *cols;
    float *values;

    if (gathering->cols && gathering->entries + n <= gathering->entries_room)
        return 0;
    cols = realloc(gathering->cols, room * sizeof(*cols));
    if (!cols)
        return -1;
    gathering->cols = cols;
    values = realloc(gathering->values, room * sizeof(*values));
    if (!values)
        return -1;
    gathering->values = values;
    gathering->entries_room = room;
    return 0;
}

/* The block becomes the matrix's; the next one begins with no memory. */
static void close_block(struct gathering *gathering)
{
    uint32_t rows = gathering->n % SPARSE_BLOCK;
    struct sparse_block *block;

    if (gathering->n == 0)
        return;
    block = &gathering->matrix->blocks[(gathering->n - 1) / SPARSE_BLOCK];
    for (uint32_t r = rows ? rows : SPARSE_BLOCK; r < SPARSE_BLOCK; r++)
        block->start[r + 1] = block->start[r];
    block->cols = gathering->cols;
    block->values = gathering->values;
    gathering->cols = NULL;
    gathering->values = NULL;
    gathering->entries = gathering->entries_room = 0;
}

static int gather_item(void *arg, const struct index *index, uint32_t slot)
{
    struct gathering *gathering = arg;
    const struct vocab *vocab = &gathering->vectors->vocab;
    uint32_t r = gathering->n % SPARSE_BLOCK;
    size_t n = 0, first;
    float *values;

    if (gathering->n == gathering->matrix->rows) /* it came while we were walking */
        return 0;
    if (r == 0)
        close_block(gathering);
    if (read_terms(gathering, index, slot, &n) < 0 || block_room(gathering, n) < 0)
        return -1;
    first = gathering->entries;
    values = gathering->values;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = vocab_row(vocab, gathering->terms[i].term);

        if (row != NO_ROW) {
            gathering->cols[gathering->entries] = row;
            values[gathering->entries++] = damped(gathering->terms[i].tf) * vocab->idf[row];
        }
    }
    unit_vector(values + first, (uint32_t)(gathering->entries - first));
    gathering->matrix->blocks[gathering->n / SPARSE_BLOCK].start[r + 1] =
        (uint32_t)gathering->entries;
    gathering->n++;
    return 0;
}

/* The item x word matrix of unit rows. */
static int gather(const struct learner *learner, const struct vectors *vectors, struct sparse *ret)
{
    uint32_t sample = (uint32_t)params.lsa_sample;
    uint32_t rows = learner->live < sample ? learner->live : sample;
    struct sparse matrix;
    struct gathering gathering = { .vectors = vectors, .matrix = &matrix };
    int rc = sparse_init(&matrix, rows, vectors->vocab.n);

    if (rc < 0)
        return -1;
    rc = walk_items(learner, rows, gather_item, &gathering);
    free(gathering.terms);
    if (rc < 0) {
        free(gathering.cols);
        free(gathering.values);
        sparse_release(&matrix);
        return -1;
    }
    close_block(&gathering);
    matrix.rows = gathering.n; /* fewer when some have been removed meanwhile */
    *ret = matrix;
    return 0;
}

static uint32_t dims_for(uint32_t texts)
{
    double k = texts / params.lsa_items_a_dim;

    if (k < params.lsa_dims_min)
        k = params.lsa_dims_min;
    return (uint32_t)(k > params.lsa_dims ? params.lsa_dims : k);
}

int lsa_learn(const struct learner *learner, struct vectors *ret)
{
    struct vectors vectors = { 0 };
    struct sparse matrix = { 0 }, turned = { 0 };
    struct svd svd = { 0 };
    struct svd_plan plan = { .k = dims_for(learner->texts),
                             .extra = (uint32_t)params.svd_extra,
                             .passes = (uint32_t)params.svd_passes };
    int rc = vocab_make(learner, params.lsa_min_df, params.lsa_max_share * learner->texts,
                        (uint32_t)params.lsa_words, &vectors.vocab);

    if (rc == 0)
        rc = gather(learner, &vectors, &matrix);
    if (rc == 0)
        rc = sparse_turn(&matrix, &turned);
    if (rc == 0)
        rc = svd_sparse(&learner->team, &matrix, &turned, plan, &svd);
    sparse_release(&matrix);
    sparse_release(&turned);
    vectors.dims = svd.k;
    vectors.rows = svd.right;
    svd.right = NULL;
    svd_release(&svd);
    if (rc == 0 && vectors.dims > 0)
        *ret = vectors;
    else
        vectors_release(&vectors);
    return rc;
}
