/* vocab.c - chooses by document frequency; ties go to the older term. */
#include "vocab.h"

#include <math.h>
#include <stdlib.h>

struct chosen {
    uint32_t df, term;
};
struct choice {
    double least, below;
    struct chosen *list;
    size_t n, room;
};

static int choose(void *arg, const struct index *index, uint32_t term)
{
    struct choice *choice = arg;
    uint32_t df = index_df(index, SPACE_W, term);

    if (df < choice->least || df >= choice->below)
        return 0;
    if (choice->n == choice->room) {
        size_t room = choice->room ? 2 * choice->room : 1024;
        struct chosen *list = realloc(choice->list, room * sizeof(*list));

        if (!list)
            return -1;
        choice->list = list;
        choice->room = room;
    }
    choice->list[choice->n++] = (struct chosen){ df, term };
    return 0;
}

static int more_frequent_first(const void *left, const void *right)
{
    const struct chosen *a = left, *b = right;

    if (a->df != b->df)
        return a->df > b->df ? -1 : 1;
    return a->term < b->term ? -1 : a->term > b->term;
}

static int by_term(const void *left, const void *right)
{
    const struct chosen *a = left, *b = right;

    return a->term < b->term ? -1 : a->term > b->term;
}

static float idf(uint32_t texts, uint32_t df)
{
    double n = texts > df ? texts : df; /* df may have grown since `texts` was read */

    return (float)log(1 + (n - df + .5) / (df + .5));
}

struct checking {
    struct vocab *vocab;
    uint32_t next;
};

static int check_term(void *arg, const struct index *index, uint32_t term)
{
    struct checking *checking = arg;
    struct vocab *vocab = checking->vocab;

    if (checking->next < vocab->n && vocab->terms[checking->next] == term)
        vocab->checks[checking->next++] = vocab_check(index, term);
    return 0;
}

static int fill(const struct learner *learner, const struct choice *choice, struct vocab *vocab)
{
    struct checking checking = { .vocab = vocab };

    vocab->n = (uint32_t)choice->n;
    vocab->terms = malloc((choice->n + 1) * sizeof(*vocab->terms));
    vocab->idf = malloc((choice->n + 1) * sizeof(*vocab->idf));
    vocab->checks = malloc((choice->n + 1) * sizeof(*vocab->checks));
    if (!vocab->terms || !vocab->idf || !vocab->checks)
        return -1;
    for (size_t i = 0; i < choice->n; i++) {
        vocab->terms[i] = choice->list[i].term;
        vocab->idf[i] = idf(learner->texts, choice->list[i].df);
    }
    if (vocab_map(vocab) < 0)
        return -1;
    return walk_terms(learner, vocab->n_terms, check_term, &checking);
}

int vocab_make(const struct learner *learner, double least, double below, uint32_t max,
               struct vocab *ret)
{
    struct choice choice = { .least = least, .below = below };
    struct vocab vocab = { 0 };
    uint32_t terms;
    int rc;

    index_read(learner->index);
    terms = index_terms(learner->index, SPACE_W);
    index_done(learner->index);
    rc = walk_terms(learner, terms, choose, &choice);
    if (rc == 0 && choice.n > max) {
        qsort(choice.list, choice.n, sizeof(*choice.list), more_frequent_first);
        choice.n = max;
        qsort(choice.list, choice.n, sizeof(*choice.list), by_term);
    }
    if (rc == 0)
        rc = fill(learner, &choice, &vocab);
    free(choice.list);
    if (rc == 0)
        *ret = vocab;
    else
        vocab_release(&vocab);
    return rc;
}

int vocab_map(struct vocab *vocab)
{
    vocab->n_terms = vocab->n ? vocab->terms[vocab->n - 1] + 1 : 0;
    vocab->rows = malloc(((size_t)vocab->n_terms + 1) * sizeof(*vocab->rows));
    if (!vocab->rows)
        return -1;
    for (uint32_t t = 0; t < vocab->n_terms; t++)
        vocab->rows[t] = NO_ROW;
    for (uint32_t r = 0; r < vocab->n; r++)
        vocab->rows[vocab->terms[r]] = r;
    return 0;
}

void vocab_release(struct vocab *vocab)
{
    free(vocab->terms);
    free(vocab->idf);
    free(vocab->checks);
    free(vocab->rows);
    *vocab = (struct vocab){ 0 };
}

uint32_t vocab_row(const struct vocab *vocab, uint32_t term)
{
    return term < vocab->n_terms ? vocab->rows[term] : NO_ROW;
}

uint32_t vocab_check(const struct index *index, uint32_t term)
{
    size_t len = 0;
    const char *text = index_term_text(index, SPACE_W, term, &len);
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}
