/* arena.c - blocks in a list; the newest block serves, big wishes get a block of their own. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 4096

struct arena_block {
    struct arena_block *next;
    size_t size; /* of `bytes` */
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*fn)(void *arg);
    void *arg;
};

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
    const size_t room = BLOCK_SIZE - sizeof(struct arena_block);
    size_t take = size > room ? size : room;
    struct arena_block *block = malloc(sizeof(*block) + take);

    if (!block)
        return NULL;
    block->size = take;
    block->used = 0;
    if (arena->blocks && size > room) {
        /* A big block is full at once: keep serving small wishes from the one in front. */
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t step = alignof(max_align_t);
    struct arena_block *block = arena->blocks;

    if (size > SIZE_MAX / 4)
        return NULL;
    size = size == 0 ? step : (size + step - 1) / step * step;
    if (arena->limit && (size > arena->limit || arena->used > arena->limit - size))
        return NULL;
    if (!block || block->size - block->used < size)
        block = arena_grow(arena, size);
    if (!block)
        return NULL;

    void *memory = block->bytes + block->used;

    block->used += size;
    arena->used += size;
    return memset(memory, 0, size);
}

char *arena_dup(struct arena *arena, const void *bytes, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

    if (copy && len > 0)
        memcpy(copy, bytes, len);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    char *text = NULL;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len >= 0)
        text = arena_alloc(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

int arena_defer(struct arena *arena, void (*fn)(void *arg), void *arg)
{
    struct arena_cleanup *cleanup = arena_alloc(arena, sizeof(*cleanup));

    if (!cleanup) {
        fn(arg);
        return -1;
    }
    *cleanup = (struct arena_cleanup){ arena->cleanups, fn, arg };
    arena->cleanups = cleanup;
    return 0;
}

void arena_release(struct arena *arena)
{
    /* A cleanup may still look at the arena's memory, and may even defer another one. */
    while (arena->cleanups) {
        struct arena_cleanup *cleanup = arena->cleanups;

        arena->cleanups = cleanup->next;
        cleanup->fn(cleanup->arg);
    }
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    arena->used = 0;
}
