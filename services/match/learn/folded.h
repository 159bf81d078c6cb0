/* folded.h - the vectors of every item, as bytes with a scale.
 *
 * Rows lie in chunks that never move; a map says which row a slot has. A row is written once,
 * before the map shows it, so readers need no lock. After a compaction only the map is made anew.
 * What the old map and the items that are gone have left is used again after the next compaction:
 * that one waits for the readers that may still look at it (index_compact swaps when nobody
 * reads). */
#ifndef JM_FOLDED_H
#define JM_FOLDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

struct folded;

struct folded_row {
    float wv_scale, lsa_scale;
    uint32_t check; /* hash of the item's id and version */
    int8_t bytes[]; /* wv_dims, then lsa_dims */
};

struct folded *folded_new(uint32_t wv_dims, uint32_t lsa_dims); /* NULL: no memory */
void folded_free(struct folded *folded);

/* NULL when the slot has none. */
const struct folded_row *folded_row(const struct folded *folded, uint32_t slot);
/* Gives the slot its row, unless it has one. Any thread. -1: no memory. */
int MUST_CHECK folded_put(struct folded *folded, uint32_t slot, uint32_t check, const float *wv,
                          const float *lsa);
/* The same with a row that was saved: folded_row_bytes long. */
int MUST_CHECK folded_put_row(struct folded *folded, uint32_t slot, const struct folded_row *row);
/* Slot s < n has become moved[s] (UINT32_MAX: gone). No folded_put meanwhile. -1: memory is out,
 * and no slot has a row any more. */
int MUST_CHECK folded_move(struct folded *folded, const uint32_t *moved, uint32_t n);
size_t folded_row_bytes(const struct folded *folded);
uint32_t folded_slots(const struct folded *folded); /* one past the highest slot with a row */
size_t folded_bytes(const struct folded *folded);

#endif
