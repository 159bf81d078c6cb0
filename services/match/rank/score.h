/* score.h - stage two: one record held against the question in full.
 *
 *   lam = avg / (avg + |q|)      1 for a short question against long texts, 0 for the contrary
 *   kap = (4 lam (1 - lam))^3    1 where both are of one length
 *   S   = sum of part weight (by lam, kap) x part
 *
 * The parts are each about 0..1 and independent of the list, so that a threshold keeps its meaning:
 * measured better than z-scores of a list (bench/match/README.md). */
#ifndef JM_SCORE_H
#define JM_SCORE_H

#include "asked.h"
#include "norms.h"

enum part {
    PART_SOFT,  /* each word of the question by its best word in the record */
    PART_UNITS, /* coverage of its units, BM25 */
    PART_PAIRS, /* coverage of its pairs */
    PART_WIN,   /* its pieces found close together */
    PART_WV,    /* cosine of the sums of word vectors */
    PART_COS_W, /* cosine of words */
    PART_COS_B, /* cosine of pairs */
    PART_LSA,   /* cosine in the space of topics */
    PART_EMBED, /* cosine of an embedding endpoint's vectors, where there is one */
    N_PARTS
};

struct weights {
    double part[N_PARTS];
};
struct parts {
    double part[N_PARTS]; /* unweighted */
};

/* Scratch of one thread for one question. */
struct scorer;

struct weights weights_of(const struct asked *asked);
/* In the question's arena; NULL: memory is out. */
struct scorer *scorer_new(const struct asked *asked, const struct norms *norms,
                          struct arena *arena);
/* S of the slot; its parts too where ret is not NULL. 0 for a record with nothing in common; a
 * negative value when memory is out. */
double score(struct scorer *scorer, uint32_t slot, struct parts *ret);

/* After score(): how each word of the question did, for the reasons. `other` is the record's word.
 * */
struct word_share {
    uint32_t other;
    enum via via;
    double soft;   /* share of PART_SOFT, unweighted */
    double cosine; /* of PART_COS_W */
    double units, pairs, cos_b;
};
/* Fills ret[asked->n_words] and *ret_rest (units and pairs that belong to no word). */
void score_shares(const struct scorer *scorer, struct word_share *ret, struct word_share *ret_rest);

#endif
