/* vectors.h - words with a vector each: what the two learned spaces have in common. */
#ifndef JM_VECTORS_H
#define JM_VECTORS_H

#include "vocab.h"

struct vectors {
    struct vocab vocab;
    uint32_t dims;
    float *rows; /* vocab.n x dims */
};

/* Word vectors by PPMI and SVD: unit vectors; a word without company has no row in the map.
 * An index that is too small gives dims 0. */
int MUST_CHECK words_learn(const struct learner *learner, struct vectors *ret);
/* LSA: the word side of the SVD of the item x word matrix. */
int MUST_CHECK lsa_learn(const struct learner *learner, struct vectors *ret);
/* The unit vector of sum of (1+ln tf) idf row; zeros when nothing is known. `ret` has dims
 * places. */
void vectors_fold(const struct vectors *vectors, const struct posting *terms, size_t n, float *ret);
/* Takes words whose vector is zero out of the map: they have none. */
void vectors_hide_empty(struct vectors *vectors);
void vectors_release(struct vectors *vectors);
/* To length 1, or zeros. The length that it had. */
float unit_vector(float *vector, uint32_t dims);
/* (1 + ln tf), for tf of fields that weigh less than 1 too. */
float damped(float tf);

#endif
