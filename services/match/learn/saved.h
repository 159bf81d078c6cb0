/* saved.h - a model on disk: this head, then the arrays one after the other, then the checksum
 * (CRC-32) of all of it:
 *   wv: terms, idf, checks, vectors; lsa: the same; near: starts (when wv has dims), list;
 *   slots of the items, rows of the items
 *
 * A model belongs to its index by term ids and by slots. Both are looked at when it is loaded: a
 * word whose id now means another text refuses the whole model; an item that is another now only
 * loses its vectors. Numbers are as this machine has them: it is a cache, learned again when it is
 * lost. */
#ifndef JM_SAVED_H
#define JM_SAVED_H

#include "model_parts.h"

#define SAVED_MAGIC "JBMODEL"
#define SAVED_FORMAT 1u

struct saved_head {
    char magic[8];
    uint32_t format, items;
    uint64_t version;
    uint32_t wv_words, wv_dims, lsa_words, lsa_dims;
    uint32_t near, rows; /* entries of the table of neighbours, items with vectors */
};

#endif
