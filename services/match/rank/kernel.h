/* kernel.h - one text as three unit vectors, and how near two texts are: the ground of labels.
 *
 *   lex  words, units and pairs: (1 + ln tf) idf^1.2 of terms in at least two and at most a fifth
 * of the
 *        records; each space of unit length, weighted, the whole of unit length again
 *   wv   sum of word vectors, lsa  fold-in
 *   k(a, b) = (lex . lex x 2.5 + wv . wv x 2 + lsa . lsa x 2) / 6.5
 *
 * Measured in bench/match/README.md: the sharper idf and the equal weight of learned and literal
 * likeness are what few examples need. */
#ifndef JM_KERNEL_H
#define JM_KERNEL_H

#include "index.h"
#include "model.h"

struct lex_term {
    uint64_t key; /* space and term id */
    float weight;
};
struct kernel_text {
    struct lex_term *lex; /* by key */
    size_t n_lex;
    float *wv, *lsa;
};

/* Of a record, or of analysed texts. Lives in the arena. -1: memory is out. */
int MUST_CHECK kernel_of_slot(struct arena *arena, const struct index *index, struct model *model,
                              uint32_t slot, struct kernel_text *ret);
int MUST_CHECK kernel_of_tokens(struct arena *arena, const struct index *index, struct model *model,
                                const struct tokens *fields, size_t n_fields,
                                struct kernel_text *ret);

struct near_parts {
    double lex, wv, lsa;
};
struct near_parts kernel_parts(const struct kernel_text *a, const struct kernel_text *b,
                               const struct model *model);
double kernel_near(const struct kernel_text *a, const struct kernel_text *b,
                   const struct model *model);

#endif
