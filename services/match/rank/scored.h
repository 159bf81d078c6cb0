/* scored.h - what records scored for one question, so that a record that speaks for several people
 * is scored once. In the question's arena. */
#ifndef JM_SCORED_H
#define JM_SCORED_H

#include "table.h"

struct scored_one {
    uint32_t slot;
    double score;
};
struct scored {
    struct scored_one *list;
    size_t n, room;
    struct table by_slot;
};

/* False: it has not been scored. */
bool scored_find(const struct scored *scored, uint32_t slot, double *ret);
/* Of a slot that is not there yet. -1: no memory. */
int MUST_CHECK scored_add(struct scored *scored, struct arena *arena, uint32_t slot, double score);

#endif
