/* A record or a term list as the database feeds them: refused with a reason, or read whole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "term_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_item(const struct item *item)
{
    size_t seen = 0;

    for (int i = 0; i < N_FIELDS; i++)
        seen += strlen(item->field[i]);
    for (size_t i = 0; i < item->n_fields; i++)
        seen += strlen(item->fields[i]);
    for (size_t i = 0; i < item->n_scopes; i++)
        seen += strlen(item->scopes[i]);
    for (size_t i = 0; i < item->n_links; i++)
        if (!(item->links[i].weight >= 0 && item->links[i].weight <= 1))
            abort();
    if (item->trl < 0 || item->trl > 9 || item->year < 0 || seen > 64 * DOC_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .limit = 64u << 20 };
    struct terms terms = { 0 };
    struct item item;
    char *text = malloc(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    if (!doc_read("2f1c8f0e-6a51-4d36-9d5c-000000000001", "expert", "7", text, &arena, &item))
        check_item(&item);
    if (!terms_read("3", text, &terms) && terms.n > 0 && !terms.rows)
        abort();
    terms_release(&terms);
    arena_release(&arena);
    free(text);
    return 0;
}
