/* passages.c - the sentences of a record that answer the question, with the words marked. */
#include <string.h>

#include "ask.h"
#include "params.h"
#include "sentence.h"

#define PASSAGES_MAX 3
#define PASSAGE_BYTES 360

struct sentence {
    uint32_t from, to; /* bytes */
    size_t first, end; /* tokens of space W */
    double worth;
};

static double worth_of_token(const struct ask_state *ask, const struct asked *asked,
                             const struct token *token)
{
    uint32_t term = index_term(ask->index, SPACE_W, token->term, token->len);
    double best = 0;
    size_t n = 0;
    const struct credit *c = term == NO_TERM ? NULL : asked_credits(asked, term, &n);

    for (; n > 0; n--, c++) {
        double worth = c->worth * asked->words[c->word].idf;

        if (c->worth >= params.mark_worth && worth > best)
            best = worth;
    }
    return best;
}

/* Every sentence once, with what its different words are worth together. */
static size_t weigh_sentences(const struct ask_state *ask, const struct asked *asked,
                              const char *text, const struct tokens *tokens, struct sentence *list,
                              size_t max)
{
    const struct token *words = tokens->list[SPACE_W];
    size_t n = 0, word = 0;
    uint32_t from = 0;

    while (text[from] && n < max) {
        struct sentence *s = &list[n++];

        *s = (struct sentence){ .from = from,
                                .to = (uint32_t)sentence_end(text, from),
                                .first = word };
        while (word < tokens->n[SPACE_W] && words[word].from < s->to) {
            s->worth += worth_of_token(ask, asked, &words[word]);
            word++;
        }
        s->end = word;
        from = s->to;
    }
    return n;
}

static size_t utf8_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* Copies the sentence, or of a long one the part around its first mark. */
static int tell_sentence(const struct ask_state *ask, const struct asked *asked, const char *text,
                         const struct tokens *tokens, const struct sentence *s, struct passage *ret)
{
    const struct token *words = tokens->list[SPACE_W];
    size_t from = s->from, to = s->to, i = s->first;

    while (i < s->end && worth_of_token(ask, asked, &words[i]) <= 0)
        i++;
    if (to - from > PASSAGE_BYTES) {
        size_t mark = i < s->end ? words[i].from : from;

        from = mark - from > PASSAGE_BYTES / 4 ? utf8_start(text, mark - PASSAGE_BYTES / 4) : from;
        to = to - from > PASSAGE_BYTES ? utf8_start(text, from + PASSAGE_BYTES) : to;
    }
    ret->text = arena_dup(ask->arena, text + from, to - from);
    if (!ret->text)
        return -1;
    for (; i < s->end && words[i].to <= to; i++)
        if (words[i].from >= from && worth_of_token(ask, asked, &words[i]) > 0 &&
            ret->n_marks < sizeof(ret->marks) / sizeof(ret->marks[0])) {
            ret->marks[ret->n_marks].from = words[i].from - (uint32_t)from;
            ret->marks[ret->n_marks++].to = words[i].to - (uint32_t)from;
        }
    return 0;
}

static int best_sentence(struct ask_state *ask, const struct asked *asked, uint32_t slot,
                         enum field field, struct passage *ret, size_t *ret_n)
{
    enum { SENTENCES_MAX = 64 };
    const char *text = index_text(ask->index, ask->arena, slot, field);
    struct sentence list[SENTENCES_MAX];
    struct tokens tokens;
    const struct sentence *best = NULL;

    if (!text ||
        text_analyse(ask->analyser, ask->scratch, ask->arena, text, strlen(text), &tokens) < 0)
        return -1;
    size_t n = weigh_sentences(ask, asked, text, &tokens, list, SENTENCES_MAX);
    for (size_t i = 0; i < n; i++)
        if (list[i].worth > 0 && (!best || list[i].worth > best->worth))
            best = &list[i];
    if (!best)
        return 0;
    ret->field = field;
    (*ret_n)++;
    return tell_sentence(ask, asked, text, &tokens, best, ret);
}

int passages_of(struct ask_state *ask, const struct asked *asked, uint32_t slot,
                struct passage **ret, size_t *ret_n)
{
    struct passage *list = arena_alloc(ask->arena, PASSAGES_MAX * sizeof(*list));
    size_t n = 0;

    if (!list)
        return -1;
    for (int f = 0; f < N_FIELDS; f++)
        if (best_sentence(ask, asked, slot, (enum field)f, &list[n], &n) < 0)
            return -1;
    *ret = list;
    *ret_n = n;
    return 0;
}
