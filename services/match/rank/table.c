/* table.c - see table.h. */
#include "table.h"

int table_init(struct table *table, struct arena *arena, size_t expect)
{
    size_t size = 16;
    int bits = 4;

    while (size < expect * 2 + 2) {
        size *= 2;
        bits++;
    }
    table->cells = arena_alloc(arena, size * sizeof(*table->cells));
    if (!table->cells)
        return -1;
    for (size_t i = 0; i < size; i++)
        table->cells[i].value = TABLE_NONE;
    table->mask = size - 1;
    table->shift = 64 - bits;
    table->n = 0;
    return 0;
}

uint32_t *table_at(struct table *table, uint64_t key)
{
    uint64_t at = (key * 0x9E3779B97F4A7C15ULL) >> table->shift;

    while (table->cells[at].value != TABLE_NONE && table->cells[at].key != key)
        at = (at + 1) & table->mask;
    if (table->cells[at].value == TABLE_NONE) {
        table->cells[at].key = key;
        table->n++;
    }
    return &table->cells[at].value;
}
