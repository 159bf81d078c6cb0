/* ix_put.c - putting and removing: made ready outside, linked in under the write lock. */
#include <string.h>

#include "digest.h"
#include "ix_draft.h"
#include "ix_put.h"
#include "ix_terms.h"

int ix_gone_make(struct index *memory, const struct index *index, uint32_t slot,
                 struct ix_gone *ret)
{
    struct ix_view views[N_SPACES];

    ret->slot = slot;
    ix_views(index, slot, views);
    for (enum space s = 0; s < N_SPACES; s++) {
        size_t room = views[s].n;

        if (s == SPACE_B && views[s].n_sequence == 0)
            room = views[SPACE_U].n_sequence;
        ret->terms[s] = ix_scratch(memory, room * sizeof(struct posting));
        if (!ret->terms[s])
            return -1;
        ret->n[s] = index_forward(index, s, slot, ret->terms[s], room);
        if (s == SPACE_B && ret->n[s] == 0 && ix_lengths(index, SPACE_B)[slot] > 0)
            return -1; /* the pairs of a long text could not be worked out */
    }
    return 0;
}

/* The sum of lengths is kept in whole steps; a length is a float made from them. */
uint64_t ix_steps_of(const struct index *index, enum space space, uint32_t slot)
{
    return (uint64_t)((double)ix_lengths(index, space)[slot] * IX_STEP + 0.5);
}

/* A slot comes into the sums or leaves them. */
static void tally(struct index *index, uint32_t slot, bool more)
{
    const struct facts *facts = ix_facts(index, slot);
    struct ix_state *state = ix_state(index);
    uint64_t hash = digest_of(facts->id, facts->version), one = more ? 1 : -1ull;

    pthread_mutex_lock(&index->tallies);
    for (unsigned i = 0; i < N_KINDS; i++) {
        struct ix_sums *sums = &state->sums[i];

        if (!(facts->kind >> i & 1))
            continue;
        state->digest[i] += one * hash;
        sums->n += one;
        sums->texts += one * (ix_slot(index, slot)->words > 0);
        sums->words += one * ix_slot(index, slot)->words;
        for (enum space s = 0; s < N_SPACES; s++)
            sums->steps[s] += one * ix_steps_of(index, s, slot);
    }
    pthread_mutex_unlock(&index->tallies);
}

void ix_gone_link(struct index *index, const struct ix_gone *gone)
{
    struct ix_state *state = ix_state(index);

    for (enum space s = 0; s < N_SPACES; s++)
        for (size_t i = 0; i < gone->n[s]; i++)
            ix_lists(index, s)[gone->terms[s][i].term].df--;
    ix_live(index)[gone->slot / 64] &= ~(1ull << (gone->slot % 64));
    state->n_live--;
    tally(index, gone->slot, false);
}

static void link_evidence(struct index *index, const struct ix_draft *draft, uint32_t slot)
{
    struct ix_heap *nodes = &index->heap[HEAP_NODE];
    uint32_t *heads = ARRAY_OF(index, uint32_t, HEAP_HEAD);

    for (uint32_t i = 0; i < draft->slot.n_links; i++) {
        struct ix_node *node = ix_heap_take(nodes, sizeof(*node));
        uint32_t *head = &heads[draft->targets[i]];

        *node = (struct ix_node){ slot, draft->links[i].weight, *head };
        *head = (uint32_t)(nodes->used / sizeof(*node));
    }
}

static void link_terms(struct index *index, const struct ix_draft *draft, uint32_t slot)
{
    struct ix_state *state = ix_state(index);
    struct ix_heap *pool = &index->heap[HEAP_POOL];

    for (enum space s = 0; s < N_SPACES; s++) {
        const struct ix_part *part = &draft->part[s];
        float *length = ix_heap_take(&index->heap[HEAP_LENGTH_W + s], sizeof(float));

        /* A float holds whole steps up to 2^24: longer texts are measured a little short. */
        *length = (float)((double)draft->length[s] / IX_STEP);
        for (uint32_t i = 0; i < part->n; i++) {
            struct ix_list *list = &ix_lists(index, s)[part->terms[i]];

            ix_list_append(list, pool, &state->pool, slot, part->steps[i], ix_lengths(index, s));
            list->df++;
        }
    }
}

static void link_bits(struct index *index, uint32_t kind, uint32_t slot)
{
    struct ix_kinds *kinds;

    if (slot % 64 == 0) {
        memset(ix_heap_take(&index->heap[HEAP_LIVE], sizeof(uint64_t)), 0, sizeof(uint64_t));
        memset(ix_heap_take(&index->heap[HEAP_KINDS], sizeof(*kinds)), 0, sizeof(*kinds));
    }
    kinds = ARRAY_OF(index, struct ix_kinds, HEAP_KINDS) + slot / 64;
    for (unsigned i = 0; i < N_KINDS; i++)
        if (kind >> i & 1)
            kinds->bits[i] |= 1ull << (slot % 64);
}

uint32_t ix_draft_link(struct index *index, const struct ix_draft *draft)
{
    struct ix_state *state = ix_state(index);
    uint32_t slot = state->n_slots;

    memcpy(ix_heap_take(&index->heap[HEAP_SLOT], sizeof(draft->slot)), &draft->slot,
           sizeof(draft->slot));
    memcpy(ix_heap_take(&index->heap[HEAP_FACTS], sizeof(draft->facts)), &draft->facts,
           sizeof(draft->facts));
    link_bits(index, draft->facts.kind, slot);
    link_terms(index, draft, slot);
    link_evidence(index, draft, slot);
    for (unsigned i = 0; i < draft->n_keys; i++)
        ix_key_link(index, draft->keys[i], slot);
    ix_live(index)[slot / 64] |= 1ull << (slot % 64);
    ix_ids_set(index, slot);
    tally(index, slot, true);
    state->n_slots++;
    state->n_live++;
    return slot;
}

/* `locked`: the caller has the write lock already, and what could be made ready outside is made
 * ready inside. */
static int put(struct index *index, const struct item *item, const struct tokens tokens[N_FIELDS],
               bool locked)
{
    uint32_t old = ix_find(index, item->id);
    struct ix_draft draft;
    struct ix_gone gone;

    if (old != NO_SLOT && item->version < ix_facts(index, old)->version)
        return 0;
    if (old != NO_SLOT && ix_gone_make(index, index, old, &gone) < 0)
        return -1;
    if (ix_draft_make(index, item, tokens, &draft) < 0)
        return -1;
    if (!locked)
        pthread_rwlock_wrlock(&index->lock);
    if (old != NO_SLOT)
        ix_gone_link(index, &gone);
    ix_draft_link(index, &draft);
    ix_settle(index);
    if (!locked)
        pthread_rwlock_unlock(&index->lock);
    return 0;
}

int index_put(struct index *index, const struct item *item, const struct tokens tokens[N_FIELDS])
{
    int result;

    pthread_mutex_lock(&index->writer);
    result = put(index, item, tokens, false);
    ix_scratch_clear(index);
    pthread_mutex_unlock(&index->writer);
    return result;
}

int index_put_all(struct index *index, const struct index_record *records, size_t n)
{
    int result = 0;

    pthread_mutex_lock(&index->writer);
    pthread_rwlock_wrlock(&index->lock);
    for (size_t i = 0; i < n && result == 0; i++) {
        result = put(index, records[i].item, records[i].tokens, true);
        ix_scratch_clear(index);
    }
    pthread_rwlock_unlock(&index->lock);
    pthread_mutex_unlock(&index->writer);
    return result;
}

int index_remove(struct index *index, const uint8_t id[16], int64_t version)
{
    struct ix_gone gone;
    uint32_t slot;
    int result = 0;

    pthread_mutex_lock(&index->writer);
    slot = ix_find(index, id);
    if (slot != NO_SLOT && version >= ix_facts(index, slot)->version) {
        result = ix_gone_make(index, index, slot, &gone);
        if (result == 0) {
            pthread_rwlock_wrlock(&index->lock);
            ix_gone_link(index, &gone);
            pthread_rwlock_unlock(&index->lock);
        }
    }
    ix_scratch_clear(index);
    pthread_mutex_unlock(&index->writer);
    return result;
}
