/* wire.h - between what is said on the wire (proto/match.proto) and what the engine understands
 * (engine.h). Nothing is copied that need not be: a question borrows from its request, a response
 * from its answer; both live in the same arena. */
#ifndef JM_WIRE_H
#define JM_WIRE_H

#include "engine.h"
#include "rpc.h"

#define WIRE_LIMIT_MAX 1000
#define WIRE_OFFSET_MAX 10000
#define WIRE_REASONS_MAX 200
#define WIRE_PARTS_MAX 64
#define WIRE_PATIENCE_MAX_MS 60000

/* NULL, or a static text: what of it cannot be answered. deadline_ms is left to the caller. */
const char *wire_read(const Jb__Request *request, struct arena *arena, struct question *ret);
/* The texts alone, and the id when there is one; `from` NULL: none. NULL, or why not. */
const char *wire_subject(const Jb__Subject *from, struct arena *arena, struct subject *ret);
/* NULL: no memory. */
Jb__Response *wire_write(const struct answer *answer, struct arena *arena);
Jb__Outcome wire_outcome(enum engine_result result);

#endif
