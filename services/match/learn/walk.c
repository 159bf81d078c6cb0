/* walk.c - stretches of slots and of terms. */
#include "walk.h"

struct sample {
    uint64_t seen, want, live;
};

/* Bresenham's line: of each `live` items in a row `want` are taken, as evenly as whole numbers
 * go. */
static bool takes(struct sample *sample)
{
    uint64_t before = sample->seen * sample->want / sample->live;

    sample->seen++;
    return sample->want >= sample->live || sample->seen * sample->want / sample->live != before;
}

static int walk_stretch(const struct index *index, uint32_t first, uint32_t end,
                        struct sample *sample, walk_fn fn, void *arg)
{
    for (uint32_t slot = first; slot < end; slot++) {
        if (index_is_live(index, slot) && takes(sample) && fn(arg, index, slot) < 0)
            return -1;
    }
    return 0;
}

int walk_items(const struct learner *learner, uint32_t want, walk_fn fn, void *arg)
{
    struct sample sample = { .want = want, .live = learner->live ? learner->live : 1 };
    struct index *index = learner->index;
    uint32_t first = 0, slots = 1;
    int rc = 0;

    while (rc == 0 && first < slots) {
        uint32_t end;

        if (team_cancelled(&learner->team))
            return -1;
        index_read(index);
        slots = index_slots(index);
        end = slots - first < WALK_STRETCH ? slots : first + WALK_STRETCH;
        rc = walk_stretch(index, first, end, &sample, fn, arg);
        index_done(index);
        first = end;
    }
    return rc;
}

int walk_terms(const struct learner *learner, uint32_t n, walk_fn fn, void *arg)
{
    int rc = 0;

    for (uint32_t first = 0; rc == 0 && first < n;) {
        uint32_t end = n - first < 16 * WALK_STRETCH ? n : first + 16 * WALK_STRETCH;

        if (team_cancelled(&learner->team))
            return -1;
        index_read(learner->index);
        for (uint32_t term = first; rc == 0 && term < end; term++)
            rc = fn(arg, learner->index, term);
        index_done(learner->index);
        first = end;
    }
    return rc;
}
