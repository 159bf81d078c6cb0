/* scored.c - see scored.h. */
#include "scored.h"

#include <string.h>

#define ROOM_FIRST 256

bool scored_find(const struct scored *scored, uint32_t slot, double *ret)
{
    uint32_t at = scored->room ? table_get(&scored->by_slot, slot) : TABLE_NONE;

    if (at == TABLE_NONE)
        return false;
    *ret = scored->list[at].score;
    return true;
}

static int grow(struct scored *scored, struct arena *arena)
{
    size_t room = scored->room ? scored->room * 2 : ROOM_FIRST;
    struct scored_one *list = arena_alloc(arena, room * sizeof(*list));
    struct table by_slot;

    if (!list || table_init(&by_slot, arena, room) < 0)
        return -1;
    if (scored->n)
        memcpy(list, scored->list, scored->n * sizeof(*list));
    for (size_t i = 0; i < scored->n; i++)
        *table_at(&by_slot, list[i].slot) = (uint32_t)i;
    scored->list = list;
    scored->room = room;
    scored->by_slot = by_slot;
    return 0;
}

int scored_add(struct scored *scored, struct arena *arena, uint32_t slot, double score)
{
    if (scored->n == scored->room && grow(scored, arena) < 0)
        return -1;
    *table_at(&scored->by_slot, slot) = (uint32_t)scored->n;
    scored->list[scored->n++] = (struct scored_one){ slot, score };
    return 0;
}
