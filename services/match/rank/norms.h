/* norms.h - the lengths of every record's vectors in the three term spaces, for cosines.
 *
 * They depend on idf, which drifts as records come and go: they are taken when a record is put and
 * all anew with each learning. One writer, any number of readers. */
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
/* 0 when it was never noted. */
float norms_get(const struct norms *norms, enum space space, uint32_t slot);

#endif
