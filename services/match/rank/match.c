/* match.c - a record or text in, candidates of each kind out, best first, with reasons.
 *
 * Stage one takes the best thousand by plain BM25 (index_top, exact); stage two scores each of them
 * in full (score.h). Experts, units and labels are ranked by what speaks for them (people.c). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask.h"
#include "embeds.h"
#include "params.h"

#define LOOK_AT_CLOCK 64 /* records between two looks */
#define NEAR_SLOT 12     /* so many records ahead memory is asked where they are, */
#define NEAR_TERMS 6     /* and for what they hold */

bool ask_is_late(const struct ask_state *ask)
{
    struct timespec now;

    if (ask->question->deadline_ms == 0)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000 > ask->question->deadline_ms;
}

static int better(const void *a, const void *b)
{
    const struct found *left = a, *right = b;

    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

void found_sort(struct found *list, size_t n)
{
    qsort(list, n, sizeof(*list), better);
}

/* The thresholds were found without an endpoint's vectors: what those can add at most is taken off
 * in proportion. */
enum strength strength_of(const struct asked *asked, double score, unsigned kind)
{
    if (asked->embed)
        score /= 1 + embeds_weight(asked->embeds);

    bool people = kind & (KIND_EXPERT | KIND_UNIT | KIND_LABEL);

    if (score >= (people ? params.strong_people : params.strong_items))
        return STRENGTH_STRONG;
    return score >= (people ? params.possible_people : params.possible_items) ? STRENGTH_POSSIBLE
                                                                              : STRENGTH_WEAK;
}

enum engine_result match_items(struct ask_state *ask, struct asked *asked, unsigned kind,
                               struct found **ret, size_t *ret_n)
{
    size_t k = (size_t)params.top_k;
    struct lookup *lookups;
    size_t n_lookups = asked_lookups(asked, ask->arena, &lookups);
    struct hit *hits = arena_alloc(ask->arena, k * sizeof(*hits));
    struct found *list = arena_alloc(ask->arena, k * sizeof(*list));
    struct scorer *scorer = scorer_new(asked, ask->norms, ask->arena);

    if (!lookups || !hits || !list || !scorer)
        return ENGINE_NO_MEMORY;
    passes_kinds(ask->passes, kind);
    long n = index_top_of(ask->index, kind, lookups, n_lookups, asked->average, passes_accept,
                          ask->passes, k, hits);
    if (n < 0)
        return ENGINE_NO_MEMORY;
    size_t kept = 0;
    for (long i = 0; i < n; i++) {
        if (i + NEAR_SLOT < n)
            index_near(ask->index, hits[i + NEAR_SLOT].slot, INDEX_NEAR_SLOT);
        if (i + NEAR_TERMS < n)
            index_near(ask->index, hits[i + NEAR_TERMS].slot, INDEX_NEAR_TERMS);

        struct reason unused[ADJUST_MAX];
        size_t n_unused = 0;
        double s = score(scorer, hits[i].slot, NULL);

        if (s < 0)
            return ENGINE_NO_MEMORY;
        if (i % LOOK_AT_CLOCK == 0 && ask_is_late(ask))
            return ENGINE_LATE;
        if (s > 0)
            list[kept++] =
                (struct found){ hits[i].slot, s + adjust(ask, hits[i].slot, unused, &n_unused) };
    }
    found_sort(list, kept);
    *ret = list;
    *ret_n = kept;
    return ENGINE_OK;
}

/* A record's norms may be taken anew between its ranking and its reasons: what is told is one
 * thing. */
static void told_score(struct candidate *candidate)
{
    double sum = 0;

    for (size_t i = 0; i < candidate->n_reasons; i++)
        sum += candidate->reasons[i].share;
    if (candidate->n_reasons > 0)
        candidate->score = sum;
}

static enum engine_result tell(struct ask_state *ask, struct asked *asked, unsigned kind,
                               const struct found *list, size_t n, struct answer *ret)
{
    const struct question *question = ask->question;
    bool people = kind & (KIND_EXPERT | KIND_UNIT | KIND_LABEL);

    for (size_t i = question->offset; i < n && i - question->offset < question->limit; i++) {
        const struct facts *facts = index_facts(ask->index, list[i].slot);
        struct candidate *to = &ret->list[ret->n++];
        enum engine_result rc = ENGINE_OK;

        memcpy(to->id, facts->id, sizeof(to->id));
        to->kind = (enum kind)facts->kind;
        to->version = facts->version;
        to->score = list[i].score;
        to->strength = strength_of(asked, list[i].score, kind);
        if (i - question->offset < question->reasons && kind != KIND_LABEL)
            rc = people ? explain_person(ask, asked, to, list[i].slot)
                        : explain_item(ask, asked, to, list[i].slot);
        if (rc != ENGINE_OK)
            return rc;
        told_score(to);
    }
    return ENGINE_OK;
}

enum engine_result ask_match(struct ask_state *ask, struct answer *ret)
{
    const struct question *question = ask->question;

    struct asked *asked = arena_alloc(ask->arena, sizeof(*asked));

    ret->list = arena_alloc(ask->arena, (N_KINDS * question->limit + 1) * sizeof(*ret->list));
    if (!ret->list || !asked || adjust_prepare(ask) < 0 ||
        asked_make(asked, ask->arena, ask->analyser, ask->index, ask->model, ask->tokens) < 0)
        return ENGINE_NO_MEMORY;
    for (int i = 0; i < N_KINDS; i++) {
        unsigned kind = 1u << i;
        struct found *list;
        size_t n;

        if (!(question->filter.kinds & kind))
            continue;
        bool people = kind & (KIND_EXPERT | KIND_UNIT | KIND_LABEL);
        asked_aim(asked, people ? question->filter.evidence : kind);
        asked->embeds = kind == KIND_LABEL ? NULL : ask->embeds;
        asked->embed = kind == KIND_LABEL ? NULL : ask->embed;
        enum engine_result rc = people ? match_people(ask, asked, kind, &list, &n)
                                       : match_items(ask, asked, kind, &list, &n);
        if (rc == ENGINE_OK)
            rc = tell(ask, asked, kind, list, n, ret);
        if (rc != ENGINE_OK)
            return rc;
        ret->total += n;
    }
    return ENGINE_OK;
}
