/* problem.h - the ways to refuse, from problems.def, and the sentence for each. */
#ifndef JB_PROBLEM_H
#define JB_PROBLEM_H

#include <jansson.h>
#include <stddef.h>

#include "buf.h"

struct problem {
    const char *slug;
    int status;
    const char *zh;
    const char *en;
};

extern const struct problem problems[];
extern const size_t n_problems;

const struct problem *problem_find(const char *slug);
/* The sentence with {name} replaced by the parameter of that name; a missing one stays as it is. */
void problem_sentence(struct buf *out, const char *sentence, const json_t *params);

#endif
