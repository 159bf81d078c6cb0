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
/* A record as a whole and by its title alone: a short record of the same title is the same matter,
 * however much more the other one says. */
struct record_side {
    struct side *whole, *title;
};
/* -1: memory is out. */
int MUST_CHECK record_side_make(struct arena *arena, const struct index *index, struct model *model,
                                const struct tokens fields[N_FIELDS], struct record_side *ret);
/* The likeness of the whole texts, or its mean with that of the titles where this is more. As
 * side_likeness. */
double record_likeness(struct arena *arena, const struct record_side *a,
                       const struct record_side *b);
/* A cheap forerunner of record_likeness, by units and vectors alone: what is worth comparing. */
double record_gist(const struct record_side *a, const struct record_side *b);
bool side_has(const struct side *side, const char *word);
/* Words that both have, heaviest first; at most `max`. */
size_t side_shared(struct arena *arena, const struct side *a, const struct side *b,
                   const char **ret, size_t max);

#endif
