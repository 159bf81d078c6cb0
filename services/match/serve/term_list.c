/* term_list.c - see term_list.h. */
#include "term_list.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "json.h"
#include "str.h"

#define TERMS_MAX (64u << 20)

static const char *const rules[] = { "keep", "synonym", "stop", "bridge" };

static const char *read_row(const json_t *object, struct arena *arena, struct term_row *ret)
{
    const char *rule = json_string_value(json_object_get(object, "rule"));
    const char *term = json_string_value(json_object_get(object, "term"));
    const char *other = json_string_value(json_object_get(object, "other"));
    const json_t *weight = json_object_get(object, "weight");
    size_t i = 0;

    while (i < COUNT_OF(rules) && !str_eq(rule, rules[i]))
        i++;
    if (i == COUNT_OF(rules) || !term)
        return "a term has no rule or no text";
    ret->rule = (enum term_rule)i;
    if ((ret->rule == TERM_SYNONYM || ret->rule == TERM_BRIDGE) && !other)
        return "a synonym or bridge has no other term";
    ret->weight = json_is_number(weight) ? json_number_value(weight) : 1;
    if (!(ret->weight >= 0 && ret->weight <= 1))
        return "a term's weight is not within 0 and 1";
    ret->term = arena_dup(arena, term, strlen(term));
    ret->other = arena_dup(arena, other ? other : "", strlen(other ? other : ""));
    return ret->term && ret->other ? NULL : "out of memory";
}

static const char *read_rows(const json_t *list, struct terms *to)
{
    const char *why = json_is_array(list) ? NULL : "the rows are no list";

    to->n = json_array_size(list);
    to->rows = arena_alloc(&to->arena, (to->n + 1) * sizeof(*to->rows));
    if (!to->rows)
        why = "out of memory";
    for (size_t i = 0; i < to->n && !why; i++)
        why = read_row(json_array_get(list, i), &to->arena, &to->rows[i]);
    return why;
}

const char *terms_read(const char *version, const char *rows, struct terms *ret)
{
    struct json_fault fault = { 0 };
    struct terms terms = { 0 };
    json_t *list = NULL;
    const char *why;

    if (str_to_long(version, 0, LONG_MAX, &terms.version) < 0)
        return "the version is not a whole number";
    if (json_read(rows, strlen(rows), TERMS_MAX, &list, &fault) < 0)
        return fault.slug;
    why = read_rows(list, &terms);
    json_decref(list);
    terms.text = arena_dup(&terms.arena, rows, strlen(rows));
    if (!why && !terms.text)
        why = "out of memory";
    if (why) {
        arena_release(&terms.arena);
        return why;
    }
    arena_release(&ret->arena);
    *ret = terms;
    return NULL;
}

void terms_release(struct terms *terms)
{
    arena_release(&terms->arena);
    *terms = (struct terms){ 0 };
}
