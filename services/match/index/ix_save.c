/* ix_save.c - writing a snapshot while the work goes on.
 *
 * First all chunks are written, each under the read lock for as long as its copy takes. Then,
 * with the writer waiting, whatever has another checksum by now is written again: at the speed
 * of reading memory, a fraction of a second for a million items. Syncing happens before and
 * after, not within. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ix_snapshot.h"

struct saver {
    struct index *index;
    int fd;
    struct ix_snapshot header;
    uint64_t *sums[N_HEAPS];
    size_t n_sums[N_HEAPS]; /* there is room for */
    const char *why;
};

static int write_whole(int fd, const void *bytes, size_t len, uint64_t at)
{
    for (const char *from = bytes; len > 0;) {
        ssize_t put = pwrite(fd, from, len, (off_t)at);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        from += put;
        at += (uint64_t)put;
        len -= (size_t)put;
    }
    return 0;
}

static int room_for_sums(struct saver *saver, unsigned heap, uint64_t used)
{
    size_t n = ix_round(used, SNAPSHOT_CHUNK) / SNAPSHOT_CHUNK;

    if (n > saver->n_sums[heap]) {
        uint64_t *sums = realloc(saver->sums[heap], n * sizeof(*sums));

        if (!sums) {
            saver->why = "memory is out";
            return -1;
        }
        memset(sums + saver->n_sums[heap], 0, (n - saver->n_sums[heap]) * sizeof(*sums));
        saver->sums[heap] = sums;
        saver->n_sums[heap] = n;
    }
    return 0;
}

/* Writes the chunk unless its sum says that it stands there already. */
static int write_chunk(struct saver *saver, unsigned heap, size_t no, size_t end)
{
    const struct ix_heap *from = &saver->index->heap[heap];
    size_t at = no * SNAPSHOT_CHUNK, len = end - at < SNAPSHOT_CHUNK ? end - at : SNAPSHOT_CHUNK;
    uint64_t sum = ix_checksum(from->base + at, len);

    if (sum == saver->sums[heap][no])
        return 0;
    saver->sums[heap][no] = sum;
    if (write_whole(saver->fd, from->base + at, len, saver->header.section[heap].at + at) < 0) {
        saver->why = "the snapshot cannot be written";
        return -1;
    }
    return 0;
}

/* Places for the sections, with room to grow meanwhile; the file's end after them. */
static uint64_t lay_out(struct saver *saver)
{
    uint64_t at = SNAPSHOT_PAGE;

    for (unsigned i = 0; i < N_HEAPS; i++) {
        uint64_t used = saver->index->heap[i].seen;

        saver->header.section[i] = (struct ix_section){
            .at = at, .room = ix_round(used + used / 8 + SNAPSHOT_CHUNK, SNAPSHOT_PAGE)
        };
        at += saver->header.section[i].room;
    }
    return at;
}

static int first_pass(struct saver *saver)
{
    struct index *index = saver->index;

    for (unsigned i = 0; i < N_HEAPS; i++) {
        bool more = true;

        for (size_t no = 0; more; no++) {
            int result = 0;

            pthread_rwlock_rdlock(&index->lock);
            size_t end = index->heap[i].seen;

            if (end > saver->header.section[i].room)
                end = saver->header.section[i].room;
            more = no * SNAPSHOT_CHUNK < end;
            if (more)
                result = room_for_sums(saver, i, end) < 0 ? -1 : write_chunk(saver, i, no, end);
            pthread_rwlock_unlock(&index->lock);
            if (result < 0)
                return -1;
        }
    }
    return 0;
}

/* What has changed, and the ends as they are now. The writer waits meanwhile. */
static int second_pass(struct saver *saver, uint64_t *end)
{
    for (unsigned i = 0; i < N_HEAPS; i++) {
        struct ix_section *section = &saver->header.section[i];
        size_t used = saver->index->heap[i].used;

        section->used = used;
        if (used > section->room) { /* it has outgrown its place: it moves to the end */
            section->at = *end;
            section->room = ix_round(used, SNAPSHOT_PAGE);
            *end += section->room;
            memset(saver->sums[i], 0, saver->n_sums[i] * sizeof(uint64_t));
        }
        if (room_for_sums(saver, i, used) < 0)
            return -1;
        for (size_t no = 0; no * SNAPSHOT_CHUNK < used; no++)
            if (write_chunk(saver, i, no, used) < 0)
                return -1;
    }
    return 0;
}

/* The checksums and, last, the header. */
static int finish(struct saver *saver, uint64_t end)
{
    struct ix_snapshot *header = &saver->header;
    uint64_t *all, n = 0;
    int result = -1;

    for (unsigned i = 0; i < N_HEAPS; i++)
        n += ix_round(header->section[i].used, SNAPSHOT_CHUNK) / SNAPSHOT_CHUNK;
    all = malloc((n + 1) * sizeof(*all));
    if (!all) {
        saver->why = "memory is out";
        return -1;
    }
    n = 0;
    for (unsigned i = 0; i < N_HEAPS; i++) {
        size_t chunks = ix_round(header->section[i].used, SNAPSHOT_CHUNK) / SNAPSHOT_CHUNK;

        if (chunks)
            memcpy(all + n, saver->sums[i], chunks * sizeof(*all));
        n += chunks;
    }
    memcpy(header->magic, SNAPSHOT_MAGIC, sizeof(header->magic));
    header->version = SNAPSHOT_VERSION;
    header->n_heaps = N_HEAPS;
    header->layout = ix_snapshot_layout();
    header->sums_at = end;
    header->n_sums = n;
    header->sums_sum = ix_checksum(all, n * sizeof(*all));
    header->own_sum = ix_snapshot_sum(header);
    if (write_whole(saver->fd, all, n * sizeof(*all), end) == 0 &&
        ftruncate(saver->fd, (off_t)(end + n * sizeof(*all))) == 0 &&
        write_whole(saver->fd, header, sizeof(*header), 0) == 0)
        result = 0;
    else
        saver->why = "the snapshot cannot be written";
    free(all);
    return result;
}

static int save(struct saver *saver, const char *path)
{
    struct index *index = saver->index;
    uint64_t end;
    int result;

    pthread_rwlock_rdlock(&index->lock);
    end = lay_out(saver);
    pthread_rwlock_unlock(&index->lock);
    if (first_pass(saver) < 0)
        return -1;
    /* The bulk goes to disk now, so that little is left when the writer waits. */
    if (fdatasync(saver->fd) < 0 || ix_store_sync(index->store) < 0) {
        saver->why = "the snapshot cannot be synced";
        return -1;
    }
    pthread_mutex_lock(&index->writer);
    result = second_pass(saver, &end);
    if (result == 0 && ix_store_keep(index->store, path) < 0) {
        saver->why = "the texts cannot be kept beside the snapshot";
        result = -1;
    }
    saver->header.stamp = ix_store_stamp(index->store);
    saver->header.text_end = ix_store_end(index->store);
    memcpy(saver->header.position, index->position, POSITION_MAX);
    pthread_mutex_unlock(&index->writer);
    return result < 0 ? -1 : finish(saver, end);
}

/* The name is taken only when everything behind it is on disk. */
static int take_name(struct saver *saver, const char *new, const char *path)
{
    struct ix_snapshot before;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool had_texts = fd >= 0 && !ix_snapshot_read(fd, &before);

    if (fd >= 0)
        close(fd);
    if (fsync(saver->fd) < 0 || rename(new, path) < 0) {
        saver->why = "the snapshot cannot be put in its place";
        return -1;
    }
    if (had_texts && before.stamp != saver->header.stamp)
        ix_store_drop(path, before.stamp);
    return ix_sync_folder(path);
}

int index_save(struct index *index, const char *path, const char **ret_why)
{
    struct saver saver = { .index = index, .fd = -1, .why = "memory is out" };
    char *new = NULL;
    int result = -1;

    pthread_mutex_lock(&index->keeper);
    if (asprintf(&new, "%s.new", path) > 0) {
        saver.fd = open(new, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        saver.why = "the snapshot cannot be written";
        if (saver.fd >= 0 && save(&saver, path) == 0)
            result = take_name(&saver, new, path);
        if (saver.fd >= 0)
            close(saver.fd);
        if (result < 0)
            unlink(new);
    }
    pthread_mutex_unlock(&index->keeper);
    for (unsigned i = 0; i < N_HEAPS; i++)
        free(saver.sums[i]);
    free(new);
    if (result < 0)
        *ret_why = saver.why;
    return result;
}
