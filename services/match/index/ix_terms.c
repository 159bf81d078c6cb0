/* ix_terms.c - the terms of an item, read from its forward record. */
#include <stdlib.h>
#include <string.h>

#include "ix_forward.h"
#include "ix_inside.h"
#include "ix_sort.h"
#include "ix_terms.h"
#include "ix_varint.h"
#include "params.h"

#define ON_STACK 1024
#define NEAR_BYTES 512 /* of a forward record; a longer one comes by itself */

void ix_field_steps(uint32_t ret[N_FIELDS])
{
    const double weight[N_FIELDS] = { params.field_title, params.field_keywords,
                                      params.field_body };

    for (unsigned i = 0; i < N_FIELDS; i++) {
        double steps = weight[i] * IX_STEP + 0.5;

        ret[i] = steps < 1 ? 1 : steps > IX_STEPS_MAX ? IX_STEPS_MAX : (uint32_t)steps;
    }
}

void ix_views(const struct index *index, uint32_t slot, struct ix_view ret[N_SPACES])
{
    const unsigned char *at = index->heap[HEAP_FORWARD].base + ix_slot(index, slot)->forward;

    at = ix_forward_view(at, &ret[SPACE_W]);
    at = ix_forward_view(at, &ret[SPACE_U]);
    ix_forward_view(at, &ret[SPACE_B]);
}

/* Terms of a written part with what its sequence counts. */
static size_t read_part(const struct ix_view *view, struct posting *ret, size_t max)
{
    const unsigned char *at = view->terms;
    uint32_t term = UINT32_MAX, weight[N_FIELDS], field = 0;
    size_t n = view->n < max ? view->n : max;
    float tf;

    ix_field_steps(weight);
    for (size_t i = 0; i < n; i++) {
        uint64_t value = *at;

        if (value < 0x80)
            at++;
        else
            at = ix_varint_get(at, &value);
        term += (uint32_t)value + 1;
        ret[i] = (struct posting){ term, 0 };
    }
    tf = (float)weight[0] / IX_STEP;
    for (uint32_t i = 0; i < view->n_sequence; i++) {
        uint32_t code = ix_view_code(view, i);

        if (code >= IX_PLACE && code - IX_PLACE < n)
            ret[code - IX_PLACE].tf += tf;
        else if (code == IX_FIELD && ++field < N_FIELDS)
            tf = (float)weight[field] / IX_STEP;
    }
    for (size_t i = 0; i < n; i++)
        if (ret[i].tf > (float)IX_STEPS_MAX / IX_STEP)
            ret[i].tf = (float)IX_STEPS_MAX / IX_STEP;
    return view->n;
}

#define TOGETHER 64 /* pairs that are looked up together, so that they wait for memory once */

struct pairs_found {
    const struct index *index;
    uint64_t *keys;
    size_t n;
    struct {
        uint32_t a, b, steps;
    } batch[TOGETHER];
    size_t n_batch;
};

static void look_up(struct pairs_found *found)
{
    const struct index *index = found->index;

    for (size_t i = 0; i < found->n_batch; i++)
        ix_pair_near(index, found->batch[i].a, found->batch[i].b, IX_NEAR_TABLE);
    for (size_t i = 0; i < found->n_batch; i++)
        ix_pair_near(index, found->batch[i].a, found->batch[i].b, IX_NEAR_ENTRY);
    for (size_t i = 0; i < found->n_batch; i++) {
        uint32_t term = ix_pair_find(index, found->batch[i].a, found->batch[i].b);

        if (term != NO_TERM)
            found->keys[found->n++] = (uint64_t)term << 32 | found->batch[i].steps;
    }
    found->n_batch = 0;
}

/* The pairs of neighbouring units with the weight of their field, in order of the text. */
static size_t read_pairs(const struct index *index, const struct ix_view *units,
                         const uint32_t *terms, uint64_t *ret)
{
    struct pairs_found found = { .index = index, .keys = ret };
    uint32_t weight[N_FIELDS], field = 0, before = NO_TERM;

    ix_field_steps(weight);
    for (uint32_t i = 0; i < units->n_sequence; i++) {
        uint32_t code = ix_view_code(units, i);
        uint32_t unit = code >= IX_PLACE ? terms[code - IX_PLACE] : NO_TERM;

        if (unit != NO_TERM && before != NO_TERM) {
            found.batch[found.n_batch].a = before;
            found.batch[found.n_batch].b = unit;
            found.batch[found.n_batch++].steps = weight[field];
            if (found.n_batch == TOGETHER)
                look_up(&found);
        }
        before = unit;
        field += code == IX_FIELD && field + 1 < N_FIELDS;
    }
    look_up(&found);
    return found.n;
}

/* Equal terms, which stand together, become one posting. */
static size_t merge(const uint64_t *keys, size_t n, struct posting *ret, size_t max)
{
    size_t found = 0;

    for (size_t i = 0; i < n;) {
        uint32_t term = (uint32_t)(keys[i] >> 32);
        uint64_t steps = 0;

        for (; i < n && keys[i] >> 32 == term; i++)
            steps += (uint32_t)keys[i];
        if (steps > IX_STEPS_MAX)
            steps = IX_STEPS_MAX;
        if (found < max)
            ret[found] = (struct posting){ term, (float)steps / IX_STEP };
        found++;
    }
    return found;
}

static size_t derive_pairs(const struct index *index, const struct ix_view *units,
                           struct posting *ret, size_t max)
{
    uint64_t keys_here[ON_STACK], spare_here[ON_STACK];
    uint32_t terms_here[ON_STACK];
    size_t room = units->n_sequence + 1u, n = 0;
    uint64_t *keys = keys_here, *spare = spare_here;
    uint32_t *terms = terms_here;
    void *memory = NULL;

    if (room > ON_STACK) {
        memory = malloc(room * (2 * sizeof(*keys) + sizeof(*terms)));
        if (!memory)
            return 0;
        keys = memory;
        spare = keys + room;
        terms = (uint32_t *)(void *)(spare + room);
    }
    ix_view_terms(units, terms);
    n = read_pairs(index, units, terms, keys);
    ix_sort(keys, spare, n);
    n = merge(keys, n, ret, max);
    free(memory);
    return n;
}

size_t index_forward(const struct index *index, enum space space, uint32_t slot,
                     struct posting *ret, size_t max)
{
    struct ix_view views[N_SPACES];

    ix_views(index, slot, views);
    if (space == SPACE_B && views[SPACE_B].n_sequence == 0)
        return derive_pairs(index, &views[SPACE_U], ret, max);
    return read_part(&views[space], ret, max);
}

size_t index_sequence(const struct index *index, enum space space, uint32_t slot, uint32_t *ret,
                      size_t max)
{
    struct ix_view views[N_SPACES];
    uint32_t here[ON_STACK], *terms = here;
    size_t n = 0;
    bool broken = true;

    ix_views(index, slot, views);

    const struct ix_view *view = &views[space];

    if (view->n > ON_STACK && !(terms = malloc(view->n * sizeof(*terms))))
        return 0;
    ix_view_terms(view, terms);
    for (uint32_t i = 0; i < view->n_sequence; i++) {
        uint32_t code = ix_view_code(view, i);
        bool mark = code < IX_PLACE;

        /* Several ends in a row are one; none stands in front. */
        if (!(mark && broken)) {
            if (n < max)
                ret[n] = mark ? NO_TERM : terms[code - IX_PLACE];
            n++;
        }
        broken = mark;
    }
    if (terms != here)
        free(terms);
    return n;
}

size_t index_places(const struct index *index, enum space space, uint32_t slot, uint32_t *terms,
                    size_t terms_max, uint32_t *ret, size_t max, size_t *ret_terms)
{
    struct ix_view views[N_SPACES];
    const struct ix_view *view = &views[space];
    bool broken = true;
    size_t n = 0;

    ix_views(index, slot, views);
    *ret_terms = view->n;
    if (view->n > terms_max || view->n_sequence > max)
        return view->n_sequence;
    ix_view_terms(view, terms);
    for (uint32_t i = 0; i < view->n_sequence; i++) {
        uint32_t code = ix_view_code(view, i);
        bool mark = code < IX_PLACE;

        /* As in index_sequence. */
        if (!(mark && broken))
            ret[n++] = mark ? NO_TERM : code - IX_PLACE;
        broken = mark;
    }
    return n;
}

void index_near(const struct index *index, uint32_t slot, enum index_near what)
{
    const unsigned char *forward;

    if (what == INDEX_NEAR_SLOT) {
        __builtin_prefetch(ix_slot(index, slot));
        __builtin_prefetch(ix_facts(index, slot));
        for (unsigned s = 0; s < N_SPACES; s++)
            __builtin_prefetch(&ix_lengths(index, (enum space)s)[slot]);
        return;
    }
    forward = index->heap[HEAP_FORWARD].base + ix_slot(index, slot)->forward;
    for (size_t i = 0; i < NEAR_BYTES; i += 64)
        __builtin_prefetch(forward + i);
}
