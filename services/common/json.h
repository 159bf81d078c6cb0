/* json.h - reading JSON that strangers sent: strict, bounded, over jansson.
 *
 * Refused: duplicate members (two readers would take two different ones), bytes that are not UTF-8,
 * nesting deeper than 32, NUL in a string, numbers that do not fit, anything after the value, and a
 * value that is neither an object nor an array. */
#ifndef JB_JSON_H
#define JB_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "must.h"

#define JSON_DEPTH_MAX 32

struct json_fault {
    const char *slug; /* of problems.def: json_syntax, json_duplicate_key, json_too_deep,
                       * json_bad_utf8, json_bad_number, body_too_large; internal when memory is
                       * out */
    int line;         /* from 1 */
    size_t offset;    /* in bytes from the beginning */
};

/* Reads bytes[0..len) whole. Returns a new reference in *ret, which the caller drops with
 * json_decref; -1 and *ret_fault when it is refused. */
int MUST_CHECK json_read(const char *bytes, size_t len, size_t limit, json_t **ret,
                         struct json_fault *ret_fault);

#endif
