/* ix_keys.c - names by their beginnings: a skip list over normalised names, their pinyin and
 * initials.
 *
 * A node is words of 32 bits: where its text begins, its slot, and one successor a level. Nodes
 * of removed items stay until a compaction. */
#include <string.h>

#include "ix_draft.h"

enum { KEY_TEXT_AT, KEY_SLOT, KEY_NEXT };

static uint32_t *key_at(const struct index *index, uint32_t key)
{
    return ARRAY_OF(index, uint32_t, HEAP_KEY) + key;
}

static const char *key_text(const struct index *index, uint32_t key)
{
    return ARRAY_OF(index, char, HEAP_KEY_TEXT) + key_at(index, key)[KEY_TEXT_AT];
}

/* One in four goes a level up; a hash tosses the coins, so that equal histories give equal
 * lists. */
static unsigned levels_of(uint32_t key)
{
    uint64_t coins = ix_hash(&key, sizeof(key), 7);
    unsigned levels = 1;

    for (; levels < KEY_LEVELS && (coins & 3) == 0; coins >>= 2)
        levels++;
    return levels;
}

int ix_key_make(struct index *index, const char *text, uint32_t *ret)
{
    struct ix_heap *keys = &index->heap[HEAP_KEY], *texts = &index->heap[HEAP_KEY_TEXT];
    size_t len = strlen(text) + 1;
    uint32_t key = (uint32_t)(keys->used / sizeof(uint32_t));
    size_t bytes = (KEY_NEXT + (size_t)levels_of(key)) * sizeof(uint32_t);

    if (keys->used / sizeof(uint32_t) + bytes > UINT32_MAX || texts->used + len > UINT32_MAX ||
        ix_heap_ensure(keys, bytes) < 0 || ix_heap_ensure(texts, len) < 0)
        return -1;

    uint32_t *node = ix_heap_take(keys, bytes);

    memset(node, 0, bytes);
    node[KEY_TEXT_AT] = (uint32_t)texts->used;
    memcpy(ix_heap_take(texts, len), text, len);
    *ret = key;
    return 0;
}

/* The successors of a node, or of the list's head for key 0. */
static uint32_t *next_of(const struct index *index, uint32_t key)
{
    return key ? key_at(index, key) + KEY_NEXT : ix_state(index)->keys;
}

/* On each level the last node whose text is below; on the lowest, what follows it. */
static uint32_t seek(const struct index *index, const char *text, uint32_t below[KEY_LEVELS])
{
    uint32_t at = 0;

    for (unsigned level = KEY_LEVELS; level-- > 0;) {
        for (uint32_t next; (next = next_of(index, at)[level]) != 0; at = next)
            if (strcmp(key_text(index, next), text) >= 0)
                break;
        below[level] = at;
    }
    return next_of(index, at)[0];
}

void ix_key_link(struct index *index, uint32_t key, uint32_t slot)
{
    uint32_t below[KEY_LEVELS], *node = key_at(index, key);

    seek(index, key_text(index, key), below);
    node[KEY_SLOT] = slot;
    for (unsigned level = levels_of(key); level-- > 0;) {
        uint32_t *next = next_of(index, below[level]);

        node[KEY_NEXT + level] = next[level];
        next[level] = key;
    }
}

static bool contains(const uint32_t *list, size_t n, uint32_t slot)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == slot)
            return true;
    return false;
}

size_t index_names(const struct index *index, const char *prefix, accept_fn accept, const void *arg,
                   uint32_t *ret, size_t max)
{
    uint32_t below[KEY_LEVELS];
    size_t len = strlen(prefix), n = 0;

    if (len == 0)
        return 0;
    for (uint32_t key = seek(index, prefix, below); key && n < max; key = next_of(index, key)[0]) {
        uint32_t slot = key_at(index, key)[KEY_SLOT];

        if (strncmp(key_text(index, key), prefix, len) != 0)
            break;
        if (!ix_is_live(index, slot) || contains(ret, n, slot))
            continue;
        if (!accept || accept(arg, index, slot))
            ret[n++] = slot;
    }
    return n;
}
