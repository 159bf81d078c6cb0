/* site.h - the pages of the service as a table, taken apart once at start.
 *
 * A page is a path, a template, the documents it shows and the form it holds; /AREA.def have the
 * rows. What the words of a row mean:
 *
 *   docs  "item=/items/{id} versions?=/items/{id}/versions list=/items?*": GET routes, by the name
 *         under which the template finds the document. The first is the page's own: its refusal is
 *         the page's answer. A name that ends in '?' may be refused and is then absent; '?*' hands
 *         the page's query on. A {name} that the path has not is of the form or query.
 *   form  "POST /items/{id}/choice": the route to which the page's form goes.
 *   more  next=/path     where a browser goes after success
 *         values=doc.path the values that the form starts from
 *         options=field:doc.list:value:label   what may be chosen for a field
 *         version=doc.path  of If-Match, or none
 *         done=key       the sentence that says it went well
 *         shows=name     the answer is shown on the page itself, once, under this name */
#ifndef JB_PAGES_SITE_H
#define JB_PAGES_SITE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "must.h"
#include "route.h"

#define SITE_DOCS_MAX 12
#define SITE_OPTIONS_MAX 12

struct pages;
struct router;

struct page_row {
    const char *path;
    const char *template;
    const char *docs; /* "" for none */
    const char *form; /* or NULL */
    const char *more; /* or NULL */
};
extern const struct page_row page_rows[];
extern const size_t n_page_rows;

struct site_doc {
    const char *name;
    const char *target; /* path and query with {names} */
    bool optional;
    bool own_query;
    const struct route *route; /* the one it names, whatever the parameters */
};

struct site_options {
    const char *field; /* path in the form: "ranks.claim" */
    const char *list;  /* path of an array: "work.claims" */
    const char *value; /* member, or path, of an entry */
    const char *label;
};

struct site_page {
    const struct page_row *row;
    const char *leaf; /* last segment of the template's name: part of sentence keys */
    json_t *own; /* what stands beside the template as NAME.json, for pages of examples; or NULL */
    struct site_doc docs[SITE_DOCS_MAX];
    size_t n_docs;
    int form;              /* index of the route, -1: none */
    const char *form_path; /* with {names} */
    const char *next, *values, *version, *done, *shows;
    struct site_options options[SITE_OPTIONS_MAX];
    size_t n_options;
};

struct site {
    struct pages *pages;
    const struct router *api;
    struct router *router; /* finds pages by path; its index is the page's */
    struct route *routes;
    struct site_page *list;
    size_t n;
    const char *web; /* where templates and messages are */
    int *by_form;    /* for each route the page that holds its form, or -1 */
    struct arena arena;
    json_t *assets; /* names of style sheet and scripts, from manifest.json; never NULL */
    json_t *codes;  /* words for codes, as read from the database; NULL: not yet */
    json_t *ways;   /* of the navigation, see ways.h; never NULL */
    json_t *frame;  /* the last frame of nobody, for when the database is away; or NULL */
};

/* Reads WEB/templates, WEB/messages and ASSETS/manifest.json and takes the rows apart. NULL, with
 * a sentence in ret_error, when anything is wrong; `lenient`, for development: a row whose template
 * is not there yet is only told on stderr. */
struct site *site_new(const char *web, const char *assets, const struct router *api,
                      const struct flow_step *flow, bool lenient, char *ret_error, size_t size);
void site_free(struct site *site);

/* For development: reads templates and sentences again when a file has changed. False, with what is
 * wrong in ret_error, when the new ones are bad: the old ones stay. */
bool site_refresh(struct site *site, char *ret_error, size_t size);

/* The page's path of that pattern with its {names} replaced by the parameters, percent-encoded; one
 * that the path has not is looked up in `more`, or NULL: what was typed, or the page's query. NULL:
 * memory is out, or nobody has the name. */
const char *site_expand(const struct site_page *page, const char *pattern,
                        const char *const *params, const json_t *more, struct arena *arena);

/* All rows as a JSON array of {path, template, docs, form, more}. NULL: memory is out. */
json_t *site_json(void);

#endif
