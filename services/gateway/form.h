/* form.h - what a body or a query may hold, as tables.
 *
 * A form is an array of fields ended by {0}. Checking is shape only (type, length, range, choice);
 * what a field means is the database's business. Unknown members are refused by name (S21), every
 * bad field is reported, not just the first. The same tables read application/json,
 * application/x-www-form-urlencoded (name, name.sub, name[0].sub) and query strings. */
#ifndef JB_FORM_H
#define JB_FORM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct arena;

/* Bounds: min and max both 0 mean the kind's own: 200 code points for F_TEXT and F_SECRET, 20000
 * for F_PROSE, 64 for F_CODE, 100 entries for the lists, 64 KiB for F_JSON, any number. */
enum field_kind {
    F_END = 0,
    F_TEXT,   /* one line: min..max code points; control characters refused; trimmed */
    F_PROSE,  /* several lines: min..max code points; \r\n becomes \n */
    F_INT,    /* min..max */
    F_MONEY,  /* 万元 with at most 2 decimals, as number or string; given to SQL in integer fen;
               * min..max in fen; 0..10^12 万元 without bounds */
    F_NUMBER, /* decimal number (numeric), as number or string; given to SQL as the string */
    F_BOOL,
    F_UUID,
    F_DATE, /* YYYY-MM-DD */
    F_TIME, /* RFC 3339 with offset */
    F_ENUM, /* one of `words`, separated by spaces */
    F_USCC, /* 统一社会信用代码: normalised (trim, half-width, upper, no blanks), check digit right */
    F_EMAIL,
    F_PHONE,  /* 11-digit mobile or area-number[-ext] */
    F_CODE,   /* a code of a list: [A-Za-z0-9._-]{min..max} */
    F_OBJECT, /* `sub` */
    F_LIST,   /* min..max objects of form `sub` */
    F_WORDS,  /* list of 1..max texts; each at most 40 code points */
    F_IDS,    /* list of min..max UUIDs */
    F_SECRET, /* like F_TEXT, not trimmed, never logged, never in problem details */
    F_JSON,   /* any object of at most `max` bytes; for data whose shape a SQL row defines */
};

enum { OPT = 0, REQ = 1 };

struct field {
    const char *name;
    enum field_kind kind;
    int required;
    long min, max;
    const char *words;
    const struct field *sub;
};

enum form_result { FORM_GOOD = 0, FORM_BAD = -1, FORM_NO_MEMORY = -2 };

/* Checks `input` (an object, or NULL for an empty one) against `form`. FORM_GOOD: *ret_clean is the
 * object for SQL. FORM_BAD: *ret_errors is an array of {"field", "code", ...} in the form's order,
 * unknown members last; field is a path such as "indicators[0].value", code one of
 * field_errors.def. Beside too_short, too_small, too_few_items stands "min", beside too_long,
 * too_large, too_many_* stands "max" (money in 万元), beside bad_choice "choices", an array.
 * Both results belong to the arena.
 *
 * An empty text counts as absent. An optional field given empty or null is null in the clean
 * object, or [] where it is a list, so that it can be told from one that was not given; an object
 * given empty is left out. In a list, objects with nothing but empty texts (blank rows of an HTML
 * form) are skipped. F_WORDS and F_IDS may come as one text, parted by commas or line ends. */
enum form_result MUST_CHECK form_check(struct arena *arena, const struct field *form,
                                       const json_t *input, json_t **ret_clean,
                                       json_t **ret_errors);

/* The sentence for one element of *ret_errors with its placeholders filled, in Chinese or English;
 * NULL when memory is out. Lives in the arena. */
const char *form_error_text(struct arena *arena, const json_t *error, bool zh);

/* "text", "money", ...: for --routes. */
const char *form_kind_name(enum field_kind kind);

#endif
