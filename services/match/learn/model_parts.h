/* model_parts.h - what a model consists of; for the files of learn/ alone. */
#ifndef JM_MODEL_PARTS_H
#define JM_MODEL_PARTS_H

#include <stdatomic.h>

#include "folded.h"
#include "model.h"
#include "near.h"
#include "vectors.h"

#define EVEN_DIMS_MAX 512

/* All but `refs` and what is behind `folded` stays as it was learned. */
struct model {
    atomic_uint refs;
    uint64_t version;
    uint32_t items;
    struct vectors wv, lsa;    /* dims 0 when there was too little to learn from */
    struct near near;          /* of the words of wv */
    struct folded *folded;     /* NULL when nothing is learned */
    float even[EVEN_DIMS_MAX]; /* even.c: the weight of each dimension of wv */
};

struct model *model_new(void);
/* even.c: to be called once wv is there. */
void model_even(struct model *model);
uint64_t model_digest(const struct model *model);
/* Of the id and the version that the slot's item has. */
uint32_t item_check(const struct index *index, uint32_t slot);

#endif
