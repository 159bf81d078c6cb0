/* form_browser.c - see form_view.h: what a browser sends of a form, as its table wants it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "pages/form_view.h"

/* What a text of an F_JSON field spells: a number, a truth, nothing if it is empty; NULL: text. */
static json_t *spelled(const json_t *text)
{
    const char *at = json_string_value(text);
    json_t *value = NULL;

    if (!*at)
        return json_null();
    if (strcmp(at, "true") == 0 || strcmp(at, "false") == 0)
        return json_boolean(*at == 't');
    if (strlen(at) < 20 && strspn(at, "-.0123456789") == strlen(at))
        value = json_loads(at, JSON_DECODE_ANY, NULL);
    return value;
}

/* Nothing but empty texts: a row that nobody filled in, a box that only says the list is there. */
static bool is_void(const json_t *value)
{
    const char *name;
    json_t *member;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (!is_void(member))
            return false;
    }
    json_array_foreach((json_t *)(uintptr_t)value, i, member)
    {
        if (!is_void(member))
            return false;
    }
    return !json_is_string(value) || json_string_length(value) == 0;
}

/* An F_JSON field that came in parts. Texts in lists stay texts: a code may be all digits. */
static int mend_parts(json_t *value)
{
    const char *name;
    json_t *member, *word;
    int rc = 0;

    for (size_t i = json_array_size(value); i-- > 0 && rc == 0;)
        if (is_void(json_array_get(value, i)))
            rc = json_array_remove(value, i);
        else
            rc = mend_parts(json_array_get(value, i));
    for (void *at = json_object_iter(value); at && rc == 0; at = json_object_iter_next(value, at)) {
        name = json_object_iter_key(at);
        member = json_object_iter_value(at);
        word = json_is_string(member) ? spelled(member) : NULL;
        if (word)
            rc = json_object_set_new(value, name, word);
        else if (!json_is_string(member))
            rc = mend_parts(member);
    }
    return rc;
}

static int mend_value(const struct field *field, json_t *input, json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    char full[40];
    json_t *object;

    if (text && field->kind == F_TIME && (len == 16 || len == 19) && text[10] == 'T') {
        snprintf(full, sizeof(full), "%s%s+08:00", text, len == 16 ? ":00" : "");
        return json_object_set_new(input, field->name, json_string(full));
    }
    if (text && field->kind == F_JSON) {
        object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        return object ? json_object_set_new(input, field->name, object) : 0;
    }
    return field->kind == F_JSON ? mend_parts(value) : 0;
}

static int rows_from_browser(const struct field *form, json_t *rows)
{
    json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        if (form_from_browser(form, row) < 0)
            return -1;
    }
    return 0;
}

int form_from_browser(const struct field *form, json_t *input)
{
    for (; form && form->kind != F_END; form++) {
        json_t *value = json_object_get(input, form->name);
        int rc = 0;

        if (!value && form->kind == F_BOOL && form->required) /* a box that is not ticked */
            rc = json_object_set_new(input, form->name, json_false());
        if (rc < 0)
            return -1;
        if (!value)
            continue;
        if (form->kind == F_OBJECT && json_is_object(value))
            rc = form_from_browser(form->sub, value);
        else if (form->kind == F_LIST && json_is_array(value))
            rc = rows_from_browser(form->sub, value);
        else
            rc = mend_value(form, input, value);
        if (rc < 0)
            return -1;
    }
    return 0;
}
