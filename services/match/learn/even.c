/* even.c - the word space with every direction of equal weight.
 *
 * The vectors are rows of U S^.5: the strongest directions, which tell fields apart, outweigh the
 * rest. That is what likeness of words wants; telling many labels apart by few examples wants U
 * alone (measured: bench/match/README.md). Each dimension's mean square over the vocabulary stands
 * for S. */
#include <math.h>
#include <string.h>

#include "model_parts.h"

void model_even(struct model *model)
{
    const struct vectors *wv = &model->wv;

    for (uint32_t d = 0; d < wv->dims && d < EVEN_DIMS_MAX; d++) {
        double sum = 0;

        for (uint32_t w = 0; w < wv->vocab.n; w++) {
            float value = wv->rows[(size_t)w * wv->dims + d];

            sum += (double)value * value;
        }
        model->even[d] = sum > 0 ? (float)sqrt(wv->vocab.n / sum) : 0;
    }
}

void model_fold_even(const struct model *model, const struct posting *terms, size_t n,
                     double idf_power, float *ret)
{
    const struct vectors *wv = &model->wv;
    uint32_t dims = wv->dims < EVEN_DIMS_MAX ? wv->dims : EVEN_DIMS_MAX;
    float row[EVEN_DIMS_MAX];

    memset(ret, 0, wv->dims * sizeof(*ret));
    for (size_t i = 0; i < n; i++) {
        uint32_t place = vocab_row(&wv->vocab, terms[i].term);

        if (place == NO_ROW)
            continue;
        for (uint32_t d = 0; d < dims; d++)
            row[d] = wv->rows[(size_t)place * wv->dims + d] * model->even[d];
        unit_vector(row, dims);
        float weight = damped(terms[i].tf) * powf(wv->vocab.idf[place], (float)idf_power);
        for (uint32_t d = 0; d < dims; d++)
            ret[d] += weight * row[d];
    }
    unit_vector(ret, dims);
}
