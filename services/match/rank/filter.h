/* filter.h - the hard filters of a question in the index's own numbers. Whoever fails one is not
 * proposed, not counted and lends no evidence. */
#ifndef JM_FILTER_H
#define JM_FILTER_H

#include "engine.h"

struct passes;

/* NULL: memory is out. Lives in the arena; the index must stay open. `self` may be NULL: the record
 * that is asked about, which is never its own answer. */
struct passes *passes_new(const struct filter *filter, const struct index *index,
                          const uint8_t *self, struct arena *arena);
/* All filters. `kinds` narrows the filter's own; an accept_fn with struct passes as argument asks
 * for the kinds set last by passes_kinds. */
bool passes_all(const struct passes *passes, uint32_t slot, unsigned kinds);
void passes_kinds(struct passes *passes, unsigned kinds);
bool passes_accept(const void *passes, const struct index *index, uint32_t slot);
/* May the asker see it? For what is asked about, which may belong to whoever is excluded. */
bool passes_visible(const struct passes *passes, uint32_t slot);
/* May the asker see it, and is it nobody's that is excluded? For evidence. */
bool passes_evidence(const struct passes *passes, uint32_t slot);

#endif
