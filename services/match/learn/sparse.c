/* sparse.c - the products are gathers: one thread writes one row of the result. */
#include "sparse.h"

#include <stdlib.h>
#include <string.h>

int sparse_init(struct sparse *matrix, uint32_t rows, uint32_t cols)
{
    *matrix = (struct sparse){ .rows = rows, .cols = cols };
    matrix->blocks = calloc(sparse_blocks(matrix) + 1, sizeof(*matrix->blocks));
    return matrix->blocks ? 0 : -1;
}

void sparse_release(struct sparse *matrix)
{
    for (size_t b = 0; matrix->blocks && b < sparse_blocks(matrix); b++) {
        free(matrix->blocks[b].cols);
        free(matrix->blocks[b].values);
    }
    free(matrix->blocks);
    *matrix = (struct sparse){ 0 };
}

size_t sparse_blocks(const struct sparse *matrix)
{
    return ((size_t)matrix->rows + SPARSE_BLOCK - 1) / SPARSE_BLOCK;
}

size_t sparse_entries(const struct sparse *matrix)
{
    size_t n = 0;

    for (size_t b = 0; b < sparse_blocks(matrix); b++)
        n += matrix->blocks[b].start[SPARSE_BLOCK];
    return n;
}

/* Counts how long each row of the turned matrix is, and makes room for it. */
static int turn_room(const struct sparse *matrix, struct sparse *turned)
{
    for (size_t b = 0; b < sparse_blocks(matrix); b++) {
        const struct sparse_block *block = &matrix->blocks[b];

        for (uint32_t e = 0; e < block->start[SPARSE_BLOCK]; e++)
            turned->blocks[block->cols[e] / SPARSE_BLOCK]
                .start[block->cols[e] % SPARSE_BLOCK + 1]++;
    }
    for (size_t b = 0; b < sparse_blocks(turned); b++) {
        struct sparse_block *block = &turned->blocks[b];

        for (int r = 0; r < SPARSE_BLOCK; r++)
            block->start[r + 1] += block->start[r];
        block->cols = malloc(((size_t)block->start[SPARSE_BLOCK] + 1) * sizeof(*block->cols));
        block->values = malloc(((size_t)block->start[SPARSE_BLOCK] + 1) * sizeof(*block->values));
        if (!block->cols || !block->values)
            return -1;
    }
    return 0;
}

static void turn_rows(const struct sparse *matrix, struct sparse *turned, uint32_t *filled)
{
    for (uint32_t r = 0; r < matrix->rows; r++) {
        const struct sparse_block *block = &matrix->blocks[r / SPARSE_BLOCK];

        for (uint32_t e = block->start[r % SPARSE_BLOCK]; e < block->start[r % SPARSE_BLOCK + 1];
             e++) {
            uint32_t c = block->cols[e];
            struct sparse_block *to = &turned->blocks[c / SPARSE_BLOCK];
            uint32_t at = to->start[c % SPARSE_BLOCK] + filled[c]++;

            if (!to->cols || !to->values) /* turn_room has seen to it */
                return;
            to->cols[at] = r;
            to->values[at] = block->values[e];
        }
    }
}

int sparse_turn(const struct sparse *matrix, struct sparse *ret)
{
    struct sparse turned;
    uint32_t *filled = calloc((size_t)matrix->cols + 1, sizeof(*filled));
    int rc = filled ? sparse_init(&turned, matrix->cols, matrix->rows) : -1;

    if (rc == 0) {
        rc = turn_room(matrix, &turned);
        if (rc == 0)
            turn_rows(matrix, &turned, filled);
        if (rc == 0)
            *ret = turned;
        else
            sparse_release(&turned);
    }
    free(filled);
    return rc;
}

struct times {
    const struct sparse *matrix;
    const float *x;
    float *y;
    uint32_t width;
};

#define AHEAD 4 /* entries whose rows are on their way from memory while one is added */

static void fetch_row(const float *x, uint32_t width)
{
    for (uint32_t i = 0; i < width; i += 16)
        __builtin_prefetch(x + i);
}

static void add_row(float *restrict y, const float *restrict x, float value, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++)
        y[i] += value * x[i];
}

/* One row of the result, from the entries `from`..`end` - 1 of its block. */
static void times_row(const struct times *times, const struct sparse_block *block, uint32_t from,
                      uint32_t end, float shift, float *y)
{
    const float *col_shift = times->matrix->col_shift;
    size_t width = times->width;

    memset(y, 0, width * sizeof(*y));
    for (uint32_t e = from; e < end; e++) {
        float value = block->values[e];

        if (e + AHEAD < end)
            fetch_row(times->x + block->cols[e + AHEAD] * width, times->width);
        if (col_shift)
            value -= shift + col_shift[block->cols[e]];
        if (value > 0 || !col_shift)
            add_row(y, times->x + block->cols[e] * width, value, times->width);
    }
}

static int times_block(void *arg, size_t part, int worker)
{
    const struct times *times = arg;
    const struct sparse *matrix = times->matrix;
    const struct sparse_block *block = &matrix->blocks[part];
    uint32_t first = (uint32_t)part * SPARSE_BLOCK;

    (void)worker;
    for (uint32_t r = 0; r < SPARSE_BLOCK && first + r < matrix->rows; r++)
        times_row(times, block, block->start[r], block->start[r + 1],
                  matrix->row_shift ? matrix->row_shift[first + r] : 0,
                  times->y + (size_t)(first + r) * times->width);
    return 0;
}

int sparse_times(const struct team *team, const struct sparse *matrix, const float *x, float *y,
                 uint32_t width)
{
    struct times times = { .matrix = matrix, .x = x, .y = y, .width = width };

    return team_run(team, sparse_blocks(matrix), times_block, &times);
}
