/* near.c - a tile of cosines at a time; of each word's row only what passes its present least is
 * kept, and when its list is full the worse half is thrown away. */
#include "near.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "params.h"

#define ROWS 64
#define COLS 2048

struct list { /* of one word, while it is looked for */
    struct neighbour *at;
    uint32_t n;
    float least;
};

struct desk { /* of one thread */
    float *tile;
    struct neighbour *lists;
};

struct finding {
    const struct vectors *vectors;
    struct near *near;
    uint32_t max; /* kept of each word; a list has twice the room */
    float least;
    struct desk desks[TEAM_MAX];
    struct neighbour **found; /* of each block of ROWS words, one after the other */
};

static bool is_better(const struct neighbour *a, const struct neighbour *b)
{
    return a->cos != b->cos ? a->cos > b->cos : a->term < b->term;
}

static int better_first(const void *left, const void *right)
{
    const struct neighbour *a = left, *b = right;

    return is_better(a, b) ? -1 : is_better(b, a);
}

static void exchange(struct neighbour *a, struct neighbour *b)
{
    struct neighbour old = *a;

    *a = *b;
    *b = old;
}

/* Hoare's selection: the best k come first. No two are equal, since no two have the same term. */
static void select_best(struct neighbour *list, size_t n, size_t k)
{
    size_t low = 0, high = n;

    while (high - low > 1) {
        size_t split = low;

        exchange(&list[low + (high - low) / 2], &list[high - 1]);
        for (size_t i = low; i + 1 < high; i++) {
            if (is_better(&list[i], &list[high - 1]))
                exchange(&list[i], &list[split++]);
        }
        exchange(&list[split], &list[high - 1]);
        if (split == k)
            return;
        if (split > k)
            high = split;
        else
            low = split + 1;
    }
}

static void keep_best(struct list *list, uint32_t max)
{
    if (list->n <= max)
        return;
    select_best(list->at, list->n, max);
    list->n = max;
    for (uint32_t i = 0; i < max; i++) {
        if (i == 0 || list->at[i].cos < list->least)
            list->least = list->at[i].cos;
    }
}

static void scan(const struct finding *finding, struct list *list, const float *tile,
                 uint32_t first, uint32_t n, uint32_t self)
{
    const uint32_t *terms = finding->vectors->vocab.terms;

    for (uint32_t c = 0; c < n; c++) {
        if (!(tile[c] >= list->least) || first + c == self)
            continue;
        list->at[list->n++] = (struct neighbour){ .term = terms[first + c], .cos = tile[c] };
        if (list->n == 2 * finding->max)
            keep_best(list, finding->max);
    }
}

static int keep_block(struct finding *finding, size_t part, struct list *lists, uint32_t n)
{
    struct neighbour *at;
    size_t all = 0;

    for (uint32_t r = 0; r < n; r++) {
        keep_best(&lists[r], finding->max);
        qsort(lists[r].at, lists[r].n, sizeof(*lists[r].at), better_first);
        finding->near->starts[part * ROWS + r + 1] = lists[r].n;
        all += lists[r].n;
    }
    at = finding->found[part] = malloc((all + 1) * sizeof(*at));
    if (!at)
        return -1;
    for (uint32_t r = 0; r < n; r++) {
        memcpy(at, lists[r].at, lists[r].n * sizeof(*at));
        at += lists[r].n;
    }
    return 0;
}

static int find_block(void *arg, size_t part, int worker)
{
    struct finding *finding = arg;
    const struct vectors *v = finding->vectors;
    struct desk *desk = &finding->desks[worker];
    struct list lists[ROWS];
    uint32_t first = (uint32_t)part * ROWS;
    uint32_t rows = v->vocab.n - first < ROWS ? v->vocab.n - first : ROWS;

    for (uint32_t r = 0; r < rows; r++)
        lists[r] = (struct list){ .at = desk->lists + (size_t)r * 2 * finding->max,
                                  .least = finding->least };
    for (uint32_t col = 0; col < v->vocab.n; col += COLS) {
        uint32_t cols = v->vocab.n - col < COLS ? v->vocab.n - col : COLS;

        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)cols, (int)v->dims, 1,
                    v->rows + (size_t)first * v->dims, (int)v->dims,
                    v->rows + (size_t)col * v->dims, (int)v->dims, 0, desk->tile, COLS);
        for (uint32_t r = 0; r < rows; r++)
            scan(finding, &lists[r], desk->tile + (size_t)r * COLS, col, cols, first + r);
    }
    return keep_block(finding, part, lists, rows);
}

/* The blocks one after the other in one list; each goes as soon as it is copied. */
static int put_together(struct finding *finding)
{
    struct near *near = finding->near;
    size_t blocks = ((size_t)near->n + ROWS - 1) / ROWS;

    for (uint32_t w = 0; w < near->n; w++)
        near->starts[w + 1] += near->starts[w];
    near->list = malloc(((size_t)near->starts[near->n] + 1) * sizeof(*near->list));
    if (!near->list)
        return -1;
    for (size_t b = 0; b < blocks; b++) {
        size_t end = (b + 1) * ROWS < near->n ? (b + 1) * ROWS : near->n;

        memcpy(near->list + near->starts[b * ROWS], finding->found[b],
               (near->starts[end] - near->starts[b * ROWS]) * sizeof(*near->list));
        free(finding->found[b]);
        finding->found[b] = NULL;
    }
    return 0;
}

static int prepare(const struct team *team, struct finding *finding, size_t blocks)
{
    finding->near->starts = calloc((size_t)finding->near->n + 1, sizeof(uint32_t));
    finding->found = calloc(blocks + 1, sizeof(struct neighbour *));
    if (!finding->near->starts || !finding->found)
        return -1;
    for (int t = 0; t < team->threads; t++) {
        struct desk *desk = &finding->desks[t];

        desk->tile = malloc((size_t)ROWS * COLS * sizeof(*desk->tile));
        desk->lists = malloc((size_t)ROWS * 2 * finding->max * sizeof(*desk->lists));
        if (!desk->tile || !desk->lists)
            return -1;
    }
    return 0;
}

int near_find(const struct team *team, const struct vectors *vectors, struct near *ret)
{
    struct near near = { .n = vectors->vocab.n };
    size_t blocks = ((size_t)near.n + ROWS - 1) / ROWS;
    struct finding finding = { .vectors = vectors,
                               .near = &near,
                               .max = (uint32_t)params.near_max,
                               .least = (float)params.near_least };
    int rc = prepare(team, &finding, blocks);

    if (rc == 0)
        rc = team_run(team, blocks, find_block, &finding);
    if (rc == 0)
        rc = put_together(&finding);
    for (size_t b = 0; finding.found && b < blocks; b++)
        free(finding.found[b]);
    free(finding.found);
    for (int t = 0; t < TEAM_MAX; t++) {
        free(finding.desks[t].tile);
        free(finding.desks[t].lists);
    }
    if (rc == 0)
        *ret = near;
    else
        near_release(&near);
    return rc;
}

void near_release(struct near *near)
{
    free(near->starts);
    free(near->list);
    *near = (struct near){ 0 };
}
