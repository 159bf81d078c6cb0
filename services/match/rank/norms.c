/* norms.c - see norms.h. Chunks are published whole and never move, so readers need no lock. */
#include "norms.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

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
    double texts = index_texts(index, 0);

    if (!chunk)
        return -1;
    for (int s = 0; s < N_SPACES; s++) {
        double sum = 0;
        size_t n;

        if (bag_of(norms, index, (enum space)s, slot, &n) < 0)
            return -1;
        for (size_t i = 0; i < n; i++) {
            double weight = (1 + log(norms->bag[i].tf > 1 ? norms->bag[i].tf : 1)) *
                            idf_of(index, texts, (enum space)s, norms->bag[i].term);

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

/* ---- keeping ---- */

#define SAVED_MAGIC 0x314d4e4au /* "JNM1" */

struct saved_head {
    uint32_t magic, slots, sum; /* CRC-32 of the rows */
};
struct saved_row {
    uint32_t check; /* of the version: the slot of a removed record may hold another one day */
    float norm[N_SPACES];
};

static uint32_t check_of(const struct index *index, uint32_t slot)
{
    return (uint32_t)index_facts(index, slot)->version;
}

static uint32_t sum_of(const struct saved_row *rows, uint32_t n)
{
    return (uint32_t)crc32_z(0, (const unsigned char *)rows, n * sizeof(*rows));
}

static int write_rows(const struct saved_row *rows, uint32_t n, const char *path)
{
    const struct saved_head head = { SAVED_MAGIC, n, sum_of(rows, n) };
    FILE *file = fopen(path, "wbe");

    if (!file)
        return -1;
    bool well = fwrite(&head, sizeof(head), 1, file) == 1 &&
                fwrite(rows, sizeof(*rows), n, file) == n && fflush(file) == 0 &&
                fsync(fileno(file)) == 0;
    return fclose(file) == 0 && well ? 0 : -1;
}

int norms_save(const struct norms *norms, const struct index *index, const char *path)
{
    uint32_t n = index_slots(index);
    struct saved_row *rows = calloc((size_t)n + 1, sizeof(*rows));

    if (!rows)
        return -1;
    for (uint32_t slot = 0; slot < n; slot++) {
        if (!index_is_live(index, slot))
            continue;
        rows[slot].check = check_of(index, slot);
        for (int s = 0; s < N_SPACES; s++)
            rows[slot].norm[s] = norms_get(norms, (enum space)s, slot);
    }
    int rc = write_rows(rows, n, path);
    free(rows);
    return rc;
}

/* NULL: there is none that can be used. */
static struct saved_row *read_rows(const char *path, uint32_t *ret_n)
{
    FILE *file = fopen(path, "rbe");
    struct saved_head head;
    struct saved_row *rows = NULL;

    if (!file)
        return NULL;
    if (fread(&head, sizeof(head), 1, file) == 1 && head.magic == SAVED_MAGIC)
        rows = malloc(((size_t)head.slots + 1) * sizeof(*rows));
    if (rows && (fread(rows, sizeof(*rows), head.slots, file) != head.slots ||
                 sum_of(rows, head.slots) != head.sum)) {
        free(rows);
        rows = NULL;
    }
    fclose(file);
    if (rows)
        *ret_n = head.slots;
    return rows;
}

bool norms_load(struct norms *norms, const struct index *index, const char *path)
{
    uint32_t n = 0;
    struct saved_row *rows = read_rows(path, &n);

    for (uint32_t slot = 0; rows && slot < n && slot < index_slots(index); slot++) {
        struct chunk *chunk = chunk_of(norms, slot);

        if (!chunk || !index_is_live(index, slot) || rows[slot].check != check_of(index, slot))
            continue;
        for (int s = 0; s < N_SPACES; s++)
            atomic_store_explicit(&chunk->norm[slot % CHUNK][s], rows[slot].norm[s],
                                  memory_order_relaxed);
    }
    bool there = rows;

    free(rows);
    return there;
}
