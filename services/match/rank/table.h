/* table.h - a map from uint64_t to uint32_t for the time of one question: filled once, asked a
 * million times. Open addressing in an arena; no removal. */
#ifndef JM_TABLE_H
#define JM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "must.h"

#define TABLE_NONE UINT32_MAX

struct table_cell {
    uint64_t key;
    uint32_t value; /* TABLE_NONE: free */
};
struct table {
    struct table_cell *cells;
    uint64_t mask;
    int shift;
    size_t n;
};

/* Room for `expect` keys without growing. -1: memory is out. */
int MUST_CHECK table_init(struct table *table, struct arena *arena, size_t expect);
/* Where the value of the key is kept; a new key starts with TABLE_NONE, which the caller replaces
 * at once. At most `expect` different keys. */
uint32_t *table_at(struct table *table, uint64_t key);

static inline uint32_t table_get(const struct table *table, uint64_t key)
{
    uint64_t at = (key * 0x9E3779B97F4A7C15ULL) >> table->shift;

    while (table->cells[at].value != TABLE_NONE) {
        if (table->cells[at].key == key)
            return table->cells[at].value;
        at = (at + 1) & table->mask;
    }
    return TABLE_NONE;
}

#endif
