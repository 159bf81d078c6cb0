/* term_list.h - the bureau's term list as feed.terms() gives it:
 * [{"rule":"keep"|"synonym"|"stop"|"bridge","term","other","weight"}]. */
#ifndef JM_TERM_LIST_H
#define JM_TERM_LIST_H

#include "arena.h"
#include "text.h"

/* Zero-initialised is an empty list of version 0. */
struct terms {
    struct arena arena;
    long version;
    const char *text; /* the rows as JSON, or NULL */
    struct term_row *rows;
    size_t n;
};

/* NULL, or a static text: what is wrong (then *ret is as it was). */
const char *terms_read(const char *version, const char *rows, struct terms *ret);
void terms_release(struct terms *terms);

#endif
