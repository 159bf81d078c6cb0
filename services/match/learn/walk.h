/* walk.h - the learner reads the index in short stretches, so that a writer never waits long.
 *
 * Slots must not be renumbered meanwhile: no index_compact during model_learn. */
#ifndef JM_WALK_H
#define JM_WALK_H

#include "index.h"
#include "team.h"

#define WALK_STRETCH 256 /* slots, or 16 times as many terms, under one read lock */

struct learner {
    struct team team;
    struct index *index;
    uint32_t live;  /* items when learning began, */
    uint32_t texts; /* and those that have words: the N of idf */
};

/* Called between index_read and index_done. Negative ends the walk. */
typedef int (*walk_fn)(void *arg, const struct index *index, uint32_t number);

/* Calls fn for `want` of the live items, spread evenly in order of their slots (all when fewer).
 * -1: fn failed or cancelled. */
int MUST_CHECK walk_items(const struct learner *learner, uint32_t want, walk_fn fn, void *arg);
/* Calls fn for the terms 0..n-1 of SPACE_W. */
int MUST_CHECK walk_terms(const struct learner *learner, uint32_t n, walk_fn fn, void *arg);

#endif
