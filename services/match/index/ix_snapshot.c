/* ix_snapshot.c - what writing and reading a snapshot share. */
#include "ix_snapshot.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ix_terms.h"

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Four sums abreast, so that it runs as fast as memory. */
uint64_t ix_checksum(const void *bytes, size_t len)
{
    static const uint64_t odd[4] = { 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
                                     0x589965cc75374cc3u };
    const unsigned char *at = bytes;
    uint64_t sum[4] = { odd[1], odd[2], odd[3], odd[0] }, word[4];

    for (size_t left = len; left >= sizeof(word); left -= sizeof(word), at += sizeof(word)) {
        memcpy(word, at, sizeof(word));
        for (unsigned i = 0; i < 4; i++)
            sum[i] = fold(sum[i] ^ word[i], odd[i]);
    }
    return ix_hash(at, len % sizeof(word), sum[0] ^ len) ^ fold(sum[1], odd[2]) ^
           fold(sum[2], odd[3]) ^ fold(sum[3], odd[0]);
}

uint64_t ix_snapshot_layout(void)
{
    uint32_t of[16] = {
        0x01020304,
        sizeof(struct ix_snapshot),
        sizeof(struct ix_state),
        sizeof(struct ix_list),
        sizeof(struct ix_head),
        sizeof(struct ix_slot),
        sizeof(struct ix_entry),
        sizeof(struct ix_node),
        sizeof(struct facts),
        sizeof(struct link),
        IX_STEP,
        IX_BLOCK,
        KEY_LEVELS,
    };

    ix_field_steps(of + 13);
    return ix_checksum(of, sizeof(of));
}

uint64_t ix_snapshot_sum(const struct ix_snapshot *header)
{
    return ix_checksum(header, offsetof(struct ix_snapshot, own_sum));
}

/* Sections lie inside the file, on pages, and have as many checksums as chunks. */
static bool sections_fit(const struct ix_snapshot *header, uint64_t size)
{
    uint64_t chunks = 0;

    for (unsigned i = 0; i < N_HEAPS; i++) {
        const struct ix_section *section = &header->section[i];

        if (section->at % SNAPSHOT_PAGE || section->at > size || section->used > section->room ||
            section->room > size - section->at)
            return false;
        chunks += ix_round(section->used, SNAPSHOT_CHUNK) / SNAPSHOT_CHUNK;
    }
    return header->n_sums == chunks && header->sums_at <= size &&
           chunks * sizeof(uint64_t) == size - header->sums_at;
}

const char *ix_snapshot_read(int fd, struct ix_snapshot *ret)
{
    struct stat stat;

    if (pread(fd, ret, sizeof(*ret), 0) != sizeof(*ret) || fstat(fd, &stat) < 0)
        return "the snapshot is too short";
    if (memcmp(ret->magic, SNAPSHOT_MAGIC, sizeof(ret->magic)) != 0)
        return "this is no snapshot of an index";
    if (ret->version != SNAPSHOT_VERSION || ret->n_heaps != N_HEAPS)
        return "the snapshot is of another version";
    if (ret->own_sum != ix_snapshot_sum(ret))
        return "the snapshot's header is damaged";
    if (ret->layout != ix_snapshot_layout())
        return "the snapshot was made by another build or with other weights of fields";
    if (ret->position[POSITION_MAX - 1] != '\0' || !sections_fit(ret, (uint64_t)stat.st_size))
        return "the snapshot is damaged: its sections do not fit";
    return NULL;
}
