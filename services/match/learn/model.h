/* model.h - what is learned from the indexed texts themselves: word vectors (PPMI and SVD), their
 * nearest neighbours, LSA, and each item's folded vectors.
 *
 * A model is immutable and counted; it is made in the background from a read-only walk over the
 * index and swapped in whole, so a score never mixes two builds. It speaks in term ids of SPACE_W
 * of the index it was made from; words that came later have no vector and match only themselves. */
#ifndef JM_MODEL_H
#define JM_MODEL_H

#include "index.h"

struct model;

struct neighbour {
    uint32_t term; /* of SPACE_W */
    float cos;
};

/* Learns from all live items (a spread sample past params' limits). Takes the index's read lock
 * only in short stretches; no index_compact meanwhile, since slots must stay. NULL: memory is out
 * or *cancel became true (set it with __atomic_store_n; NULL: never). The same index gives the
 * same model, whatever `threads`. OpenBLAS is set to one thread: all threads here are the caller's
 * `threads`. */
struct model *model_learn(struct index *index, int threads, const volatile bool *cancel);
/* The model without anything learned: every question is answered "no vector". */
struct model *model_empty(void);
struct model *model_ref(struct model *model);
void model_unref(struct model *model);

uint64_t model_version(const struct model *model); /* differs between builds */
uint32_t model_items(const struct model *model);   /* live items it was made from */

/* The nearest words with cos >= params' least, best first; without the word itself. */
size_t model_neighbours(const struct model *model, uint32_t word, const struct neighbour **ret);
int model_word_dims(const struct model *model);
int model_lsa_dims(const struct model *model);
/* The unit vector of a word, or NULL. */
const float *model_word(const struct model *model, uint32_t word);

/* Folds a bag of W terms (query or item) into both spaces: unit vectors, zeros when nothing is
 * known. wv = sum (1+ln tf) idf v_w;  lsa = fold-in of (1+ln tf) idf. Buffers of word_dims and
 * lsa_dims. */
void model_fold(const struct model *model, const struct index *index, const struct posting *terms,
                size_t n, float *ret_wv, float *ret_lsa);
/* wv as above, with every dimension of the word space of equal weight and idf to a power: what
 * tells labels apart by few examples. */
void model_fold_even(const struct model *model, const struct posting *terms, size_t n,
                     double idf_power, float *ret);
/* The item's vectors as int8 with a scale (value = scale x int8), or NULL when the slot has none
 * yet: then model_fold its forward terms. Any thread, at any time: what they point to stays until
 * the next compaction or the model's end. model_note is called after index_put, between index_read
 * and index_done; model_move after index_compact and before the next model_note (-1: memory is out
 * and no slot has vectors any more: model_note_all). model_note_all folds every live item that has
 * no vectors: after a model has been swapped in (items came while it was learned) or loaded. -1:
 * memory is out or cancelled. */
const int8_t *model_item_wv(const struct model *model, uint32_t slot, float *ret_scale);
const int8_t *model_item_lsa(const struct model *model, uint32_t slot, float *ret_scale);
int MUST_CHECK model_note(struct model *model, const struct index *index, uint32_t slot);
int MUST_CHECK model_note_all(struct model *model, struct index *index, int threads,
                              const volatile bool *cancel);
int MUST_CHECK model_move(struct model *model, const uint32_t *moved, uint32_t n);

/* Beside the file, then in its place; readers and model_note go on, no model_move meanwhile. Load
 * between index_read and index_done: refused when a word's id means another text in this index;
 * items that are others now come without vectors. *ret_why is static. */
int MUST_CHECK model_save(const struct model *model, const char *path, const char **ret_why);
struct model *model_load(const char *path, const struct index *index, const char **ret_why);
size_t model_bytes(const struct model *model);

#endif
