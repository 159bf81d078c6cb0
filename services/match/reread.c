/* reread.c - see reread.h. The index keeps texts and facts, so the database need not be asked. */
#include "reread.h"

#include <stdlib.h>
#include <string.h>

static const char **names_of(const struct index *index, struct arena *arena, uint32_t set,
                             size_t *ret_n)
{
    const uint32_t *names;
    size_t n = index_set(index, set, &names);
    const char **list = arena_alloc(arena, (n + 1) * sizeof(*list));

    for (size_t i = 0; list && i < n; i++) {
        const char *name = index_name_text(index, names[i]);

        list[i] = arena_dup(arena, name, strlen(name));
        if (!list[i])
            return NULL;
    }
    *ret_n = n;
    return list;
}

static const char *copy(struct arena *arena, const char *text)
{
    return arena_dup(arena, text, strlen(text));
}

/* The record as it was put. -1: memory is out. */
static int item_of(const struct index *index, struct arena *arena, uint32_t slot, struct item *ret)
{
    const struct facts *facts = index_facts(index, slot);
    const struct link *links;
    size_t n_links = index_links(index, slot, &links);
    struct link *own = arena_alloc(arena, (n_links + 1) * sizeof(*own));
    struct item item = { .kind = (enum kind)facts->kind,
                         .version = facts->version,
                         .trl = facts->trl,
                         .year = facts->year,
                         .barred = facts->barred,
                         .n_links = n_links,
                         .links = own };

    memcpy(item.id, facts->id, sizeof(item.id));
    memcpy(item.unit, facts->unit, sizeof(item.unit));
    memcpy(item.person, facts->person, sizeof(item.person));
    item.name = index_item_name(index, arena, slot);
    item.division = facts->division ? arena_printf(arena, "%06u", facts->division) : "";
    item.state = copy(arena, index_name_text(index, facts->state));
    item.level = copy(arena, index_name_text(index, facts->level));
    item.fields = names_of(index, arena, facts->fields, &item.n_fields);
    item.scopes = names_of(index, arena, facts->scopes, &item.n_scopes);
    for (int f = 0; f < N_FIELDS; f++) {
        item.field[f] = index_text(index, arena, slot, (enum field)f);
        if (!item.field[f])
            return -1;
    }
    if (!own || !item.name || !item.division || !item.state || !item.level || !item.fields ||
        !item.scopes)
        return -1;
    if (n_links)
        memcpy(own, links, n_links * sizeof(*own));
    *ret = item;
    return 0;
}

/* The next records from *slot on. -1: memory is out. */
static int next_items(struct index *index, struct arena *arena, uint32_t *slot, struct item *ret,
                      size_t *ret_n)
{
    int rc = 0;

    *ret_n = 0;
    index_read(index);
    for (; rc == 0 && *slot < index_slots(index) && *ret_n < ENGINE_PUT_TOGETHER; ++*slot) {
        if (!index_is_live(index, *slot))
            continue;
        rc = item_of(index, arena, *slot, &ret[*ret_n]);
        ++*ret_n;
    }
    index_done(index);
    return rc;
}

/* What is put behind `end` meanwhile has been analysed with the new terms. */
int reread_all(struct engine *engine, struct worker *worker)
{
    struct index *index = engine_index(engine);
    int rc = 0;

    index_read(index);
    uint32_t end = index_slots(index);
    index_done(index);
    for (uint32_t slot = 0; rc == 0 && slot < end;) {
        struct arena arena = { 0 };
        struct item items[ENGINE_PUT_TOGETHER];
        size_t n;

        rc = next_items(index, &arena, &slot, items, &n);
        if (rc == 0)
            rc = engine_put_all(engine, worker, items, n);
        arena_release(&arena);
    }
    return rc;
}
