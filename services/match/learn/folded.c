/* folded.c - chunks of rows, and the map of slots in chunks too: neither is copied to grow. */
#include "folded.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 1024u       /* in a chunk */
#define ROW_CHUNKS 65536 /* 67 million rows */
#define SLOTS 16384u     /* in a chunk of the map */
#define SLOT_CHUNKS 8192 /* 134 million slots */
#define NO_ROW_YET 0u    /* the map keeps row + 1 */

struct slot_map {
    _Atomic(atomic_uint *) chunks[SLOT_CHUNKS];
    atomic_uint slots; /* one past the highest with a row */
};

struct rows_gone {
    uint32_t *list;
    size_t n, room;
};

struct folded {
    uint32_t wv_dims, lsa_dims;
    size_t row_bytes;
    _Atomic(struct slot_map *) map;
    _Atomic(char *) chunks[ROW_CHUNKS];
    /* The rest is the writers': */
    pthread_mutex_t lock;
    uint32_t used;            /* rows handed out so far */
    struct rows_gone free;    /* may be used again */
    struct rows_gone leaving; /* since the last compaction: a reader may still look */
    struct slot_map *old_map; /* of before the last compaction */
    size_t map_chunks, row_chunks;
};

struct folded *folded_new(uint32_t wv_dims, uint32_t lsa_dims)
{
    struct folded *folded = calloc(1, sizeof(*folded));
    struct slot_map *map = calloc(1, sizeof(*map));

    if (!folded || !map || pthread_mutex_init(&folded->lock, NULL) != 0) {
        free(folded);
        free(map);
        return NULL;
    }
    folded->wv_dims = wv_dims;
    folded->lsa_dims = lsa_dims;
    folded->row_bytes = (sizeof(struct folded_row) + wv_dims + lsa_dims + 3) & ~(size_t)3;
    atomic_init(&folded->map, map);
    return folded;
}

static void map_free(struct slot_map *map)
{
    for (size_t c = 0; map && c < SLOT_CHUNKS; c++)
        free((void *)atomic_load_explicit(&map->chunks[c], memory_order_relaxed));
    free(map);
}

void folded_free(struct folded *folded)
{
    if (!folded)
        return;
    map_free(atomic_load(&folded->map));
    map_free(folded->old_map);
    for (size_t c = 0; c < ROW_CHUNKS; c++)
        free(atomic_load_explicit(&folded->chunks[c], memory_order_relaxed));
    free(folded->free.list);
    free(folded->leaving.list);
    pthread_mutex_destroy(&folded->lock);
    free(folded);
}

/* Where the map keeps the slot's row, or NULL when its chunk is not there. */
static atomic_uint *place_of(const struct slot_map *map, uint32_t slot)
{
    atomic_uint *chunk;

    if (slot / SLOTS >= SLOT_CHUNKS)
        return NULL;
    chunk = atomic_load_explicit(&map->chunks[slot / SLOTS], memory_order_acquire);
    return chunk ? &chunk[slot % SLOTS] : NULL;
}

static uint32_t row_of(const struct slot_map *map, uint32_t slot)
{
    atomic_uint *place = place_of(map, slot);

    return place ? atomic_load_explicit(place, memory_order_acquire) : NO_ROW_YET;
}

static struct folded_row *row_at(const struct folded *folded, uint32_t row)
{
    char *chunk = atomic_load_explicit(&folded->chunks[row / ROWS], memory_order_acquire);

    return (struct folded_row *)(void *)(chunk + (row % ROWS) * folded->row_bytes);
}

const struct folded_row *folded_row(const struct folded *folded, uint32_t slot)
{
    uint32_t row = row_of(atomic_load_explicit(&folded->map, memory_order_acquire), slot);

    return row == NO_ROW_YET ? NULL : row_at(folded, row - 1);
}

static atomic_uint *make_place(struct slot_map *map, uint32_t slot, size_t *chunks)
{
    atomic_uint *place = place_of(map, slot), *chunk;

    if (place || slot / SLOTS >= SLOT_CHUNKS)
        return place;
    chunk = calloc(SLOTS, sizeof(*chunk));
    if (!chunk)
        return NULL;
    ++*chunks;
    atomic_store_explicit(&map->chunks[slot / SLOTS], chunk, memory_order_release);
    return &chunk[slot % SLOTS];
}

static void show(struct slot_map *map, atomic_uint *place, uint32_t slot, uint32_t row)
{
    atomic_store_explicit(place, row + 1, memory_order_release);
    if (slot >= atomic_load_explicit(&map->slots, memory_order_relaxed))
        atomic_store_explicit(&map->slots, slot + 1, memory_order_release);
}

/* A row that nobody has. -1: no memory. */
static int take_row(struct folded *folded, uint32_t *ret)
{
    uint32_t chunk = folded->used / ROWS;

    if (folded->free.n > 0) {
        *ret = folded->free.list[--folded->free.n];
        return 0;
    }
    if (chunk >= ROW_CHUNKS)
        return -1;
    if (!atomic_load_explicit(&folded->chunks[chunk], memory_order_relaxed)) {
        char *memory = malloc(ROWS * folded->row_bytes);

        if (!memory)
            return -1;
        folded->row_chunks++;
        atomic_store_explicit(&folded->chunks[chunk], memory, memory_order_release);
    }
    *ret = folded->used++;
    return 0;
}

int folded_put_row(struct folded *folded, uint32_t slot, const struct folded_row *row)
{
    struct slot_map *map;
    atomic_uint *place;
    uint32_t number;
    int rc = -1;

    pthread_mutex_lock(&folded->lock);
    map = atomic_load_explicit(&folded->map, memory_order_relaxed);
    place = make_place(map, slot, &folded->map_chunks);
    if (place && atomic_load_explicit(place, memory_order_relaxed) != NO_ROW_YET) {
        rc = 0;
    } else if (place && take_row(folded, &number) == 0) {
        memcpy(row_at(folded, number), row, folded->row_bytes);
        show(map, place, slot, number);
        rc = 0;
    }
    pthread_mutex_unlock(&folded->lock);
    return rc;
}

static float to_bytes(const float *vector, uint32_t dims, int8_t *ret)
{
    float most = 0;

    for (uint32_t i = 0; i < dims; i++)
        most = fmaxf(most, fabsf(vector[i]));
    for (uint32_t i = 0; i < dims; i++)
        ret[i] = (int8_t)(most > 0 ? lrintf(vector[i] / most * 127) : 0);
    return most / 127;
}

int folded_put(struct folded *folded, uint32_t slot, uint32_t check, const float *wv,
               const float *lsa)
{
    struct folded_row *row;
    int rc;

    if (folded_row(folded, slot))
        return 0;
    row = calloc(1, folded->row_bytes);
    if (!row)
        return -1;
    row->check = check;
    row->wv_scale = to_bytes(wv, folded->wv_dims, row->bytes);
    row->lsa_scale = to_bytes(lsa, folded->lsa_dims, row->bytes + folded->wv_dims);
    rc = folded_put_row(folded, slot, row);
    free(row);
    return rc;
}

/* Room for `more` rows in the list, so that adding them cannot fail. */
static int gone_room(struct rows_gone *gone, size_t more)
{
    uint32_t *list;

    if (gone->n + more <= gone->room)
        return 0;
    list = realloc(gone->list, (gone->n + more) * sizeof(*list));
    if (!list)
        return -1;
    gone->list = list;
    gone->room = gone->n + more;
    return 0;
}

/* The new map; rows of items that are gone go to `leaving`, which has room. */
static struct slot_map *moved_map(const struct slot_map *old, const uint32_t *moved, uint32_t n,
                                  struct rows_gone *leaving, size_t *ret_chunks)
{
    struct slot_map *map = calloc(1, sizeof(*map));
    uint32_t slots = atomic_load(&old->slots);

    for (uint32_t slot = 0; map && slot < slots; slot++) {
        uint32_t row = row_of(old, slot), to = slot < n ? moved[slot] : UINT32_MAX;
        atomic_uint *place;

        if (row == NO_ROW_YET)
            continue;
        if (to == UINT32_MAX) {
            if (leaving->list)
                leaving->list[leaving->n++] = row - 1;
            continue;
        }
        place = make_place(map, to, ret_chunks);
        if (!place) {
            map_free(map);
            return NULL;
        }
        show(map, place, to, row - 1);
    }
    return map;
}

/* Better no vectors than those of other items. */
static void forget(struct slot_map *map)
{
    uint32_t slots = atomic_exchange(&map->slots, 0);

    for (uint32_t slot = 0; slot < slots; slot++) {
        atomic_uint *place = place_of(map, slot);

        if (place)
            atomic_store(place, NO_ROW_YET);
    }
}

int folded_move(struct folded *folded, const uint32_t *moved, uint32_t n)
{
    struct slot_map *old, *map = NULL;
    struct rows_gone leaving = { 0 };
    size_t chunks = 0;

    pthread_mutex_lock(&folded->lock);
    old = atomic_load(&folded->map);
    if (gone_room(&leaving, (size_t)atomic_load(&old->slots) + 1) == 0 &&
        gone_room(&folded->free, folded->leaving.n) == 0)
        map = moved_map(old, moved, n, &leaving, &chunks);
    if (map) {
        if (folded->leaving.n)
            memcpy(folded->free.list + folded->free.n, folded->leaving.list,
                   folded->leaving.n * sizeof(*leaving.list));
        folded->free.n += folded->leaving.n;
        free(folded->leaving.list);
        folded->leaving = leaving;
        map_free(folded->old_map);
        folded->old_map = old;
        folded->map_chunks = chunks;
        atomic_store(&folded->map, map);
    } else {
        free(leaving.list);
        forget(old);
    }
    pthread_mutex_unlock(&folded->lock);
    return map ? 0 : -1;
}

size_t folded_row_bytes(const struct folded *folded)
{
    return folded->row_bytes;
}

uint32_t folded_slots(const struct folded *folded)
{
    return atomic_load(&atomic_load(&folded->map)->slots);
}

size_t folded_bytes(const struct folded *folded)
{
    return sizeof(*folded) + sizeof(struct slot_map) +
           folded->row_chunks * ROWS * folded->row_bytes +
           folded->map_chunks * SLOTS * sizeof(atomic_uint);
}
