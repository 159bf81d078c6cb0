/* str.h - small questions about text. */
#ifndef JB_STR_H
#define JB_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

bool str_eq(const char *a, const char *b); /* NULL equals NULL only */
bool str_starts(const char *text, const char *prefix);
bool span_eq(struct span span, const char *text);
/* ASCII letters only, whatever the locale. */
bool span_eq_nocase(struct span span, const char *text);

/* A whole decimal number within min..max and nothing else (no sign but '-', no blanks). */
int MUST_CHECK str_to_long(const char *text, long min, long max, long *ret);
/* An http address of visible ASCII, of which what follows can be a path: "https://host". */
bool str_is_site(const char *url);

/* A place of this service: a path, not "//elsewhere" in any of the ways browsers read that. */
bool str_is_local(const char *text, size_t len);

#endif
