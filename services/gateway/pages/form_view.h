/* form_view.h - a form's table, what is stored, what was typed and what was wrong with it, as the
 * object `form` of a template.
 *
 * A field is a view: name (of the input), id, label, hint, kind and is_<kind>, required, min, max,
 * value or checked, options [{value, label, selected}], error, theirs (what is stored now, after a
 * conflict). An object holds `fields` and, by name, `field`; a list holds `rows` of the same.
 * Labels, hints and choices are sentences: field.<page>.<path>, field.<path>, field.<name>;
 * hint.… and option.<path>.<word> likewise. */
#ifndef JB_PAGES_FORM_VIEW_H
#define JB_PAGES_FORM_VIEW_H

#include <jansson.h>
#include <stdbool.h>

#include "form.h"
#include "pages/site.h"

struct form_view {
    const struct site *site;
    const struct site_page *page;
    const struct field *form; /* NULL: a form without fields */
    bool zh;
    const json_t *values; /* stored; or NULL */
    const json_t *typed;  /* as it came from the browser; or NULL */
    const json_t *errors; /* of the problem; or NULL */
    const json_t *root;   /* the documents, for options */
    bool conflict;        /* somebody else has changed it meanwhile */
};

/* A new reference: {fields, field, errors}; NULL: memory is out. */
json_t *form_view(const struct form_view *in);

/* The value at "doc.member.member", borrowed; NULL: there is none. */
json_t *form_value_at(const json_t *root, const char *path);

/* What a browser cannot send as the table wants it: a local time gets its offset (+08:00), text of
 * an F_JSON field becomes the object it spells. Changes `input`. 0, or -1: memory is out. */
int MUST_CHECK form_from_browser(const struct field *form, json_t *input);

#endif
