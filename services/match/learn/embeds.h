/* embeds.h - one vector a record that an embedding endpoint gave, beside what is learned here.
 *
 * Kept by slot as the folded vectors are (folded.h): any thread reads and puts, a compaction moves
 * them. A record that was put anew has a new slot, and no vector until it is given one again. */
#ifndef JM_EMBEDS_H
#define JM_EMBEDS_H

#include "index.h"

struct embeds;

/* `name`: which model, `weight`: what a cosine of 1 adds to a score. NULL: no memory. */
struct embeds *embeds_new(const char *name, int dims, double weight);
void embeds_free(struct embeds *embeds);

int embeds_dims(const struct embeds *embeds);
double embeds_weight(const struct embeds *embeds);
uint32_t
embeds_mark(const struct embeds *embeds); /* of name and weight: another, another ranking */

/* To unit length; false when it is all zeros or no numbers. */
bool embeds_unit(const float *vector, int dims, float *ret);
/* Between index_read and index_done. -1: no memory. */
int MUST_CHECK embeds_put(struct embeds *embeds, const struct index *index, uint32_t slot,
                          const float *unit);
bool embeds_has(const struct embeds *embeds, uint32_t slot);
bool embeds_get(const struct embeds *embeds, uint32_t slot, float *ret_unit);
/* Of a unit vector and the slot's; 0 below 0, and when the slot has none. */
double embeds_cosine(const struct embeds *embeds, const float *unit, uint32_t slot);
/* As folded_move. When memory is out no slot has a vector any more. */
void embeds_move(struct embeds *embeds, const uint32_t *moved, uint32_t n);

#endif
