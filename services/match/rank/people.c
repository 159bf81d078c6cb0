/* people.c - experts, units and labels by what speaks for them.
 *
 * E = sum over i of S_(i) / i, over all the evidence, best first: the best record counts whole, a
 * second one half, so that a long list of middling papers does not beat one that fits, and still
 * counts. S is weighted by the kind of the record, the part the person had in it, and its age. The
 * own profile is evidence like any other, so that people without papers are found too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

struct person {
    uint32_t slot;
    double hope; /* by stage one alone */
};
struct crowd {
    struct person *list;
    size_t n;
    struct table by_slot;
};

static double kind_weight(unsigned kind)
{
    switch (kind) {
    case KIND_PAPER:
        return params.evidence_paper;
    case KIND_PATENT:
        return params.evidence_patent;
    case KIND_ACHIEVEMENT:
        return params.evidence_achievement;
    case KIND_PROJECT:
    case KIND_EARLIER:
        return params.evidence_project;
    case KIND_CLAIM:
        return params.evidence_claim;
    default:
        return params.evidence_own;
    }
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
static enum engine_result gather(struct ask_state *ask, struct asked *asked, unsigned kind,
                                 struct crowd *crowd)
{
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
    if (!crowd->list || table_init(&crowd->by_slot, ask->arena, room) < 0)
        return ENGINE_NO_MEMORY;
    for (long i = 0; i < n; i++) {
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
    return ENGINE_OK;
}

static int heavier_share(const void *a, const void *b)
{
    const struct evidence_share *left = a, *right = b;

    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (left->slot > right->slot) - (left->slot < right->slot);
}

enum engine_result people_evidence(struct ask_state *ask, struct scorer *scorer, uint32_t person,
                                   struct evidence_share **ret, size_t *ret_n)
{
    const struct facts *facts = index_facts(ask->index, person);
    size_t max = (size_t)params.people_evidence, n = 0;
    struct evidence *evidence = arena_alloc(ask->arena, max * sizeof(*evidence));
    struct evidence_share *list = arena_alloc(ask->arena, (max + 1) * sizeof(*list));

    if (!evidence || !list)
        return ENGINE_NO_MEMORY;
    size_t there = index_evidence(ask->index, facts->id, evidence, max);
    double own = score(scorer, person, NULL);
    if (own < 0)
        return ENGINE_NO_MEMORY;
    own *= evidence_weight(ask, person, 1);
    if (own > 0)
        list[n++] = (struct evidence_share){ person, own, 0 };
    for (size_t i = 0; i < (there < max ? there : max); i++) {
        if (!is_evidence(ask, evidence[i].slot))
            continue;
        double s = score(scorer, evidence[i].slot, NULL);

        if (s < 0)
            return ENGINE_NO_MEMORY;
        s *= evidence_weight(ask, evidence[i].slot, evidence[i].weight);
        if (s > 0)
            list[n++] = (struct evidence_share){ evidence[i].slot, s, 0 };
    }
    qsort(list, n, sizeof(*list), heavier_share);
    for (size_t i = 0; i < n; i++)
        list[i].share = list[i].score / (double)(i + 1);
    *ret = list;
    *ret_n = n;
    return ENGINE_OK;
}

enum engine_result match_people(struct ask_state *ask, struct asked *asked, unsigned kind,
                                struct found **ret, size_t *ret_n)
{
    struct scorer *scorer = scorer_new(asked, ask->norms, ask->arena);
    struct crowd crowd = { 0 };

    if (kind == KIND_LABEL)
        return rank_labels(ask, true, ret, ret_n);
    enum engine_result rc = gather(ask, asked, kind, &crowd);

    if (rc != ENGINE_OK)
        return rc;
    size_t full = crowd.n < (size_t)params.people_full ? crowd.n : (size_t)params.people_full;
    struct found *list = arena_alloc(ask->arena, (full + 1) * sizeof(*list));
    if (!list || !scorer)
        return ENGINE_NO_MEMORY;
    size_t kept = 0;
    for (size_t i = 0; i < full; i++) {
        struct evidence_share *shares;
        struct reason unused[ADJUST_MAX];
        size_t n, n_unused = 0;
        double sum = 0;

        rc = people_evidence(ask, scorer, crowd.list[i].slot, &shares, &n);
        if (rc != ENGINE_OK)
            return rc;
        for (size_t j = 0; j < n; j++)
            sum += shares[j].share;
        if (ask_is_late(ask))
            return ENGINE_LATE;
        if (sum > 0)
            list[kept++] = (struct found){ crowd.list[i].slot, sum + adjust(ask, crowd.list[i].slot,
                                                                            unused, &n_unused) };
    }
    found_sort(list, kept);
    *ret = list;
    *ret_n = kept;
    return ENGINE_OK;
}
