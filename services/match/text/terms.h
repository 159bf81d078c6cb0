/* terms.h - the inside of an analyser: looked up by terms.c, made by terms_make.c. */
#ifndef JM_TEXT_TERMS_H
#define JM_TEXT_TERMS_H

#include "parts.h"

struct prefix {
    uint64_t key;              /* 0: free */
    const char *joined, *term; /* NULL: only the beginning of a kept term */
};

struct entry {        /* of a word */
    const char *term; /* NULL: free */
    bool stop;
    struct synonym *synonyms;
    size_t n, room;
};

struct analyser {
    struct arena arena;
    struct prefix *prefixes;
    size_t prefix_mask, n_prefixes, room_prefixes;
    struct entry *entries;
    size_t entry_mask;
};

/* The key of a prefix that is one unit longer. */
uint64_t terms_extend(uint64_t key, uint64_t unit);
/* Where a key or word is or would be. */
struct prefix *terms_prefix(const struct analyser *analyser, uint64_t key);
struct entry *terms_entry(const struct analyser *analyser, const char *term, size_t len);

#endif
