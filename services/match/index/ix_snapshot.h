/* ix_snapshot.h - the file of a snapshot: a header, the heaps as sections with room to spare,
 * and a checksum for every chunk of them. Made for the machine that wrote it: another byte order
 * or layout is refused and the index is fed anew. */
#ifndef JM_IX_SNAPSHOT_H
#define JM_IX_SNAPSHOT_H

#include "ix_inside.h"

#define SNAPSHOT_MAGIC "JMINDEX"
#define SNAPSHOT_VERSION 1u
#define SNAPSHOT_CHUNK ((size_t)64 << 10) /* what one checksum stands for */
#define SNAPSHOT_PAGE ((size_t)4096)

struct ix_section {
    uint64_t at, used, room;
};

struct ix_snapshot {
    char magic[8];
    uint32_t version;
    uint32_t n_heaps;
    uint64_t layout; /* of the structures, and the weights that went into term frequencies */
    uint64_t stamp;  /* of the text file */
    uint64_t text_end;
    uint64_t sums_at, n_sums, sums_sum; /* the checksums, and theirs */
    struct ix_section section[N_HEAPS];
    char position[POSITION_MAX];
    uint64_t own_sum; /* of all that stands before */
};

static inline uint64_t ix_round(uint64_t bytes, uint64_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}
uint64_t ix_snapshot_layout(void);
uint64_t ix_snapshot_sum(const struct ix_snapshot *header);
uint64_t ix_checksum(const void *bytes, size_t len);
/* Reads and checks the header; a static text says what is wrong, NULL when nothing is. */
const char *ix_snapshot_read(int fd, struct ix_snapshot *ret);

#endif
