/* filter_field.c - the words for a place in a document, as a comparison of versions names it:
 * "indicators[1].value" is the field "indicators.value" of row 2. */
#include "filters.h"

#include <stdio.h>
#include <string.h>

#define KEY_LEN_MAX 200

/* The path without what stands in brackets; the last number in them plus one, 0: there was none. */
static size_t plain_path(struct span path, char *ret, size_t *ret_row)
{
    size_t len = 0, row = 0;

    *ret_row = 0;
    for (size_t i = 0; i < path.len && len + 1 < KEY_LEN_MAX; i++) {
        if (path.at[i] != '[') {
            ret[len++] = path.at[i];
            continue;
        }
        for (row = 0, i++; i < path.len && path.at[i] != ']'; i++)
            row = row * 10 % 100000 + (size_t)(path.at[i] - '0') % 10;
        *ret_row = row + 1;
    }
    ret[len] = '\0';
    return len;
}

/* "prefix.path.tail", else the same with the path's last name alone. */
static const struct sentence *words_of(const struct render *render, const char *prefix,
                                       const char *path, struct span tail)
{
    const char *last = strrchr(path, '.');
    const struct sentence *found = NULL;
    char key[2 * KEY_LEN_MAX];

    for (const char *name = path; name && !found; name = name == path && last ? last + 1 : NULL) {
        int len = snprintf(key, sizeof(key), "%s.%s%s%.*s", prefix, name, tail.len ? "." : "",
                           (int)tail.len, tail.len ? tail.at : "");

        if (len > 0 && (size_t)len < sizeof(key))
            found = mustache_sentence(render->set, key, (size_t)len);
    }
    return found;
}

/* "考核指标 2 数值": the list, which row of it, the field. */
static struct value in_row(struct render *render, const char *path, size_t row, struct span label)
{
    const char *dot = strrchr(path, '.');
    const struct sentence *words = NULL;
    char list[KEY_LEN_MAX];
    struct span text;

    snprintf(list, sizeof(list), "%.*s", dot ? (int)(dot - path) : 0, path);
    if (dot)
        words = words_of(render, "field", list, (struct span){ 0 });
    if (!words)
        return value_printf(render, "%.*s %zu", (int)label.len, label.at, row);
    text = value_text(render, value_sentence(render, words));
    return value_printf(render, "%.*s %zu %.*s", (int)text.len, text.at, row, (int)label.len,
                        label.at);
}

struct value filter_field(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    char path[KEY_LEN_MAX];
    const struct sentence *words = NULL;
    size_t row;

    (void)args;
    (void)count;
    if (plain_path(value_text(render, in), path, &row) > 0)
        words = words_of(render, "field", path, (struct span){ 0 });
    if (!words || row == 0)
        return words ? value_sentence(render, words) : in;
    return in_row(render, path, row, value_text(render, value_sentence(render, words)));
}

struct value filter_option(struct render *render, struct value in, const struct value *args,
                           size_t count)
{
    char path[KEY_LEN_MAX];
    const struct sentence *words = NULL;
    struct span word = value_text(render, in);
    size_t row;

    (void)count;
    if (word.len > 0 && word.len < 60 && plain_path(value_text(render, args[0]), path, &row) > 0)
        words = words_of(render, "option", path, word);
    return words ? value_sentence(render, words) : in;
}

/* The id of the control of a place: "indicators[1].value" → "f-indicators-1--value", as form_view.c
 * makes them. */
struct value filter_spot(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct span path = value_text(render, in);
    char id[KEY_LEN_MAX];
    size_t len = path.len < KEY_LEN_MAX ? path.len : KEY_LEN_MAX;

    (void)args;
    (void)count;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)path.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        id[i] = (char)(plain || c == '_' ? c : '-');
    }
    return value_printf(render, "f-%.*s", (int)len, id);
}
