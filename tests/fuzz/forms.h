/* forms.h - a form that has every kind of field, for the fuzzers. */
#ifndef JB_FUZZ_FORMS_H
#define JB_FUZZ_FORMS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "form.h"
#include "json.h"

static const struct field fuzz_row[] = {
    { .name = "name", .kind = F_TEXT, .required = REQ, .max = 20 },
    { .name = "value", .kind = F_NUMBER },
    { .name = "on", .kind = F_BOOL },
    { 0 },
};

static const struct field fuzz_form[] = {
    { .name = "text", .kind = F_TEXT, .min = 1, .max = 10 },
    { .name = "prose", .kind = F_PROSE },
    { .name = "int", .kind = F_INT, .min = -9, .max = 99 },
    { .name = "any", .kind = F_INT },
    { .name = "money", .kind = F_MONEY },
    { .name = "number", .kind = F_NUMBER },
    { .name = "bool", .kind = F_BOOL },
    { .name = "id", .kind = F_UUID },
    { .name = "date", .kind = F_DATE },
    { .name = "time", .kind = F_TIME },
    { .name = "enum", .kind = F_ENUM, .words = "poster claimant" },
    { .name = "uscc", .kind = F_USCC },
    { .name = "email", .kind = F_EMAIL },
    { .name = "phone", .kind = F_PHONE },
    { .name = "code", .kind = F_CODE },
    { .name = "object", .kind = F_OBJECT, .sub = fuzz_row },
    { .name = "list", .kind = F_LIST, .max = 5, .sub = fuzz_row },
    { .name = "words", .kind = F_WORDS, .max = 5 },
    { .name = "ids", .kind = F_IDS, .max = 5 },
    { .name = "secret", .kind = F_SECRET },
    { .name = "json", .kind = F_JSON, .max = 200 },
    { 0 },
};

/* What is clean can be written for SQL and read back the same; what is not says why, in both
 * languages. */
static inline void fuzz_check_form(struct arena *arena, const json_t *input)
{
    json_t *clean = NULL, *errors = NULL;
    json_t *error;
    size_t i;

    switch (form_check(arena, fuzz_form, input, &clean, &errors)) {
    case FORM_GOOD: {
        char *text = json_dumps(clean, JSON_COMPACT);
        struct json_fault fault;
        json_t *again = NULL;

        if (!text || errors || json_read(text, strlen(text), SIZE_MAX, &again, &fault) < 0 ||
            !json_equal(clean, again))
            abort();
        json_decref(again);
        free(text);
        break;
    }
    case FORM_BAD:
        if (clean || json_array_size(errors) == 0)
            abort();
        json_array_foreach(errors, i, error)
        {
            if (!form_error_text(arena, error, true) || !form_error_text(arena, error, false))
                abort();
        }
        break;
    case FORM_NO_MEMORY:
        abort(); /* nothing here is large */
    }
}

#endif
