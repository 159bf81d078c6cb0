/* form_view.c - see form_view.h. */
#include "pages/form_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "moment.h"
#include "pages/pages.h"
#include "str.h"

#define PATH_LEN_MAX 256
#define OPTIONS_SHOWN 1000

/* Where a field stands: "indicators[0].name" as the browser sends it, "indicators.name" in keys. */
struct spot {
    char name[PATH_LEN_MAX];
    char key[PATH_LEN_MAX];
};

json_t *form_value_at(const json_t *root, const char *path)
{
    const json_t *at = root;

    while (at && *path) {
        size_t len = strcspn(path, ".");
        char name[80];

        if (len >= sizeof(name))
            return NULL;
        memcpy(name, path, len);
        name[len] = '\0';
        at = json_object_get(at, name);
        path += len + (path[len] == '.');
    }
    return (json_t *)(uintptr_t)at;
}

/* --- sentences -------------------------------------------------------------------------------- */

static const char *sentence(const struct form_view *in, const char *kind, const char *key,
                            const char *tail)
{
    const char *last = strrchr(key, '.'), *text;
    char name[3 * PATH_LEN_MAX];

    snprintf(name, sizeof(name), "%s.%s.%s%s", kind, in->page->leaf, key, tail);
    text = pages_sentence(in->site->pages, in->zh, name);
    if (text)
        return text;
    snprintf(name, sizeof(name), "%s.%s%s", kind, key, tail);
    text = pages_sentence(in->site->pages, in->zh, name);
    if (text || !last)
        return text;
    snprintf(name, sizeof(name), "%s.%s%s", kind, last + 1, tail);
    return pages_sentence(in->site->pages, in->zh, name);
}

static void put_text(json_t *view, const char *name, const char *text)
{
    /* "" and not absent: what encloses the view is not to shine through */
    json_object_set_new(view, name, json_string(text ? text : ""));
}

/* --- values as text --------------------------------------------------------------------------- */

static void add_time(struct buf *out, const char *text)
{
    struct moment at;
    char local[MOMENT_LOCAL_MAX];

    if (!moment_read(text, strlen(text), &at)) {
        buf_adds(out, text); /* as it was typed */
        return;
    }
    moment_local(&at, local);
    buf_adds(out, local);
}

static void add_words(struct buf *out, const json_t *list)
{
    const json_t *word;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)list, i, word)
    {
        if (i > 0)
            buf_adds(out, ", ");
        buf_adds(out, json_is_string(word) ? json_string_value(word) : "");
    }
}

static void add_value(struct buf *out, const struct field *field, const json_t *value)
{
    if (json_is_string(value) && field->kind == F_TIME) {
        add_time(out, json_string_value(value));
    } else if (json_is_string(value)) {
        buf_adds(out, json_string_value(value));
    } else if (json_is_integer(value)) {
        buf_addf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        buf_addf(out, "%.15g", json_real_value(value));
    } else if (json_is_true(value)) {
        buf_adds(out, "true");
    } else if (json_is_false(value)) {
        buf_adds(out, "false"); /* said, not left out: a pair of radio buttons tells them */
    } else if (json_is_array(value)) {
        add_words(out, value);
    } else if (json_is_object(value) && field->kind == F_JSON) {
        char *dump = json_dumps(value, JSON_INDENT(2));

        buf_adds(out, dump ? dump : "");
        free(dump);
    }
}

static json_t *value_text(const struct field *field, const json_t *value)
{
    struct buf out;
    json_t *text;

    buf_init(&out, 1u << 20);
    add_value(&out, field, value);
    text = json_string(out.data ? out.data : "");
    buf_release(&out);
    return text;
}

/* Documents say sums in 万元 under a name of their own. */
static const json_t *stored(const struct field *field, const json_t *values)
{
    const json_t *value = json_object_get(values, field->name);
    char name[80];

    if (value || field->kind != F_MONEY)
        return value;
    snprintf(name, sizeof(name), "%s_wan", field->name);
    return json_object_get(values, name);
}

/* --- choices ---------------------------------------------------------------------------------- */

static bool is_chosen(const json_t *value, const char *word)
{
    const json_t *one;
    size_t i;

    if (json_is_string(value))
        return strcmp(json_string_value(value), word) == 0;
    if (json_is_object(value)) /* {code, zh, en} or {id, name} */
        return is_chosen(json_object_get(value, "code"), word) ||
               is_chosen(json_object_get(value, "id"), word);
    json_array_foreach((json_t *)(uintptr_t)value, i, one)
    {
        if (is_chosen(one, word))
            return true;
    }
    return false;
}

static json_t *choice(const char *word, const char *label, const json_t *value)
{
    return json_pack("{s:s, s:s, s:b}", "value", word, "label", label, "selected",
                     is_chosen(value, word));
}

static json_t *enum_choices(const struct form_view *in, const struct field *field,
                            const struct spot *spot, const json_t *value)
{
    json_t *list = json_array();
    char word[80], tail[90];

    for (const char *at = field->words; at && *at;) {
        size_t len = strcspn(at, " ");

        snprintf(word, sizeof(word), "%.*s", (int)len, at);
        snprintf(tail, sizeof(tail), ".%s", word);
        const char *label = sentence(in, "option", spot->key, tail);
        json_array_append_new(list, choice(word, label ? label : word, value));
        at += len + (at[len] == ' ');
    }
    return list;
}

/* A label of a document: text, or text in both languages; many codes have a name in Chinese
 * alone. */
static const char *label_text(const json_t *label, bool zh)
{
    if (json_is_object(label)) {
        const json_t *own = json_object_get(label, zh ? "zh" : "en");
        label = own ? own : json_object_get(label, "zh");
    }
    return json_string_value(label);
}

static json_t *listed_choices(const struct form_view *in, const struct site_options *options,
                              const json_t *value)
{
    const json_t *source = form_value_at(in->root, options->list), *entry;
    json_t *list = json_array();
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)source, i, entry)
    {
        const json_t *id =
            strcmp(options->value, ".") == 0 ? entry : form_value_at(entry, options->value);
        const char *word = json_string_value(id), *label;
        char number[32];

        if (json_is_integer(id)) {
            snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(id));
            word = number;
        }
        if (!word || i >= OPTIONS_SHOWN)
            continue;
        label = label_text(strcmp(options->label, ".") == 0 ? entry
                                                            : form_value_at(entry, options->label),
                           in->zh);
        json_array_append_new(list, choice(word, label ? label : word, value));
    }
    return list;
}

static const struct site_options *options_of(const struct form_view *in, const char *key)
{
    for (size_t i = 0; i < in->page->n_options; i++)
        if (strcmp(in->page->options[i].field, key) == 0)
            return &in->page->options[i];
    return NULL;
}

static void add_choices(const struct form_view *in, const struct field *field,
                        const struct spot *spot, const json_t *value, json_t *view)
{
    const struct site_options *options = options_of(in, spot->key);

    if (options)
        json_object_set_new(view, "options", listed_choices(in, options, value));
    else if (field->kind == F_ENUM)
        json_object_set_new(view, "options", enum_choices(in, field, spot, value));
    else
        return;
    if (field->kind == F_IDS || field->kind == F_WORDS) {
        char name[PATH_LEN_MAX + 2];

        snprintf(name, sizeof(name), "%s[]", spot->name);
        put_text(view, "name_list", name);
        json_object_set_new(view, "is_ids", json_true());
        json_object_del(view, "is_words");
    } else {
        json_object_set_new(view, "is_choice", json_true());
    }
}

/* --- one field -------------------------------------------------------------------------------- */

static const char *error_of(const struct form_view *in, const char *name)
{
    const json_t *error;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)in->errors, i, error)
    {
        const char *field = json_string_value(json_object_get(error, "field"));

        if (field && strcmp(field, name) == 0)
            return json_string_value(json_object_get(error, "message"));
    }
    return NULL;
}

static void spot_id(const char *name, char *ret, size_t size)
{
    size_t len = (size_t)snprintf(ret, size, "f-%s", name);

    for (size_t i = 2; i < len && i < size; i++)
        if (!((ret[i] >= 'a' && ret[i] <= 'z') || (ret[i] >= 'A' && ret[i] <= 'Z') ||
              (ret[i] >= '0' && ret[i] <= '9') || ret[i] == '_'))
            ret[i] = '-';
}

static json_t *bare_view(const struct form_view *in, const struct field *field,
                         const struct spot *spot)
{
    json_t *view = json_object();
    char id[PATH_LEN_MAX + 2], is[40];
    const char *label = sentence(in, "field", spot->key, "");

    if (!view)
        return NULL;
    spot_id(spot->name, id, sizeof(id));
    put_text(view, "name", spot->name);
    put_text(view, "id", id);
    put_text(view, "label", label ? label : field->name);
    put_text(view, "hint", sentence(in, "hint", spot->key, ""));
    put_text(view, "kind", form_kind_name(field->kind));
    snprintf(is, sizeof(is), "is_%s", form_kind_name(field->kind));
    json_object_set_new(view, is, json_true());
    json_object_set_new(view, "required", json_boolean(field->required));
    if (field->max != 0 && field->kind != F_MONEY) {
        json_object_set_new(view, "min", json_integer(field->min));
        json_object_set_new(view, "max", json_integer(field->max));
    }
    put_text(view, "error", error_of(in, spot->name));
    return view;
}

static int add_fields(const struct form_view *in, const struct field *form, const struct spot *up,
                      const json_t *values, const json_t *typed, json_t *to);

/* False: deeper than any form of ours. */
static bool spot_member(struct spot *spot, const struct spot *up, const char *name)
{
    const char *dot = *up->key ? "." : "";
    int len = snprintf(spot->name, sizeof(spot->name), "%s%s%s", up->name, dot, name);
    int key = snprintf(spot->key, sizeof(spot->key), "%s%s%s", up->key, dot, name);

    return len < PATH_LEN_MAX && key < PATH_LEN_MAX;
}

static int add_rows(const struct form_view *in, const struct field *field, const struct spot *spot,
                    const json_t *values, const json_t *typed, json_t *view)
{
    const json_t *from = in->typed ? typed : values;
    size_t n = json_array_size(from);
    json_t *rows = json_array();

    json_object_set_new(view, "rows", rows);
    json_object_set_new(view, "count", json_integer((json_int_t)n));
    for (size_t i = 0; i < (n ? n : 1); i++) {
        json_t *row = json_object();
        struct spot there;
        char drop[PATH_LEN_MAX + 24];

        snprintf(there.name, sizeof(there.name), "%.200s[%zu]", spot->name, i);
        snprintf(there.key, sizeof(there.key), "%s", spot->key);
        snprintf(drop, sizeof(drop), "%s.%zu", spot->name, i);
        put_text(row, "drop", drop);
        json_object_set_new(row, "n", json_integer((json_int_t)i));
        json_object_set_new(row, "no", json_integer((json_int_t)i + 1));
        if (add_fields(in, field->sub, &there, json_array_get(values, i), json_array_get(typed, i),
                       row) < 0 ||
            json_array_append_new(rows, row) < 0)
            return -1;
    }
    return 0;
}

/* Every member of an F_JSON value that is no object, under its dotted path: templates find them by
 * the names that the inputs have. */
static void add_leaves(json_t *leaves, const char *up, const json_t *value)
{
    const char *name;
    json_t *member;

    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        char path[PATH_LEN_MAX];

        snprintf(path, sizeof(path), "%.120s%s%.120s", up, *up ? "." : "", name);
        if (json_is_object(member) && strlen(path) < 100)
            add_leaves(leaves, path, member);
        else
            json_object_set(leaves, path, member);
    }
}

static void add_json(json_t *view, const json_t *value)
{
    json_t *leaves = json_object();

    json_object_set(view, "json", (json_t *)(uintptr_t)value);
    json_object_set_new(view, "leaves", leaves);
    if (leaves)
        add_leaves(leaves, "", value);
}

static void add_plain(const struct form_view *in, const struct field *field,
                      const struct spot *spot, const json_t *kept, const json_t *typed,
                      json_t *view)
{
    const json_t *value = in->typed ? typed : kept;

    if (field->kind == F_SECRET)
        return; /* never sent back */
    if (field->kind == F_BOOL) {
        bool on = json_is_true(value) ||
                  (json_is_string(value) && strcmp(json_string_value(value), "true") == 0);
        json_object_set_new(view, "checked", json_boolean(on));
    }
    json_object_set_new(view, "value", value_text(field, value));
    if (field->kind == F_JSON)
        add_json(view, value);
    add_choices(in, field, spot, value, view);
    if (in->conflict) {
        json_t *theirs = value_text(field, kept);

        if (theirs && !json_equal(theirs, json_object_get(view, "value")))
            json_object_set(view, "theirs", theirs);
        json_decref(theirs);
    }
}

static json_t *one_field(const struct form_view *in, const struct field *field,
                         const struct spot *spot, const json_t *values, const json_t *typed)
{
    const json_t *kept = stored(field, values), *new = json_object_get(typed, field->name);
    json_t *view = bare_view(in, field, spot);
    int rc = 0;

    if (!view)
        return NULL;
    if (field->kind == F_OBJECT)
        rc = add_fields(in, field->sub, spot, kept, new, view);
    else if (field->kind == F_LIST)
        rc = add_rows(in, field, spot, kept, new, view);
    else
        add_plain(in, field, spot, kept, new, view);
    if (rc < 0) {
        json_decref(view);
        return NULL;
    }
    return view;
}

/* Puts `fields` and `field` into `to`. */
static int add_fields(const struct form_view *in, const struct field *form, const struct spot *up,
                      const json_t *values, const json_t *typed, json_t *to)
{
    json_t *list = json_array(), *by_name = json_object();

    json_object_set_new(to, "fields", list);
    json_object_set_new(to, "field", by_name);
    for (; form && form->kind != F_END; form++) {
        struct spot spot;
        json_t *view =
            spot_member(&spot, up, form->name) ? one_field(in, form, &spot, values, typed) : NULL;

        if (!view || json_array_append(list, view) < 0 ||
            json_object_set(by_name, form->name, view) < 0) {
            json_decref(view);
            return -1;
        }
        json_decref(view);
    }
    return 0;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* "indicators[0].name" without what stands in brackets. */
static void key_of(const char *name, char *ret, size_t size)
{
    size_t len = 0;

    for (; *name && len + 1 < size; name++) {
        if (*name == '[')
            name += strcspn(name, "]");
        else
            ret[len++] = *name;
        if (!*name)
            break;
    }
    ret[len] = '\0';
}

/* Which row of a list a place is in, from one; "" where it is in none. */
static void row_of(const char *field, char *ret, size_t size)
{
    const char *at = strrchr(field, '[');

    ret[0] = '\0';
    if (at && at[1] >= '0' && at[1] <= '9')
        snprintf(ret, size, "%ld", strtol(at + 1, NULL, 10) + 1);
}

static json_t *summary(const struct form_view *in)
{
    json_t *list = json_array();
    const json_t *error;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)in->errors, i, error)
    {
        const char *field = json_string_value(json_object_get(error, "field"));
        const char *message = json_string_value(json_object_get(error, "message"));
        const char *label = label_text(json_object_get(error, "label"), in->zh);
        char key[PATH_LEN_MAX], id[PATH_LEN_MAX + 2], href[PATH_LEN_MAX + 4], row[24];

        if (!field || !message)
            continue;
        key_of(field, key, sizeof(key));
        if (!label && *key)
            label = sentence(in, "field", key, "");
        spot_id(field, id, sizeof(id));
        row_of(field, row, sizeof(row));
        snprintf(href, sizeof(href), "#%s", id);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "field", field, "label",
                                              label ? label : "", "message", message, "href", href,
                                              "row", row));
    }
    return list;
}

json_t *form_view(const struct form_view *in)
{
    static const struct spot top = { "", "" };
    json_t *view = json_object();

    if (view && (add_fields(in, in->form, &top, in->values, in->typed, view) < 0 ||
                 json_object_set_new(view, "errors", summary(in)) < 0)) {
        json_decref(view);
        return NULL;
    }
    return view;
}
