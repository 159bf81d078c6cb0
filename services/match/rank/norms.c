/* norms.c - see norms.h. Chunks are published whole and never move, so readers need no lock. */
#include "norms.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "asked.h"

#define CHUNK (1u << 14)
#define CHUNKS (1u << 16)

struct chunk {
    _Atomic float norm[CHUNK][N_SPACES];
};
struct norms {
    _Atomic(struct chunk *) chunks[CHUNKS];
    struct posting *bag; /* of the writer */
    size_t room;
};

struct norms *norms_new(void)
{
    return calloc(1, sizeof(struct norms));
}

void norms_free(struct norms *norms)
{
    if (!norms)
        return;
    for (size_t i = 0; i < CHUNKS; i++)
        free(atomic_load_explicit(&norms->chunks[i], memory_order_relaxed));
    free(norms->bag);
    free(norms);
}

static struct chunk *chunk_of(struct norms *norms, uint32_t slot)
{
    struct chunk *chunk = atomic_load_explicit(&norms->chunks[slot / CHUNK], memory_order_relaxed);

    if (!chunk) {
        chunk = calloc(1, sizeof(*chunk));
        atomic_store_explicit(&norms->chunks[slot / CHUNK], chunk, memory_order_release);
    }
    return chunk;
}

static int bag_of(struct norms *norms, const struct index *index, enum space space, uint32_t slot,
                  size_t *ret)
{
    *ret = index_forward(index, space, slot, norms->bag, norms->room);
    if (*ret <= norms->room)
        return 0;
    struct posting *bag = realloc(norms->bag, *ret * 2 * sizeof(*bag));
    if (!bag)
        return -1;
    norms->bag = bag;
    norms->room = *ret * 2;
    *ret = index_forward(index, space, slot, bag, norms->room);
    return 0;
}

int norms_note(struct norms *norms, const struct index *index, uint32_t slot)
{
    struct chunk *chunk = chunk_of(norms, slot);

    if (!chunk)
        return -1;
    for (int s = 0; s < N_SPACES; s++) {
        double sum = 0;
        size_t n;

        if (bag_of(norms, index, (enum space)s, slot, &n) < 0)
            return -1;
        for (size_t i = 0; i < n; i++) {
            double weight = (1 + log(norms->bag[i].tf > 1 ? norms->bag[i].tf : 1)) *
                            idf_of(index, (enum space)s, norms->bag[i].term);

            sum += weight * weight;
        }
        atomic_store_explicit(&chunk->norm[slot % CHUNK][s], (float)sqrt(sum),
                              memory_order_relaxed);
    }
    return 0;
}

int norms_move(struct norms *norms, const uint32_t *moved, uint32_t n)
{
    /* A compaction keeps the order, so every slot moves down and none is written before it is read.
     * */
    for (uint32_t slot = 0; slot < n; slot++) {
        struct chunk *from =
            atomic_load_explicit(&norms->chunks[slot / CHUNK], memory_order_relaxed);

        if (moved[slot] == NO_SLOT || !from)
            continue;
        struct chunk *to = chunk_of(norms, moved[slot]);
        if (!to)
            return -1;
        for (int s = 0; s < N_SPACES; s++)
            atomic_store_explicit(
                &to->norm[moved[slot] % CHUNK][s],
                atomic_load_explicit(&from->norm[slot % CHUNK][s], memory_order_relaxed),
                memory_order_relaxed);
    }
    return 0;
}

float norms_get(const struct norms *norms, enum space space, uint32_t slot)
{
    const struct chunk *chunk =
        atomic_load_explicit(&norms->chunks[slot / CHUNK], memory_order_acquire);

    return chunk ? atomic_load_explicit(&chunk->norm[slot % CHUNK][space], memory_order_relaxed)
                 : 0;
}
