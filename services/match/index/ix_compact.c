/* ix_compact.c - a dense copy of the body, made while readers and the writer go on.
 *
 * Live items are copied in order of their slots, a few at a time under the read lock, until the
 * copy has caught up. Then the writer waits for the last of them; items that died after they
 * were copied die in the copy too; readers are shut out for the exchange. The vocabulary stays
 * as it is: term ids outlive it all. */
#include <stdlib.h>
#include <string.h>

#include "ix_put.h"
#include "ix_terms.h"

#define BATCH 16u /* items copied under one read lock */
#define NEAR 256u /* so few items behind, the writer waits */

struct compactor {
    struct index *index, *fresh;
    uint32_t *moved;
    uint32_t done, room;
};

static const bool is_body[N_HEAPS] = {
#define BODY true
#define VOCABULARY false
#define HEAP(name, half) half,
#include "ix_heaps.def"
#undef HEAP
#undef BODY
#undef VOCABULARY
};

/* Lists and chains for terms and targets that have come since. */
static int keep_step(struct compactor *compactor)
{
    static const enum ix_heap_no by_number[] = { HEAP_LIST_W, HEAP_LIST_U, HEAP_LIST_B, HEAP_HEAD };

    for (size_t i = 0; i < COUNT_OF(by_number); i++) {
        struct ix_heap *heap = &compactor->fresh->heap[by_number[i]];
        size_t more = compactor->index->heap[by_number[i]].seen - heap->used;

        if (ix_heap_ensure(heap, more) < 0)
            return -1;
        memset(ix_heap_take(heap, more), 0, more);
    }
    return 0;
}

static int copy_terms(struct compactor *compactor, uint32_t slot, struct ix_draft *draft)
{
    struct index *fresh = compactor->fresh;
    struct ix_gone terms;

    if (ix_gone_make(fresh, compactor->index, slot, &terms) < 0)
        return -1;
    for (enum space s = 0; s < N_SPACES; s++) {
        struct ix_part *part = &draft->part[s];

        part->n = (uint32_t)terms.n[s];
        part->terms = ix_scratch(fresh, part->n * sizeof(uint32_t));
        part->steps = ix_scratch(fresh, part->n * sizeof(uint32_t));
        if (!part->terms || !part->steps)
            return -1;
        for (uint32_t i = 0; i < part->n; i++) {
            part->terms[i] = terms.terms[s][i].term;
            part->steps[i] = (uint32_t)(terms.terms[s][i].tf * IX_STEP + 0.5f);
        }
        draft->length[s] = ix_steps_of(compactor->index, s, slot);
    }
    return 0;
}

static int copy_record(struct compactor *compactor, uint32_t slot, struct ix_draft *draft)
{
    const struct ix_heap *from = &compactor->index->heap[HEAP_FORWARD];
    struct ix_heap *to = &compactor->fresh->heap[HEAP_FORWARD];
    const unsigned char *begin = from->base + ix_slot(compactor->index, slot)->forward,
                        *end = begin;
    struct ix_view view;

    for (unsigned s = 0; s < N_SPACES; s++)
        end = ix_forward_view(end, &view);
    end += IX_FORWARD_PAD;
    if (ix_heap_ensure(to, (size_t)(end - begin)) < 0)
        return -1;
    draft->slot.forward = to->used;
    memcpy(ix_heap_take(to, (size_t)(end - begin)), begin, (size_t)(end - begin));
    return 0;
}

static int copy_links(struct compactor *compactor, uint32_t slot, struct ix_draft *draft)
{
    struct ix_heap *to = &compactor->fresh->heap[HEAP_LINK];
    size_t n = index_links(compactor->index, slot, &draft->links), bytes = n * sizeof(struct link);

    draft->slot.links = (uint32_t)(to->used / sizeof(struct link));
    draft->targets = ix_scratch(compactor->fresh, n * sizeof(uint32_t));
    if (!draft->targets || ix_heap_ensure(to, bytes) < 0 ||
        ix_heap_ensure(&compactor->fresh->heap[HEAP_NODE], n * sizeof(struct ix_node)) < 0)
        return -1;
    if (bytes)
        memcpy(ix_heap_take(to, bytes), draft->links, bytes);
    for (size_t i = 0; i < n; i++)
        draft->targets[i] = ix_dict_find(&compactor->index->targets, draft->links[i].to, 16);
    return 0;
}

static int copy_text(struct compactor *compactor, uint32_t slot, struct ix_draft *draft)
{
    struct arena arena = { 0 };
    const char *name = "";
    bool named;
    int result;

    if (ix_store_copy(compactor->fresh->store, compactor->index->store,
                      ix_slot(compactor->index, slot)->text, &draft->slot.text, &named) < 0)
        return -1;
    if (named)
        name = index_item_name(compactor->index, &arena, slot);
    result = name ? ix_draft_keys(compactor->fresh, name, draft) : -1;
    arena_release(&arena);
    return result;
}

static int copy_item(struct compactor *compactor, uint32_t slot)
{
    struct index *fresh = compactor->fresh;
    struct ix_draft draft;

    memset(&draft, 0, sizeof(draft));
    memcpy(&draft.slot, ix_slot(compactor->index, slot), sizeof(draft.slot));
    memcpy(&draft.facts, ix_facts(compactor->index, slot), sizeof(draft.facts));
    if (copy_terms(compactor, slot, &draft) < 0 || copy_record(compactor, slot, &draft) < 0 ||
        copy_links(compactor, slot, &draft) < 0 || copy_text(compactor, slot, &draft) < 0 ||
        ix_draft_room(fresh, &draft) < 0)
        return -1;
    compactor->moved[slot] = ix_draft_link(fresh, &draft);
    ix_settle(fresh);
    ix_scratch_clear(fresh);
    return 0;
}

/* Copies the next slots, at most `most`; under the read lock or the writer's. */
static int copy_some(struct compactor *compactor, uint32_t most)
{
    uint32_t slots = index_slots(compactor->index);

    if (slots > compactor->room) {
        uint32_t room = slots + slots / 8;
        uint32_t *moved = realloc(compactor->moved, room * sizeof(*moved));

        if (!moved)
            return -1;
        compactor->moved = moved;
        compactor->room = room;
    }
    if (keep_step(compactor) < 0)
        return -1;
    for (; compactor->done < slots && most > 0; compactor->done++, most--) {
        compactor->moved[compactor->done] = NO_SLOT;
        if (ix_is_live(compactor->index, compactor->done) &&
            copy_item(compactor, compactor->done) < 0)
            return -1;
    }
    return 0;
}

static int catch_up(struct compactor *compactor)
{
    uint32_t behind;
    int result;

    do {
        index_read(compactor->index);
        result = copy_some(compactor, BATCH);
        behind = index_slots(compactor->index) - compactor->done;
        index_done(compactor->index);
    } while (result == 0 && behind > NEAR);
    return result;
}

/* Whoever died since it was copied. */
static int bury(struct compactor *compactor)
{
    struct ix_gone gone;

    for (uint32_t slot = 0; slot < compactor->done; slot++) {
        if (compactor->moved[slot] == NO_SLOT || ix_is_live(compactor->index, slot))
            continue;
        if (ix_gone_make(compactor->fresh, compactor->index, slot, &gone) < 0)
            return -1;
        gone.slot = compactor->moved[slot];
        compactor->moved[slot] = NO_SLOT;
        ix_gone_link(compactor->fresh, &gone);
        ix_scratch_clear(compactor->fresh);
    }
    return 0;
}

static void exchange(struct index *index, struct index *fresh)
{
    struct ix_table *ids = atomic_load(&index->ids);
    struct ix_store *store = index->store;

    for (unsigned i = 0; i < N_HEAPS; i++) {
        struct ix_heap heap = index->heap[i];

        if (!is_body[i])
            continue;
        index->heap[i] = fresh->heap[i];
        fresh->heap[i] = heap;
    }
    atomic_store(&index->ids, atomic_load(&fresh->ids));
    atomic_store(&fresh->ids, ids);
    index->store = fresh->store;
    fresh->store = store;
}

static int finish(struct compactor *compactor, moved_fn fn, void *arg)
{
    struct index *index = compactor->index;
    int result = 0;

    while (result == 0 && compactor->done < index_slots(index))
        result = copy_some(compactor, NEAR);
    if (result == 0)
        result = keep_step(compactor);
    if (result == 0)
        result = bury(compactor);
    if (result < 0)
        return -1;
    ix_settle(compactor->fresh);
    pthread_rwlock_wrlock(&index->lock);
    pthread_mutex_lock(&index->tallies);
    result = fn ? fn(arg, compactor->moved, compactor->done) : 0;
    if (result == 0)
        exchange(index, compactor->fresh);
    pthread_mutex_unlock(&index->tallies);
    pthread_rwlock_unlock(&index->lock);
    return result < 0 ? -1 : 0;
}

int index_compact(struct index *index, moved_fn fn, void *arg)
{
    struct compactor compactor = { .index = index };
    int result = -1;

    pthread_mutex_lock(&index->keeper);
    compactor.fresh = ix_bare(index->budget);
    if (compactor.fresh && ix_begin(compactor.fresh) == 0) {
        compactor.fresh->store = ix_store_beside(index->store);
        if (compactor.fresh->store && catch_up(&compactor) == 0) {
            pthread_mutex_lock(&index->writer);
            result = finish(&compactor, fn, arg);
            pthread_mutex_unlock(&index->writer);
        }
    }
    index_free(compactor.fresh);
    free(compactor.moved);
    pthread_mutex_unlock(&index->keeper);
    return result;
}
