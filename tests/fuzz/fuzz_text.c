/* A text of any bytes on its way to terms: every token stands where it says, in order, and is one
 * that the index can take. The first byte chooses an analyser, with a term list or without. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Set once, before the first input. */
static struct {
    struct analyser *plain, *listed;
    struct text_scratch *scratch;
} made;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct term_row rows[] = {
        { TERM_KEEP, "离子电池", NULL, 0 },       { TERM_KEEP, "a b", NULL, 0 },
        { TERM_STOP, "电池", NULL, 0 },           { TERM_STOP, "4h-sic", NULL, 0 },
        { TERM_SYNONYM, "碳化硅", "a b c", 0.5 }, { TERM_SYNONYM, "4H-SiC", "八", 0.5 },
    };
    const char *why;

    (void)argc;
    (void)argv;
    made.plain = analyser_new(NULL, 0, &why);
    made.listed = analyser_new(rows, COUNT_OF(rows), &why);
    made.scratch = text_scratch_new();
    if (!made.plain || !made.listed || !made.scratch)
        abort();
    return 0;
}

static void check(int holds)
{
    if (!holds)
        abort();
}

static void check_token(const struct token *token, const struct token *before, size_t size)
{
    check(token->len > 0 && token->len <= TEXT_TERM_MAX);
    check(strlen(token->term) == token->len);
    check(utf8_valid(token->term, token->len) == token->len);
    check(token->from < token->to && token->to <= size);
    if (before)
        check(token->from >= before->from && token->pos >= before->pos);
}

static void check_space(const struct tokens *tokens, enum space space, size_t size)
{
    const struct token *list = tokens->list[space];

    for (size_t i = 0; i < tokens->n[space]; i++) {
        check_token(&list[i], i ? &list[i - 1] : NULL, size);
        /* Units stand one by one; a pair is one and the next. */
        if (i && space != SPACE_W)
            check(list[i].pos > list[i - 1].pos);
    }
}

/* A pair begins with a unit and ends with the next; any two that stand together are one. */
static void check_pairs(const struct tokens *tokens)
{
    const struct token *unit = tokens->list[SPACE_U], *pair = tokens->list[SPACE_B];
    size_t n = 0;

    for (size_t i = 0; i + 1 < tokens->n[SPACE_U]; i++) {
        if (unit[i + 1].pos != unit[i].pos + 1)
            continue;
        check(n < tokens->n[SPACE_B]);
        check(pair[n].pos == unit[i].pos && pair[n].from == unit[i].from);
        check(pair[n++].to == unit[i + 1].to);
    }
    check(n == tokens->n[SPACE_B]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct tokens tokens;
    const char *text = (const char *)data + 1, *initials, *normal;

    if (size == 0)
        return -1;
    size--;
    check(text_analyse(data[0] & 1 ? made.listed : made.plain, made.scratch, &arena, text, size,
                       &tokens) == 0);
    for (enum space space = 0; space < N_SPACES; space++)
        check_space(&tokens, space, size);
    check_pairs(&tokens);
    check(tokens.words <= tokens.n[SPACE_U]);

    normal = text_normalise(made.scratch, &arena, text, size);
    check(normal != NULL);
    const char *name = arena_dup(&arena, text, size < 80 ? size : 80);

    check(text_pinyin(made.scratch, &arena, name, &initials) != NULL);
    check(utf8_valid(initials, strlen(initials)) == strlen(initials));
    arena_release(&arena);
    return 0;
}
