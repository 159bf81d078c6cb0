/* form_check.h - what the files of the form checker share; nobody else includes it. */
#ifndef JB_FORM_CHECK_H
#define JB_FORM_CHECK_H

#include "arena.h"
#include "form.h"

#define FORM_ERRORS_MAX 100

struct form_check {
    struct arena *arena;
    json_t *errors;
    bool no_memory;
};

/* Where we are: a chain on the stack, written out only when something is wrong there. */
struct form_place {
    const struct form_place *up;
    const char *name; /* of a member; NULL for an entry of a list */
    size_t index;
};

/* A kind's checker: a new reference to the clean value, or NULL after noting what is wrong. The
 * value is never absent (NULL, null or an empty text). */
typedef json_t *form_checker(struct form_check *check, const struct form_place *place,
                             const struct field *field, const json_t *value);

form_checker form_text, form_prose, form_secret, form_code, form_enum, form_uuid, form_uscc,
    form_email, form_phone, form_integer, form_money, form_number, form_bool, form_date, form_time;

/* Notes an error and returns NULL, so that a checker ends in one line. */
json_t *form_refuse(struct form_check *check, const struct form_place *place, const char *code);
/* As above with one parameter, whose reference is taken. */
json_t *form_refuse_with(struct form_check *check, const struct form_place *place, const char *code,
                         const char *name, json_t *value);

/* The text without blanks around it, or NULL after noting that there is none. */
struct span form_trimmed(const json_t *value);

#endif
