/* ix_load.c - from a snapshot to an index: the sections are mapped, copied on write, and
 * checked. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ix_snapshot.h"

static const char *check_sums(const struct index *index, const struct ix_snapshot *header,
                              const uint64_t *sums)
{
    for (unsigned i = 0; i < N_HEAPS; i++) {
        const struct ix_heap *heap = &index->heap[i];

        for (size_t at = 0; at < heap->used; at += SNAPSHOT_CHUNK) {
            size_t len = heap->used - at < SNAPSHOT_CHUNK ? heap->used - at : SNAPSHOT_CHUNK;

            if (ix_checksum(heap->base + at, len) != *sums++)
                return "the snapshot is damaged: a checksum is wrong";
        }
    }
    return header->section[HEAP_STATE].used == sizeof(struct ix_state)
               ? NULL
               : "the snapshot is damaged: it has no state";
}

/* The heaps by slot and by term have as many entries as there are slots and terms. */
static bool is_even(const struct index *index)
{
    const struct ix_heap *heap = index->heap;
    size_t slots = ix_state(index)->n_slots;

    for (unsigned s = 0; s < N_SPACES; s++)
        if (heap[HEAP_LENGTH_W + s].used != slots * sizeof(float) ||
            heap[HEAP_LIST_W + s].used / sizeof(struct ix_list) !=
                heap[HEAP_ENTRY_W + s].used / sizeof(struct ix_entry))
            return false;
    return heap[HEAP_SLOT].used == slots * sizeof(struct ix_slot) &&
           heap[HEAP_FACTS].used == slots * sizeof(struct facts) &&
           heap[HEAP_KINDS].used == (slots + 63) / 64 * sizeof(struct ix_kinds) &&
           heap[HEAP_LIVE].used == (slots + 63) / 64 * sizeof(uint64_t);
}

static const char *fill(struct index *index, int fd, const struct ix_snapshot *header)
{
    uint64_t *sums = malloc((header->n_sums + 1) * sizeof(*sums));
    size_t bytes = header->n_sums * sizeof(*sums);
    const char *why = NULL;

    if (!sums)
        return "memory is out";
    if (pread(fd, sums, bytes, (off_t)header->sums_at) != (ssize_t)bytes ||
        ix_checksum(sums, bytes) != header->sums_sum)
        why = "the snapshot is damaged: its checksums are wrong";
    for (unsigned i = 0; i < N_HEAPS && !why; i++)
        if (ix_heap_map(&index->heap[i], fd, header->section[i].at, header->section[i].used) < 0)
            why = "memory is out";
    if (!why)
        why = check_sums(index, header, sums);
    free(sums);
    if (!why && !is_even(index))
        why = "the snapshot is damaged: its parts do not belong together";
    if (!why && ix_tables(index) < 0)
        why = "memory is out";
    return why;
}

struct index *index_load(const char *path, const char **ret_why)
{
    struct ix_snapshot header;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct index *index = NULL;
    const char *why = fd < 0 ? "there is no snapshot" : ix_snapshot_read(fd, &header);

    if (!why) {
        index = ix_bare(NULL);
        why = index ? fill(index, fd, &header) : "memory is out";
    }
    if (!why) {
        index->store = ix_store_open(path, header.stamp, header.text_end);
        why = index->store ? NULL : "the file with the texts is not beside the snapshot";
    }
    if (!why) {
        memcpy(index->position, header.position, POSITION_MAX);
        ix_settle(index);
    }
    if (fd >= 0)
        close(fd);
    if (!why)
        return index;
    index_free(index);
    *ret_why = why;
    return NULL;
}
