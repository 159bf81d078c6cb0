/* form_errors.c - the sentences for what is wrong with a field, placeholders filled. */
#include <string.h>

#include "arena.h"
#include "form.h"

static const struct {
    const char *code, *zh, *en;
} sentences[] = {
#define FIELD_ERROR(code, zh, en) { #code, zh, en },
#include "field_errors.def"
#undef FIELD_ERROR
};

/* A parameter as people read it: a text, a number, or a list joined by commas. */
static char *param_text(struct arena *arena, const json_t *param)
{
    char *text = arena_printf(arena, "%s", json_is_string(param) ? json_string_value(param) : "");
    json_t *entry;
    size_t i;

    if (json_is_integer(param))
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(param));
    json_array_foreach((json_t *)param, i, entry)
    {
        if (text)
            text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", json_string_value(entry));
    }
    return text;
}

static const char *fill(struct arena *arena, const char *pattern, const json_t *error)
{
    char *done = arena_dup(arena, "", 0);

    while (done) {
        size_t plain = strcspn(pattern, "{");
        const char *end = strchr(pattern, '}');

        if (!pattern[plain] || !end)
            return arena_printf(arena, "%s%s", done, pattern);

        char *name = arena_dup(arena, pattern + plain + 1, (size_t)(end - pattern) - plain - 1);
        char *param = name ? param_text(arena, json_object_get(error, name)) : NULL;

        if (!param)
            return NULL;
        done = arena_printf(arena, "%s%.*s%s", done, (int)plain, pattern, param);
        pattern = end + 1;
    }
    return NULL;
}

const char *form_error_text(struct arena *arena, const json_t *error, bool zh)
{
    const char *code = json_string_value(json_object_get(error, "code"));

    for (size_t i = 0; code && i < COUNT_OF(sentences); i++) {
        if (strcmp(sentences[i].code, code) == 0)
            return fill(arena, zh ? sentences[i].zh : sentences[i].en, error);
    }
    return code; /* a code that SQL made up says itself */
}
