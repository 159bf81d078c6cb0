/* pair.h - how far two texts say the same, both ways: for near-duplicates and groups. */
#ifndef JM_PAIR_H
#define JM_PAIR_H

#include <stdbool.h>

#include "index.h"
#include "model.h"

/* One side, made ready once and compared many times. Lives in the arena. */
struct side;

/* NULL: memory is out. The index must stay open. */
struct side *side_new(struct arena *arena, const struct index *index, struct model *model,
                      const struct tokens *fields, size_t n_fields);
/* Symmetric; 0 where nothing is alike, about 1 for the same text. Negative: memory is out. */
double side_likeness(struct arena *arena, const struct side *a, const struct side *b);
bool side_has(const struct side *side, const char *word);
/* Words that both have, heaviest first; at most `max`. */
size_t side_shared(struct arena *arena, const struct side *a, const struct side *b,
                   const char **ret, size_t max);

#endif
