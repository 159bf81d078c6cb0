/* vectors.c - folding bags of words. */
#include "vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float damped(float tf)
{
    return tf > 1 ? 1 + logf(tf) : tf;
}

float unit_vector(float *vector, uint32_t dims)
{
    double sum = 0;
    float length;

    for (uint32_t i = 0; i < dims; i++)
        sum += (double)vector[i] * (double)vector[i];
    length = (float)sqrt(sum);
    for (uint32_t i = 0; i < dims; i++)
        vector[i] = length > 1e-20f ? vector[i] / length : 0;
    return length;
}

void vectors_fold(const struct vectors *vectors, const struct posting *terms, size_t n, float *ret)
{
    memset(ret, 0, vectors->dims * sizeof(*ret));
    for (size_t i = 0; i < n; i++) {
        uint32_t row = vocab_row(&vectors->vocab, terms[i].term);
        const float *vector;
        float weight;

        if (row == NO_ROW)
            continue;
        vector = vectors->rows + (size_t)row * vectors->dims;
        weight = damped(terms[i].tf) * vectors->vocab.idf[row];
        for (uint32_t d = 0; d < vectors->dims; d++)
            ret[d] += weight * vector[d];
    }
    unit_vector(ret, vectors->dims);
}

void vectors_hide_empty(struct vectors *vectors)
{
    for (uint32_t w = 0; w < vectors->vocab.n; w++) {
        const float *row = vectors->rows + (size_t)w * vectors->dims;
        uint32_t i = 0;

        while (i < vectors->dims && row[i] == 0)
            i++;
        if (i == vectors->dims)
            vectors->vocab.rows[vectors->vocab.terms[w]] = NO_ROW;
    }
}

void vectors_release(struct vectors *vectors)
{
    vocab_release(&vectors->vocab);
    free(vectors->rows);
    *vectors = (struct vectors){ 0 };
}
