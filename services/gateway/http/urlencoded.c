/* urlencoded.c - see urlencoded.h. Each pair is decoded, its name walked into the tree. */
#include "urlencoded.h"

#include <string.h>

#include "arena.h"
#include "parse_chars.h"
#include "utf8.h"

#define MEMBER_MAX 64
#define INDEX_DIGITS_MAX 3

const char *percent_decode(struct arena *arena, struct span text, bool plus, struct span *ret)
{
    char *decoded = arena_dup(arena, text.at ? text.at : "", text.len);
    size_t len = 0;

    if (!decoded)
        return "no_memory";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == '%') {
            int high = i + 2 < text.len ? char_hex(text.at[i + 1]) : -1;
            int low = i + 2 < text.len ? char_hex(text.at[i + 2]) : -1;

            if (high < 0 || low < 0)
                return "form_bad_percent";
            c = (char)(unsigned char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        decoded[len++] = c;
    }
    decoded[len] = '\0';
    if (memchr(decoded, '\0', len) || utf8_valid(decoded, len) < len)
        return "form_bad_text";
    *ret = (struct span){ decoded, len };
    return NULL;
}

/* One step of a name: a member, an entry, or the next entry. */
struct step {
    enum { STEP_MEMBER, STEP_INDEX, STEP_APPEND } kind;
    char name[MEMBER_MAX + 1];
    size_t index;
};

static bool is_name_char(char c)
{
    return char_is(c, CH_HOST) && c != '.';
}

static bool take_member(const char **at, struct step *ret)
{
    size_t len = 0;

    while (is_name_char((*at)[len]))
        len++;
    if (len == 0 || len > MEMBER_MAX)
        return false;
    ret->kind = STEP_MEMBER;
    memcpy(ret->name, *at, len);
    ret->name[len] = '\0';
    *at += len;
    return true;
}

/* "[]" or "[12]", the cursor being behind the bracket. */
static bool take_index(const char **at, struct step *ret)
{
    size_t digits = 0;

    ret->kind = **at == ']' ? STEP_APPEND : STEP_INDEX;
    ret->index = 0;
    for (; char_is(**at, CH_DIGIT); ++*at, digits++) {
        if (digits == INDEX_DIGITS_MAX || (digits > 0 && ret->index == 0))
            return false;
        ret->index = ret->index * 10 + (size_t)(**at - '0');
    }
    if (**at != ']' || (ret->kind == STEP_INDEX && digits == 0))
        return false;
    ++*at;
    return ret->kind == STEP_INDEX || **at == '\0';
}

static bool take_step(const char **at, struct step *ret)
{
    char mark = *(*at)++;

    return mark == '.' ? take_member(at, ret) : mark == '[' ? take_index(at, ret) : false;
}

static json_t *get_child(const json_t *node, const struct step *step)
{
    if (step->kind == STEP_MEMBER)
        return json_object_get(node, step->name);
    return step->kind == STEP_INDEX ? json_array_get(node, step->index) : NULL;
}

/* Takes the reference to `child`. */
static const char *put_child(json_t *node, const struct step *step, json_t *child)
{
    int rc;

    if (step->kind == STEP_INDEX && step->index != json_array_size(node)) {
        json_decref(child);
        return "form_bad_name";
    }
    if (step->kind == STEP_MEMBER)
        rc = json_object_set_new(node, step->name, child);
    else
        rc = json_array_append_new(node, child);
    return rc == 0 ? NULL : "no_memory";
}

/* The container that the next step needs, under this step; made when it is not there yet. */
static const char *descend(json_t **node, const struct step *step, bool to_object)
{
    json_t *child = get_child(*node, step);
    const char *slug = NULL;

    if (!child) {
        child = to_object ? json_object() : json_array();
        slug = put_child(*node, step, child);
    } else if (json_is_string(child) || json_is_object(child) != to_object) {
        slug = "form_bad_name";
    }
    *node = child;
    return slug;
}

static const char *put_value(json_t *root, const char *name, struct span value)
{
    struct step step;
    json_t *node = root;
    const char *slug;

    if (!take_member(&name, &step))
        return "form_bad_name";
    for (int depth = 1; *name; depth++) {
        struct step next;

        if (depth == URLENCODED_DEPTH_MAX)
            return "form_too_deep";
        if (!take_step(&name, &next))
            return "form_bad_name";
        slug = descend(&node, &step, next.kind == STEP_MEMBER);
        if (slug)
            return slug;
        step = next;
    }
    if (get_child(node, &step))
        return "form_duplicate";
    return put_child(node, &step, json_stringn(value.at, value.len));
}

static const char *take_pair(struct arena *arena, json_t *root, struct span pair)
{
    const char *equals = memchr(pair.at, '=', pair.len);
    struct span name = { pair.at, equals ? (size_t)(equals - pair.at) : pair.len };
    struct span value = { pair.at + pair.len, 0 };
    const char *slug;

    if (equals)
        value = (struct span){ equals + 1, pair.len - name.len - 1 };
    slug = percent_decode(arena, name, true, &name);
    if (!slug)
        slug = percent_decode(arena, value, true, &value);
    return slug ? slug : put_value(root, name.at, value);
}

static void drop(void *json)
{
    json_decref(json);
}

int form_from_urlencoded(struct arena *arena, const char *bytes, size_t len, json_t **ret,
                         const char **ret_slug)
{
    json_t *root = json_object();
    const char *slug = NULL;
    size_t at = 0;

    if (!root || arena_defer(arena, drop, root) < 0) {
        *ret_slug = "no_memory";
        return -1;
    }
    for (int pairs = 0; len > 0 && at <= len && !slug; pairs++) {
        const char *end = memchr(bytes + at, '&', len - at);
        size_t pair_len = end ? (size_t)(end - bytes) - at : len - at;

        if (pairs == URLENCODED_PAIRS_MAX)
            slug = "form_too_many";
        else
            slug = take_pair(arena, root, (struct span){ bytes + at, pair_len });
        at += pair_len + 1;
    }
    if (slug) {
        *ret_slug = slug;
        return -1;
    }
    *ret = root;
    return 0;
}
