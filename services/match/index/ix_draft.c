/* ix_draft.c - an item made ready: its facts interned, its record and text written behind the
 * ends that readers see. */
#include "ix_draft.h"

#include <stdlib.h>
#include <string.h>

#define ALIGN 16
#define AHEAD 8 /* lists whose memory is asked for before it is needed */

void *ix_scratch(struct index *index, size_t bytes)
{
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    return ix_heap_ensure(&index->scratch, bytes ? bytes : ALIGN) < 0
               ? NULL
               : ix_heap_take(&index->scratch, bytes ? bytes : ALIGN);
}

void ix_scratch_clear(struct index *index)
{
    index->scratch.used = 0;
}

static int name_number(struct index *index, const char *text, uint32_t *ret)
{
    bool new;

    return ix_dict_add(&index->names, text, strlen(text), ret, &new);
}

/* A set is its members' numbers in ascending order, interned like a text. */
static int set_number(struct index *index, const char *const *texts, size_t n, uint32_t *ret)
{
    uint32_t *members = ix_scratch(index, n * sizeof(*members));
    size_t have = 0;
    bool new;

    if (!members)
        return -1;
    for (size_t i = 0; i < n; i++) {
        uint32_t name;
        size_t at = have;

        if (name_number(index, texts[i], &name) < 0)
            return -1;
        while (at > 0 && members[at - 1] > name)
            at--;
        if (at > 0 && members[at - 1] == name)
            continue;
        memmove(members + at + 1, members + at, (have - at) * sizeof(*members));
        members[at] = name;
        have++;
    }
    return ix_dict_add(&index->sets, members, have * sizeof(*members), ret, &new);
}

static int make_facts(struct index *index, const struct item *item, struct facts *ret)
{
    struct facts facts;

    memset(&facts, 0, sizeof(facts)); /* padding too: it goes into snapshots */
    memcpy(facts.id, item->id, 16);
    memcpy(facts.unit, item->unit, 16);
    memcpy(facts.person, item->person, 16);
    facts.version = item->version;
    facts.kind = item->kind;
    facts.division = (uint32_t)strtoul(item->division, NULL, 10);
    facts.year = (int16_t)item->year;
    facts.trl = (uint8_t)item->trl;
    facts.barred = item->barred;
    if (name_number(index, item->state, &facts.state) < 0 ||
        name_number(index, item->level, &facts.level) < 0 ||
        set_number(index, item->fields, item->n_fields, &facts.fields) < 0 ||
        set_number(index, item->scopes, item->n_scopes, &facts.scopes) < 0)
        return -1;
    *ret = facts;
    return 0;
}

static int make_links(struct index *index, const struct item *item, struct ix_draft *draft)
{
    struct ix_heap *heap = &index->heap[HEAP_LINK], *heads = &index->heap[HEAP_HEAD];
    size_t bytes = item->n_links * sizeof(struct link);

    draft->targets = ix_scratch(index, item->n_links * sizeof(uint32_t));
    if (!draft->targets || ix_heap_ensure(heap, bytes) < 0 ||
        ix_heap_ensure(&index->heap[HEAP_NODE], item->n_links * sizeof(struct ix_node)) < 0)
        return -1;
    for (size_t i = 0; i < item->n_links; i++) {
        bool new;

        if (ix_heap_ensure(heads, sizeof(uint32_t)) < 0 ||
            ix_dict_add(&index->targets, item->links[i].to, 16, &draft->targets[i], &new) < 0)
            return -1;
        if (new)
            memset(ix_heap_take(heads, sizeof(uint32_t)), 0, sizeof(uint32_t));
    }
    draft->slot.links = (uint32_t)(heap->used / sizeof(struct link));
    draft->slot.n_links = (uint32_t)item->n_links;
    if (bytes)
        memcpy(ix_heap_take(heap, bytes), item->links, bytes);
    draft->links = item->links;
    return 0;
}

static int make_record(struct index *index, struct ix_draft *draft)
{
    static const struct ix_part none;
    struct ix_heap *heap = &index->heap[HEAP_FORWARD];
    size_t most = 0;

    for (unsigned s = 0; s < N_SPACES; s++)
        most += ix_forward_most(&draft->part[s]);
    if (ix_heap_ensure(heap, most) < 0)
        return -1;

    unsigned char *at = heap->base + heap->used;

    draft->slot.forward = heap->used;
    at = ix_forward_write(at, &draft->part[SPACE_W]);
    at = ix_forward_write(at, &draft->part[SPACE_U]);
    at = ix_forward_write(at, draft->explicit_pairs ? &draft->part[SPACE_B] : &none);
    memset(at, 0, IX_FORWARD_PAD);
    heap->used = (size_t)(at + IX_FORWARD_PAD - heap->base);
    return 0;
}

int ix_draft_keys(struct index *index, const char *name, struct ix_draft *draft)
{
    struct arena arena = { 0 };
    const char *text[DRAFT_KEYS] = { NULL, NULL, NULL };
    int result = 0;

    if (*name == '\0')
        return 0;
    text[0] = text_normalise(index->pinyin, &arena, name, strlen(name));
    text[1] = text_pinyin(index->pinyin, &arena, name, &text[2]);
    for (unsigned i = 0; i < DRAFT_KEYS && result == 0; i++) {
        bool seen = text[i] && text[i][0] == '\0';

        for (unsigned j = 0; j < i && text[i]; j++)
            seen |= strcmp(text[i], text[j]) == 0;
        if (!text[i])
            result = -1;
        else if (!seen)
            result = ix_key_make(index, text[i], &draft->keys[draft->n_keys++]);
    }
    arena_release(&arena);
    return result;
}

/* What the lists will take of the pool. Lists and the ends of their tails are brought near: they
 * are written to when all is linked in. */
static size_t pool_wants(struct index *index, enum space space, const struct ix_part *part)
{
    const struct ix_list *lists = ix_lists(index, space);
    const unsigned char *pool = ix_pool_heap(index)->base;
    size_t wants = 0;

    for (uint32_t i = 0; i < part->n; i++) {
        const struct ix_list *list = &lists[part->terms[i]];

        if (i + AHEAD < part->n)
            __builtin_prefetch(&lists[part->terms[i + AHEAD]]);
        wants += ix_list_wants(list);
        __builtin_prefetch(pool + (size_t)list->tail * 8 + list->tail_len, 1);
    }
    return wants;
}

int ix_draft_room(struct index *index, const struct ix_draft *draft)
{
    static const struct {
        enum ix_heap_no heap;
        size_t bytes;
    } by_slot[] = {
        { HEAP_SLOT, sizeof(struct ix_slot) },   { HEAP_FACTS, sizeof(struct facts) },
        { HEAP_LENGTH_W, sizeof(float) },        { HEAP_LENGTH_U, sizeof(float) },
        { HEAP_LENGTH_B, sizeof(float) },        { HEAP_LIVE, sizeof(uint64_t) },
        { HEAP_KINDS, sizeof(struct ix_kinds) },
    };
    size_t pool = 0;

    for (enum space s = 0; s < N_SPACES; s++)
        pool += pool_wants(index, s, &draft->part[s]);
    if (ix_heap_ensure(&index->heap[HEAP_POOL], pool) < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(by_slot); i++)
        if (ix_heap_ensure(&index->heap[by_slot[i].heap], by_slot[i].bytes) < 0)
            return -1;
    if (ix_state(index)->n_slots >= NO_SLOT - 1)
        return -1;
    return ix_room(index, &index->ids, ix_state(index)->n_slots, ix_fill_id);
}

int ix_draft_make(struct index *index, const struct item *item,
                  const struct tokens tokens[N_FIELDS], struct ix_draft *draft)
{
    const enum ix_heap_no own[] = { HEAP_FORWARD, HEAP_LINK, HEAP_KEY, HEAP_KEY_TEXT };
    const char *text[STORE_TEXTS];
    size_t used[COUNT_OF(own)];

    for (size_t i = 0; i < COUNT_OF(own); i++)
        used[i] = index->heap[own[i]].used;
    memset(draft, 0, sizeof(*draft));
    for (unsigned f = 0; f < N_FIELDS; f++) {
        text[f] = item->field[f];
        draft->slot.words += (uint32_t)tokens[f].words;
    }
    text[N_FIELDS] = item->name;
    if (make_facts(index, item, &draft->facts) == 0 && ix_draft_parts(index, tokens, draft) == 0 &&
        make_links(index, item, draft) == 0 && make_record(index, draft) == 0 &&
        ix_draft_keys(index, item->name, draft) == 0 && ix_draft_room(index, draft) == 0 &&
        ix_store_add(index->store, text, &draft->slot.text) == 0)
        return 0;
    for (size_t i = 0; i < COUNT_OF(own); i++)
        index->heap[own[i]].used = used[i];
    return -1;
}
