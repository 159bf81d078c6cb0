/* ix_terms.h - reading forward records, for the files of this folder. */
#ifndef JM_IX_TERMS_H
#define JM_IX_TERMS_H

#include "ix_forward.h"
#include "ix_inside.h"

/* The field weights of params.def in steps, at least one. */
void ix_field_steps(uint32_t ret[N_FIELDS]);
/* The parts of an item; that of B is empty when it follows from the units. */
void ix_views(const struct index *index, uint32_t slot, struct ix_view ret[N_SPACES]);

#endif
