/* near.h - the nearest words of every word: all pairs, in blocks of a matrix product. */
#ifndef JM_NEAR_H
#define JM_NEAR_H

#include "model.h"
#include "vectors.h"

struct near {
    uint32_t n;             /* words */
    uint32_t *starts;       /* row -> first entry; n + 1 */
    struct neighbour *list; /* best first */
};

int MUST_CHECK near_find(const struct team *team, const struct vectors *vectors, struct near *ret);
void near_release(struct near *near);

#endif
