/* norms.h - the lengths of every record's vectors in the three term spaces, for cosines.
 *
 * They depend on idf, which drifts as records come and go: they are taken when a record is put and
 * all anew with each learning. One writer, any number of readers. To work them all out takes as
 * long as to read the whole library, so a snapshot has them. */
#ifndef JM_NORMS_H
#define JM_NORMS_H

#include "index.h"

struct norms;

struct norms *norms_new(void);
void norms_free(struct norms *norms);
/* Works out the slot's; the index must be open for reading. -1: memory is out. */
int MUST_CHECK norms_note(struct norms *norms, const struct index *index, uint32_t slot);
/* After a compaction. */
int MUST_CHECK norms_move(struct norms *norms, const uint32_t *moved, uint32_t n);
/* Those of the index's slots, to a file. The index must be open for reading. -1: it cannot be
 * written. */
int MUST_CHECK norms_save(const struct norms *norms, const struct index *index, const char *path);
/* From the file, for those slots that hold what they held then; false: it is not there, or damaged,
 * and nothing is noted. The index must be open for reading. */
bool norms_load(struct norms *norms, const struct index *index, const char *path);
/* 0 when it was never noted. */
float norms_get(const struct norms *norms, enum space space, uint32_t slot);

#endif
