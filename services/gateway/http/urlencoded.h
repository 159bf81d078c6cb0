/* urlencoded.h - application/x-www-form-urlencoded bodies and query strings as JSON.
 *
 * "a=1&b.c=2&d[0].e=3&w[]=x&w[]=y" is {"a":"1","b":{"c":"2"},"d":[{"e":"3"}],"w":["x","y"]}. All
 * values are texts; form_check makes numbers of them. Names are letters, digits, "_" and "-" with
 * ".name", "[index]" or a last "[]"; indexes come in order, without gaps. A name may come once. */
#ifndef JB_HTTP_URLENCODED_H
#define JB_HTTP_URLENCODED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct arena;

#define URLENCODED_PAIRS_MAX 2000
#define URLENCODED_DEPTH_MAX 32

/* Reads bytes[0..len); nothing gives an empty object. *ret belongs to the arena. -1 and *ret_slug,
 * a slug of problems.def, when it is refused: form_bad_percent, form_bad_text (not UTF-8, or NUL),
 * form_bad_name, form_duplicate, form_too_many, form_too_deep; no_memory when memory is out. */
int MUST_CHECK form_from_urlencoded(struct arena *arena, const char *bytes, size_t len,
                                    json_t **ret, const char **ret_slug);

/* Decodes %XX (and "+" as a blank when `plus`) into *ret, which belongs to the arena and ends in
 * NUL. NULL when all is well, else the slug, as above. For path segments `plus` is false. */
const char *MUST_CHECK percent_decode(struct arena *arena, struct span text, bool plus,
                                      struct span *ret);

#endif
