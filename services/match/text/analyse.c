/* analyse.c - a text through all stages, and its tokens handed over in the caller's arena.
 *
 * The words of ICU are the base of space W. A number with its unit, a code, a kept term is a token
 * in addition to the words it spans, so that neither way of matching is lost; `words` counts the
 * base alone. At the same place the longer token comes first. */
#include <string.h>

#include "parts.h"

static int add(struct text_scratch *scratch, enum space space, struct term_at term, uint32_t begin,
               uint32_t end, uint32_t pos)
{
    struct drafts *drafts = &scratch->drafts[space];

    if (term.len == 0)
        return 0;
    if (scratch_grow(&drafts->list, &drafts->room, drafts->n + 1, sizeof(*drafts->list)) < 0)
        return -1;
    drafts->list[drafts->n++] = (struct draft){
        .term = term,
        .from = scratch->text.from[begin],
        .to = scratch->text.to[end - 1],
        .pos = pos,
    };
    return 0;
}

static int add_text(struct text_scratch *scratch, enum space space, const char *bytes, size_t len,
                    uint32_t begin, uint32_t end, uint32_t pos)
{
    struct term_at term;

    if (scratch_term(scratch, bytes, len, &term) < 0)
        return -1;
    return add(scratch, space, term, begin, end, pos);
}

static int draft_units(struct text_scratch *scratch)
{
    char term[TEXT_TERM_MAX + 1];

    for (size_t i = 0; i < scratch->n_units; i++) {
        const struct unit *unit = &scratch->units[i];

        if (add(scratch, SPACE_U, unit->term, unit->begin, unit->end, unit->pos) < 0)
            return -1;
        if (i + 1 == scratch->n_units || unit[1].pos != unit->pos + 1)
            continue;
        size_t len = text_join(scratch, i, 2, term);

        if (add_text(scratch, SPACE_B, term, len, unit->begin, unit[1].end, unit->pos) < 0)
            return -1;
    }
    return 0;
}

/* The kept term that begins at a unit; `*next` is the first unit that is still free. */
static int draft_kept(const struct analyser *analyser, struct text_scratch *scratch,
                      const struct word *word, size_t unit, size_t *next)
{
    const struct unit *first = &scratch->units[unit];
    const char *term;
    size_t len, n;

    if (unit < *next || !(n = analyser_kept(analyser, scratch, unit, &term, &len)))
        return 0;
    *next = unit + n;
    if (analyser_stops(analyser, term, len) || (unit == word->unit && n == word->n_units))
        return 0;
    return add_text(scratch, SPACE_W, term, len, first->begin, first[n - 1].end, first->pos);
}

/* One word: what is longer and begins with it, itself, what begins inside it. */
static int draft_word(const struct analyser *analyser, struct text_scratch *scratch,
                      const struct word *word, size_t *next)
{
    if (draft_kept(analyser, scratch, word, word->unit, next) < 0)
        return -1;
    if (!word->stop && !analyser_stops(analyser, scratch->bytes + word->term.at, word->term.len) &&
        add(scratch, SPACE_W, word->term, word->begin, word->end, scratch->units[word->unit].pos) <
            0)
        return -1;
    for (size_t i = word->unit + 1; i < word->unit + word->n_units; i++)
        if (draft_kept(analyser, scratch, word, i, next) < 0)
            return -1;
    return 0;
}

static int draft_words(const struct analyser *analyser, struct text_scratch *scratch)
{
    size_t free_word = 0, free_unit = 0;

    for (size_t i = 0; i < scratch->n_words; i++) {
        const struct word *word = &scratch->words[i];
        struct whole whole;

        if (i >= free_word && text_whole(scratch, i, &whole)) {
            free_word = i + whole.n_words;
            if (!analyser_stops(analyser, whole.term, whole.len) &&
                add_text(scratch, SPACE_W, whole.term, whole.len, whole.begin, whole.end,
                         scratch->units[word->unit].pos) < 0)
                return -1;
        }
        if (draft_word(analyser, scratch, word, &free_unit) < 0)
            return -1;
    }
    return 0;
}

static int hand_over(struct text_scratch *scratch, struct arena *arena, struct tokens *ret)
{
    struct tokens tokens = { .words = scratch->n_words };
    size_t n = 0;

    for (size_t s = 0; s < N_SPACES; s++)
        n += scratch->drafts[s].n;
    char *bytes = arena_dup(arena, scratch->bytes ? scratch->bytes : "", scratch->n_bytes);
    struct token *list = arena_alloc(arena, (n + 1) * sizeof(*list));

    if (!bytes || !list)
        return -1;
    for (size_t s = 0; s < N_SPACES; s++) {
        const struct drafts *drafts = &scratch->drafts[s];

        tokens.list[s] = list;
        tokens.n[s] = drafts->n;
        for (size_t i = 0; i < drafts->n; i++) {
            const struct draft *draft = &drafts->list[i];

            *list++ = (struct token){ bytes + draft->term.at, draft->term.len, draft->from,
                                      draft->to, draft->pos };
        }
    }
    *ret = tokens;
    return 0;
}

int text_analyse(const struct analyser *analyser, struct text_scratch *scratch, struct arena *arena,
                 const char *text, size_t len, struct tokens *ret)
{
    for (size_t s = 0; s < N_SPACES; s++)
        scratch->drafts[s].n = 0;
    if (text_fold(scratch, text, len) < 0 || text_cut(scratch) < 0 ||
        draft_words(analyser, scratch) < 0 || draft_units(scratch) < 0)
        return -1;
    return hand_over(scratch, arena, ret);
}
