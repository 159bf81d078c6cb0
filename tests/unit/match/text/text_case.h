/* text_case.h - a text through the analyser, and its terms on one line. */
#ifndef TEXT_CASE_H
#define TEXT_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

struct text_case {
    struct analyser *analyser;
    struct text_scratch *scratch;
    struct arena arena;
};

static inline int text_case_with(void **state, const struct term_row *rows, size_t n)
{
    struct text_case *self = calloc(1, sizeof(*self));
    const char *why;

    if (!self)
        return -1;
    *state = self;
    self->analyser = analyser_new(rows, n, &why);
    self->scratch = text_scratch_new();
    return self->analyser && self->scratch ? 0 : -1;
}

static inline int text_case_setup(void **state)
{
    return text_case_with(state, NULL, 0);
}

static inline int text_case_teardown(void **state)
{
    struct text_case *self = *state;

    arena_release(&self->arena);
    analyser_free(self->analyser);
    text_scratch_free(self->scratch);
    free(self);
    return 0;
}

static inline struct tokens text_case_tokens(struct text_case *self, const char *text)
{
    struct tokens tokens;

    assert_int_equal(
        text_analyse(self->analyser, self->scratch, &self->arena, text, strlen(text), &tokens), 0);
    return tokens;
}

/* The terms of a space with | between. */
static inline const char *text_case_line(struct text_case *self, enum space space, const char *text)
{
    struct tokens tokens = text_case_tokens(self, text);
    size_t room = 1;

    for (size_t i = 0; i < tokens.n[space]; i++)
        room += tokens.list[space][i].len + 1;
    char *line = arena_alloc(&self->arena, room);

    assert_non_null(line);
    for (size_t i = 0; i < tokens.n[space]; i++) {
        if (i > 0)
            strcat(line, "|");
        strcat(line, tokens.list[space][i].term);
    }
    return line;
}

#define assert_terms(self, space, text, line)                                                      \
    assert_string_equal(text_case_line(self, space, text), line)

#define text_test(name) cmocka_unit_test_setup_teardown(name, text_case_setup, text_case_teardown)

#endif
