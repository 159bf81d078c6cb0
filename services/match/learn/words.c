/* words.c - word vectors: v = V S^power of the PPMI matrix, to unit length. */
#include "vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairs.h"
#include "params.h"
#include "svd.h"

static void scale_rows(struct vectors *vectors, const struct svd *svd)
{
    for (uint32_t w = 0; w < vectors->vocab.n; w++) {
        float *row = vectors->rows + (size_t)w * svd->k;

        for (uint32_t i = 0; i < svd->k; i++)
            row[i] *= powf(svd->values[i], (float)params.wv_power);
        /* Rounding gives a word without entries some dust, which must not become a direction. */
        if (unit_vector(row, svd->k) < 1e-4f * powf(svd->values[0], (float)params.wv_power))
            memset(row, 0, svd->k * sizeof(*row));
    }
    vectors_hide_empty(vectors);
}

static int decompose(const struct learner *learner, const struct corpus *corpus,
                     struct vectors *vectors)
{
    struct pairs_plan pairs_plan = { .window = (uint32_t)params.wv_window,
                                     .smooth = params.wv_smooth,
                                     .shift = params.wv_shift,
                                     .max = params.wv_pairs };
    struct svd_plan plan = { .k = (uint32_t)params.wv_dims,
                             .extra = (uint32_t)params.svd_extra,
                             .passes = (uint32_t)params.svd_passes };
    struct pairs pairs;
    struct svd svd;
    int rc = pairs_count(&learner->team, corpus, vectors->vocab.n, pairs_plan, &pairs);

    if (rc < 0)
        return -1;
    rc = svd_sparse(&learner->team, &pairs.ppmi, &pairs.turned, plan, &svd);
    pairs_release(&pairs);
    if (rc < 0)
        return -1;
    if (svd.k > 0 && svd.values[0] > 0) {
        vectors->dims = svd.k;
        vectors->rows = svd.right;
        svd.right = NULL;
        scale_rows(vectors, &svd);
    }
    svd_release(&svd);
    return 0;
}

int words_learn(const struct learner *learner, struct vectors *ret)
{
    struct vectors vectors = { 0 };
    struct corpus corpus = { 0 };
    uint32_t sample = (uint32_t)params.wv_sample;
    /* A word has to be met often enough in the sample, not only in the whole. */
    double share = learner->live > sample ? (double)learner->live / sample : 1;
    int rc = vocab_make(learner, params.wv_min_df * share, 4294967296., (uint32_t)params.wv_words,
                        &vectors.vocab);

    if (rc == 0)
        rc = corpus_make(learner, &vectors.vocab, sample, params.wv_gaps > 0, &corpus);
    if (rc == 0)
        rc = decompose(learner, &corpus, &vectors);
    corpus_release(&corpus);
    if (rc == 0 && vectors.dims > 0)
        *ret = vectors;
    else
        vectors_release(&vectors);
    return rc;
}
