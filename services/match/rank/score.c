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

#define LOGS 64 /* 1 + ln of the small whole frequencies, of which nearly all are */

struct scorer {
    const struct asked *asked;
    const struct norms *norms;
    struct arena *arena;
    struct weights weights;
    struct posting *bag;
    size_t bag_room;
    uint32_t *distinct, *sequence; /* of a record's units: terms, and places among them */
    size_t distinct_room, sequence_room;
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
    double logs[LOGS];
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
    for (int i = 1; i < LOGS; i++)
        scorer->logs[i] = 1 + log(i);

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

/* BM25's frequency part with all that the record's length decides worked out once: `flat` is
 * k1 (1 - b + b length / average). */
static double flat_of(double k1, double length, double average)
{
    return k1 * (1 - params.b + params.b * length / average);
}

static double tf_part(double tf, double k1, double flat)
{
    return tf * (k1 + 1) / (tf + flat);
}

static double damped(const struct scorer *scorer, double tf)
{
    int whole = tf < LOGS ? (int)tf : 0;

    return whole > 0 && whole == tf ? scorer->logs[whole] : 1 + log(tf > 1 ? tf : 1);
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
    double flat =
        flat_of(params.soft_k1, index_length(asked->index, SPACE_W, slot), asked->average[SPACE_W]);
    double cosine = 0, soft = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t term = scorer->bag[i].term;

        size_t n_credits;
        const struct credit *credit = asked_credits(asked, term, &n_credits);

        if (n_credits == 0)
            continue;
        double tf = scorer->bag[i].tf;
        double part = tf_part(tf, params.soft_k1, flat);
        for (size_t c = 0; c < n_credits; c++, credit++) {
            offer(scorer, credit, term, part);
            if (credit->via != VIA_SAME)
                continue;
            const struct asked_word *word = &asked->words[credit->word];
            double weight = word->cosine * damped(scorer, tf) * word->idf;
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

/* Makes room and reads anew when the record is longer than all before. */
static int read_units(struct scorer *scorer, uint32_t slot, size_t *ret_distinct, size_t *ret)
{
    const struct index *index = scorer->asked->index;
    size_t n = index_places(index, SPACE_U, slot, scorer->distinct, scorer->distinct_room,
                            scorer->sequence, scorer->sequence_room, ret_distinct);

    if (*ret_distinct > scorer->distinct_room || n > scorer->sequence_room) {
        scorer->distinct_room = *ret_distinct * 2 + 1;
        scorer->sequence_room = n * 2 + 1;
        scorer->distinct = arena_alloc(scorer->arena, scorer->distinct_room * sizeof(uint32_t));
        scorer->sequence = arena_alloc(scorer->arena, scorer->sequence_room * sizeof(uint32_t));
        if (!scorer->distinct || !scorer->sequence) {
            scorer->distinct_room = scorer->sequence_room = 0;
            return -1;
        }
        n = index_places(index, SPACE_U, slot, scorer->distinct, scorer->distinct_room,
                         scorer->sequence, scorer->sequence_room, ret_distinct);
    }
    *ret = n;
    return 0;
}

static double covered(const struct grams *grams, const float *tf, const uint32_t *touched, size_t n,
                      double k1, double flat)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += grams->list[touched[i]].weight * tf_part(tf[touched[i]], k1, flat);
    return grams->weights > 0 ? sum / (grams->weights * (k1 + 1)) : 0;
}

static double pairs_cosine(const struct scorer *scorer)
{
    double sum = 0;

    if (scorer->norm_b <= 0)
        return 0;
    for (size_t i = 0; i < scorer->n_pairs; i++) {
        uint32_t at = scorer->touched_pairs[i];
        const struct asked_gram *gram = &scorer->asked->pairs.list[at];

        sum += gram->cosine * damped(scorer, scorer->pair_tf[at]) * gram->idf;
    }
    return sum / scorer->norm_b;
}

/* Each of the record's units as its place in the question, + 1; in place of the terms. */
static void place_units(struct scorer *scorer, size_t n)
{
    const struct asked *asked = scorer->asked;

    for (size_t i = 0; i < n; i++) {
        uint32_t term = scorer->distinct[i];

        scorer->distinct[i] = term < asked->n_unit_at ? asked->unit_at[term] : 0;
    }
}

/* One walk over the record's units finds units, pairs and where they stand. */
static void walk_units(struct scorer *scorer, size_t n)
{
    const struct asked *asked = scorer->asked;
    uint32_t before = 0;

    window_clear(scorer->window);
    for (size_t i = 0; i < n; i++) {
        uint32_t place = scorer->sequence[i];
        uint32_t unit = place == NO_TERM ? 0 : scorer->distinct[place];

        if (unit) {
            if (scorer->unit_tf[unit - 1]++ == 0)
                scorer->touched_units[scorer->n_units++] = unit - 1;
            window_see(scorer->window, unit - 1, (uint32_t)i);
            if (before) {
                uint32_t pair =
                    table_get(&asked->pairs.by_term, pair_key(asked->units.list[before - 1].term,
                                                              asked->units.list[unit - 1].term));

                if (pair != TABLE_NONE && scorer->pair_tf[pair]++ == 0)
                    scorer->touched_pairs[scorer->n_pairs++] = pair;
            }
        }
        before = unit;
    }
}

static int score_grams(struct scorer *scorer, uint32_t slot, struct parts *parts)
{
    const struct asked *asked = scorer->asked;
    size_t n, n_distinct;

    if (read_units(scorer, slot, &n_distinct, &n) < 0)
        return -1;
    place_units(scorer, n_distinct);
    walk_units(scorer, n);
    scorer->norm_b = norms_get(scorer->norms, SPACE_B, slot);
    parts->part[PART_UNITS] = covered(
        &asked->units, scorer->unit_tf, scorer->touched_units, scorer->n_units, params.cov_k1_u,
        flat_of(params.cov_k1_u, index_length(asked->index, SPACE_U, slot),
                asked->average[SPACE_U]));
    parts->part[PART_PAIRS] = covered(
        &asked->pairs, scorer->pair_tf, scorer->touched_pairs, scorer->n_pairs, params.cov_k1_b,
        flat_of(params.cov_k1_b, index_length(asked->index, SPACE_B, slot),
                asked->average[SPACE_B]));
    parts->part[PART_WIN] = window_best(scorer->window);
    parts->part[PART_COS_B] = pairs_cosine(scorer);
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
    double flat =
        flat_of(k1, index_length(asked->index, space, scorer->slot), asked->average[space]);

    for (size_t i = 0; i < n; i++) {
        const struct asked_gram *gram = &grams->list[touched[i]];
        struct word_share *to = gram->word == NO_WORD ? ret_rest : &ret[gram->word];
        double cover =
            gram->weight * tf_part(tf[touched[i]], k1, flat) / (grams->weights * (k1 + 1));

        if (pairs && scorer->norm_b > 0)
            to->cos_b += gram->cosine * damped(scorer, tf[touched[i]]) * gram->idf / scorer->norm_b;
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
