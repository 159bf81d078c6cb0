/* ix_links.c - what is evidence for whom: chains of nodes by target, newest first. */
#include "ix_inside.h"

size_t index_links(const struct index *index, uint32_t slot, const struct link **ret)
{
    const struct ix_slot *at = ix_slot(index, slot);

    *ret = ARRAY_OF(index, struct link, HEAP_LINK) + at->links;
    return at->n_links;
}

size_t index_evidence(const struct index *index, const uint8_t id[16], struct evidence *ret,
                      size_t max)
{
    uint32_t target = ix_dict_find(&index->targets, id, 16);
    const uint32_t *heads = ARRAY_OF(index, uint32_t, HEAP_HEAD);
    const struct ix_node *nodes = ARRAY_OF(index, struct ix_node, HEAP_NODE);
    size_t n = 0;

    if (target == IX_NONE || target >= index->heap[HEAP_HEAD].seen / sizeof(uint32_t))
        return 0;
    for (uint32_t at = heads[target]; at; at = nodes[at - 1].next) {
        const struct ix_node *node = &nodes[at - 1];

        if (!ix_is_live(index, node->slot))
            continue;
        if (n < max)
            ret[n] = (struct evidence){ node->slot, node->weight };
        n++;
    }
    return n;
}
