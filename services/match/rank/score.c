/* score.c - see score.h. Per record: its words once, its units once; nothing is allocated but when
 * a record is longer than all before. */
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "embeds.h"
#include "grams.h"
#include "params.h"
#include "vector.h"
#include "window.h"

struct scorer {
    const struct asked *asked;
    const struct norms *norms;
    struct arena *arena;
    struct weights weights;
    struct posting *bag;
    uint32_t *sequence;
    size_t bag_room, sequence_room;
    float *best; /* of each word: worth x tf part */
    uint32_t *best_other;
    uint8_t *best_via;
    float *word_cosine;
    float *unit_tf, *pair_tf;
    uint32_t *touched_words, *touched_units, *touched_pairs;
    size_t n_words, n_units, n_pairs;
    struct window *window;
    uint32_t slot;
    double norm_w, norm_b; /* of the slot that was scored last */
};

struct weights weights_of(const struct asked *asked)
{
    double lam = asked->average_words / (asked->average_words + asked->length);
    double even = 4 * lam * (1 - lam);
    double kap = even * even * even;

    return (struct weights){ .part = {
                                 [PART_SOFT] = lam * params.part_soft,
                                 [PART_UNITS] = lam * params.part_units,
                                 [PART_PAIRS] = lam * params.part_pairs,
                                 [PART_WIN] = lam * params.part_win,
                                 [PART_WV] = lam * params.part_wv,
                                 [PART_COS_W] = 1 - lam,
                                 [PART_COS_B] = params.part_cos_b + 1 - lam,
                                 [PART_LSA] = lam * params.part_lsa + kap * params.part_lsa_even,
                                 [PART_EMBED] = asked->embed ? embeds_weight(asked->embeds) : 0,
                             } };
}

struct scorer *scorer_new(const struct asked *asked, const struct norms *norms, struct arena *arena)
{
    struct scorer *scorer = arena_alloc(arena, sizeof(*scorer));

    if (!scorer)
        return NULL;
    *scorer = (struct scorer){
        .asked = asked,
        .norms = norms,
        .arena = arena,
        .weights = weights_of(asked),
        .best = arena_alloc(arena, (asked->n_words + 1) * sizeof(float)),
        .best_other = arena_alloc(arena, (asked->n_words + 1) * sizeof(uint32_t)),
        .best_via = arena_alloc(arena, asked->n_words + 1),
        .word_cosine = arena_alloc(arena, (asked->n_words + 1) * sizeof(float)),
        .touched_words = arena_alloc(arena, (asked->n_words + 1) * sizeof(uint32_t)),
        .unit_tf = arena_alloc(arena, (asked->units.n + 1) * sizeof(float)),
        .touched_units = arena_alloc(arena, (asked->units.n + 1) * sizeof(uint32_t)),
        .pair_tf = arena_alloc(arena, (asked->pairs.n + 1) * sizeof(float)),
        .touched_pairs = arena_alloc(arena, (asked->pairs.n + 1) * sizeof(uint32_t)),
        .window = window_new(asked, arena),
    };
    bool whole = scorer->best && scorer->best_other && scorer->best_via && scorer->word_cosine &&
                 scorer->touched_words && scorer->unit_tf && scorer->touched_units &&
                 scorer->pair_tf && scorer->touched_pairs && scorer->window;
    return whole ? scorer : NULL;
}

static void forget_last(struct scorer *scorer)
{
    for (size_t i = 0; i < scorer->n_words; i++) {
        scorer->best[scorer->touched_words[i]] = 0;
        scorer->word_cosine[scorer->touched_words[i]] = 0;
    }
    for (size_t i = 0; i < scorer->n_units; i++)
        scorer->unit_tf[scorer->touched_units[i]] = 0;
    for (size_t i = 0; i < scorer->n_pairs; i++)
        scorer->pair_tf[scorer->touched_pairs[i]] = 0;
    scorer->n_words = scorer->n_units = scorer->n_pairs = 0;
}

static double tf_part(double tf, double k1, double length, double average)
{
    return tf * (k1 + 1) / (tf + k1 * (1 - params.b + params.b * length / average));
}

static void offer(struct scorer *scorer, const struct credit *credit, uint32_t other, double part)
{
    float value = (float)(credit->worth * part);
    uint32_t word = credit->word;

    if (value <= scorer->best[word])
        return;
    if (scorer->best[word] == 0 && scorer->word_cosine[word] == 0)
        scorer->touched_words[scorer->n_words++] = word;
    scorer->best[word] = value;
    scorer->best_other[word] = other;
    scorer->best_via[word] = (uint8_t)credit->via;
}

/* soft = sum weight x best / sum weight (k1 + 1); the cosine of words goes along. */
static int score_words(struct scorer *scorer, uint32_t slot, struct parts *parts)
{
    const struct asked *asked = scorer->asked;
    size_t n = index_forward(asked->index, SPACE_W, slot, scorer->bag, scorer->bag_room);

    if (n > scorer->bag_room) {
        scorer->bag = arena_alloc(scorer->arena, n * 2 * sizeof(*scorer->bag));
        scorer->bag_room = scorer->bag ? n * 2 : 0;
        if (!scorer->bag)
            return -1;
        n = index_forward(asked->index, SPACE_W, slot, scorer->bag, scorer->bag_room);
    }
    double length = index_length(asked->index, SPACE_W, slot), cosine = 0, soft = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t first = table_get(&asked->by_word, scorer->bag[i].term);

        if (first == TABLE_NONE)
            continue;
        double tf = scorer->bag[i].tf;
        double part = tf_part(tf, params.soft_k1, length, asked->average[SPACE_W]);
        for (uint32_t c = first; c != TABLE_NONE; c = asked->credits[c].next) {
            const struct credit *credit = &asked->credits[c];

            offer(scorer, credit, scorer->bag[i].term, part);
            if (credit->via != VIA_SAME)
                continue;
            const struct asked_word *word = &asked->words[credit->word];
            double weight = word->cosine * (1 + log(tf > 1 ? tf : 1)) * word->idf;
            scorer->word_cosine[credit->word] = (float)weight;
            cosine += weight;
        }
    }
    for (size_t i = 0; i < scorer->n_words; i++)
        soft +=
            asked->words[scorer->touched_words[i]].weight * scorer->best[scorer->touched_words[i]];
    scorer->norm_w = norms_get(scorer->norms, SPACE_W, slot);
    parts->part[PART_SOFT] =
        asked->words_weight > 0 ? soft / (asked->words_weight * (params.soft_k1 + 1)) : 0;
    parts->part[PART_COS_W] = scorer->norm_w > 0 ? cosine / scorer->norm_w : 0;
    return 0;
}

static int read_sequence(struct scorer *scorer, uint32_t slot, size_t *ret)
{
    const struct index *index = scorer->asked->index;
    size_t n = index_sequence(index, SPACE_U, slot, scorer->sequence, scorer->sequence_room);

    if (n > scorer->sequence_room) {
        scorer->sequence = arena_alloc(scorer->arena, n * 2 * sizeof(uint32_t));
        scorer->sequence_room = scorer->sequence ? n * 2 : 0;
        if (!scorer->sequence)
            return -1;
        n = index_sequence(index, SPACE_U, slot, scorer->sequence, scorer->sequence_room);
    }
    *ret = n;
    return 0;
}

static double covered(const struct grams *grams, const float *tf, const uint32_t *touched, size_t n,
                      double k1, double length, double average)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += grams->list[touched[i]].weight * tf_part(tf[touched[i]], k1, length, average);
    return grams->weights > 0 ? sum / (grams->weights * (k1 + 1)) : 0;
}

static double gram_cosine(const struct grams *grams, const float *tf, const uint32_t *touched,
                          size_t n, double norm)
{
    double sum = 0;

    if (norm <= 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const struct asked_gram *gram = &grams->list[touched[i]];

        sum += gram->cosine * (1 + log(tf[touched[i]])) * gram->idf;
    }
    return sum / norm;
}

/* One walk over the record's units finds units, pairs and where they stand. */
static int score_grams(struct scorer *scorer, uint32_t slot, struct parts *parts)
{
    const struct asked *asked = scorer->asked;
    uint32_t before = NO_TERM;
    size_t n;

    if (read_sequence(scorer, slot, &n) < 0)
        return -1;
    window_clear(scorer->window);
    for (size_t i = 0; i < n; i++) {
        uint32_t term = scorer->sequence[i];
        uint32_t unit = term == NO_TERM ? TABLE_NONE : table_get(&asked->units.by_term, term);

        if (unit != TABLE_NONE) {
            if (scorer->unit_tf[unit]++ == 0)
                scorer->touched_units[scorer->n_units++] = unit;
            window_see(scorer->window, unit, (uint32_t)i);
            if (before != NO_TERM) {
                uint32_t pair = table_get(&asked->pairs.by_term, pair_key(before, term));

                if (pair != TABLE_NONE && scorer->pair_tf[pair]++ == 0)
                    scorer->touched_pairs[scorer->n_pairs++] = pair;
            }
        }
        before = unit == TABLE_NONE ? NO_TERM : term;
    }
    double units = index_length(asked->index, SPACE_U, slot);
    double pairs = index_length(asked->index, SPACE_B, slot);
    scorer->norm_b = norms_get(scorer->norms, SPACE_B, slot);
    parts->part[PART_UNITS] =
        covered(&asked->units, scorer->unit_tf, scorer->touched_units, scorer->n_units,
                params.cov_k1_u, units, asked->average[SPACE_U]);
    parts->part[PART_PAIRS] =
        covered(&asked->pairs, scorer->pair_tf, scorer->touched_pairs, scorer->n_pairs,
                params.cov_k1_b, pairs, asked->average[SPACE_B]);
    parts->part[PART_WIN] = window_best(scorer->window);
    parts->part[PART_COS_B] = gram_cosine(&asked->pairs, scorer->pair_tf, scorer->touched_pairs,
                                          scorer->n_pairs, scorer->norm_b);
    parts->cos_u = gram_cosine(&asked->units, scorer->unit_tf, scorer->touched_units,
                               scorer->n_units, norms_get(scorer->norms, SPACE_U, slot));
    return 0;
}

static void score_vectors(struct scorer *scorer, uint32_t slot, struct parts *parts)
{
    const struct asked *asked = scorer->asked;
    float scale;
    const int8_t *wv = asked->has_wv ? model_item_wv(asked->model, slot, &scale) : NULL;

    parts->part[PART_WV] =
        wv ? vector_dot(asked->wv, wv, model_word_dims(asked->model)) * scale : 0;
    const int8_t *lsa = asked->has_lsa ? model_item_lsa(asked->model, slot, &scale) : NULL;
    parts->part[PART_LSA] =
        lsa ? vector_dot(asked->lsa, lsa, model_lsa_dims(asked->model)) * scale : 0;
    parts->part[PART_EMBED] = asked->embed ? embeds_cosine(asked->embeds, asked->embed, slot) : 0;
}

double score(struct scorer *scorer, uint32_t slot, struct parts *ret)
{
    struct parts parts = { 0 };
    double sum = 0;

    forget_last(scorer);
    scorer->slot = slot;
    if (score_words(scorer, slot, &parts) < 0 || score_grams(scorer, slot, &parts) < 0)
        return -1;
    score_vectors(scorer, slot, &parts);
    for (int i = 0; i < N_PARTS; i++)
        sum += scorer->weights.part[i] * parts.part[i];
    if (ret)
        *ret = parts;
    return sum > 0 ? sum : 0;
}

static void share_grams(const struct scorer *scorer, const struct grams *grams, const float *tf,
                        const uint32_t *touched, size_t n, enum space space, struct word_share *ret,
                        struct word_share *ret_rest)
{
    const struct asked *asked = scorer->asked;
    bool pairs = space == SPACE_B;
    double k1 = pairs ? params.cov_k1_b : params.cov_k1_u;
    double length = index_length(asked->index, space, scorer->slot);

    for (size_t i = 0; i < n; i++) {
        const struct asked_gram *gram = &grams->list[touched[i]];
        struct word_share *to = gram->word == NO_WORD ? ret_rest : &ret[gram->word];
        double cover = gram->weight * tf_part(tf[touched[i]], k1, length, asked->average[space]) /
                       (grams->weights * (k1 + 1));

        if (pairs && scorer->norm_b > 0)
            to->cos_b += gram->cosine * (1 + log(tf[touched[i]])) * gram->idf / scorer->norm_b;
        *(pairs ? &to->pairs : &to->units) += cover;
    }
}

void score_shares(const struct scorer *scorer, struct word_share *ret, struct word_share *ret_rest)
{
    const struct asked *asked = scorer->asked;
    double whole = asked->words_weight * (params.soft_k1 + 1);

    memset(ret, 0, asked->n_words * sizeof(*ret));
    memset(ret_rest, 0, sizeof(*ret_rest));
    for (size_t i = 0; i < scorer->n_words; i++) {
        uint32_t word = scorer->touched_words[i];

        ret[word].other = scorer->best_other[word];
        ret[word].via = (enum via)scorer->best_via[word];
        ret[word].soft = asked->words[word].weight * scorer->best[word] / whole;
        ret[word].cosine = scorer->norm_w > 0 ? scorer->word_cosine[word] / scorer->norm_w : 0;
    }
    share_grams(scorer, &asked->units, scorer->unit_tf, scorer->touched_units, scorer->n_units,
                SPACE_U, ret, ret_rest);
    share_grams(scorer, &asked->pairs, scorer->pair_tf, scorer->touched_pairs, scorer->n_pairs,
                SPACE_B, ret, ret_rest);
}
