/* people.c - experts, units and labels by what speaks for them.
 *
 * E = sum over i of S_(i) / i, over all the evidence, best first: the best record counts whole, a
 * second one half, so that a long list of middling papers does not beat one that fits, and still
 * counts. S is weighted by the kind of the record, the part the person had in it, and its age. The
 * own profile is evidence like any other, so that people without papers are found too.
 *
 * Each record is scored once a question, whoever it speaks for, and not more than people_scores of
 * them: first the profiles and what stage one found, then the rest, the most hopeful people first.
 * What is left over then counts for nobody. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

struct person {
    uint32_t slot;
    double hope; /* by stage one alone */
    struct evidence *evidence;
    size_t n;
};
struct crowd {
    struct ask_state *ask;
    struct asked *asked;
    struct scorer *scorer;
    struct person *list;
    size_t n;
    struct table by_slot;
    struct table found; /* records of stage one */
    size_t budget;      /* records that may still be scored */
};

static double kind_weight(unsigned kind)
{
    static const struct {
        unsigned kinds;
        const double *weight;
    } weights[] = {
        { KIND_PAPER, &params.evidence_paper },
        { KIND_PATENT, &params.evidence_patent },
        { KIND_ACHIEVEMENT, &params.evidence_achievement },
        { KIND_PROJECT | KIND_EARLIER, &params.evidence_project },
        { KIND_CLAIM, &params.evidence_claim },
    };

    for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++)
        if (kind & weights[i].kinds)
            return *weights[i].weight;
    return params.evidence_own;
}

static double age_weight(const struct ask_state *ask, const struct facts *facts)
{
    int age = ask->this_year - facts->year;

    if (facts->year == 0 || age <= params.fresh_years)
        return 1;
    double weight = exp2(-(age - params.fresh_years) / params.half_years);
    return weight > params.age_floor ? weight : params.age_floor;
}

static double evidence_weight(const struct ask_state *ask, uint32_t slot, double role)
{
    const struct facts *facts = index_facts(ask->index, slot);

    return kind_weight(facts->kind) * role * age_weight(ask, facts);
}

static bool is_evidence(const struct ask_state *ask, uint32_t slot)
{
    unsigned kinds = ask->question->filter.evidence;

    return (kinds == 0 || (index_facts(ask->index, slot)->kind & kinds)) &&
           passes_evidence(ask->passes, slot);
}

/* Is this record the evidence for somebody whom the filters let through, or such a person itself?
 * */
struct seek {
    const struct ask_state *ask;
    unsigned kind;
};

static bool speaks(const void *arg, const struct index *index, uint32_t slot)
{
    const struct seek *seek = arg;
    const struct link *links;

    if (index_facts(index, slot)->kind == seek->kind)
        return passes_all(seek->ask->passes, slot, seek->kind);
    return index_links(index, slot, &links) > 0 && is_evidence(seek->ask, slot);
}

static void hope(struct crowd *crowd, uint32_t slot, double score)
{
    uint32_t *at = table_at(&crowd->by_slot, slot);

    if (*at == TABLE_NONE) {
        *at = (uint32_t)crowd->n;
        crowd->list[crowd->n++] = (struct person){ .slot = slot };
    }
    crowd->list[*at].hope += score;
}

static int more_hope(const void *a, const void *b)
{
    const struct person *left = a, *right = b;

    if (left->hope != right->hope)
        return left->hope < right->hope ? 1 : -1;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

/* Who is behind the best records of stage one; the most hopeful come first. */
static enum engine_result gather(struct crowd *crowd, unsigned kind)
{
    struct ask_state *ask = crowd->ask;
    struct asked *asked = crowd->asked;
    size_t k = (size_t)params.top_k, room = 0;
    const struct seek seek = { ask, kind };
    const struct link *links;
    struct lookup *lookups;
    size_t n_lookups = asked_lookups(asked, ask->arena, &lookups);
    struct hit *hits = arena_alloc(ask->arena, k * sizeof(*hits));

    if (!lookups || !hits)
        return ENGINE_NO_MEMORY;
    long n = index_top(ask->index, lookups, n_lookups, asked->average, speaks, &seek, k, hits);
    if (n < 0)
        return ENGINE_NO_MEMORY;
    for (long i = 0; i < n; i++)
        room += index_links(ask->index, hits[i].slot, &links) + 1;
    crowd->list = arena_alloc(ask->arena, (room + 1) * sizeof(*crowd->list));
    if (!crowd->list || table_init(&crowd->by_slot, ask->arena, room) < 0 ||
        table_init(&crowd->found, ask->arena, k) < 0)
        return ENGINE_NO_MEMORY;
    for (long i = 0; i < n; i++) {
        *table_at(&crowd->found, hits[i].slot) = 1;
        if (index_facts(ask->index, hits[i].slot)->kind == kind)
            hope(crowd, hits[i].slot, hits[i].score);
        size_t n_links = index_links(ask->index, hits[i].slot, &links);
        for (size_t j = 0; j < n_links; j++) {
            uint32_t slot = index_find(ask->index, links[j].to);

            if (slot != NO_SLOT && passes_all(ask->passes, slot, kind))
                hope(crowd, slot, hits[i].score * links[j].weight);
        }
    }
    qsort(crowd->list, crowd->n, sizeof(*crowd->list), more_hope);
    if (crowd->n > (size_t)params.people_full)
        crowd->n = (size_t)params.people_full;
    return ENGINE_OK;
}

/* What may speak for the person, its own record first. -1: memory is out. */
static int evidence_of(struct ask_state *ask, uint32_t person, struct evidence **ret, size_t *ret_n)
{
    size_t max = (size_t)params.people_evidence, n = 0;
    struct evidence *list = arena_alloc(ask->arena, (max + 1) * sizeof(*list));

    if (!list)
        return -1;
    list[n++] = (struct evidence){ person, 1 };
    size_t there = index_evidence(ask->index, index_facts(ask->index, person)->id, list + 1, max);
    for (size_t i = 1; i <= (there < max ? there : max); i++)
        if (is_evidence(ask, list[i].slot))
            list[n++] = list[i];
    *ret = list;
    *ret_n = n;
    return 0;
}

/* -1: memory is out. */
static int score_once(struct crowd *crowd, uint32_t slot)
{
    struct scored *scored = &crowd->asked->scored;
    double s;

    if (crowd->budget == 0 || scored_find(scored, slot, &s))
        return 0;
    crowd->budget--;
    s = score(crowd->scorer, slot, NULL);
    return s < 0 ? -1 : scored_add(scored, crowd->ask->arena, slot, s);
}

/* Profiles and what stage one found, or all of it. */
static enum engine_result score_crowd(struct crowd *crowd, bool all)
{
    for (size_t i = 0; i < crowd->n && crowd->budget > 0; i++) {
        const struct person *person = &crowd->list[i];

        for (size_t j = 0; j < person->n; j++)
            if ((all || j == 0 ||
                 table_get(&crowd->found, person->evidence[j].slot) != TABLE_NONE) &&
                score_once(crowd, person->evidence[j].slot) < 0)
                return ENGINE_NO_MEMORY;
        if (ask_is_late(crowd->ask))
            return ENGINE_LATE;
    }
    return ENGINE_OK;
}

static int heavier_share(const void *a, const void *b)
{
    const struct evidence_share *left = a, *right = b;

    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

/* The shares of what was scored, heaviest first. */
static enum engine_result share_out(struct ask_state *ask, const struct asked *asked,
                                    const struct evidence *evidence, size_t n,
                                    struct evidence_share **ret, size_t *ret_n)
{
    struct evidence_share *list = arena_alloc(ask->arena, (n + 1) * sizeof(*list));
    size_t kept = 0;

    if (!list)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        double weight = evidence_weight(ask, evidence[i].slot, evidence[i].weight), s = 0;

        if (scored_find(&asked->scored, evidence[i].slot, &s) && s * weight > 0)
            list[kept++] = (struct evidence_share){ .slot = evidence[i].slot,
                                                    .score = s * weight,
                                                    .weight = weight };
    }
    qsort(list, kept, sizeof(*list), heavier_share);
    for (size_t i = 0; i < kept; i++)
        list[i].share = list[i].score / (double)(i + 1);
    *ret = list;
    *ret_n = kept;
    return ENGINE_OK;
}

enum engine_result people_evidence(struct ask_state *ask, const struct asked *asked,
                                   uint32_t person, struct evidence_share **ret, size_t *ret_n)
{
    struct evidence *evidence;
    size_t n;

    if (evidence_of(ask, person, &evidence, &n) < 0)
        return ENGINE_NO_MEMORY;
    return share_out(ask, asked, evidence, n, ret, ret_n);
}

static enum engine_result sum_up(struct crowd *crowd, struct found *list, size_t *ret_n)
{
    struct ask_state *ask = crowd->ask;

    *ret_n = 0;
    for (size_t i = 0; i < crowd->n; i++) {
        const struct person *person = &crowd->list[i];
        struct evidence_share *shares;
        struct reason unused[ADJUST_MAX];
        size_t n, n_unused = 0;
        double sum = 0;

        if (share_out(ask, crowd->asked, person->evidence, person->n, &shares, &n) != ENGINE_OK)
            return ENGINE_NO_MEMORY;
        for (size_t j = 0; j < n; j++)
            sum += shares[j].share;
        if (sum > 0)
            list[(*ret_n)++] =
                (struct found){ person->slot, sum + adjust(ask, person->slot, unused, &n_unused) };
    }
    found_sort(list, *ret_n);
    return ENGINE_OK;
}

enum engine_result match_people(struct ask_state *ask, struct asked *asked, unsigned kind,
                                struct found **ret, size_t *ret_n)
{
    if (kind == KIND_LABEL)
        return rank_labels(ask, true, ret, ret_n);

    struct crowd crowd = { .ask = ask,
                           .asked = asked,
                           .scorer = scorer_new(asked, ask->norms, ask->arena),
                           .budget = (size_t)params.people_scores };
    enum engine_result rc = crowd.scorer ? gather(&crowd, kind) : ENGINE_NO_MEMORY;

    if (rc != ENGINE_OK)
        return rc;
    *ret = arena_alloc(ask->arena, (crowd.n + 1) * sizeof(**ret));
    if (!*ret)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < crowd.n; i++)
        if (evidence_of(ask, crowd.list[i].slot, &crowd.list[i].evidence, &crowd.list[i].n) < 0)
            return ENGINE_NO_MEMORY;
    rc = score_crowd(&crowd, false);
    rc = rc == ENGINE_OK ? score_crowd(&crowd, true) : rc;
    return rc == ENGINE_OK ? sum_up(&crowd, *ret, ret_n) : rc;
}
