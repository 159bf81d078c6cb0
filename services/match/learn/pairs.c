/* pairs.c - counts one word at a time: all its places are listed first, then what surrounds them
 * is summed in an array as long as the vocabulary, which fits the processor's cache. No pair is
 * ever sorted or hashed, and only what becomes an entry of the matrix is kept.
 *
 * ppmi(w,c) = ln(n(w,c) * sum n(.)^smooth / (n(w) n(c)^smooth)) - shift, when positive. The entry
 * keeps ln n(w,c); the rest are the matrix's shifts. */
#include "pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BINS 256     /* of pair weights, to find the least weight that keeps the limit */
#define BIN_SCALE 20 /* so many bins to a factor of e; the first begins at 1/window */
#define EVERY 16     /* one block of so many is looked at for it */

struct bench {         /* of one thread */
    float *sums;       /* by context; zero between words */
    uint32_t *touched; /* contexts that have a sum */
    uint32_t n_touched;
    uint32_t *cols; /* entries of the block so far */
    float *values;
    size_t n, room;
    double bins[BINS];
};

struct counting {
    const struct corpus *corpus;
    uint32_t words;
    struct pairs_plan plan;
    struct pairs *pairs;
    float *weights;   /* by distance; [0] unused */
    size_t *starts;   /* word -> first of its places */
    uint32_t *places; /* positions in the corpus */
    float least;      /* the lightest pair that is kept */
    struct bench benches[TEAM_MAX];
};

/* Sums what stands around each place of the word. */
static void sum_around(const struct counting *c, struct bench *bench, uint32_t word)
{
    const uint32_t *rows = c->corpus->rows;

    bench->n_touched = 0;
    for (size_t i = c->starts[word]; i < c->starts[word + 1]; i++) {
        for (int step = -1; step <= 1; step += 2) {
            const uint32_t *at = rows + c->places[i] + step;

            for (uint32_t d = 1; d <= c->plan.window && *at != ITEM_END; d++, at += step) {
                if (*at == NO_ROW)
                    continue;
                if (bench->sums[*at] == 0)
                    bench->touched[bench->n_touched++] = *at;
                bench->sums[*at] += c->weights[d];
            }
        }
    }
}

/* Is its information positive, with either word as the context? */
static bool is_entry(const struct counting *c, uint32_t word, uint32_t context, float log_sum)
{
    const float *row = c->pairs->row_shift, *col = c->pairs->col_shift;

    return log_sum > row[word] + col[context] || log_sum > row[context] + col[word];
}

static int block_room(struct bench *bench)
{
    size_t room = 2 * (bench->n + bench->n_touched) + 1024;
    uint32_t *cols;
    float *values;

    if (bench->n + bench->n_touched <= bench->room)
        return 0;
    cols = realloc(bench->cols, room * sizeof(*cols));
    if (!cols)
        return -1;
    bench->cols = cols;
    values = realloc(bench->values, room * sizeof(*values));
    if (!values)
        return -1;
    bench->values = values;
    bench->room = room;
    return 0;
}

static int count_word(const struct counting *c, struct bench *bench, uint32_t word)
{
    int rc;

    sum_around(c, bench, word);
    rc = block_room(bench);
    for (uint32_t i = 0; i < bench->n_touched; i++) {
        uint32_t context = bench->touched[i];
        float log_sum = logf(bench->sums[context]);

        if (rc == 0 && bench->sums[context] >= c->least && is_entry(c, word, context, log_sum)) {
            bench->cols[bench->n] = context;
            bench->values[bench->n++] = log_sum;
        }
        bench->sums[context] = 0;
    }
    return rc;
}

static int count_block(void *arg, size_t part, int worker)
{
    struct counting *c = arg;
    struct bench *bench = &c->benches[worker];
    struct sparse_block *block = &c->pairs->ppmi.blocks[part];

    bench->n = 0;
    for (uint32_t r = 0; r < SPARSE_BLOCK; r++) {
        uint32_t word = (uint32_t)part * SPARSE_BLOCK + r;

        if (word < c->words && count_word(c, bench, word) < 0)
            return -1;
        block->start[r + 1] = (uint32_t)bench->n;
    }
    block->cols = malloc((bench->n + 1) * sizeof(*block->cols));
    block->values = malloc((bench->n + 1) * sizeof(*block->values));
    if (!block->cols || !block->values)
        return -1;
    if (bench->n) {
        memcpy(block->cols, bench->cols, bench->n * sizeof(*block->cols));
        memcpy(block->values, bench->values, bench->n * sizeof(*block->values));
    }
    return 0;
}

static int weigh_block(void *arg, size_t part, int worker)
{
    struct counting *c = arg;
    struct bench *bench = &c->benches[worker];
    uint32_t first = (uint32_t)part * EVERY * SPARSE_BLOCK;
    float base = logf(c->weights[c->plan.window]);

    for (uint32_t word = first; word < first + SPARSE_BLOCK && word < c->words; word++) {
        sum_around(c, bench, word);
        for (uint32_t i = 0; i < bench->n_touched; i++) {
            float log_sum = logf(bench->sums[bench->touched[i]]);
            int bin = (int)((log_sum - base) * BIN_SCALE + .5f);

            if (is_entry(c, word, bench->touched[i], log_sum))
                bench->bins[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1] += 1;
            bench->sums[bench->touched[i]] = 0;
        }
    }
    return 0;
}

/* Past the limit the lightest pairs go: they are the least certain and the most. */
static int find_least(const struct team *team, struct counting *c)
{
    size_t blocks = sparse_blocks(&c->pairs->ppmi), some = (blocks + EVERY - 1) / EVERY;
    double kept = 0, max;
    int bin = BINS;

    if ((double)c->corpus->n * 2 * c->plan.window <= c->plan.max)
        return 0;
    if (team_run(team, some, weigh_block, c) < 0)
        return -1;
    max = c->plan.max * (double)some / (double)blocks;
    while (bin > 0 && kept <= max) {
        bin--;
        for (int t = 0; t < team->threads; t++)
            kept += c->benches[t].bins[bin];
    }
    if (kept > max)
        c->least = c->weights[c->plan.window] * expf(((float)bin + .5f) / BIN_SCALE);
    return 0;
}

/* Lists the places of each word, by counting. */
static int list_places(struct counting *c)
{
    const struct corpus *corpus = c->corpus;
    size_t n = 0;

    c->starts = calloc((size_t)c->words + 2, sizeof(*c->starts));
    if (!c->starts)
        return -1;
    for (size_t i = 0; i < corpus->n; i++) {
        if (corpus->rows[i] < ITEM_END)
            c->starts[corpus->rows[i] + 2]++, n++;
    }
    c->places = malloc((n + 1) * sizeof(*c->places));
    if (!c->places)
        return -1;
    for (uint32_t w = 0; w < c->words; w++)
        c->starts[w + 2] += c->starts[w + 1];
    for (size_t i = 0; i < corpus->n; i++) {
        if (corpus->rows[i] < ITEM_END)
            c->places[c->starts[corpus->rows[i] + 1]++] = (uint32_t)i;
    }
    return 0;
}

/* How much each word has around it in all: the margins of the matrix, on both sides the same. */
static void sum_margins(const struct counting *c, double *margins)
{
    const struct corpus *corpus = c->corpus;

    for (const uint32_t *at = corpus->rows; at < corpus->rows + corpus->n; at++) {
        if (*at >= ITEM_END)
            continue;
        for (uint32_t d = 1; d <= c->plan.window && at[d] != ITEM_END; d++) {
            if (at[d] != NO_ROW) {
                margins[*at] += (double)c->weights[d];
                margins[at[d]] += (double)c->weights[d];
            }
        }
    }
}

static int find_shifts(struct counting *c)
{
    double *margins = calloc((size_t)c->words + 1, sizeof(*margins)), all = 0;

    c->pairs->row_shift = calloc((size_t)c->words + 1, sizeof(float));
    c->pairs->col_shift = calloc((size_t)c->words + 1, sizeof(float));
    if (!margins || !c->pairs->row_shift || !c->pairs->col_shift) {
        free(margins);
        return -1;
    }
    sum_margins(c, margins);
    for (uint32_t w = 0; w < c->words; w++)
        all += pow(margins[w], c->plan.smooth);
    for (uint32_t w = 0; w < c->words; w++) {
        if (margins[w] > 0) {
            c->pairs->row_shift[w] = (float)(log(margins[w]) - log(all) + c->plan.shift);
            c->pairs->col_shift[w] = (float)(c->plan.smooth * log(margins[w]));
        }
    }
    free(margins);
    return 0;
}

static int prepare(const struct team *team, struct counting *c)
{
    c->weights = calloc((size_t)c->plan.window + 1, sizeof(*c->weights));
    if (!c->weights || sparse_init(&c->pairs->ppmi, c->words, c->words) < 0)
        return -1;
    for (uint32_t d = 1; d <= c->plan.window; d++)
        c->weights[d] = 1 / (float)d;
    for (int t = 0; t < team->threads; t++) {
        c->benches[t].sums = calloc((size_t)c->words + 1, sizeof(float));
        c->benches[t].touched = malloc(((size_t)c->words + 1) * sizeof(uint32_t));
        if (!c->benches[t].sums || !c->benches[t].touched)
            return -1;
    }
    return list_places(c) < 0 || find_shifts(c) < 0 ? -1 : 0;
}

static void clean(struct counting *c)
{
    for (int t = 0; t < TEAM_MAX; t++) {
        free(c->benches[t].sums);
        free(c->benches[t].touched);
        free(c->benches[t].cols);
        free(c->benches[t].values);
    }
    free(c->weights);
    free(c->starts);
    free(c->places);
    free(c);
}

int pairs_count(const struct team *team, const struct corpus *corpus, uint32_t words,
                struct pairs_plan plan, struct pairs *ret)
{
    struct pairs pairs = { 0 };
    struct counting *c = calloc(1, sizeof(*c));
    int rc = -1;

    if (!c)
        return -1;
    c->corpus = corpus;
    c->words = words;
    c->plan = plan;
    c->pairs = &pairs;
    if (prepare(team, c) == 0 && find_least(team, c) == 0 &&
        team_run(team, sparse_blocks(&pairs.ppmi), count_block, c) == 0)
        rc = 0;
    clean(c);
    if (rc < 0) {
        pairs_release(&pairs);
        return -1;
    }
    pairs.ppmi.row_shift = pairs.row_shift;
    pairs.ppmi.col_shift = pairs.col_shift;
    pairs.turned = pairs.ppmi;
    pairs.turned.row_shift = pairs.col_shift;
    pairs.turned.col_shift = pairs.row_shift;
    *ret = pairs;
    return 0;
}

void pairs_release(struct pairs *pairs)
{
    sparse_release(&pairs->ppmi); /* `turned` has the same blocks */
    free(pairs->row_shift);
    free(pairs->col_shift);
    *pairs = (struct pairs){ 0 };
}
