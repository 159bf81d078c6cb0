/* grams.h - the units, pairs and pieces of a question. For asked.c only. */
#ifndef JM_GRAMS_H
#define JM_GRAMS_H

#include "asked.h"

/* word_of[f][i]: the place in asked->words of the i-th word of the field. -1: memory is out. */
int MUST_CHECK grams_collect(struct asked *asked, struct arena *arena,
                             const struct tokens fields[N_FIELDS],
                             uint32_t *const word_of[N_FIELDS]);
/* What asking a term several times is worth: nine at most. */
double grams_damped(double times);
uint64_t gram_key(const char *text, size_t len);

static inline uint64_t pair_key(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

#endif
