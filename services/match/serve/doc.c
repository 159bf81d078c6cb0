/* doc.c - see doc.h. One reader a type, one row a member. */
#include "doc.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "crypto.h"
#include "json.h"
#include "rpc.h"
#include "str.h"

#define TEXTS_MAX 4096
#define LINKS_MAX 65536

/* All readers: NULL or what is wrong. */
struct doc {
    struct arena *arena;
    struct item *item;
};
typedef const char *(*read_fn)(struct doc *doc, const json_t *value, void *at);

int doc_id(const char *text, uint8_t ret[16])
{
    static const int dashes[] = { 8, 13, 18, 23 };
    char hex[33];
    size_t n = 0, dash = 0;

    if (strlen(text) != 36)
        return -1;
    for (int i = 0; i < 36; i++) {
        if (dash < COUNT_OF(dashes) && i == dashes[dash]) {
            if (text[i] != '-')
                return -1;
            dash++;
        } else
            hex[n++] = text[i];
    }
    return crypto_unhex(hex, n, ret, 16);
}

static const char *read_text(struct doc *doc, const json_t *value, void *at)
{
    const char *text = json_string_value(value), *copy;

    if (!text)
        return "a member is not a text";
    copy = arena_dup(doc->arena, text, strlen(text));
    *(const char **)at = copy;
    return copy ? NULL : "out of memory";
}

static const char *read_id(struct doc *doc, const json_t *value, void *at)
{
    const char *text = json_string_value(value);

    (void)doc;
    return text && doc_id(text, at) == 0 ? NULL : "a member is not a UUID";
}

static const char *read_flag(struct doc *doc, const json_t *value, void *at)
{
    (void)doc;
    *(bool *)at = json_is_true(value);
    return json_is_boolean(value) ? NULL : "a member is neither true nor false";
}

static const char *read_whole(const json_t *value, json_int_t most, int *ret)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < 0 || number > most)
        return "a number is out of bounds";
    *ret = (int)number;
    return NULL;
}

static const char *read_trl(struct doc *doc, const json_t *value, void *at)
{
    (void)doc;
    return read_whole(value, 9, at);
}

static const char *read_year(struct doc *doc, const json_t *value, void *at)
{
    (void)doc;
    return read_whole(value, 9999, at);
}

static const char *check_texts(const json_t *value)
{
    if (!json_is_array(value))
        return "a member is not a list";
    if (json_array_size(value) > TEXTS_MAX)
        return "a list is too long";
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return "a list holds something other than texts";
    return NULL;
}

/* Lines: a keyword that has a line break of its own would become two. */
static const char *read_keywords(struct doc *doc, const json_t *value, void *at)
{
    const char *why = check_texts(value);
    size_t len = 1;
    char *text, *to;

    if (why)
        return why;
    for (size_t i = 0; i < json_array_size(value); i++)
        len += json_string_length(json_array_get(value, i)) + 1;
    text = to = arena_alloc(doc->arena, len);
    if (!text)
        return "out of memory";
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0)
            *to++ = '\n';
        for (const char *from = json_string_value(json_array_get(value, i)); *from; from++)
            *to++ = (char)(*from == '\n' ? ' ' : *from);
    }
    *(const char **)at = text;
    return NULL;
}

struct texts {
    const char *const **list;
    size_t *n;
};

static const char *read_texts(struct doc *doc, const json_t *value, struct texts ret)
{
    const char *why = check_texts(value);
    size_t n = json_array_size(value);
    const char **list;

    if (why)
        return why;
    list = arena_alloc(doc->arena, (n + 1) * sizeof(*list));
    for (size_t i = 0; i < n && list && !why; i++)
        why = read_text(doc, json_array_get(value, i), &list[i]);
    *ret.list = list;
    *ret.n = n;
    return list ? why : "out of memory";
}

static const char *read_fields(struct doc *doc, const json_t *value, void *at)
{
    (void)at;
    return read_texts(doc, value, (struct texts){ &doc->item->fields, &doc->item->n_fields });
}

static const char *read_scopes(struct doc *doc, const json_t *value, void *at)
{
    (void)at;
    return read_texts(doc, value, (struct texts){ &doc->item->scopes, &doc->item->n_scopes });
}

static const char *read_link(struct doc *doc, const json_t *value, struct link *ret)
{
    const json_t *weight = json_object_get(value, "weight");
    double share = json_number_value(weight);
    const char *why = json_object_size(value) == 2 ? NULL : "a link is not {to, weight}";

    why = why ? why : read_id(doc, json_object_get(value, "to"), ret->to);
    if (!why && (!json_is_number(weight) || !(share >= 0 && share <= 1)))
        why = "a link's weight is not within 0 and 1";
    ret->weight = (float)share;
    return why;
}

static const char *read_links(struct doc *doc, const json_t *value, void *at)
{
    size_t n = json_array_size(value);
    struct link *list;
    const char *why = NULL;

    (void)at;
    if (!json_is_array(value))
        return "links is not a list";
    if (n > LINKS_MAX)
        return "too many links";
    list = arena_alloc(doc->arena, (n + 1) * sizeof(*list));
    if (!list)
        return "out of memory";
    for (size_t i = 0; i < n && !why; i++)
        why = read_link(doc, json_array_get(value, i), &list[i]);
    doc->item->links = list;
    doc->item->n_links = n;
    return why;
}

static const struct member {
    const char *name;
    read_fn read;
    size_t offset;
} members[] = {
    { "title", read_text, offsetof(struct item, field[FIELD_TITLE]) },
    { "keywords", read_keywords, offsetof(struct item, field[FIELD_KEYWORDS]) },
    { "body", read_text, offsetof(struct item, field[FIELD_BODY]) },
    { "name", read_text, offsetof(struct item, name) },
    { "unit", read_id, offsetof(struct item, unit) },
    { "person", read_id, offsetof(struct item, person) },
    { "division", read_text, offsetof(struct item, division) },
    { "state", read_text, offsetof(struct item, state) },
    { "level", read_text, offsetof(struct item, level) },
    { "trl", read_trl, offsetof(struct item, trl) },
    { "year", read_year, offsetof(struct item, year) },
    { "barred", read_flag, offsetof(struct item, barred) },
    { "fields", read_fields, 0 },
    { "scopes", read_scopes, 0 },
    { "links", read_links, 0 },
};

static const char *read_members(struct doc *doc, const json_t *object)
{
    const char *name, *why = NULL;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        size_t i = 0;

        while (i < COUNT_OF(members) && strcmp(members[i].name, name) != 0)
            i++;
        if (i == COUNT_OF(members))
            return "an unknown member";
        if (!json_is_null(value))
            why = members[i].read(doc, value, (char *)doc->item + members[i].offset);
        if (why)
            return why;
    }
    return NULL;
}

static const char *read_doc(const char *text, struct doc *doc)
{
    struct json_fault fault = { 0 };
    json_t *object = NULL;
    const char *why;

    if (json_read(text, strlen(text), DOC_MAX, &object, &fault) < 0)
        return fault.slug;
    why = json_is_object(object) ? read_members(doc, object) : "the document is not an object";
    json_decref(object);
    return why;
}

const char *doc_read(const char *id, const char *kind, const char *version, const char *doc,
                     struct arena *arena, struct item *ret)
{
    struct item item = { .kind = (enum kind)rpc_kind(kind),
                         .field = { "", "", "" },
                         .name = "",
                         .division = "",
                         .state = "",
                         .level = "" };
    struct doc reader = { arena, &item };
    const char *why = NULL;
    long number = 0;

    if (doc_id(id, item.id) < 0)
        why = "the id is not a UUID";
    else if (!item.kind)
        why = "an unknown kind";
    else if (str_to_long(version, 0, INT64_MAX, &number) < 0)
        why = "the version is not a whole number";
    else
        why = read_doc(doc, &reader);
    item.version = number;
    if (!why)
        *ret = item;
    return why;
}
