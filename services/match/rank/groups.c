/* groups.c - alike needs of different units, for a challenge that serves them all (共性技术).
 *
 * Average linkage: the two nearest groups join as long as their members are, on the mean, likelier
 * than the threshold. A group of one unit's own needs is none. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "pair.h"
#include "params.h"

#define MEMBERS_MAX 400 /* records that are compared, newest first */
#define SHARED_MAX 8

struct grouping {
    struct ask_state *ask;
    uint32_t slots[MEMBERS_MAX];
    struct record_side sides[MEMBERS_MAX];
    size_t n;
    float *like;     /* n x n */
    uint32_t *group; /* of each record */
    uint32_t *size;  /* of each group */
};

static float *like_at(const struct grouping *g, size_t a, size_t b)
{
    return &g->like[a * g->n + b];
}

static enum engine_result make_sides(struct grouping *g)
{
    struct ask_state *ask = g->ask;

    for (size_t i = 0; i < g->n; i++) {
        struct tokens fields[N_FIELDS];

        for (int f = 0; f < N_FIELDS; f++) {
            const char *text = index_text(ask->index, ask->arena, g->slots[i], (enum field)f);

            if (!text || text_analyse(ask->analyser, ask->scratch, ask->arena, text, strlen(text),
                                      &fields[f]) < 0)
                return ENGINE_NO_MEMORY;
        }
        if (record_side_make(ask->arena, ask->index, ask->model, fields, &g->sides[i]) < 0)
            return ENGINE_NO_MEMORY;
    }
    return ENGINE_OK;
}

/* The place of the record's best gist that was not taken yet; g->n: none is left. */
static size_t nearest_left(const struct grouping *g, size_t of, const float *gist,
                           const bool *taken)
{
    size_t best = g->n;

    for (size_t j = 0; j < g->n; j++)
        if (j != of && !taken[j] && gist[j] > 0 && (best == g->n || gist[j] > gist[best]))
            best = j;
    return best;
}

/* Each record with the few that are nearest to it; the others are not alike, which saves nearly all
 * of the time: four hundred needs are eighty thousand pairs. */
static enum engine_result compare_near(struct grouping *g)
{
    struct ask_state *ask = g->ask;
    float *gist = arena_alloc(ask->arena, (g->n + 1) * sizeof(*gist));
    bool *taken = arena_alloc(ask->arena, g->n + 1);

    if (!gist || !taken)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < g->n; i++) {
        for (size_t j = 0; j < g->n; j++)
            gist[j] = (float)record_gist(&g->sides[i], &g->sides[j]);
        memset(taken, 0, g->n);
        for (int k = 0; k < (int)params.group_near; k++) {
            size_t j = nearest_left(g, i, gist, taken);
            struct arena scratch = { 0 };

            if (j == g->n)
                break;
            taken[j] = true;
            if (*like_at(g, i, j) > 0)
                continue;
            double like = record_likeness(&scratch, &g->sides[i], &g->sides[j]);
            arena_release(&scratch);
            if (like < 0)
                return ENGINE_NO_MEMORY;
            *like_at(g, i, j) = *like_at(g, j, i) = (float)like;
        }
        if (ask_is_late(ask))
            return ENGINE_LATE;
    }
    return ENGINE_OK;
}

/* `like` between two groups' first members holds the mean over all pairs of their members. */
static void join(struct grouping *g, double least)
{
    for (size_t i = 0; i < g->n; i++) {
        g->group[i] = (uint32_t)i;
        g->size[i] = 1;
    }
    for (;;) {
        size_t a = 0, b = 0;
        float best = (float)least;

        for (size_t i = 0; i < g->n; i++)
            for (size_t j = 0; g->size[i] && j < i; j++)
                if (g->size[j] && *like_at(g, i, j) >= best) {
                    best = *like_at(g, i, j);
                    a = j;
                    b = i;
                }
        if (a == b)
            return;
        for (size_t i = 0; i < g->n; i++) {
            float mean =
                (*like_at(g, a, i) * (float)g->size[a] + *like_at(g, b, i) * (float)g->size[b]) /
                (float)(g->size[a] + g->size[b]);

            *like_at(g, a, i) = *like_at(g, i, a) = mean;
            if (g->group[i] == b)
                g->group[i] = (uint32_t)a;
        }
        g->size[a] += g->size[b];
        g->size[b] = 0;
    }
}

static bool is_across_units(const struct grouping *g, const size_t *members, size_t n)
{
    const uint8_t *unit = index_facts(g->ask->index, g->slots[members[0]])->unit;

    for (size_t i = 1; i < n; i++)
        if (memcmp(index_facts(g->ask->index, g->slots[members[i]])->unit, unit, 16) != 0)
            return true;
    return false;
}

/* The words that most members have in common with the one in the middle. */
static int tell_shared(struct grouping *g, const size_t *members, size_t n, struct group_found *ret)
{
    const char **list = arena_alloc(g->ask->arena, SHARED_MAX * sizeof(*list));
    const char *words[128];
    size_t middle = members[0];
    double most = -1;

    if (!list)
        return -1;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;

        for (size_t j = 0; j < n; j++)
            sum += i == j ? 0
                          : record_likeness(g->ask->arena, &g->sides[members[i]],
                                            &g->sides[members[j]]);
        if (sum > most) {
            most = sum;
            middle = members[i];
        }
    }
    size_t n_words =
        side_shared(g->ask->arena, g->sides[middle].whole, g->sides[middle].whole, words, 128);
    ret->n_shared = 0;
    for (size_t w = 0; w < n_words && ret->n_shared < SHARED_MAX; w++) {
        size_t have = 0;

        for (size_t i = 0; i < n; i++)
            have += side_has(g->sides[members[i]].whole, words[w]);
        if (have * 2 > n)
            list[ret->n_shared++] = words[w];
    }
    ret->shared = list;
    ret->likeness = n > 1 ? most / (double)(n - 1) : 1;
    return 0;
}

static enum engine_result tell(struct grouping *g, struct answer *ret)
{
    struct arena *arena = g->ask->arena;

    ret->list = arena_alloc(arena, (g->n + 1) * sizeof(*ret->list));
    ret->groups = arena_alloc(arena, (g->n / 2 + 1) * sizeof(*ret->groups));
    if (!ret->list || !ret->groups)
        return ENGINE_NO_MEMORY;
    for (size_t a = 0; a < g->n; a++) {
        struct group_found *group = &ret->groups[ret->n_groups];
        size_t *members = arena_alloc(arena, (g->size[a] + 1) * sizeof(*members)), n = 0;

        if (!members)
            return ENGINE_NO_MEMORY;
        for (size_t i = 0; i < g->n && g->size[a] > 1; i++)
            if (g->group[i] == a)
                members[n++] = i;
        if (n < 2 || !is_across_units(g, members, n))
            continue;
        if (tell_shared(g, members, n, group) < 0)
            return ENGINE_NO_MEMORY;
        for (size_t i = 0; i < n; i++) {
            const struct facts *facts = index_facts(g->ask->index, g->slots[members[i]]);
            struct candidate *to = &ret->list[ret->n];

            memcpy(to->id, facts->id, sizeof(to->id));
            to->kind = (enum kind)facts->kind;
            to->version = facts->version;
            to->score = group->likeness;
            members[i] = ret->n++;
        }
        group->members = members;
        group->n = n;
        ret->n_groups++;
    }
    ret->total = ret->n_groups;
    return ENGINE_OK;
}

static int likelier(const void *a, const void *b)
{
    const struct group_found *left = a, *right = b;

    return (left->likeness < right->likeness) - (left->likeness > right->likeness);
}

enum engine_result ask_groups(struct ask_state *ask, struct answer *ret)
{
    struct grouping *g = arena_alloc(ask->arena, sizeof(*g));
    double least = ask->question->threshold > 0 ? ask->question->threshold : params.group_least;

    if (!g)
        return ENGINE_NO_MEMORY;
    g->ask = ask;
    passes_kinds(ask->passes, ask->question->filter.kinds);
    g->n = index_all(ask->index, NULL, 0, passes_accept, ask->passes, g->slots, MEMBERS_MAX,
                     MEMBERS_MAX);
    g->n = g->n < MEMBERS_MAX ? g->n : MEMBERS_MAX;
    g->like = arena_alloc(ask->arena, (g->n * g->n + 1) * sizeof(*g->like));
    g->group = arena_alloc(ask->arena, (g->n + 1) * sizeof(*g->group));
    g->size = arena_alloc(ask->arena, (g->n + 1) * sizeof(*g->size));
    if (!g->like || !g->group || !g->size)
        return ENGINE_NO_MEMORY;
    enum engine_result rc = make_sides(g);
    if (rc == ENGINE_OK)
        rc = compare_near(g);
    if (rc != ENGINE_OK)
        return rc;
    join(g, least);
    rc = tell(g, ret);
    if (rc == ENGINE_OK)
        qsort(ret->groups, ret->n_groups, sizeof(*ret->groups), likelier);
    return rc;
}
