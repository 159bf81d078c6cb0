/* vocab.h - which words of SPACE_W are learned, in order of their term ids. */
#ifndef JM_VOCAB_H
#define JM_VOCAB_H

#include "walk.h"

#define NO_ROW UINT32_MAX

struct vocab {
    uint32_t n;
    uint32_t *terms;  /* row -> term, rising */
    float *idf;       /* row -> idf when it was learned */
    uint32_t *checks; /* row -> hash of the term's text: is a saved model of this index? */
    uint32_t n_terms;
    uint32_t *rows; /* term -> row or NO_ROW, for terms < n_terms */
};

/* The most frequent `max` of the words with least <= df < below. */
int MUST_CHECK vocab_make(const struct learner *learner, double least, double below, uint32_t max,
                          struct vocab *ret);
void vocab_release(struct vocab *vocab);
uint32_t vocab_row(const struct vocab *vocab, uint32_t term);
/* Fills `rows` from `terms`. -1: no memory. */
int MUST_CHECK vocab_map(struct vocab *vocab);
uint32_t vocab_check(const struct index *index, uint32_t term);

#endif
