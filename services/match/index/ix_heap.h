/* ix_heap.h - a growing piece of memory that never moves, addressed by offsets.
 *
 * Address space is reserved at birth and pages are taken into use as the heap grows: pointers
 * stay good, growing needs no lock, and a snapshot is a write of [0, used). All heaps of an
 * index draw on one budget, so that "memory is out" is one rule in one place. */
#ifndef JM_IX_HEAP_H
#define JM_IX_HEAP_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

struct ix_budget {
    _Atomic size_t bytes; /* in use by heaps and tables */
    _Atomic size_t limit; /* 0: none */
};

/* 0, or -1 when it would pass the limit. */
int MUST_CHECK ix_budget_take(struct ix_budget *budget, size_t bytes);
void ix_budget_give(struct ix_budget *budget, size_t bytes);

struct ix_heap {
    unsigned char *base;
    size_t used;      /* the writer's end */
    size_t seen;      /* what readers and a snapshot may look at: set inside the write lock */
    size_t committed; /* usable without asking for pages */
    size_t reserved;
    struct ix_budget *budget;
};

int MUST_CHECK ix_heap_init(struct ix_heap *heap, struct ix_budget *budget);
void ix_heap_release(struct ix_heap *heap);
/* Makes room for `more` bytes after `used`, zeroed unless they were used before. -1: memory is
 * out. */
int MUST_CHECK ix_heap_ensure(struct ix_heap *heap, size_t more);
/* Puts a file's bytes [at, at + len) at the start of an empty heap, copied on write. */
int MUST_CHECK ix_heap_map(struct ix_heap *heap, int fd, size_t at, size_t len);

/* Takes bytes that ix_heap_ensure made sure of. */
static inline void *ix_heap_take(struct ix_heap *heap, size_t bytes)
{
    void *at = heap->base + heap->used;

    heap->used += bytes;
    return at;
}

#endif
