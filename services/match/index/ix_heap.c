/* ix_heap.c - reserve much, commit little: untouched address space costs nothing. */
#include "ix_heap.h"

#include <string.h>
#include <sys/mman.h>

#define RESERVE_MOST ((size_t)16 << 30)
#define RESERVE_LEAST ((size_t)64 << 20)
#define PROBE 64 /* reservations of that size must find room: there are others to come */
#define STEP_LEAST ((size_t)16 << 10)
#define STEP_MOST ((size_t)16 << 20)
#define PAGE ((size_t)4096)
#define HUGE_FROM ((size_t)32 << 20) /* from here on large pages are worth their slack */

int ix_budget_take(struct ix_budget *budget, size_t bytes)
{
    size_t limit = atomic_load_explicit(&budget->limit, memory_order_relaxed);
    size_t before = atomic_fetch_add_explicit(&budget->bytes, bytes, memory_order_relaxed);

    if (limit && before + bytes > limit) {
        ix_budget_give(budget, bytes);
        return -1;
    }
    return 0;
}

void ix_budget_give(struct ix_budget *budget, size_t bytes)
{
    atomic_fetch_sub_explicit(&budget->bytes, bytes, memory_order_relaxed);
}

static void *reserve(size_t size)
{
    void *at = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

/* Where address space is short (limits, some debuggers), heaps are content with less of it. */
static size_t size_to_reserve(void)
{
    for (size_t size = RESERVE_MOST; size > RESERVE_LEAST; size /= 4) {
        void *probe = reserve(size * PROBE);

        if (!probe)
            continue;
        munmap(probe, size * PROBE);
        return size;
    }
    return RESERVE_LEAST;
}

int ix_heap_init(struct ix_heap *heap, struct ix_budget *budget)
{
    size_t size = size_to_reserve();

    *heap = (struct ix_heap){ .base = reserve(size), .reserved = size, .budget = budget };
    return heap->base ? 0 : -1;
}

void ix_heap_release(struct ix_heap *heap)
{
    if (heap->base) {
        munmap(heap->base, heap->reserved);
        ix_budget_give(heap->budget, heap->committed);
    }
    *heap = (struct ix_heap){ 0 };
}

int ix_heap_ensure(struct ix_heap *heap, size_t more)
{
    if (more <= heap->committed - heap->used)
        return 0;
    if (more > heap->reserved - heap->used)
        return -1;

    size_t least = heap->used + more - heap->committed, step = heap->committed / 8;

    if (step < STEP_LEAST)
        step = STEP_LEAST;
    if (step > STEP_MOST)
        step = STEP_MOST;
    if (step < least)
        step = least;
    step = (step + PAGE - 1) / PAGE * PAGE;
    if (step > heap->reserved - heap->committed)
        step = heap->reserved - heap->committed;
    if (ix_budget_take(heap->budget, step) < 0)
        return -1;
    if (mprotect(heap->base + heap->committed, step, PROT_READ | PROT_WRITE) < 0) {
        ix_budget_give(heap->budget, step);
        return -1;
    }
    if (heap->committed < HUGE_FROM && heap->committed + step >= HUGE_FROM)
        madvise(heap->base, heap->reserved, MADV_HUGEPAGE);
    heap->committed += step;
    return 0;
}

int ix_heap_map(struct ix_heap *heap, int fd, size_t at, size_t len)
{
    size_t whole = (len + PAGE - 1) / PAGE * PAGE;

    if (whole > heap->reserved || ix_budget_take(heap->budget, whole) < 0)
        return -1;
    if (whole && mmap(heap->base, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd,
                      (off_t)at) == MAP_FAILED) {
        ix_budget_give(heap->budget, whole);
        return -1;
    }
    heap->committed = whole;
    heap->used = heap->seen = len;
    return 0;
}
