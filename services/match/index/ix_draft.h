/* ix_draft.h - an item made ready outside of the lock: everything that can fail has been done, what
 * remains is to link it in. */
#ifndef JM_IX_DRAFT_H
#define JM_IX_DRAFT_H

#include "ix_forward.h"
#include "ix_inside.h"

#define DRAFT_KEYS 3 /* a name, its pinyin, the initials */

struct ix_draft {
    struct ix_part part[N_SPACES];
    uint64_t length[N_SPACES]; /* steps */
    bool explicit_pairs;       /* the terms of B do not follow from the units */
    struct facts facts;
    struct ix_slot slot;
    uint32_t *targets; /* numbers of what the links go to */
    const struct link *links;
    uint32_t keys[DRAFT_KEYS]; /* nodes of the skip list */
    unsigned n_keys;
};

/* Memory of the writer, gone with the next ix_scratch_clear. NULL: none left. */
void *ix_scratch(struct index *index, size_t bytes);
void ix_scratch_clear(struct index *index);

/* -1 when memory is out; the index is as it was but for terms that nothing has. */
int MUST_CHECK ix_draft_make(struct index *index, const struct item *item,
                             const struct tokens tokens[N_FIELDS], struct ix_draft *ret);
/* Room for whatever linking in will take. */
int MUST_CHECK ix_draft_room(struct index *index, const struct ix_draft *draft);
int MUST_CHECK ix_draft_keys(struct index *index, const char *name, struct ix_draft *draft);
/* ix_draft_parts.c: the terms of the item in each space. */
int MUST_CHECK ix_draft_parts(struct index *index, const struct tokens tokens[N_FIELDS],
                              struct ix_draft *draft);
/* Makes a node for a name that begins like this, not linked yet; ix_keys.c. */
int MUST_CHECK ix_key_make(struct index *index, const char *text, uint32_t *ret);
void ix_key_link(struct index *index, uint32_t key, uint32_t slot);

#endif
