/* reasons.c - why a candidate is proposed: its score taken apart again. The shares sum to the
 * score; tests/unit/match/rank holds every candidate to that. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

#define TOLD_WORDS 12   /* words told one by one; the others together */
#define TOLD_EVIDENCE 5 /* records told one by one */
#define MISSING_MAX 5

static int larger_share(const void *a, const void *b)
{
    const struct reason *left = a, *right = b;

    return (left->share < right->share) - (left->share > right->share);
}

static struct reason word_reason(const struct ask_state *ask, const struct asked_word *word,
                                 const struct word_share *got, const struct weights *weights)
{
    static const enum reason_kind kinds[] = {
        [VIA_SAME] = REASON_TERM, [VIA_SYNONYM] = REASON_SYNONYM, [VIA_ALIKE] = REASON_ALIKE
    };
    const double *w = weights->part;
    struct reason reason = { .kind = got->soft > 0 ? kinds[got->via] : REASON_TERM,
                             .term = word->text,
                             .other = "" };
    size_t len;

    if (got->soft > 0 && got->via != VIA_SAME)
        reason.other = index_term_text(ask->index, SPACE_W, got->other, &len);
    reason.share = w[PART_SOFT] * got->soft + w[PART_UNITS] * got->units +
                   w[PART_PAIRS] * got->pairs + w[PART_COS_W] * got->cosine +
                   w[PART_COS_B] * got->cos_b;
    reason.weight = word->idf;
    return reason;
}

/* What is told of one record, or of the records of one person. */
struct telling {
    struct ask_state *ask;
    const struct asked *asked;
    struct scorer *scorer;
    struct word_share *got; /* of each word, by the record that was told last */
    bool *answered;         /* each word, by any of the records */
};

static int telling_init(struct telling *telling, struct ask_state *ask, const struct asked *asked)
{
    *telling = (struct telling){
        .ask = ask,
        .asked = asked,
        .scorer = scorer_new(asked, ask->norms, ask->arena),
        .got = arena_alloc(ask->arena, (asked->n_words + 1) * sizeof(*telling->got)),
        .answered = arena_alloc(ask->arena, asked->n_words + 1),
    };
    return telling->scorer && telling->got && telling->answered ? 0 : -1;
}

/* The reasons of one record for the question; their shares sum to `whole`, or to its score where
 * that is below 0. -1: memory is out. */
static int item_reasons(struct telling *telling, uint32_t slot, double whole, struct reason **ret,
                        size_t *ret_n)
{
    struct ask_state *ask = telling->ask;
    const struct asked *asked = telling->asked;
    struct weights weights = weights_of(asked);
    struct parts parts;
    double s = score(telling->scorer, slot, &parts), told = 0;
    double factor = whole < 0 ? 1 : s > 0 ? whole / s : 0;
    struct word_share *got = telling->got, rest;
    struct reason *list = arena_alloc(ask->arena, (asked->n_words + 5) * sizeof(*list));
    size_t n = 0;

    if (s < 0 || !list)
        return -1;
    score_shares(telling->scorer, got, &rest);
    for (size_t i = 0; i < asked->n_words; i++) {
        struct reason reason = word_reason(ask, &asked->words[i], &got[i], &weights);

        telling->answered[i] = telling->answered[i] || got[i].soft > 0;

        if (reason.share > 0)
            list[n++] = reason;
    }
    qsort(list, n, sizeof(*list), larger_share);
    n = n < TOLD_WORDS ? n : TOLD_WORDS;
    double topic =
        weights.part[PART_WV] * parts.part[PART_WV] + weights.part[PART_LSA] * parts.part[PART_LSA];
    double phrase = weights.part[PART_WIN] * parts.part[PART_WIN];
    if (topic != 0)
        list[n++] =
            (struct reason){ .kind = REASON_TOPIC, .share = topic, .term = "", .other = "" };
    if (phrase > 0)
        list[n++] =
            (struct reason){ .kind = REASON_PHRASE, .share = phrase, .term = "", .other = "" };
    if (parts.part[PART_EMBED] > 0)
        list[n++] = (struct reason){ .kind = REASON_EMBED,
                                     .share = weights.part[PART_EMBED] * parts.part[PART_EMBED],
                                     .term = "",
                                     .other = "" };
    for (size_t i = 0; i < n; i++)
        told += list[i].share;
    if (fabs(s - told) > 1e-9)
        list[n++] =
            (struct reason){ .kind = REASON_REST, .share = s - told, .term = "", .other = "" };
    for (size_t i = 0; i < n; i++)
        list[i].share *= factor;
    *ret = list;
    *ret_n = n;
    return 0;
}

/* The weightiest words of the question that nothing here answers. */
static int find_missing(struct ask_state *ask, const struct asked *asked, const bool *answered,
                        struct candidate *ret)
{
    const char **list = arena_alloc(ask->arena, MISSING_MAX * sizeof(*list));
    bool *taken = arena_alloc(ask->arena, asked->n_words + 1);
    double least = 0;

    if (!list || !taken)
        return -1;
    for (size_t i = 0; i < asked->n_words; i++)
        least = asked->words[i].weight > least ? asked->words[i].weight : least;
    least *= params.missing_weight;
    ret->n_missing = 0;
    while (ret->n_missing < MISSING_MAX) {
        size_t best = asked->n_words;

        for (size_t i = 0; i < asked->n_words; i++)
            if (!answered[i] && !taken[i] && asked->words[i].weight >= least &&
                (best == asked->n_words || asked->words[i].weight > asked->words[best].weight))
                best = i;
        if (best == asked->n_words)
            break;
        taken[best] = true;
        list[ret->n_missing++] = asked->words[best].text;
    }
    ret->missing = list;
    return 0;
}

static int add_adjustments(struct ask_state *ask, struct candidate *ret, uint32_t slot)
{
    struct reason *list = arena_alloc(ask->arena, (ret->n_reasons + ADJUST_MAX) * sizeof(*list));

    if (!list)
        return -1;
    if (ret->n_reasons)
        memcpy(list, ret->reasons, ret->n_reasons * sizeof(*list));
    size_t n = 0;
    adjust(ask, slot, list + ret->n_reasons, &n);
    ret->reasons = list;
    ret->n_reasons += n;
    return 0;
}

enum engine_result explain_item(struct ask_state *ask, struct asked *asked, struct candidate *ret,
                                uint32_t slot)
{
    struct telling telling;

    if (telling_init(&telling, ask, asked) < 0 ||
        item_reasons(&telling, slot, -1, &ret->reasons, &ret->n_reasons) < 0 ||
        find_missing(ask, asked, telling.answered, ret) < 0 ||
        add_adjustments(ask, ret, slot) < 0 ||
        passages_of(ask, asked, slot, &ret->passages, &ret->n_passages) < 0)
        return ENGINE_NO_MEMORY;
    return ENGINE_OK;
}

static int evidence_reason(struct telling *telling, const struct evidence_share *share,
                           struct reason *ret)
{
    const struct facts *facts = index_facts(telling->ask->index, share->slot);

    *ret = (struct reason){ .kind = REASON_EVIDENCE,
                            .share = share->share,
                            .weight = share->weight,
                            .term = "",
                            .other = "" };
    memcpy(ret->id, facts->id, sizeof(ret->id));
    return item_reasons(telling, share->slot, share->share, &ret->parts, &ret->n_parts);
}

enum engine_result explain_person(struct ask_state *ask, struct asked *asked, struct candidate *ret,
                                  uint32_t slot)
{
    struct telling telling;
    struct evidence_share *shares;
    size_t n;
    double others = 0;

    if (telling_init(&telling, ask, asked) < 0)
        return ENGINE_NO_MEMORY;
    enum engine_result rc = people_evidence(ask, asked, slot, &shares, &n);
    if (rc != ENGINE_OK)
        return rc;
    ret->reasons = arena_alloc(ask->arena, (TOLD_EVIDENCE + 1) * sizeof(*ret->reasons));
    if (!ret->reasons)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (i >= TOLD_EVIDENCE)
            others += shares[i].share;
        else if (evidence_reason(&telling, &shares[i], &ret->reasons[ret->n_reasons++]) < 0)
            return ENGINE_NO_MEMORY;
    }
    if (others != 0)
        ret->reasons[ret->n_reasons++] =
            (struct reason){ .kind = REASON_REST, .share = others, .term = "", .other = "" };
    if (find_missing(ask, asked, telling.answered, ret) < 0 ||
        add_adjustments(ask, ret, slot) < 0 ||
        (n > 0 && passages_of(ask, asked, shares[0].slot, &ret->passages, &ret->n_passages) < 0))
        return ENGINE_NO_MEMORY;
    return ENGINE_OK;
}
