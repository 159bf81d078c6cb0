/* problem.c - see problem.h. */
#include "problem.h"

#include <stdint.h>
#include <string.h>

#include "moment.h"
#include "must.h"

const struct problem problems[] = {
#define PROBLEM(slug, status, zh, en) { #slug, status, zh, en },
#include "problems.def"
#undef PROBLEM
};
const size_t n_problems = COUNT_OF(problems);

const struct problem *problem_find(const char *slug)
{
    for (size_t i = 0; i < n_problems; i++)
        if (strcmp(problems[i].slug, slug) == 0)
            return &problems[i];
    return NULL;
}

/* A time reads as in China, to the minute; anything else is as it is. */
static void add_text(struct buf *out, const char *text)
{
    struct moment at;
    size_t len = strlen(text);

    if (len > 10 && text[10] == 'T' && moment_read(text, len, &at))
        buf_addf(out, "%04d-%02d-%02d %02d:%02d", at.year, at.month, at.mday, at.hour, at.minute);
    else
        buf_adds(out, text);
}

/* Several texts stand beside each other; the mark between them is at home in both languages. */
static void add_value(struct buf *out, const json_t *value)
{
    const json_t *one;
    char *text;
    size_t i;

    if (json_is_string(value)) {
        add_text(out, json_string_value(value));
        return;
    }
    if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
        json_array_foreach((json_t *)(uintptr_t)value, i, one)
        {
            buf_adds(out, i > 0 ? " / " : "");
            add_text(out, json_is_string(one) ? json_string_value(one) : "");
        }
        return;
    }
    text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        buf_adds(out, text);
    free(text);
}

void problem_sentence(struct buf *out, const char *sentence, const json_t *params)
{
    const char *open, *close;
    const json_t *value;

    while ((open = strchr(sentence, '{')) && (close = strchr(open, '}'))) {
        buf_add(out, sentence, (size_t)(open - sentence));
        value = json_object_getn(params, open + 1, (size_t)(close - open - 1));
        if (value)
            add_value(out, value);
        else
            buf_add(out, open, (size_t)(close - open) + 1);
        sentence = close + 1;
    }
    buf_adds(out, sentence);
}
