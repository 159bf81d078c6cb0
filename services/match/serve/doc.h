/* doc.h - a record as the database feeds it (jsonb), read into struct item. Strict: an unknown
 * member, a wrong type or a number out of bounds is refused with the reason, since a half-read
 * record would be ranked and filtered wrongly. */
#ifndef JM_DOC_H
#define JM_DOC_H

#include <stddef.h>

#include "arena.h"
#include "item.h"
#include "must.h"

#define DOC_MAX (4u << 20)

/* The texts of a row: id a UUID, kind a word, version a whole number, doc an object with the
 * members of struct item: title, keywords[], body, name, unit, person, division, state, level, trl,
 * year, barred, fields[], scopes[], links[{to, weight}]. Missing or null is none. What *ret points
 * to lives in the arena. NULL, or a static text that says what is wrong. */
const char *doc_read(const char *id, const char *kind, const char *version, const char *doc,
                     struct arena *arena, struct item *ret);
/* A UUID's 16 bytes; -1 when it is none. */
int MUST_CHECK doc_id(const char *text, uint8_t ret[16]);

#endif
