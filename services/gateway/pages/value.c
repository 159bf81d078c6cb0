/* value.c - what the values of a rendering are: see render.h. */
#include "render.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct value value_of(const json_t *json)
{
    return (struct value){ .json = json };
}

struct value value_span(const char *text, size_t len)
{
    return (struct value){ .text = { text, len } };
}

struct value value_bool(bool yes)
{
    return value_of(yes ? json_true() : json_false());
}

static void drop(void *json)
{
    json_decref(json);
}

struct value value_made(struct render *render, json_t *json)
{
    if (!json || arena_defer(&render->arena, drop, json) < 0) {
        render->failed = true;
        return NOTHING;
    }
    return value_of(json);
}

struct value value_printf(struct render *render, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0)
        return NOTHING;
    if ((size_t)len >= sizeof(text))
        len = (int)sizeof(text) - 1;

    const char *copy = arena_dup(&render->arena, text, (size_t)len);

    if (!copy)
        render->failed = true;
    return copy ? value_span(copy, (size_t)len) : NOTHING;
}

struct value text_made(struct render *render, struct buf *buf)
{
    const char *copy = NULL;
    size_t len = buf->len;

    if (!buf->failed)
        copy = arena_dup(&render->arena, len ? buf->data : "", len);
    if (!copy)
        render->failed = true;
    buf_release(buf);
    return copy ? value_span(copy, len) : NOTHING;
}

struct value value_sentence(const struct render *render, const struct sentence *sentence)
{
    if (!sentence)
        return NOTHING;

    const char *raw = sentence->raw[render->env->zh];

    return (struct value){ .text = { raw, strlen(raw) },
                           .sentence = sentence->compiled[render->env->zh] ? sentence : NULL };
}

/* The shortest decimals that read back as the same number. */
static struct value real_text(struct render *render, double number)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return value_printf(render, "%s", text);
}

struct span value_text(struct render *render, struct value value)
{
    const json_t *json = value.json;

    if (!json)
        return value.text;
    if (json_is_object(json)) /* a state or a label, or nothing to print */
        json = json_object_get(json, render->env->zh ? "zh" : "en");
    switch (json ? json_typeof(json) : JSON_NULL) {
    case JSON_STRING:
        return (struct span){ json_string_value(json), json_string_length(json) };
    case JSON_INTEGER:
        return value_printf(render, "%" JSON_INTEGER_FORMAT, json_integer_value(json)).text;
    case JSON_REAL:
        return real_text(render, json_real_value(json)).text;
    case JSON_TRUE:
        return (struct span){ "true", 4 };
    case JSON_FALSE:
        return (struct span){ "false", 5 };
    default:
        return (struct span){ 0 };
    }
}

bool value_true(struct value value)
{
    if (!value.json)
        return value.text.len > 0;
    switch (json_typeof(value.json)) {
    case JSON_ARRAY:
        return json_array_size(value.json) > 0;
    case JSON_STRING:
        return json_string_length(value.json) > 0;
    case JSON_INTEGER:
        return json_integer_value(value.json) != 0;
    case JSON_REAL:
        return json_real_value(value.json) < 0 || json_real_value(value.json) > 0;
    default:
        return json_is_true(value.json) || json_is_object(value.json);
    }
}

bool value_number(struct value value, double *ret)
{
    struct span text = value.text;
    char copy[64], *end;

    if (json_is_number(value.json)) {
        *ret = json_number_value(value.json);
        return true;
    }
    if (json_is_string(value.json))
        text = (struct span){ json_string_value(value.json), json_string_length(value.json) };
    if (text.len == 0 || text.len >= sizeof(copy) ||
        strspn(memcpy(copy, text.at, text.len), "+-.0123456789") == 0)
        return false;
    copy[text.len] = '\0';
    if (strspn(copy, "+-.0123456789") != text.len)
        return false;
    *ret = strtod(copy, &end);
    return end == copy + text.len;
}

bool value_is(struct render *render, struct value value, struct span text)
{
    struct span own;

    if (json_is_object(value.json) && json_object_get(value.json, "code"))
        value = value_of(json_object_get(value.json, "code"));
    own = value_text(render, value);
    return own.len == text.len && (text.len == 0 || memcmp(own.at, text.at, text.len) == 0);
}

static const json_t *child(const json_t *json, const char *name)
{
    char *end;
    unsigned long n;

    if (!json_is_array(json))
        return json_object_get(json, name);
    n = strtoul(name, &end, 10);
    return *name >= '0' && *name <= '9' && *end == '\0' ? json_array_get(json, n) : NULL;
}

const json_t *json_at(const json_t *json, const struct path *path, size_t from)
{
    for (size_t i = from; json && i < path->count; i++)
        json = child(json, path->names[i]);
    return json;
}

const json_t *json_at_text(const json_t *json, struct span path)
{
    char name[64];

    while (json && path.len > 0) {
        const char *dot = memchr(path.at, '.', path.len);
        size_t len = dot ? (size_t)(dot - path.at) : path.len;

        if (len >= sizeof(name))
            return NULL;
        memcpy(name, path.at, len);
        name[len] = '\0';
        json = child(json, name);
        path.at += dot ? len + 1 : len;
        path.len -= dot ? len + 1 : len;
    }
    return json;
}
