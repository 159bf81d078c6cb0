/* ix_put.h - linking in and taking out; under the write lock. */
#ifndef JM_IX_PUT_H
#define JM_IX_PUT_H

#include "ix_draft.h"

/* What has to be uncounted when a slot dies. */
struct ix_gone {
    uint32_t slot;
    struct posting *terms[N_SPACES];
    size_t n[N_SPACES];
};

/* In the scratch of `memory`. */
int MUST_CHECK ix_gone_make(struct index *memory, const struct index *index, uint32_t slot,
                            struct ix_gone *ret);
void ix_gone_link(struct index *index, const struct ix_gone *gone);
/* The sum of the item's term frequencies in steps. */
uint64_t ix_steps_of(const struct index *index, enum space space, uint32_t slot);
/* Needs ix_draft_room before; the new slot. */
uint32_t ix_draft_link(struct index *index, const struct ix_draft *draft);

#endif
