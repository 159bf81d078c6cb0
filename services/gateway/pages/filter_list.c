/* filter_list.c - filters over arrays and objects. */
#include "filters.h"

#include <stdio.h>
#include <string.h>

/* `member` is owned from now on; NULL: memory was out when it was made. */
static void append_new(struct render *render, json_t *array, json_t *member)
{
    if (json_array_append_new(array, member) < 0)
        render->failed = true;
}

/* The array shares what the document owns. */
static void append(struct render *render, json_t *array, const json_t *member)
{
    append_new(render, array, json_incref((json_t *)member));
}

/* {"key": key, name: member}; both are owned from now on. (json_pack loses members in silence when
 * memory is out.) */
static json_t *keyed(json_t *key, const char *name, json_t *member)
{
    json_t *object = json_object();

    if (json_object_set_new(object, "key", key) < 0) {
        json_decref(member);
        json_decref(object);
        return NULL;
    }
    if (json_object_set_new(object, name, member) < 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

struct value filter_count(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    size_t size = json_is_object(in.json) ? json_object_size(in.json) : json_array_size(in.json);

    (void)args;
    (void)count;
    return value_made(render, json_integer((json_int_t)size));
}

/* The members from..to, `to` not with them. */
static struct value slice(struct render *render, const json_t *array, size_t from, size_t to)
{
    json_t *part = json_array();

    for (size_t i = from; part && i < to && i < json_array_size(array); i++)
        append(render, part, json_array_get(array, i));
    return value_made(render, part);
}

static size_t whole(struct value value)
{
    double number;

    return value_number(value, &number) && number >= 0 && number < 1e9 ? (size_t)number : 0;
}

struct value filter_first(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    (void)count;
    return slice(render, in.json, 0, whole(args[0]));
}

struct value filter_rest(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    (void)count;
    return slice(render, in.json, whole(args[0]), SIZE_MAX);
}

struct value filter_at(struct render *render, struct value in, const struct value *args,
                       size_t count)
{
    struct span name = value_text(render, args[0]);
    char key[64];

    (void)count;
    if (!json_is_object(in.json))
        return value_of(json_array_get(in.json, whole(args[0])));
    if (name.len >= sizeof(key))
        return NOTHING;
    snprintf(key, sizeof(key), "%.*s", (int)name.len, name.len ? name.at : "");
    return value_of(json_object_get(in.json, key));
}

struct value filter_last(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    size_t size = json_array_size(in.json);

    (void)render;
    (void)args;
    (void)count;
    return size > 0 ? value_of(json_array_get(in.json, size - 1)) : NOTHING;
}

/* join [SEPARATOR [member]]: what prints nothing is left out. */
struct value filter_join(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct span between =
        render->env->zh ? (struct span){ "、", strlen("、") } : (struct span){ ", ", 2 };
    const json_t *member;
    struct buf buf;
    size_t i;

    if (count > 0)
        between = value_text(render, args[0]);
    buf_init(&buf, RENDER_MAX);
    json_array_foreach(in.json, i, member)
    {
        if (count > 1)
            member = json_at_text(member, value_text(render, args[1]));

        struct span text = value_text(render, value_of(member));

        if (text.len > 0 && buf.len > 0)
            buf_add(&buf, between.at, between.len);
        buf_add(&buf, text.at, text.len);
    }
    return text_made(render, &buf);
}

struct value filter_lines(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span left = value_text(render, in);
    json_t *lines = json_array();

    (void)args;
    (void)count;
    while (lines && left.len > 0) {
        const char *end = memchr(left.at, '\n', left.len);
        size_t len = end ? (size_t)(end - left.at) : left.len;
        size_t step = end ? len + 1 : len;

        if (len > 0 && left.at[len - 1] == '\r')
            len--;
        if (strspn(left.at, " \t") < len) /* blank lines part paragraphs and are none */
            append_new(render, lines, json_stringn(left.at, len));
        left.at += step;
        left.len -= step;
    }
    return value_made(render, lines);
}

/* entries: [{key, value}] of an object; of an array with its places, from 0, as keys: rows
 * of a form that are made from a document need them in their names. */
struct value filter_entries(struct render *render, struct value in, const struct value *args,
                            size_t count)
{
    json_t *entries = json_array();
    const char *key;
    json_t *member;

    size_t i;

    (void)args;
    (void)count;
    json_object_foreach((json_t *)in.json, key, member)
    {
        append_new(render, entries, keyed(json_string(key), "value", json_incref(member)));
    }
    json_array_foreach((json_t *)in.json, i, member)
    {
        append_new(render, entries,
                   keyed(json_integer((json_int_t)i), "value", json_incref(member)));
    }
    return value_made(render, entries);
}

/* group MEMBER: [{key, items}] in the order in which the keys come; objects count as one key when
 * they are equal. */
struct value filter_group(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span path = value_text(render, args[0]);
    json_t *groups = json_array(), *group;
    const json_t *member;
    size_t i, k;

    (void)count;
    json_array_foreach(in.json, i, member)
    {
        const json_t *key = json_at_text(member, path);
        json_t *home = NULL;

        json_array_foreach(groups, k, group)
        {
            if (json_equal(json_object_get(group, "key"), key ? key : json_null()))
                home = group;
        }
        if (!home) {
            home = keyed(json_incref((json_t *)(key ? key : json_null())), "items", json_array());
            append_new(render, groups, home);
        }
        append(render, json_object_get(home, "items"), member);
    }
    return value_made(render, groups);
}

struct value filter_find_member(struct render *render, struct value in, const struct value *args,
                                size_t count)
{
    struct span path = value_text(render, args[0]), wanted = value_text(render, args[1]);
    const json_t *member;
    size_t i;

    (void)count;
    json_array_foreach(in.json, i, member)
    {
        const json_t *found = json_at_text(member, path);

        if (found && value_is(render, value_of(found), wanted))
            return value_of(member);
    }
    return NOTHING;
}

struct value filter_has(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    struct span wanted = value_text(render, args[0]);
    const json_t *member;
    size_t i;

    (void)count;
    json_array_foreach(in.json, i, member)
    {
        if (value_is(render, value_of(member), wanted))
            return value_bool(true);
    }
    return value_bool(false);
}
