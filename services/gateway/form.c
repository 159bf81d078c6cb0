/* form.c - walks a form's table and the input side by side; all faults are collected.
 *
 * The kinds of single values are in form_text.c, form_number.c and form_time.c. Here are the kinds
 * that hold others, what absent means, and the errors. */
#include "form.h"

#include <string.h>

#include "form_check.h"
#include "utf8.h"

#define WORD_MAX 40
#define LIST_MAX 100
#define JSON_MAX 65536

static json_t *check_object(struct form_check *check, const struct form_place *place,
                            const struct field *field, const json_t *value);
static form_checker check_list, check_words, check_ids, check_json;

static const struct {
    const char *name;
    form_checker *check;
} kinds[] = {
    [F_TEXT] = { "text", form_text },        [F_PROSE] = { "prose", form_prose },
    [F_INT] = { "integer", form_integer },   [F_MONEY] = { "money", form_money },
    [F_NUMBER] = { "number", form_number },  [F_BOOL] = { "boolean", form_bool },
    [F_UUID] = { "uuid", form_uuid },        [F_DATE] = { "date", form_date },
    [F_TIME] = { "time", form_time },        [F_ENUM] = { "enum", form_enum },
    [F_USCC] = { "credit_code", form_uscc }, [F_EMAIL] = { "email", form_email },
    [F_PHONE] = { "phone", form_phone },     [F_CODE] = { "code", form_code },
    [F_OBJECT] = { "object", check_object }, [F_LIST] = { "list", check_list },
    [F_WORDS] = { "words", check_words },    [F_IDS] = { "ids", check_ids },
    [F_SECRET] = { "secret", form_secret },  [F_JSON] = { "json", check_json },
};

const char *form_kind_name(enum field_kind kind)
{
    return (size_t)kind < COUNT_OF(kinds) && kinds[kind].name ? kinds[kind].name : "";
}

/* Names of unknown members come from outside and may be as long as the body: whole characters up
 * to this many bytes are enough to find them by. */
#define NAME_SHOWN_MAX 80

static int shown_len(const char *name)
{
    size_t len = strlen(name);

    if (len > NAME_SHOWN_MAX) {
        len = NAME_SHOWN_MAX;
        while (len > 0 && (name[len] & 0xc0) == 0x80)
            len--;
    }
    return (int)len;
}

static const char *place_path(struct arena *arena, const struct form_place *place)
{
    if (!place)
        return "";

    const char *up = place_path(arena, place->up);
    if (!up)
        return NULL;
    if (!place->name)
        return arena_printf(arena, "%s[%zu]", up, place->index);
    return arena_printf(arena, "%s%s%.*s", up, *up ? "." : "", shown_len(place->name), place->name);
}

json_t *form_refuse_with(struct form_check *check, const struct form_place *place, const char *code,
                         const char *name, json_t *value)
{
    if (json_array_size(check->errors) < FORM_ERRORS_MAX) {
        const char *path = place_path(check->arena, place);
        json_t *error = path ? json_pack("{s:s, s:s}", "field", path, "code", code) : NULL;

        if (!error || (name && json_object_set(error, name, value) != 0) ||
            json_array_append(check->errors, error) != 0)
            check->no_memory = true;
        json_decref(error);
    }
    json_decref(value);
    return NULL;
}

json_t *form_refuse(struct form_check *check, const struct form_place *place, const char *code)
{
    return form_refuse_with(check, place, code, NULL, NULL);
}

struct span form_trimmed(const json_t *value)
{
    struct span text = { json_string_value(value), json_string_length(value) };
    uint32_t code;

    while (text.len > 0) {
        size_t step = utf8_next(text.at, text.len, &code);

        if (step == 0 || !(utf8_is_blank(code) || code == '\n' || code == '\r'))
            break;
        text.at += step;
        text.len -= step;
    }
    while (text.len > 0) {
        size_t start = text.len - 1;

        while (start > 0 && (text.at[start] & 0xc0) == 0x80)
            start--;
        if (utf8_next(text.at + start, text.len - start, &code) == 0 ||
            !(utf8_is_blank(code) || code == '\n' || code == '\r'))
            break;
        text.len = start;
    }
    return text;
}

static bool is_absent(const json_t *value, enum field_kind kind)
{
    if (!value || json_is_null(value))
        return true;
    if (!json_is_string(value))
        return false;
    return kind == F_SECRET ? json_string_length(value) == 0 : form_trimmed(value).len == 0;
}

/* What an optional field that was given empty becomes; NULL: nothing. */
static json_t *empty_of(enum field_kind kind)
{
    if (kind == F_LIST || kind == F_WORDS || kind == F_IDS)
        return json_array();
    return kind == F_OBJECT ? NULL : json_null();
}

/* A checker that gives nothing and says nothing ran out of memory: the field must not vanish. */
static json_t *run_checker(struct form_check *check, const struct form_place *place,
                           form_checker *one, const struct field *field, const json_t *value)
{
    size_t errors = json_array_size(check->errors);
    json_t *result = one(check, place, field, value);

    if (!result && errors < FORM_ERRORS_MAX && json_array_size(check->errors) == errors)
        check->no_memory = true;
    return result;
}

static void check_member(struct form_check *check, const struct form_place *up,
                         const struct field *field, const json_t *input, json_t *clean)
{
    const struct form_place place = { up, field->name, 0 };
    const json_t *value = json_object_get(input, field->name);
    json_t *result = NULL;

    if (is_absent(value, field->kind)) {
        if (field->required)
            form_refuse(check, &place, "required");
        else if (value)
            result = empty_of(field->kind);
    } else {
        result = run_checker(check, &place, kinds[field->kind].check, field, value);
    }
    if (result && json_object_set_new(clean, field->name, result) != 0)
        check->no_memory = true;
}

static const struct field *find_field(const struct field *form, const char *name)
{
    while (form->kind != F_END && strcmp(form->name, name) != 0)
        form++;
    return form->kind != F_END ? form : NULL;
}

/* The members of `form`; `input` is an object or NULL. */
static json_t *check_members(struct form_check *check, const struct form_place *place,
                             const struct field *form, const json_t *input)
{
    json_t *clean = json_object();
    const char *name;
    json_t *value;

    if (!clean) {
        check->no_memory = true;
        return NULL;
    }
    for (const struct field *field = form; field->kind != F_END; field++)
        check_member(check, place, field, input, clean);
    json_object_foreach((json_t *)input, name, value)
    {
        const struct form_place there = { place, name, 0 };

        if (!find_field(form, name))
            form_refuse(check, &there, "unknown_field");
    }
    return clean;
}

static json_t *check_object(struct form_check *check, const struct form_place *place,
                            const struct field *field, const json_t *value)
{
    if (!json_is_object(value))
        return form_refuse(check, place, "not_an_object");
    return check_members(check, place, field->sub, value);
}

static bool count_is_right(struct form_check *check, const struct form_place *place,
                           const struct field *field, size_t count)
{
    long max = field->min || field->max ? field->max : LIST_MAX;
    long min = field->min == 0 && field->kind == F_WORDS ? field->required : field->min;

    if ((long)count < min)
        form_refuse_with(check, place, "too_few_items", "min", json_integer(min));
    else if ((long)count > max)
        form_refuse_with(check, place, "too_many_items", "max", json_integer(max));
    else
        return true;
    return false;
}

/* A row of an HTML form that nobody filled in. */
static bool is_blank_row(const json_t *entry)
{
    const char *name;
    json_t *value;

    if (json_object_size(entry) == 0)
        return false;
    json_object_foreach((json_t *)entry, name, value)
    {
        if (!json_is_string(value) || form_trimmed(value).len > 0)
            return false;
    }
    return true;
}

/* Checks each entry of an array with `one` and gathers what is clean. */
static json_t *check_entries(struct form_check *check, const struct form_place *up,
                             const struct field *field, const json_t *list, form_checker *one,
                             const struct field *entry_field)
{
    json_t *clean = json_array();
    size_t count = 0, i;
    json_t *entry;

    /* Not one entry more is looked at than may come: an error for each would be a flood. */
    json_array_foreach((json_t *)list, i, entry) count += !is_blank_row(entry);
    if (!clean || !count_is_right(check, up, field, count)) {
        check->no_memory = check->no_memory || !clean;
        json_decref(clean);
        return NULL;
    }
    json_array_foreach((json_t *)list, i, entry)
    {
        const struct form_place place = { up, NULL, i };
        json_t *result = NULL;

        if (is_blank_row(entry))
            continue;
        if (is_absent(entry, F_TEXT))
            form_refuse(check, &place, "required");
        else
            result = run_checker(check, &place, one, entry_field, entry);
        if (result && json_array_append_new(clean, result) != 0)
            check->no_memory = true;
    }
    return clean;
}

static json_t *check_list(struct form_check *check, const struct form_place *place,
                          const struct field *field, const json_t *value)
{
    if (!json_is_array(value))
        return form_refuse(check, place, "not_a_list");
    return check_entries(check, place, field, value, check_object, field);
}

/* How many bytes a separator of words takes here: comma, semicolon and enumeration comma, half or
 * full width, or a line end. 0 when there is none. */
static size_t separator_len(const char *at, size_t len)
{
    static const char *const separators[] = { ",", ";", "\n", "\r", "，", "；", "、" };

    for (size_t i = 0; i < COUNT_OF(separators); i++) {
        size_t step = strlen(separators[i]);

        if (step <= len && memcmp(at, separators[i], step) == 0)
            return step;
    }
    return 0;
}

/* "甲、乙" as ["甲", "乙"]; empty parts are dropped. */
static json_t *split_words(struct form_check *check, const json_t *text)
{
    const char *at = json_string_value(text);
    size_t len = json_string_length(text), start = 0;
    json_t *list = json_array();

    for (size_t i = 0; list && i <= len;) {
        size_t step = i < len ? separator_len(at + i, len - i) : 1;

        if (step > 0) {
            json_t *word = json_stringn(at + start, i - start);
            bool empty = word && form_trimmed(word).len == 0;

            if (empty)
                json_decref(word);
            else if (json_array_append_new(list, word) != 0)
                check->no_memory = true;
            start = i + step;
        }
        i += step > 0 ? step : 1;
    }
    check->no_memory = check->no_memory || !list;
    return list;
}

static bool has_repeated(const json_t *list)
{
    size_t i, j;
    json_t *a;

    json_array_foreach((json_t *)list, i, a)
    {
        for (j = 0; j < i; j++) {
            if (json_equal(a, json_array_get(list, j)))
                return true;
        }
    }
    return false;
}

/* A list of single values, each said once. */
static json_t *check_singles(struct form_check *check, const struct form_place *place,
                             const struct field *field, const json_t *value, form_checker *one,
                             const struct field *entry_field)
{
    json_t *parts = json_is_string(value) ? split_words(check, value) : NULL;
    json_t *clean = NULL;

    if (!parts && !json_is_array(value))
        return form_refuse(check, place, "not_a_list");
    clean = check_entries(check, place, field, parts ? parts : value, one, entry_field);
    json_decref(parts);
    if (clean && has_repeated(clean)) {
        json_decref(clean);
        return form_refuse(check, place, "repeated_item");
    }
    return clean;
}

static json_t *check_words(struct form_check *check, const struct form_place *place,
                           const struct field *field, const json_t *value)
{
    static const struct field word = { .name = "", .kind = F_TEXT, .min = 1, .max = WORD_MAX };

    return check_singles(check, place, field, value, form_text, &word);
}

static json_t *check_ids(struct form_check *check, const struct form_place *place,
                         const struct field *field, const json_t *value)
{
    static const struct field id = { .name = "", .kind = F_UUID };

    return check_singles(check, place, field, value, form_uuid, &id);
}

static json_t *check_json(struct form_check *check, const struct form_place *place,
                          const struct field *field, const json_t *value)
{
    long max = field->max ? field->max : JSON_MAX;

    if (!json_is_object(value))
        return form_refuse(check, place, "not_an_object");
    if (json_dumpb(value, NULL, 0, JSON_COMPACT) > (size_t)max)
        return form_refuse_with(check, place, "too_long", "max", json_integer(max));
    return json_deep_copy(value);
}

static void drop(void *json)
{
    json_decref(json);
}

enum form_result form_check(struct arena *arena, const struct field *form, const json_t *input,
                            json_t **ret_clean, json_t **ret_errors)
{
    struct form_check check = { .arena = arena, .errors = json_array() };
    json_t *clean = NULL;

    if (!check.errors || arena_defer(arena, drop, check.errors) < 0)
        return FORM_NO_MEMORY;
    if (input && !json_is_object(input))
        form_refuse(&check, NULL, "not_an_object");
    else
        clean = check_members(&check, NULL, form, input);
    if (clean && arena_defer(arena, drop, clean) < 0)
        return FORM_NO_MEMORY;
    if (check.no_memory)
        return FORM_NO_MEMORY;
    if (json_array_size(check.errors) > 0) {
        *ret_errors = check.errors;
        return FORM_BAD;
    }
    *ret_clean = clean;
    return FORM_GOOD;
}
