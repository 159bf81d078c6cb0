/* seen.c - see seen.h. */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

#include "doc.h"

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

void seen_add(struct seen *seen, const char *text)
{
    uint8_t id[16];

    if (!text || doc_id(text, id) < 0)
        return;
    if (seen->n == seen->cap) {
        size_t cap = seen->cap ? 2 * seen->cap : 1024;
        void *ids = realloc(seen->ids, cap * sizeof(*seen->ids));

        if (!ids) {
            seen->lost = true;
            return;
        }
        seen->ids = ids;
        seen->cap = cap;
    }
    memcpy(seen->ids[seen->n++], id, 16);
}

void seen_release(struct seen *seen)
{
    free(seen->ids);
    *seen = (struct seen){ 0 };
}

uint8_t (*seen_take(struct seen *seen, size_t *ret_n))[16]
{
    uint8_t(*ids)[16] = seen->ids;
    size_t n = seen->n;

    if (n > 0)
        qsort(ids, n, sizeof(*ids), compare_ids);
    *seen = (struct seen){ 0 };
    *ret_n = n;
    return ids;
}
