/* asked.c - words, credits and vectors of a question; its units, pairs and pieces are in grams.c.
 * */
#include "asked.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grams.h"
#include "params.h"

double idf_of(const struct index *index, double texts, enum space space, uint32_t term)
{
    double df = term == NO_TERM ? 0 : index_df(index, space, term);

    if (df > texts)
        df = texts;
    return log1p((texts - df + .5) / (df + .5));
}

/* Equal words are one word that is asked several times. */
static int collect_words(struct asked *asked, struct arena *arena,
                         const struct tokens fields[N_FIELDS], uint32_t **ret_word_of[N_FIELDS])
{
    size_t n = 0;
    struct table seen;

    for (int f = 0; f < N_FIELDS; f++)
        n += fields[f].n[SPACE_W];
    asked->words = arena_alloc(arena, (n + 1) * sizeof(*asked->words));
    if (!asked->words || table_init(&seen, arena, n) < 0)
        return -1;
    for (int f = 0; f < N_FIELDS; f++) {
        uint32_t *word_of = arena_alloc(arena, (fields[f].n[SPACE_W] + 1) * sizeof(*word_of));

        if (!word_of)
            return -1;
        for (size_t i = 0; i < fields[f].n[SPACE_W]; i++) {
            const struct token *token = &fields[f].list[SPACE_W][i];
            uint32_t *at = table_at(&seen, gram_key(token->term, token->len));

            if (*at == TABLE_NONE) {
                *at = (uint32_t)asked->n_words;
                asked->words[asked->n_words++] =
                    (struct asked_word){ .text = token->term,
                                         .term = index_term(asked->index, SPACE_W, token->term,
                                                            token->len) };
            }
            asked->words[*at].times += 1;
            word_of[i] = *at;
        }
        *ret_word_of[f] = word_of;
        asked->length += (double)fields[f].words;
    }
    return 0;
}

static void weigh_words(struct asked *asked)
{
    double norm = 0;

    for (size_t i = 0; i < asked->n_words; i++) {
        struct asked_word *word = &asked->words[i];

        word->idf = (float)idf_of(asked->index, asked->texts, SPACE_W, word->term);
        word->weight = word->times * word->idf;
        word->cosine = (1 + logf(word->times)) * word->idf;
        asked->words_weight += word->weight;
        norm += (double)word->cosine * word->cosine;
    }
    for (size_t i = 0; norm > 0 && i < asked->n_words; i++)
        asked->words[i].cosine = (float)(asked->words[i].cosine / sqrt(norm));
}

struct given {
    uint32_t term; /* of the library */
    struct credit credit;
};

static void give_credit(struct asked *asked, struct given *given, uint32_t term, uint32_t word,
                        double worth, enum via via)
{
    given[asked->n_credits++] =
        (struct given){ term,
                        { .word = word & 0x3fffffff, .via = via & 3, .worth = (float)worth } };
    asked->credited[term / 64].bits |= 1ull << term % 64;
}

/* The credits of one library word together, the last given first. */
static int sort_credits(struct asked *asked, struct arena *arena, const struct given *given)
{
    size_t words = index_terms(asked->index, SPACE_W) / 64 + 1;
    uint32_t n = 0, *from;

    for (size_t i = 0; i < words; i++) {
        asked->credited[i].before = n;
        n += (uint32_t)__builtin_popcountll(asked->credited[i].bits);
    }
    asked->credits = arena_alloc(arena, (asked->n_credits + 1) * sizeof(*asked->credits));
    asked->credit_from = from = arena_alloc(arena, (n + 2) * sizeof(*from));
    if (!asked->credits || !from)
        return -1;
    /* Counted one place too far; what is put in moves each to its beginning. */
    for (size_t i = 0; i < asked->n_credits; i++) {
        const struct credited *word = &asked->credited[given[i].term / 64];

        from[word->before + 2 +
             (uint32_t)__builtin_popcountll(word->bits & ((1ull << given[i].term % 64) - 1))]++;
    }
    for (uint32_t i = 2; i < n + 2; i++)
        from[i] += from[i - 1];
    for (size_t i = asked->n_credits; i-- > 0;) {
        const struct credited *word = &asked->credited[given[i].term / 64];
        uint32_t at =
            word->before + 1 +
            (uint32_t)__builtin_popcountll(word->bits & ((1ull << given[i].term % 64) - 1));

        asked->credits[from[at]++] = given[i].credit;
    }
    return 0;
}

/* A rare word must not be answered by a common one for the full price. */
static double worth_of(const struct asked *asked, const struct asked_word *word, uint32_t other,
                       double likeness)
{
    double idf = idf_of(asked->index, asked->texts, SPACE_W, other);

    if (idf >= word->idf || word->idf <= 0)
        return likeness;
    return likeness * pow(idf / word->idf, params.soft_rarity);
}

static int collect_credits(struct asked *asked, struct arena *arena,
                           const struct analyser *analyser)
{
    size_t n = asked->n_words;

    for (size_t i = 0; i < asked->n_words; i++) {
        const struct neighbour *near;
        const struct synonym *synonyms;

        n += analyser_synonyms(analyser, asked->words[i].text, &synonyms);
        if (asked->words[i].term != NO_TERM)
            n += model_neighbours(asked->model, asked->words[i].term, &near);
    }
    struct given *given = arena_alloc(arena, (n + 1) * sizeof(*given));

    asked->credited = arena_alloc(arena, (index_terms(asked->index, SPACE_W) / 64 + 1) *
                                             sizeof(*asked->credited));
    if (!given || !asked->credited)
        return -1;
    for (uint32_t i = 0; i < asked->n_words; i++) {
        struct asked_word *word = &asked->words[i];
        const struct neighbour *near;
        const struct synonym *synonyms;
        size_t n_synonyms = analyser_synonyms(analyser, word->text, &synonyms);

        if (word->term != NO_TERM)
            give_credit(asked, given, word->term, i, 1, VIA_SAME);
        for (size_t j = 0; j < n_synonyms; j++) {
            uint32_t term =
                index_term(asked->index, SPACE_W, synonyms[j].term, strlen(synonyms[j].term));

            if (term != NO_TERM)
                give_credit(asked, given, term, i, synonyms[j].weight, VIA_SYNONYM);
        }
        size_t n_near =
            word->term == NO_TERM ? 0 : model_neighbours(asked->model, word->term, &near);
        for (size_t j = 0; j < n_near; j++)
            give_credit(asked, given, near[j].term, i,
                        worth_of(asked, word, near[j].term, near[j].cos), VIA_ALIKE);
    }
    return sort_credits(asked, arena, given);
}

static bool is_known(const float *vector, int n)
{
    for (int i = 0; i < n; i++)
        if (vector[i] != 0)
            return true;
    return false;
}

static int fold(struct asked *asked, struct arena *arena)
{
    int wv = model_word_dims(asked->model), lsa = model_lsa_dims(asked->model);
    struct posting *bag = arena_alloc(arena, (asked->n_words + 1) * sizeof(*bag));
    size_t n = 0;

    asked->wv = arena_alloc(arena, (size_t)(wv + 1) * sizeof(float));
    asked->lsa = arena_alloc(arena, (size_t)(lsa + 1) * sizeof(float));
    if (!bag || !asked->wv || !asked->lsa)
        return -1;
    for (size_t i = 0; i < asked->n_words; i++)
        if (asked->words[i].term != NO_TERM)
            bag[n++] = (struct posting){ asked->words[i].term, asked->words[i].times };
    model_fold(asked->model, asked->index, bag, n, asked->wv, asked->lsa);
    asked->has_wv = is_known(asked->wv, wv);
    asked->has_lsa = is_known(asked->lsa, lsa);
    return 0;
}

int asked_make(struct asked *asked, struct arena *arena, const struct analyser *analyser,
               const struct index *index, struct model *model, const struct tokens fields[N_FIELDS])
{
    uint32_t *word_of[N_FIELDS];
    uint32_t **ret_word_of[N_FIELDS] = { &word_of[0], &word_of[1], &word_of[2] };

    memset(asked, 0, sizeof(*asked));
    asked->index = index;
    asked->model = model;
    asked->texts = index_texts(index, 0);
    if (collect_words(asked, arena, fields, ret_word_of) < 0)
        return -1;
    weigh_words(asked);
    if (collect_credits(asked, arena, analyser) < 0 || fold(asked, arena) < 0)
        return -1;
    return grams_collect(asked, arena, fields, word_of);
}

void asked_aim(struct asked *asked, unsigned kinds)
{
    double average[N_SPACES], words = index_average_words(asked->index, kinds);
    bool same = words == asked->average_words;

    for (int s = 0; s < N_SPACES; s++) {
        average[s] = index_average(asked->index, (enum space)s, kinds);
        same = same && average[s] == asked->average[s];
    }
    if (same)
        return; /* what was scored still holds */
    memcpy(asked->average, average, sizeof(average));
    asked->average_words = words;
    asked->scored = (struct scored){ 0 };
}

static int heavier(const void *a, const void *b)
{
    const struct lookup *left = a, *right = b;

    return (left->weight < right->weight) - (left->weight > right->weight);
}

static size_t add_grams(struct lookup *list, const struct grams *grams, enum space space,
                        double weight)
{
    size_t n = 0;

    for (size_t i = 0; i < grams->n; i++)
        if (grams->list[i].term != NO_TERM)
            list[n++] = (struct lookup){ space, grams->list[i].term,
                                         (float)(weight * grams->list[i].weight) };
    return n;
}

size_t asked_lookups(const struct asked *asked, struct arena *arena, struct lookup **ret)
{
    size_t room = asked->n_credits + asked->units.n + asked->pairs.n, n = 0;
    struct lookup *list = arena_alloc(arena, (room + 1) * sizeof(*list));

    *ret = list;
    if (!list)
        return 0;
    for (size_t i = 0; i < asked->n_words; i++) {
        const struct asked_word *word = &asked->words[i];
        double times = grams_damped(word->times);

        if (word->term != NO_TERM)
            list[n++] = (struct lookup){ SPACE_W, word->term, (float)(times * word->idf) };
    }
    n += add_grams(list + n, &asked->units, SPACE_U, params.top_u);
    n += add_grams(list + n, &asked->pairs, SPACE_B, params.top_b);
    qsort(list, n, sizeof(*list), heavier);
    return n < (size_t)params.top_terms ? n : (size_t)params.top_terms;
}
