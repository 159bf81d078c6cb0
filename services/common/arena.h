/* arena.h - memory that dies together.
 *
 * A request owns one arena; everything the request allocates comes from it and goes with it, with
 * the cleanups that were deferred, newest first. Nothing is freed one by one. */
#ifndef JB_ARENA_H
#define JB_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena_cleanup;

/* Zero-initialised is valid and empty. `limit` 0 means no limit; past it allocations give NULL. */
struct arena {
    struct arena_block *blocks;
    struct arena_cleanup *cleanups;
    size_t used;
    size_t limit;
};

/* Returns zeroed memory aligned for any type, or NULL when memory or the arena's limit is out. */
void *arena_alloc(struct arena *arena, size_t size);
/* Copies `len` bytes and adds a NUL. NULL as arena_alloc. */
char *arena_dup(struct arena *arena, const void *bytes, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Calls fn(arg) when the arena is released. 0, or -1 when memory is out: fn was called now. */
int arena_defer(struct arena *arena, void (*fn)(void *arg), void *arg);
/* Runs the cleanups newest first, frees everything; the arena is empty and usable again. */
void arena_release(struct arena *arena);

#endif
