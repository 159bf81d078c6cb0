/* index_case.h - items made by hand: a text is words of ASCII letters, a unit is a letter, a comma
 * ends a segment. */
#ifndef INDEX_CASE_H
#define INDEX_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index.h"

#define CASE_TOKENS 512

struct case_text {
    struct tokens tokens;
    struct token list[N_SPACES][CASE_TOKENS];
    char memory[8 * CASE_TOKENS], *end;
};

static inline void case_add(struct case_text *text, enum space space, const char *term, size_t len,
                            uint32_t pos)
{
    struct token *token = &text->list[space][text->tokens.n[space]++];

    assert_true(text->tokens.n[space] <= CASE_TOKENS);
    *token = (struct token){ .term = text->end, .len = (uint32_t)len, .pos = pos };
    memcpy(text->end, term, len);
    text->end[len] = '\0';
    text->end += len + 1;
}

static inline void case_cut(struct case_text *text, const char *from)
{
    uint32_t pos = 0;
    bool inside = false;

    memset(text, 0, sizeof(*text));
    text->end = text->memory;
    for (enum space s = 0; s < N_SPACES; s++)
        text->tokens.list[s] = text->list[s];
    while (*from) {
        size_t len = 0;

        for (; isalnum((unsigned char)from[len]); len++) {
            case_add(text, SPACE_U, from + len, 1, pos + (uint32_t)len);
            if (len > 0) {
                case_add(text, SPACE_B, from + len - 1, 2, pos + (uint32_t)len - 1);
            } else if (inside) {
                const struct token *u = text->list[SPACE_U] + text->tokens.n[SPACE_U] - 2;
                char pair[2] = { u->term[0], *from };

                case_add(text, SPACE_B, pair, 2, pos - 1);
            }
        }
        if (len > 0) {
            case_add(text, SPACE_W, from, len, pos);
            text->tokens.words++;
            pos += (uint32_t)len;
            inside = true;
            from += len;
        } else {
            if (*from == ',') {
                pos += inside;
                inside = false;
            }
            from++;
        }
    }
}

/* An id from a number. */
static inline void case_id(uint8_t ret[16], uint32_t number)
{
    memset(ret, 0, 16);
    memcpy(ret, &number, sizeof(number));
}

static inline struct item case_item(uint32_t number, const char *title, const char *body)
{
    static const char *const scopes[] = { "public" };
    struct item item = { .kind = KIND_ITEM,
                         .version = 1,
                         .field = { title, "", body },
                         .name = "",
                         .division = "",
                         .state = "",
                         .level = "",
                         .scopes = scopes,
                         .n_scopes = 1 };

    case_id(item.id, number);
    return item;
}

static inline int case_put(struct index *index, const struct item *item)
{
    struct case_text *text = calloc(N_FIELDS, sizeof(*text));
    struct tokens tokens[N_FIELDS];
    int result;

    assert_non_null(text);
    for (unsigned f = 0; f < N_FIELDS; f++) {
        case_cut(&text[f], item->field[f]);
        tokens[f] = text[f].tokens;
    }
    result = index_put(index, item, tokens);
    free(text);
    return result;
}

static inline void case_write(struct index *index, uint32_t number, const char *body)
{
    struct item item = case_item(number, "", body);

    assert_int_equal(case_put(index, &item), 0);
}

static inline void case_remove(struct index *index, uint32_t number)
{
    uint8_t id[16];

    case_id(id, number);
    assert_int_equal(index_remove(index, id, INT64_MAX), 0);
}

static inline uint32_t case_find(const struct index *index, uint32_t number)
{
    uint8_t id[16];

    case_id(id, number);
    return index_find(index, id);
}

static inline uint32_t case_term(const struct index *index, enum space space, const char *term)
{
    return index_term(index, space, term, strlen(term));
}

static inline uint32_t case_df(const struct index *index, enum space space, const char *term)
{
    return index_df(index, space, case_term(index, space, term));
}

/* The item's term frequency of a term, by its forward record. */
static inline float case_tf(const struct index *index, enum space space, uint32_t slot,
                            const char *term)
{
    struct posting list[CASE_TOKENS];
    size_t n = index_forward(index, space, slot, list, CASE_TOKENS);
    uint32_t wanted = case_term(index, space, term);

    for (size_t i = 0; i < n; i++)
        if (list[i].term == wanted)
            return list[i].tf;
    return 0;
}

/* Words of three letters, the first ones far more often than the last. */
static inline uint32_t case_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static inline void case_random_text(uint32_t *seed, unsigned words, char *ret)
{
    for (unsigned i = 0; i < words; i++) {
        uint32_t range = 1u << (case_random(seed) % 9 + 1), word = case_random(seed) % range;

        ret += sprintf(ret, "%c%c%c%s", 'a' + (int)(word % 8), 'a' + (int)(word / 8 % 8),
                       'a' + (int)(word / 64), case_random(seed) % 6 == 0 ? ", " : " ");
    }
}

static inline int case_new(void **state)
{
    *state = index_new();
    return *state ? 0 : -1;
}

static inline int case_free(void **state)
{
    index_free(*state);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, case_new, case_free)

#endif
