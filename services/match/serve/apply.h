/* apply.h - puts rows of the feed into the engine, on threads of its own.
 *
 * Rows of one record go to one thread, in their order; so a batch may be shared out. One batch at a
 * time. */
#ifndef JM_APPLY_H
#define JM_APPLY_H

#include "arena.h"
#include "engine.h"
#include "sql.h"

struct apply;
struct event_base;

struct apply_result {
    unsigned long long put, same, removed, bad;
    unsigned kinds;  /* of the rows that changed something */
    const char *why; /* of the first bad row, static; NULL when there is none */
    char bad_id[40];
};
typedef void (*apply_done_fn)(void *arg, const struct apply_result *result);

struct apply *apply_new(struct event_base *base, struct engine *engine, int threads);
void apply_free(struct apply *apply); /* waits for what runs; `done` is not called any more */

/* Rows (id, version, doc, and kind unless `kind` names it for all; doc null: removed), which live
 * in *arena: it is taken over and emptied. When all are in, the index's position becomes `position`
 * (in the arena; NULL: stays). */
void apply_rows(struct apply *apply, struct arena *arena, const struct sql_result *rows,
                const char *kind, const char *position, apply_done_fn done, void *arg);
/* Removes the records of the kind that are not among the ids (sorted bytewise; freed). */
void apply_sweep(struct apply *apply, unsigned kind, uint8_t (*ids)[16], size_t n,
                 apply_done_fn done, void *arg);

#endif
