/* expr.c - "path | filter arg 'arg' $path @key | …": read once, worked out at each rendering. */
#include "filters.h"

#include <string.h>

/* The next word of an expression: up to a blank or `|`, or what quotes hold. */
struct words {
    const char *at, *end;
    bool unclosed;
};

static bool next_word(struct words *words, struct span *ret, char *ret_first)
{
    while (words->at < words->end && strchr(" \t\r\n", *words->at))
        words->at++;
    if (words->at == words->end)
        return false;
    *ret_first = *words->at;
    if (*words->at == '|') {
        *ret = (struct span){ words->at++, 1 };
        return true;
    }
    if (*words->at == '\'' || *words->at == '"') {
        const char *begin = words->at + 1;
        const char *end = memchr(begin, *words->at, (size_t)(words->end - begin));

        words->unclosed = words->unclosed || !end;
        end = end ? end : words->end;
        *ret = (struct span){ begin, (size_t)(end - begin) };
        words->at = end < words->end ? end + 1 : end;
        return true;
    }

    const char *begin = words->at;

    while (words->at < words->end && !strchr(" \t\r\n|", *words->at))
        words->at++;
    *ret = (struct span){ begin, (size_t)(words->at - begin) };
    return true;
}

static bool read_path(struct arena *arena, struct span text, struct path *ret)
{
    char *copy = arena_dup(arena, text.at, text.len);
    size_t count = 1;

    *ret = (struct path){ 0 };
    if (!copy)
        return false;
    if (strcmp(copy, ".") == 0)
        return true;
    for (const char *at = copy; *at; at++)
        count += *at == '.';
    ret->names = arena_alloc(arena, count * sizeof(*ret->names));
    if (!ret->names)
        return false;
    for (char *name = copy, *dot; ret->count < count; name = dot + 1) {
        ret->names[ret->count++] = name;
        dot = strchr(name, '.');
        if (!dot)
            break;
        *dot = '\0';
    }
    return true;
}

static bool read_term(struct arena *arena, struct span word, char sigil, struct term *ret)
{
    bool path = sigil == '$';
    const char *text;

    *ret = (struct term){ 0 };
    if (path || sigil == '@') {
        ret->kind = path ? TERM_PATH : TERM_SENTENCE;
        word.at++;
        word.len--;
        if (path)
            return read_path(arena, word, &ret->path);
    } else {
        ret->kind = TERM_TEXT;
    }
    text = arena_dup(arena, word.at, word.len);
    ret->text = (struct span){ text, word.len };
    return text != NULL;
}

/* The filter after a `|` with its arguments. */
static bool read_call(struct arena *arena, struct words *words, struct call *call,
                      const char **ret_fault)
{
    struct term args[ARGS_MAX];
    struct words before;
    struct span word;
    char first;

    if (!next_word(words, &word, &first) || first == '|') {
        *ret_fault = "a filter is missing in";
        return false;
    }
    call->filter = filter_find(word);
    if (!call->filter) {
        *ret_fault = "there is no such filter in";
        return false;
    }
    for (before = *words; next_word(words, &word, &first) && first != '|'; before = *words) {
        if (call->count == ARGS_MAX || call->count == call->filter->most) {
            *ret_fault = "a filter has too many arguments in";
            return false;
        }
        if (!read_term(arena, word, first, &args[call->count++]))
            return false;
    }
    *words = before; /* a `|` begins the next filter */
    if (call->count < call->filter->least) {
        *ret_fault = "a filter lacks arguments in";
        return false;
    }
    if (call->count > 0) {
        call->args = arena_alloc(arena, call->count * sizeof(*call->args));
        if (!call->args)
            return false;
        memcpy(call->args, args, call->count * sizeof(*call->args));
    }
    return true;
}

bool expr_read(struct arena *arena, struct span text, struct expr *ret, struct span *ret_name,
               const char **ret_fault)
{
    struct words words = { text.at, text.at + text.len, false };
    struct call **tail = &ret->calls;
    struct span word;
    char first;

    *ret = (struct expr){ 0 };
    *ret_fault = NULL;
    if (!next_word(&words, ret_name, &first) || first == '|' || first == '\'' || first == '"') {
        *ret_fault = "a name is missing in";
        return false;
    }
    if (first == '@' ? !read_term(arena, *ret_name, '@', &ret->head)
                     : !read_path(arena, *ret_name, &ret->head.path))
        return false;
    while (next_word(&words, &word, &first)) {
        struct call *call = arena_alloc(arena, sizeof(*call));

        if (!call)
            return false;
        if (first != '|') {
            *ret_fault = "a name holds a blank, or a `|` is missing:";
            return false;
        }
        if (!read_call(arena, &words, call, ret_fault))
            return false;
        *tail = call;
        tail = &call->next;
    }
    if (words.unclosed)
        *ret_fault = "a quote is not closed in";
    return !words.unclosed;
}

/* The first name is looked for from the innermost context outwards; the rest must follow. A number
 * has no members: the `page` of a list, which is its number, does not hide the page itself. */
static struct value path_value(const struct render *render, const struct path *path)
{
    if (path->count == 0)
        return render->stack[render->depth - 1];
    for (size_t i = render->depth; i-- > 0;) {
        const json_t *found = json_object_get(render->stack[i].json, path->names[0]);

        if (found && (path->count == 1 || !json_is_number(found)))
            return value_of(json_at(found, path, 1));
    }
    return NOTHING;
}

static struct value term_value(struct render *render, const struct term *term)
{
    switch (term->kind) {
    case TERM_PATH:
        return path_value(render, &term->path);
    case TERM_SENTENCE:
        return value_sentence(render, term->sentence);
    case TERM_TEXT:
    default:
        return value_span(term->text.at, term->text.len);
    }
}

struct value expr_value(struct render *render, const struct expr *expr)
{
    struct value value = term_value(render, &expr->head);
    struct value args[ARGS_MAX];

    for (const struct call *call = expr->calls; call; call = call->next) {
        for (size_t i = 0; i < call->count; i++)
            args[i] = term_value(render, &call->args[i]);
        value = call->filter->run(render, value, args, call->count);
    }
    return value;
}
