/* cover.c - the smallest set of experts or units whose evidence covers every indicator, and what
 * stays uncovered.
 *
 * Smallest first, then the highest sum of scores. Exact up to a dozen indicators (all subsets);
 * with more the one that covers most is taken again and again, and who became superfluous is
 * dropped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

#define PARTS_MAX 24
#define EXACT_PARTS 12
#define PEOPLE_MAX 60 /* of one indicator */

struct helper {
    uint32_t slot, covers; /* bits of the indicators */
    double score[PARTS_MAX], sum;
};
struct cover {
    struct ask_state *ask;
    struct asked *asked[PARTS_MAX];
    size_t n_parts;
    struct helper *list;
    size_t n;
    struct table by_slot;
    uint32_t all; /* indicators that somebody covers */
};

static enum engine_result gather_part(struct cover *cover, size_t part)
{
    struct ask_state *ask = cover->ask;
    const char *text = ask->question->parts[part];
    struct tokens fields[N_FIELDS] = { 0 };
    struct found *found;
    size_t n;

    cover->asked[part] = arena_alloc(ask->arena, sizeof(struct asked));
    if (!cover->asked[part] ||
        text_analyse(ask->analyser, ask->scratch, ask->arena, text, strlen(text),
                     &fields[FIELD_TITLE]) < 0 ||
        asked_make(cover->asked[part], ask->arena, ask->analyser, ask->index, ask->model, fields) <
            0)
        return ENGINE_NO_MEMORY;
    asked_aim(cover->asked[part], ask->question->filter.evidence);
    enum engine_result rc =
        match_people(ask, cover->asked[part], ask->question->cover_kind, &found, &n);
    for (size_t i = 0; rc == ENGINE_OK && i < n && i < PEOPLE_MAX; i++) {
        if (found[i].score < params.cover_least)
            break;
        uint32_t *at = table_at(&cover->by_slot, found[i].slot);
        if (*at == TABLE_NONE) {
            *at = (uint32_t)cover->n;
            cover->list[cover->n++] = (struct helper){ .slot = found[i].slot };
        }
        struct helper *helper = &cover->list[*at];
        helper->covers |= 1u << part;
        helper->score[part] = found[i].score;
        helper->sum += found[i].score;
        cover->all |= 1u << part;
    }
    return rc;
}

struct best {
    uint16_t people; /* how many it takes */
    uint16_t last;   /* who came last */
    uint32_t before; /* the set without what he added */
    double sum;
};

/* For every set of indicators the fewest people that cover it. */
static int choose_exact(const struct cover *cover, size_t *chosen, size_t *ret_n)
{
    size_t sets = (size_t)1 << cover->n_parts;
    struct best *best = arena_alloc(cover->ask->arena, sets * sizeof(*best));

    if (!best)
        return -1;
    for (size_t set = 1; set < sets; set++)
        best[set].people = UINT16_MAX;
    for (size_t set = 0; set < sets; set++)
        for (size_t i = 0; best[set].people != UINT16_MAX && i < cover->n; i++) {
            size_t next = set | cover->list[i].covers;
            struct best with = { (uint16_t)(best[set].people + 1), (uint16_t)i, (uint32_t)set,
                                 best[set].sum + cover->list[i].sum };

            if (next != set && (with.people < best[next].people ||
                                (with.people == best[next].people && with.sum > best[next].sum)))
                best[next] = with;
        }
    *ret_n = 0;
    for (uint32_t set = cover->all; set; set = best[set].before)
        chosen[(*ret_n)++] = best[set].last;
    return 0;
}

static int bits(uint32_t set)
{
    return __builtin_popcount(set);
}

static void choose_greedy(const struct cover *cover, size_t *chosen, size_t *ret_n)
{
    uint32_t left = cover->all;
    size_t n = 0;

    while (left) {
        size_t best = 0;

        for (size_t i = 1; i < cover->n; i++) {
            int more = bits(cover->list[i].covers & left),
                had = bits(cover->list[best].covers & left);

            if (more > had || (more == had && cover->list[i].sum > cover->list[best].sum))
                best = i;
        }
        left &= ~cover->list[best].covers;
        chosen[n++] = best;
    }
    for (size_t i = 0; i < n;) { /* an early choice may be covered by the later ones together */
        uint32_t others = 0;

        for (size_t j = 0; j < n; j++)
            others |= j == i ? 0 : cover->list[chosen[j]].covers;
        if ((others & cover->all) == cover->all)
            memmove(chosen + i, chosen + i + 1, (--n - i) * sizeof(*chosen));
        else
            i++;
    }
    *ret_n = n;
}

/* Every chosen one with its reasons for the indicator it serves best, and who covers what. */
static enum engine_result tell(struct cover *cover, const size_t *chosen, size_t n,
                               struct answer *ret)
{
    struct ask_state *ask = cover->ask;
    struct cover_set *set = &ret->cover;

    ret->list = arena_alloc(ask->arena, (n + 1) * sizeof(*ret->list));
    set->chosen = arena_alloc(ask->arena, (n + 1) * sizeof(*set->chosen));
    set->pairs = arena_alloc(ask->arena, (n * cover->n_parts + 1) * sizeof(*set->pairs));
    set->uncovered = arena_alloc(ask->arena, (cover->n_parts + 1) * sizeof(*set->uncovered));
    if (!ret->list || !set->chosen || !set->pairs || !set->uncovered)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const struct helper *helper = &cover->list[chosen[i]];
        const struct facts *facts = index_facts(ask->index, helper->slot);
        struct candidate *to = &ret->list[i];
        size_t best = 0;

        for (size_t part = 0; part < cover->n_parts; part++) {
            if (helper->score[part] > helper->score[best])
                best = part;
            if (helper->covers >> part & 1) {
                set->pairs[set->n_pairs].part = part;
                set->pairs[set->n_pairs].by = i;
                set->pairs[set->n_pairs++].score = helper->score[part];
            }
        }
        memcpy(to->id, facts->id, sizeof(to->id));
        to->kind = (enum kind)facts->kind;
        to->version = facts->version;
        to->score = helper->score[best];
        to->strength = strength_of(cover->asked[best], to->score, facts->kind);
        set->chosen[set->n++] = i;
        enum engine_result rc = explain_person(ask, cover->asked[best], to, helper->slot);
        if (rc != ENGINE_OK)
            return rc;
    }
    ret->n = ret->total = n;
    for (size_t part = 0; part < cover->n_parts; part++)
        if (!(cover->all >> part & 1))
            set->uncovered[set->n_uncovered++] = part;
    return ENGINE_OK;
}

enum engine_result ask_cover(struct ask_state *ask, struct answer *ret)
{
    struct cover cover = { .ask = ask, .n_parts = ask->question->n_parts };
    size_t chosen[PARTS_MAX], n = 0;

    if (cover.n_parts == 0 || cover.n_parts > PARTS_MAX ||
        !(ask->question->cover_kind & (KIND_EXPERT | KIND_UNIT)))
        return ENGINE_BAD;
    cover.list = arena_alloc(ask->arena, cover.n_parts * PEOPLE_MAX * sizeof(*cover.list));
    if (!cover.list || adjust_prepare(ask) < 0 ||
        table_init(&cover.by_slot, ask->arena, cover.n_parts * PEOPLE_MAX) < 0)
        return ENGINE_NO_MEMORY;
    for (size_t part = 0; part < cover.n_parts; part++) {
        enum engine_result rc = gather_part(&cover, part);

        if (rc != ENGINE_OK)
            return rc;
    }
    if (cover.n_parts > EXACT_PARTS)
        choose_greedy(&cover, chosen, &n);
    else if (choose_exact(&cover, chosen, &n) < 0)
        return ENGINE_NO_MEMORY;
    return tell(&cover, chosen, n, ret);
}
