/* ix_top.c - the k best by windows of slots (MaxScore with bounds of blocks).
 *
 * In each window the terms stand by the most that they can add there. The small ones that
 * together stay below the threshold cannot bring an item in: the others are added for all slots
 * of the window at once, and only items that could still enter are completed with the small
 * ones, heaviest first. The threshold is the k-th best score so far. Every sixteenth window is
 * done first: from it the final threshold is guessed, a little low; should fewer than k items
 * reach the guess, all is done again without it. */
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ix_cursor.h"
#include "ix_select.h"
#include "ix_top.h"
#include "params.h"

#define WINDOW IX_TOP_WINDOW
#define SAMPLE 16u      /* one window in so many is looked at first */
#define GUESS_EXTRA 24u /* ranks that the guess is kept lower than the sample says */
#define SUM_MOST 2.0e9  /* sums stay below 2^31 */
#define DENSE 12u       /* postings that are as dear as looking one up */

struct top {
    const struct index *index;
    unsigned kinds;
    accept_fn accept;
    const void *arg;
    size_t k;
    uint32_t window;
    struct ix_cursor *cursors;
    uint32_t n;
    uint64_t *best; /* score above, ~slot below: larger is better */
    size_t n_best, room;
    uint32_t threshold; /* a score that enters */
    struct term {
        uint32_t cursor, most, postings;
    } * terms; /* of the window, those that can add least first */
    uint32_t n_terms;
    uint32_t sums[WINDOW];
    uint32_t hopeful[WINDOW];
};

static uint64_t key_of(uint32_t score, uint32_t slot)
{
    return (uint64_t)score << 32 | (UINT32_MAX - slot);
}

/* Keeps the k best and raises the threshold. */
static void shrink(struct top *top)
{
    if (top->n_best < top->k)
        return;
    ix_select(top->best, top->n_best, top->k);
    top->n_best = top->k;

    uint32_t score = (uint32_t)(top->best[top->k - 1] >> 32);

    if (score > top->threshold)
        top->threshold = score;
}

static void offer(struct top *top, uint32_t slot, uint32_t score)
{
    if (score < top->threshold)
        return;
    if (top->accept && !top->accept(top->arg, top->index, slot))
        return;
    if (top->n_best == top->room)
        shrink(top);
    top->best[top->n_best++] = key_of(score, slot);
}

/* The window's terms by what they can add; how much that is together. */
static uint64_t line_up(struct top *top, uint32_t from, uint32_t to)
{
    uint64_t all = 0;

    top->n_terms = 0;
    for (uint32_t i = 0; i < top->n; i++) {
        struct term term = { .cursor = i };
        uint32_t at = top->n_terms;

        term.most = ix_cursor_window(&top->cursors[i], from, to, &term.postings);
        if (term.most == 0)
            continue;
        for (; at > 0 && top->terms[at - 1].most > term.most; at--)
            top->terms[at] = top->terms[at - 1];
        top->terms[at] = term;
        top->n_terms++;
        all += term.most;
    }
    return all;
}

/* Which of 64 sums reach `least`; sums stay below 2^31, so that they compare as signed numbers. */
static uint64_t reaching(const uint32_t *sums, uint32_t least)
{
    uint64_t bits = 0;

#ifdef __SSE2__
    const __m128i below = _mm_set1_epi32((int32_t)least - 1);

    for (unsigned i = 0; i < 64; i += 16) {
        const __m128i *four = (const __m128i *)(const void *)(sums + i);
        __m128i low = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(four), below),
                                      _mm_cmpgt_epi32(_mm_loadu_si128(four + 1), below));
        __m128i high = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(four + 2), below),
                                       _mm_cmpgt_epi32(_mm_loadu_si128(four + 3), below));

        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high)) << i;
    }
#else
    for (unsigned i = 0; i < 64; i++)
        bits |= (uint64_t)(sums[i] >= least) << i;
#endif
    return bits;
}

/* Live slots of the kinds whose sum reaches `least`. */
static uint32_t find_hopeful(struct top *top, uint32_t from, uint32_t to, uint32_t least)
{
    uint32_t n = 0;

    for (uint32_t word = 0; word * 64 < to - from; word++) {
        uint64_t bits = reaching(top->sums + (size_t)word * 64, least);

        if (bits)
            bits &= ix_live_of(top->index, from / 64 + word, top->kinds);
        for (; bits; bits &= bits - 1)
            top->hopeful[n++] = word * 64 + (uint32_t)__builtin_ctzll(bits);
    }
    return n;
}

/* Adds one of the small terms to those that can still enter; `below` is what the terms after it can
 * add. How many are left. */
static uint32_t complete(struct top *top, const struct term *term, uint32_t from, uint32_t n,
                         uint32_t below)
{
    struct ix_cursor *cursor = &top->cursors[term->cursor];
    uint32_t block = cursor->first, kept = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = top->hopeful[i], so_far = top->sums[at] + below;

        if (so_far + term->most < top->threshold)
            continue;

        uint32_t least = so_far < top->threshold ? top->threshold - so_far : 0;
        uint32_t part = ix_cursor_part(cursor, &block, from + at, least);

        top->sums[at] += part;
        if (part >= least)
            top->hopeful[kept++] = at;
    }
    return kept;
}

/* Where most items would have to be looked up, a small term is added for all slots as well. */
static bool is_dense(const struct term *term, uint32_t n)
{
    return n > term->postings / DENSE;
}

static void do_window(struct top *top, uint32_t from, uint32_t to)
{
    uint32_t small = 0, n;
    uint64_t below = 0;
    bool stale = false; /* some of the hopeful may not be so any more */

    if (line_up(top, from, to) < top->threshold)
        return;
    while (small < top->n_terms && below + top->terms[small].most < top->threshold)
        below += top->terms[small++].most;
    memset(top->sums, 0, (size_t)(to - from + 63) / 64 * 64 * sizeof(top->sums[0]));
    for (uint32_t i = top->n_terms; i-- > small;)
        ix_cursor_add(&top->cursors[top->terms[i].cursor], from, to, top->sums);
    n = find_hopeful(top, from, to, top->threshold - (uint32_t)below);
    while (small-- > 0 && n > 0) {
        const struct term *term = &top->terms[small];

        if (stale && !is_dense(term, n))
            n = find_hopeful(top, from, to, top->threshold - (uint32_t)below);
        below -= term->most;
        stale = is_dense(term, n);
        if (stale)
            ix_cursor_add(&top->cursors[term->cursor], from, to, top->sums);
        else
            n = complete(top, term, from, n, (uint32_t)below);
    }
    if (stale)
        n = find_hopeful(top, from, to, top->threshold);
    for (uint32_t i = 0; i < n; i++)
        offer(top, from + top->hopeful[i], top->sums[top->hopeful[i]]);
}

/* All windows, or only the sampled ones, or only the others. */
enum which { ALL, SAMPLED, OTHERS };

static void walk(struct top *top, enum which which)
{
    uint32_t slots = index_slots(top->index);

    for (uint32_t i = 0; i < top->n; i++)
        ix_cursor_rewind(&top->cursors[i]);
    for (uint32_t from = 0, no = 0; from < slots; no++) {
        uint32_t to = slots - from > top->window ? from + top->window : slots;
        bool sampled = no % SAMPLE == SAMPLE / 2;

        if (which == ALL || sampled == (which == SAMPLED))
            do_window(top, from, to);
        from = to;
    }
}

static void run(struct top *top)
{
    size_t rank = top->k / SAMPLE * 3 / 2 + GUESS_EXTRA;
    uint32_t guess = 0;

    if (index_slots(top->index) < 2 * SAMPLE * top->window || rank >= top->k) {
        walk(top, ALL);
        shrink(top);
        return;
    }
    walk(top, SAMPLED);
    if (top->n_best > rank) {
        ix_select(top->best, top->n_best, rank);
        guess = (uint32_t)(top->best[rank - 1] >> 32);
    }
    if (guess > top->threshold)
        top->threshold = guess;
    walk(top, OTHERS);
    shrink(top);
    if (guess > 1 && (top->n_best < top->k || top->best[top->k - 1] >> 32 < guess)) {
        /* The sample was luckier than the rest. */
        top->threshold = top->n_best < top->k ? 1 : (uint32_t)(top->best[top->k - 1] >> 32);
        top->n_best = 0;
        walk(top, ALL);
        shrink(top);
    }
}

static int best_first(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left < right) - (left > right);
}

/* A power of two that uses the width of a sum; the most that all terms can add decides. */
static double scale_of(const struct lookup *terms, size_t n)
{
    double k1 = params.k1_w, most = 0, scale = 1;

    k1 = params.k1_u > k1 ? params.k1_u : k1;
    k1 = params.k1_b > k1 ? params.k1_b : k1;
    for (size_t i = 0; i < n; i++)
        if (terms[i].weight > 0)
            most += (double)terms[i].weight * (k1 + 1);
    while (most * scale * 2 < SUM_MOST && scale < 1e12)
        scale *= 2;
    while (most * scale > SUM_MOST)
        scale /= 2;
    return scale;
}

static void open_terms(struct top *top, const struct lookup *terms, size_t n,
                       const double average[N_SPACES], double scale)
{
    for (size_t i = 0; i < n; i++) {
        if (!(terms[i].weight > 0) || terms[i].term >= index_terms(top->index, terms[i].space) ||
            index_df(top->index, terms[i].space, terms[i].term) == 0)
            continue;
        ix_cursor_open(&top->cursors[top->n], top->index, &terms[i], average, scale);
        top->n++;
    }
}

long index_top(const struct index *index, const struct lookup *terms, size_t n,
               const double average[N_SPACES], accept_fn accept, const void *arg, size_t k,
               struct hit *ret)
{
    return ix_top(index, 0, terms, n, average, accept, arg, k, ret, WINDOW);
}

long index_top_of(const struct index *index, unsigned kinds, const struct lookup *terms, size_t n,
                  const double average[N_SPACES], accept_fn accept, const void *arg, size_t k,
                  struct hit *ret)
{
    return ix_top(index, kinds, terms, n, average, accept, arg, k, ret, WINDOW);
}

long ix_top(const struct index *index, unsigned kinds, const struct lookup *terms, size_t n,
            const double average[N_SPACES], accept_fn accept, const void *arg, size_t k,
            struct hit *ret, uint32_t window)
{
    size_t slots = index_slots(index);
    double scale = scale_of(terms, n);
    struct top *top;
    long found = -1;

    if (k > slots)
        k = slots;
    if (k == 0 || n == 0)
        return 0;
    top = malloc(sizeof(*top));
    if (!top)
        return -1;
    top->room = 2 * k + WINDOW;
    top->cursors = malloc(n * sizeof(*top->cursors));
    top->terms = malloc(n * sizeof(*top->terms));
    top->best = malloc(top->room * sizeof(*top->best));
    if (top->cursors && top->terms && top->best) {
        top->index = index;
        top->kinds = kinds;
        top->accept = accept;
        top->arg = arg;
        top->k = k;
        top->window = window;
        top->n = 0;
        top->n_best = 0;
        top->threshold = 1;
        open_terms(top, terms, n, average, scale);
        run(top);
        qsort(top->best, top->n_best, sizeof(*top->best), best_first);
        for (size_t i = 0; i < top->n_best; i++)
            ret[i] = (struct hit){ UINT32_MAX - (uint32_t)top->best[i],
                                   (float)((double)(top->best[i] >> 32) / scale) };
        found = (long)top->n_best;
    }
    free(top->cursors);
    free(top->terms);
    free(top->best);
    free(top);
    return found;
}
