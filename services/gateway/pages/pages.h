/* pages.h - the templates and sentences of the pages, compiled at the start, and their rendering.
 *
 * DIR/templates/AREA/name.html is the template "AREA/name"; DIR/messages/AREA.json holds sentences
 * {"key": {"zh": "…", "en": "…"}}; DIR/messages/_classes.json holds the classes of states. The
 * language is Mustache (mustache.h) with filters (filters.h) and sentences ({{@key}}). */
#ifndef JB_PAGES_H
#define JB_PAGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "must.h"

struct pages;

/* What a rendering knows besides its data. Everything is borrowed. */
struct page_env {
    bool zh;
    int64_t now;           /* unix seconds */
    const json_t *codes;   /* {list: {code: {zh, en}}}, or NULL */
    const json_t *classes; /* {"machine.state": class}; NULL: those of _classes.json */
};

/* Compiles all of DIR. NULL when something is wrong, with a line for each defect in ret_error:
 * file, line, column and what; missing sentences are all named. */
struct pages *pages_new(const char *dir, char *ret_error, size_t size);
void pages_free(struct pages *pages);
bool pages_has(const struct pages *pages, const char *name); /* "public/item" */
/* A file came, went or is newer than at the compile; for development. */
bool pages_changed(const struct pages *pages);
/* Appends the page to `out`. Odd data prints nothing; -1 when memory is out or the page is too
 * large, and then `out` holds a part that nobody should see. */
int MUST_CHECK pages_render(const struct pages *pages, const char *name, const struct page_env *env,
                            const json_t *root, struct buf *out);
/* The sentence as it stands in the file, or NULL. Borrowed. */
const char *pages_sentence(const struct pages *pages, bool zh, const char *key);

#endif
