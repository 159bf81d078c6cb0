/* render.h - one rendering under way, and the values that it works with. */
#ifndef JB_RENDER_H
#define JB_RENDER_H

#include "mustache.h"

#define CONTEXT_MAX 100          /* contexts on the stack, and templates in templates */
#define RENDER_STEPS 3000000     /* nodes: a table of 20,000 rows has fewer */
#define RENDER_MEMORY (64 << 20) /* what the filters of one rendering may make */

/* JSON that somebody else owns, or text (the document's, the template's, the rendering's), or
 * nothing. */
struct value {
    const json_t *json;
    struct span text;
    const struct sentence *sentence; /* has tags: `text` is how it stands in the catalogue */
    bool raw;                        /* is HTML already */
};

struct overrides;
struct indent;

struct render {
    const struct mustache *set;
    const struct page_env *env;
    struct buf *out;
    struct arena arena;
    struct value stack[CONTEXT_MAX];
    size_t depth;
    const struct overrides *overrides;
    const struct indent *indent;
    int level; /* of templates in templates */
    long steps;
    bool failed; /* memory */
};

#define NOTHING ((struct value){ 0 })

struct value value_of(const json_t *json);
struct value value_span(const char *text, size_t len);
struct value value_bool(bool yes);
/* Owned by the rendering from now on; NULL: memory is out. */
struct value value_made(struct render *render, json_t *json);
struct value value_printf(struct render *render, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What `buf` holds; it is released. */
struct value text_made(struct render *render, struct buf *buf);
struct value value_sentence(const struct render *render, const struct sentence *sentence);

/* As a page prints it: numbers are written out, {zh, en} in the page's language. Empty when there
 * is nothing to print. */
struct span value_text(struct render *render, struct value value);
bool value_true(struct value value);
/* Text counts as a number when it is one and nothing else. */
bool value_number(struct value value, double *ret);
bool value_is(struct render *render, struct value value, struct span text);
/* The member of an object, the n-th of an array; the whole path or NULL. */
const json_t *json_at(const json_t *json, const struct path *path, size_t from);
/* The same for a path in text: "unit.name". */
const json_t *json_at_text(const json_t *json, struct span path);

struct value expr_value(struct render *render, const struct expr *expr);

#endif
