/* snapshot.h - the files of keep.h. Each call is for the background: it writes and syncs. */
#ifndef JM_SNAPSHOT_H
#define JM_SNAPSHOT_H

#include "engine.h"
#include "term_list.h"

struct snapshot {
    struct index *index;
    struct model *model; /* NULL: nothing was learned, or it does not fit */
    struct terms terms;
};

/* Makes the folder, and has an empty index keep its texts there. NULL, or what went wrong. */
const char *snapshot_prepare(const char *dir, struct index *index);
/* NULL and all filled (then the caller's), or a static text why there is none. */
const char *snapshot_load(const char *dir, struct snapshot *ret);
/* The rest of it, once an engine has been made of what was loaded. -1: memory is out. */
int MUST_CHECK snapshot_settle(const char *dir, struct engine *engine);
/* NULL, or why it was not written; what was there stays then. */
const char *snapshot_save(const char *dir, struct engine *engine, const char *terms,
                          long terms_version);

#endif
