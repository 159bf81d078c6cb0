/* ways.h - the navigation as a table: WEB/templates/parts/nav.json.
 *
 *     {"ways": {"needs": {"href": "/needs", "under": ["/needs"]}, ...},
 *      "of": [["nobody", ["front", ...]], ["any.bureau", ["desk", ...]], ["somebody", [...]]]}
 *
 * Who somebody is is a path in the frame's `me`, true there; the first that fits counts. */
#ifndef JB_PAGES_WAYS_H
#define JB_PAGES_WAYS_H

#include <jansson.h>
#include <stddef.h>

/* [[who, [{key, href, under} ...]] ...], the names resolved. Empty where there is no such file.
 * NULL, with a sentence in ret_error, when it is not as above. */
json_t *ways_read(const char *web, char *ret_error, size_t size);
/* The ways of `me` (NULL: nobody is signed in); borrowed from `ways`. NULL: none fits. */
json_t *ways_of(const json_t *ways, const json_t *me);

#endif
