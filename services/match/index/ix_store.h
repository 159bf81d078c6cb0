/* ix_store.h - the items' texts in an append-only file, outside of memory.
 *
 * The file is nameless until a snapshot gives it one; it is written behind its end and read with
 * pread, so readers and the writer need no lock. A record is four lengths and the bytes: title,
 * keywords, body, name. */
#ifndef JM_IX_STORE_H
#define JM_IX_STORE_H

#include "arena.h"
#include "item.h"
#include "must.h"

#define STORE_TEXTS (N_FIELDS + 1)

struct ix_store;

/* A new one in `folder` (NULL: $TMPDIR or /tmp). NULL when there is no memory or no file. */
struct ix_store *ix_store_new(const char *folder);
/* Another one where this one is. */
struct ix_store *ix_store_beside(const struct ix_store *store);
/* The one that a snapshot names: PATH.STAMP, at least `end` bytes long. While another index
 * writes to it, a nameless copy. */
struct ix_store *ix_store_open(const char *path, uint64_t stamp, uint64_t end);
void ix_store_free(struct ix_store *store);
uint64_t ix_store_stamp(const struct ix_store *store);
uint64_t ix_store_end(const struct ix_store *store);
/* -1 when it cannot be written; nothing has changed then. */
int MUST_CHECK ix_store_add(struct ix_store *store, const char *const text[STORE_TEXTS],
                            uint64_t *ret_at);
/* In the arena; NULL when memory is out or the file cannot be read. */
const char *ix_store_get(const struct ix_store *store, struct arena *arena, uint64_t at,
                         unsigned text);
/* Copies the record as it is; whether it has a name. */
int MUST_CHECK ix_store_copy(struct ix_store *to, const struct ix_store *from, uint64_t at,
                             uint64_t *ret_at, bool *ret_named);
/* Syncs it and sees to it that it is there under PATH.STAMP. */
int MUST_CHECK ix_store_keep(struct ix_store *store, const char *path);
int MUST_CHECK ix_store_sync(struct ix_store *store);
/* So that a name in the folder of `path` lasts. */
int MUST_CHECK ix_sync_folder(const char *path);
/* Takes the file PATH.STAMP away. */
void ix_store_drop(const char *path, uint64_t stamp);

#endif
