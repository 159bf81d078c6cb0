/* filter_text.c - filters that give text: sentences, labels, links, queries. */
#include "filters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"
#include "utf8.h"

/* A state or a label goes by its code; anything else by how it prints. */
static struct span code_of(struct render *render, struct value in)
{
    const json_t *code = json_object_get(in.json, "code");

    return value_text(render, code ? value_of(code) : in);
}

/* "prefix.word" in at[0..size); false when it does not fit or there is no word. */
static bool joined_key(struct span prefix, struct span word, char *at, size_t size)
{
    if (word.len == 0 || prefix.len + word.len + 2 > size)
        return false;
    snprintf(at, size, "%.*s.%.*s", (int)prefix.len, prefix.len ? prefix.at : "", (int)word.len,
             word.at);
    return true;
}

struct value filter_say(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    const struct sentence *sentence = NULL;
    char key[160];

    (void)count;
    if (joined_key(value_text(render, args[0]), code_of(render, in), key, sizeof(key)))
        sentence = mustache_sentence(render->set, key, strlen(key));
    return sentence ? value_sentence(render, sentence) : in;
}

struct value filter_class(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    char key[160];

    (void)count;
    if (!joined_key(value_text(render, args[0]), code_of(render, in), key, sizeof(key)))
        return NOTHING;
    return value_of(json_object_get(render->env->classes, key));
}

struct value filter_code(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct span list = value_text(render, args[0]), code = code_of(render, in);
    const json_t *found = json_at_text(render->env->codes, list);
    char key[64];

    (void)count;
    if (code.len == 0 || code.len >= sizeof(key))
        return in;
    snprintf(key, sizeof(key), "%.*s", (int)code.len, code.at); /* a code may hold dots */
    found = json_object_get(found, key);
    return found ? value_of(found) : in;
}

/* A path of this site, a place on this page, or https. What a person typed may be anything. */
struct value filter_href(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct span text = value_text(render, in);
    bool local, safe = text.len > 0;

    (void)args;
    (void)count;
    for (size_t i = 0; i < text.len; i++)
        safe = safe && (unsigned char)text.at[i] > 0x20 && text.at[i] != '\\' && text.at[i] != 0x7f;
    if (!safe)
        return NOTHING;
    local = text.at[0] == '#' || text.at[0] == '?' || str_is_local(text.at, text.len);
    if (local || (text.len > 8 && memcmp(text.at, "https://", 8) == 0))
        return value_span(text.at, text.len);
    return NOTHING;
}

static void add_percent(struct buf *buf, struct span text)
{
    buf_add_percent(buf, text.at, text.len, "-._~");
}

struct value filter_url(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    struct buf buf;

    (void)args;
    (void)count;
    buf_init(&buf, RENDER_MAX);
    add_percent(&buf, value_text(render, in));
    return text_made(render, &buf);
}

static void add_pair(struct buf *buf, struct span name, struct span text)
{
    if (text.len == 0)
        return;
    if (buf->len > 0)
        buf_addc(buf, '&');
    add_percent(buf, name);
    buf_addc(buf, '=');
    add_percent(buf, text);
}

static void add_member(struct render *render, struct buf *buf, struct span name,
                       const json_t *member)
{
    const json_t *one;
    size_t i;

    if (!json_is_array(member)) {
        add_pair(buf, name, value_text(render, value_of(member)));
        return;
    }
    json_array_foreach(member, i, one)
    {
        add_pair(buf, name, value_text(render, value_of(one)));
    }
}

/* query [NAME VALUE]…: the members that are named get that value, or go. */
struct value filter_query(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct buf buf;
    const char *name;
    json_t *member;

    buf_init(&buf, RENDER_MAX);
    json_object_foreach((json_t *)in.json, name, member)
    {
        struct span own = { name, strlen(name) };
        bool named = false;

        for (size_t i = 0; i + 1 < count; i += 2)
            named =
                named || value_is(render, value_span(own.at, own.len), value_text(render, args[i]));
        if (!named)
            add_member(render, &buf, own, member);
    }
    for (size_t i = 0; i + 1 < count; i += 2) {
        if (args[i + 1].json)
            add_member(render, &buf, value_text(render, args[i]), args[i + 1].json);
        else
            add_pair(&buf, value_text(render, args[i]), args[i + 1].text);
    }
    return text_made(render, &buf);
}

struct value filter_default(struct render *render, struct value in, const struct value *args,
                            size_t count)
{
    (void)count;
    return in.sentence || value_text(render, in).len > 0 || json_array_size(in.json) > 0 ||
                   (json_is_object(in.json) && !json_object_get(in.json, "zh"))
               ? in
               : args[0];
}

struct value filter_upper(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span text = value_text(render, in);
    char *copy = arena_dup(&render->arena, text.len ? text.at : "", text.len);

    (void)args;
    (void)count;
    if (!copy) {
        render->failed = true;
        return NOTHING;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (copy[i] >= 'a' && copy[i] <= 'z')
            copy[i] = (char)(copy[i] - 'a' + 'A');
    }
    return value_span(copy, text.len);
}

struct value filter_short(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span text = value_text(render, in);
    struct buf buf;
    double most;
    size_t at = 0;

    (void)count;
    if (!value_number(args[0], &most))
        return in;
    for (long n = 0; at < text.len && (double)n < most; n++) {
        uint32_t code;
        size_t step = utf8_next(text.at + at, text.len - at, &code);

        at += step > 0 ? step : 1;
    }
    if (at >= text.len)
        return in;
    buf_init(&buf, RENDER_MAX);
    buf_add(&buf, text.at, at);
    buf_adds(&buf, "…");
    return text_made(render, &buf);
}

/* Neither end of a tag nor a character reference is left. */
static void add_for_script(struct buf *buf, const char *json)
{
    for (; *json; json++) {
        if (*json == '<' || *json == '>' || *json == '&')
            buf_addf(buf, "\\u%04x", *json);
        else
            buf_addc(buf, *json);
    }
}

/* For <script type="application/ld+json">: nothing in it can end the element. */
struct value filter_json(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct span text = value_text(render, in);
    json_t *own = in.json ? NULL : json_stringn(text.len > 0 ? text.at : "", text.len);
    char *dump = json_dumps(in.json ? in.json : own, JSON_ENCODE_ANY | JSON_COMPACT);
    struct buf buf;
    struct value value;

    (void)args;
    (void)count;
    json_decref(own);
    if (!dump) {
        render->failed = true;
        return NOTHING;
    }
    buf_init(&buf, RENDER_MAX);
    add_for_script(&buf, dump);
    free(dump);
    value = text_made(render, &buf);
    value.raw = true;
    return value;
}

/* A path at one of these places or below: "/items/5" is under "/items", "/itemsets" is not. */
static bool is_under(struct span path, struct span place)
{
    return place.len > 0 && path.len >= place.len && memcmp(path.at, place.at, place.len) == 0 &&
           (path.len == place.len || path.at[place.len] == '/');
}

static bool is_under_any(struct render *render, struct span path, const json_t *places)
{
    const json_t *place;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)places, i, place)
    {
        if (is_under(path, value_text(render, value_of(place))))
            return true;
    }
    return false;
}

/* Each argument a place, or an array of places. */
struct value filter_under(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span path = value_text(render, in);

    for (size_t i = 0; i < count; i++) {
        if (json_is_array(args[i].json) ? is_under_any(render, path, args[i].json)
                                        : is_under(path, value_text(render, args[i])))
            return value_bool(true);
    }
    return value_bool(false);
}
