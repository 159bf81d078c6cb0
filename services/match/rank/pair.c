/* pair.c - see pair.h.
 *
 *   word likeness  max( max(0, cos)^3, .9 Dice of the characters )
 *   soft(a -> b)   mean of each word's best likeness in b, by idf^1.5
 *   s              ( min(soft(a -> b), soft(b -> a)) + cosU + .5 wv ) / 2.5
 *   likeness       s^(1 + 3/L), L the mean number of different words of both
 *
 * The smaller of both directions, since a short text that is wholly contained in a long one is not
 * the same text. The power, since a few words agree by accident more easily than many. */
#include "pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "grams.h"
#include "params.h"
#include "vector.h"

#define WORD_CHARS 16 /* of a word that are compared */

struct word {
    const char *text;
    uint32_t term;
    float idf;
    const float *vector; /* NULL: none */
    uint32_t chars[WORD_CHARS];
    size_t n_chars;
};
struct gram {
    uint64_t key;
    float weight; /* of the unit vector */
};
struct side {
    struct word *words;
    size_t n_words;
    double words_idf;
    struct gram *grams[N_SPACES]; /* units and pairs, by key */
    size_t n_grams[N_SPACES];
    float *wv;
    int dims;
    bool has_vector;
};

static int by_key(const void *a, const void *b)
{
    const struct gram *left = a, *right = b;

    return (left->key > right->key) - (left->key < right->key);
}

static int collect_grams(struct side *side, struct arena *arena, const struct index *index,
                         const struct tokens *fields, size_t n_fields, enum space space)
{
    size_t n = 0, kept = 0;
    double norm = 0, texts = index_texts(index, 0);

    for (size_t f = 0; f < n_fields; f++)
        n += fields[f].n[space];
    struct gram *list = arena_alloc(arena, (n + 1) * sizeof(*list));
    if (!list)
        return -1;
    n = 0;
    for (size_t f = 0; f < n_fields; f++)
        for (size_t i = 0; i < fields[f].n[space]; i++) {
            const struct token *token = &fields[f].list[space][i];
            uint32_t term = index_term(index, space, token->term, token->len);

            list[n++] = (struct gram){ gram_key(token->term, token->len),
                                       (float)idf_of(index, texts, space, term) };
        }
    qsort(list, n, sizeof(*list), by_key);
    for (size_t i = 0; i < n;) {
        size_t same = 1;

        while (i + same < n && list[i + same].key == list[i].key)
            same++;
        float weight = (1 + logf((float)same)) * list[i].weight;
        norm += (double)weight * weight;
        list[kept++] = (struct gram){ list[i].key, weight };
        i += same;
    }
    for (size_t i = 0; norm > 0 && i < kept; i++)
        list[i].weight = (float)(list[i].weight / sqrt(norm));
    side->grams[space] = list;
    side->n_grams[space] = kept;
    return 0;
}

static size_t characters(const char *text, uint32_t *ret, size_t max)
{
    size_t n = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at && n < max; n++) {
        uint32_t c = *at++;

        while ((*at & 0xc0) == 0x80)
            c = c << 8 | *at++;
        ret[n] = c;
    }
    return n;
}

static int heavier(const void *a, const void *b)
{
    const struct word *left = a, *right = b;

    return (left->idf < right->idf) - (left->idf > right->idf);
}

/* The heaviest words alone: the time of a comparison grows with the product of both sides'. */
static void keep_heaviest(struct side *side)
{
    size_t most = (size_t)params.pair_words;

    if (side->n_words > most) {
        qsort(side->words, side->n_words, sizeof(*side->words), heavier);
        side->n_words = most;
    }
    for (size_t i = 0; i < side->n_words; i++) {
        struct word *word = &side->words[i];

        word->n_chars = characters(word->text, word->chars, WORD_CHARS);
        side->words_idf += word->idf;
    }
}

static int collect_words(struct side *side, struct arena *arena, const struct index *index,
                         struct model *model, const struct tokens *fields, size_t n_fields)
{
    struct table seen;
    struct posting *bag;
    double texts = index_texts(index, 0);
    size_t n = 0, known = 0;

    for (size_t f = 0; f < n_fields; f++)
        n += fields[f].n[SPACE_W];
    side->words = arena_alloc(arena, (n + 1) * sizeof(*side->words));
    bag = arena_alloc(arena, (n + 1) * sizeof(*bag));
    side->dims = model_word_dims(model);
    side->wv = arena_alloc(arena, ((size_t)side->dims + 1) * sizeof(float));
    float *lsa = arena_alloc(arena, ((size_t)model_lsa_dims(model) + 1) * sizeof(float));
    if (!side->words || !bag || !side->wv || !lsa || table_init(&seen, arena, n) < 0)
        return -1;
    for (size_t f = 0; f < n_fields; f++)
        for (size_t i = 0; i < fields[f].n[SPACE_W]; i++) {
            const struct token *token = &fields[f].list[SPACE_W][i];
            uint32_t *at = table_at(&seen, gram_key(token->term, token->len));
            uint32_t term = index_term(index, SPACE_W, token->term, token->len);

            if (*at != TABLE_NONE) {
                if (term != NO_TERM)
                    bag[*at].tf += 1;
                continue;
            }
            *at = (uint32_t)side->n_words;
            side->words[side->n_words] = (struct word){
                .text = token->term,
                .term = term,
                .idf = (float)pow(idf_of(index, texts, SPACE_W, term), params.pair_idf_power),
                .vector = term == NO_TERM ? NULL : model_word(model, term),
            };
            bag[side->n_words++] = (struct posting){ term, 1 };
        }
    for (size_t i = 0; i < side->n_words; i++)
        if (bag[i].term != NO_TERM)
            bag[known++] = bag[i];
    model_fold(model, index, bag, known, side->wv, lsa);
    for (int i = 0; i < side->dims; i++)
        side->has_vector |= side->wv[i] != 0;
    keep_heaviest(side);
    return 0;
}

struct side *side_new(struct arena *arena, const struct index *index, struct model *model,
                      const struct tokens *fields, size_t n_fields)
{
    struct side *side = arena_alloc(arena, sizeof(*side));

    if (!side || collect_words(side, arena, index, model, fields, n_fields) < 0 ||
        collect_grams(side, arena, index, fields, n_fields, SPACE_U) < 0 ||
        collect_grams(side, arena, index, fields, n_fields, SPACE_B) < 0)
        return NULL;
    return side;
}

/* Twice the characters they share over all characters; each is taken once. */
static double dice(const struct word *a, const struct word *b)
{
    uint32_t taken = 0; /* bits of b's */
    size_t shared = 0;

    for (size_t i = 0; i < a->n_chars; i++)
        for (size_t j = 0; j < b->n_chars; j++)
            if (a->chars[i] == b->chars[j] && !(taken >> j & 1)) {
                taken |= 1u << j;
                shared++;
                break;
            }
    return 2.0 * (double)shared / (double)(a->n_chars + b->n_chars + !a->n_chars);
}

static double word_likeness(const struct word *a, const struct word *b, int dims)
{
    double chars, cos = 0;

    if (a->term == b->term && strcmp(a->text, b->text) == 0)
        return 1;
    chars = params.pair_dice * dice(a, b);
    if (a->vector && b->vector)
        cos = vector_product(a->vector, b->vector, dims);
    /* a cosine that is no more now will not be when it is raised to its power */
    cos = cos > chars ? pow(cos, params.pair_power) : 0;
    return cos > chars ? cos : chars;
}

static double gram_cosine(const struct side *a, const struct side *b, enum space space)
{
    size_t i = 0, j = 0;
    double sum = 0;

    while (i < a->n_grams[space] && j < b->n_grams[space]) {
        const struct gram *left = &a->grams[space][i], *right = &b->grams[space][j];

        if (left->key == right->key)
            sum += left->weight * right->weight;
        i += left->key <= right->key;
        j += right->key <= left->key;
    }
    return sum;
}

/* soft(a -> b) and soft(b -> a), the smaller one. -1: memory is out. */
static double soft_both_ways(struct arena *arena, const struct side *a, const struct side *b)
{
    float *best = arena_alloc(arena, (b->n_words + 1) * sizeof(*best));
    double there = 0, back = 0;

    if (!best)
        return -1;
    for (size_t i = 0; i < a->n_words; i++) {
        double most = 0;

        for (size_t j = 0; j < b->n_words; j++) {
            double like = word_likeness(&a->words[i], &b->words[j], a->dims);

            most = like > most ? like : most;
            best[j] = like > best[j] ? (float)like : best[j];
        }
        there += most * a->words[i].idf;
    }
    for (size_t j = 0; j < b->n_words; j++)
        back += best[j] * b->words[j].idf;
    there = a->words_idf > 0 ? there / a->words_idf : 0;
    back = b->words_idf > 0 ? back / b->words_idf : 0;
    return there < back ? there : back;
}

/* What all but the single words say, without the exponent. `known`: by vectors too. */
static double side_gist(const struct side *a, const struct side *b, bool known)
{
    double sum = params.pair_units * gram_cosine(a, b, SPACE_U);

    if (params.pair_pairs > 0)
        sum += params.pair_pairs * gram_cosine(a, b, SPACE_B);
    return sum + (known ? params.pair_wv * vector_product(a->wv, b->wv, a->dims) : 0);
}

double side_likeness(struct arena *arena, const struct side *a, const struct side *b)
{
    /* without learned vectors on both sides they are no reason to think less of it */
    bool known = a->has_vector && b->has_vector;
    double whole = 1 + params.pair_units + params.pair_pairs + (known ? params.pair_wv : 0);
    double soft = soft_both_ways(arena, a, b);

    if (soft < 0)
        return -1;
    double sum = (soft + side_gist(a, b, known)) / whole;
    double words = (double)(a->n_words + b->n_words) / 2;
    if (sum <= 0)
        return 0;
    return words > 0 ? pow(sum, 1 + params.pair_short / words) : sum;
}

int record_side_make(struct arena *arena, const struct index *index, struct model *model,
                     const struct tokens fields[N_FIELDS], struct record_side *ret)
{
    ret->whole = side_new(arena, index, model, fields, N_FIELDS);
    ret->title = side_new(arena, index, model, &fields[FIELD_TITLE], 1);
    return ret->whole && ret->title ? 0 : -1;
}

static double gist(const struct side *a, const struct side *b)
{
    return side_gist(a, b, a->has_vector && b->has_vector);
}

double record_gist(const struct record_side *a, const struct record_side *b)
{
    double whole = gist(a->whole, b->whole), title = gist(a->title, b->title);

    return title > whole ? title : whole;
}

double record_likeness(struct arena *arena, const struct record_side *a,
                       const struct record_side *b)
{
    double whole = side_likeness(arena, a->whole, b->whole);
    double title = side_likeness(arena, a->title, b->title);

    if (whole < 0 || title < 0)
        return -1;
    return title > whole ? (whole + title) / 2 : whole;
}

bool side_has(const struct side *side, const char *word)
{
    for (size_t i = 0; i < side->n_words; i++)
        if (strcmp(side->words[i].text, word) == 0)
            return true;
    return false;
}

size_t side_shared(struct arena *arena, const struct side *a, const struct side *b,
                   const char **ret, size_t max)
{
    struct word *list = arena_alloc(arena, (a->n_words + 1) * sizeof(*list));
    size_t n = 0;

    for (size_t i = 0; list && i < a->n_words; i++)
        for (size_t j = 0; j < b->n_words; j++)
            if (strcmp(a->words[i].text, b->words[j].text) == 0) {
                list[n++] = a->words[i];
                break;
            }
    if (list)
        qsort(list, n, sizeof(*list), heavier);
    for (size_t i = 0; i < n && i < max; i++)
        ret[i] = list[i].text;
    return n < max ? n : max;
}
