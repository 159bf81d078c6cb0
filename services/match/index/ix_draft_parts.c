/* ix_draft_parts.c - tokens become terms: interned, counted, and put in a sequence with its
 * breaks.
 *
 * A break of a segment is a gap in the positions of the units; words and pairs have theirs where
 * the units do. */
#include <string.h>

#include "ix_draft.h"
#include "ix_sort.h"
#include "ix_terms.h"

#define TOGETHER 64 /* tokens that are looked up together */

struct maker { /* one space of one item */
    struct index *index;
    enum space space;
    const struct tokens *tokens;
    uint32_t *ids;  /* of every token, fields in a row */
    uint64_t *keys; /* id and place in the sequence */
    size_t n;
    struct ix_part *part;
};

/* Adds a term with its list and, in B, its pair: the three heaps keep step. */
static int intern(struct index *index, enum space space, const struct token *token, uint32_t hash,
                  const struct ix_pair *mates, uint32_t *ret)
{
    struct ix_heap *lists = &index->heap[HEAP_LIST_W + (unsigned)space];
    struct ix_heap *pairs = &index->heap[HEAP_PAIR];
    struct ix_dict *dict = &index->terms[space];
    uint32_t n = (uint32_t)(pairs->used / sizeof(struct ix_pair));
    bool new;

    if (ix_heap_ensure(lists, sizeof(struct ix_list)) < 0)
        return -1;
    if (mates && (ix_heap_ensure(pairs, sizeof(struct ix_pair)) < 0 ||
                  ix_room(index, &index->pairs, n, ix_fill_pair) < 0))
        return -1;
    if (ix_dict_add_hashed(dict, hash, token->term, token->len, ret, &new) < 0)
        return -1;
    if (!new)
        return 0;
    memset(ix_heap_take(lists, sizeof(struct ix_list)), 0, sizeof(struct ix_list));
    if (mates) {
        struct ix_pair *pair = ix_heap_take(pairs, sizeof(*pair));

        *pair = *mates;
        if (pair->a != NO_TERM && ix_pair_find(index, pair->a, pair->b) != NO_TERM)
            pair->a = pair->b = NO_TERM; /* another term has these units already */
        if (pair->a != NO_TERM)
            ix_table_put(atomic_load_explicit(&index->pairs, memory_order_relaxed),
                         ix_pair_hash(pair->a, pair->b), *ret);
    }
    return 0;
}

/* Counts the breaks among the units up to a position. Positions are asked for in ascending
 * order. */
struct breaks {
    const struct token *units;
    size_t n, at;
    uint32_t count;
};

static uint32_t breaks_before(struct breaks *breaks, uint32_t pos)
{
    for (; breaks->at + 1 < breaks->n && breaks->units[breaks->at + 1].pos <= pos; breaks->at++)
        breaks->count += breaks->units[breaks->at + 1].pos != breaks->units[breaks->at].pos + 1;
    return breaks->count;
}

/* Where units are missing, a gap between the tokens themselves is all there is to go by. */
static bool breaks_at(struct breaks *breaks, enum space space, const struct token *before,
                      const struct token *token)
{
    uint32_t count = breaks->count;

    if (space == SPACE_U)
        return token->pos != before->pos + 1;
    if (breaks->n == 0)
        return token->pos > before->pos + 1;
    return breaks_before(breaks, token->pos) != count;
}

/* Hashes of the tokens from `from` on, and their entries brought near. */
static void hash_some(const struct maker *maker, const struct token *list, size_t n,
                      uint32_t hashes[TOGETHER])
{
    const struct ix_dict *dict = &maker->index->terms[maker->space];

    for (size_t i = 0; i < n; i++)
        hashes[i] = ix_dict_hash(dict, list[i].term, list[i].len);
    for (enum ix_stage stage = 0; stage < IX_STAGES; stage++)
        for (size_t i = 0; i < n; i++)
            ix_dict_near(dict, hashes[i], stage);
}

static int sequence(struct maker *maker, const struct ix_pair *mates)
{
    struct ix_part *part = maker->part;

    for (unsigned f = 0; f < N_FIELDS; f++) {
        const struct tokens *tokens = &maker->tokens[f];
        const struct token *list = tokens->list[maker->space];
        struct breaks breaks = { tokens->list[SPACE_U], tokens->n[SPACE_U], 0, 0 };
        uint32_t hashes[TOGETHER];
        size_t n = tokens->n[maker->space];

        if (f > 0)
            part->sequence[part->n_sequence++] = IX_FIELD;
        for (size_t i = 0; i < n; i++) {
            uint32_t id;

            if (i % TOGETHER == 0)
                hash_some(maker, list + i, n - i < TOGETHER ? n - i : TOGETHER, hashes);
            if (intern(maker->index, maker->space, &list[i], hashes[i % TOGETHER],
                       mates ? &mates[maker->n] : NULL, &id) < 0)
                return -1;
            if (i == 0)
                breaks_before(&breaks, list[i].pos);
            else if (breaks_at(&breaks, maker->space, &list[i - 1], &list[i]))
                part->sequence[part->n_sequence++] = IX_SEGMENT;
            maker->keys[maker->n] = (uint64_t)id << 32 | part->n_sequence++;
            maker->ids[maker->n++] = id;
        }
    }
    return 0;
}

/* From keys to the distinct terms; each place of the sequence learns its term's place. */
static void distinct(struct maker *maker, uint64_t *spare)
{
    struct ix_part *part = maker->part;

    ix_sort(maker->keys, spare, maker->n);
    for (size_t i = 0; i < maker->n; i++) {
        uint32_t id = (uint32_t)(maker->keys[i] >> 32);

        if (part->n == 0 || part->terms[part->n - 1] != id)
            part->terms[part->n++] = id;
        part->sequence[(uint32_t)maker->keys[i]] = part->n - 1 + IX_PLACE;
    }
}

static uint64_t count(struct ix_part *part)
{
    uint32_t weight[N_FIELDS], field = 0;
    uint64_t sum = 0;

    ix_field_steps(weight);
    memset(part->steps, 0, part->n * sizeof(*part->steps));
    for (uint32_t i = 0; i < part->n_sequence; i++) {
        if (part->sequence[i] >= IX_PLACE)
            part->steps[part->sequence[i] - IX_PLACE] += weight[field];
        else if (part->sequence[i] == IX_FIELD)
            field++;
    }
    for (uint32_t i = 0; i < part->n; i++) {
        if (part->steps[i] > IX_STEPS_MAX)
            part->steps[i] = IX_STEPS_MAX;
        sum += part->steps[i];
    }
    return sum;
}

static int make(struct index *index, enum space space, const struct tokens tokens[N_FIELDS],
                const struct ix_pair *mates, struct ix_draft *draft, uint32_t **ret_ids)
{
    struct ix_part *part = &draft->part[space];
    struct maker maker = { index, space, tokens, NULL, NULL, 0, part };
    size_t n = 0;

    for (unsigned f = 0; f < N_FIELDS; f++)
        n += tokens[f].n[space];
    if (n > UINT32_MAX / 4)
        return -1;
    maker.ids = ix_scratch(index, n * sizeof(uint32_t));
    maker.keys = ix_scratch(index, 2 * n * sizeof(uint64_t));
    part->terms = ix_scratch(index, n * sizeof(uint32_t));
    part->steps = ix_scratch(index, n * sizeof(uint32_t));
    part->sequence = ix_scratch(index, (2 * n + N_FIELDS) * sizeof(uint32_t));
    part->n = part->n_sequence = 0;
    if (!maker.ids || !maker.keys || !part->terms || !part->steps || !part->sequence ||
        sequence(&maker, mates) < 0)
        return -1;
    distinct(&maker, maker.keys + n);
    draft->length[space] = count(part);
    *ret_ids = maker.ids;
    return 0;
}

/* The two units of every token of B, as its position has it; `explicit_pairs` is set when the
 * tokens are not exactly the pairs of neighbours. */
static struct ix_pair *pair_up(struct index *index, const struct tokens tokens[N_FIELDS],
                               const uint32_t *units, struct ix_draft *draft)
{
    size_t n = 0, at = 0, unit = 0;
    struct ix_pair *mates;

    for (unsigned f = 0; f < N_FIELDS; f++)
        n += tokens[f].n[SPACE_B];
    mates = ix_scratch(index, n * sizeof(*mates));
    if (!mates)
        return NULL;
    memset(mates, 0xff, n * sizeof(*mates));
    for (unsigned f = 0; f < N_FIELDS; f++) {
        const struct token *u = tokens[f].list[SPACE_U], *b = tokens[f].list[SPACE_B];
        size_t n_u = tokens[f].n[SPACE_U], n_b = tokens[f].n[SPACE_B], i = 0;

        for (size_t j = 0; j + 1 < n_u; j++) {
            if (u[j + 1].pos != u[j].pos + 1)
                continue;
            if (i == n_b || b[i].pos != u[j].pos) {
                draft->explicit_pairs = true;
                break;
            }
            mates[at + i] = (struct ix_pair){ units[unit + j], units[unit + j + 1] };
            i++;
        }
        draft->explicit_pairs |= i != n_b;
        at += n_b;
        unit += n_u;
    }
    return mates;
}

int ix_draft_parts(struct index *index, const struct tokens tokens[N_FIELDS],
                   struct ix_draft *draft)
{
    const struct ix_pair *pairs = ARRAY_OF(index, struct ix_pair, HEAP_PAIR);
    struct ix_pair *mates;
    uint32_t *ids;
    size_t n = 0;

    draft->explicit_pairs = false;
    if (make(index, SPACE_W, tokens, NULL, draft, &ids) < 0 ||
        make(index, SPACE_U, tokens, NULL, draft, &ids) < 0)
        return -1;
    mates = pair_up(index, tokens, ids, draft);
    if (!mates || make(index, SPACE_B, tokens, mates, draft, &ids) < 0)
        return -1;
    for (unsigned f = 0; f < N_FIELDS; f++)
        n += tokens[f].n[SPACE_B];
    for (size_t i = 0; i < n && !draft->explicit_pairs; i++)
        draft->explicit_pairs = pairs[ids[i]].a != mates[i].a || pairs[ids[i]].b != mates[i].b;
    return 0;
}
