/* kernel.c - see kernel.h. */
#include "kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "params.h"

static double space_weight(enum space space)
{
    return space == SPACE_U ? params.label_units : 1;
}

static int by_key(const void *a, const void *b)
{
    const struct lex_term *left = a, *right = b;

    return (left->key > right->key) - (left->key < right->key);
}

/* One space's terms become unit length times the root of its weight. */
static size_t add_space(const struct index *index, enum space space, const struct posting *bag,
                        size_t n, struct lex_term *ret)
{
    double texts = index_texts(index, 0), most = params.label_df_share * texts, norm = 0;
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t df = index_df(index, space, bag[i].term);

        if (df < 2 || df > most)
            continue;
        double weight = (1 + log(bag[i].tf > 1 ? bag[i].tf : 1)) *
                        pow(idf_of(index, texts, space, bag[i].term), params.label_idf_power);
        norm += weight * weight;
        ret[kept++] = (struct lex_term){ (uint64_t)space << 32 | bag[i].term, (float)weight };
    }
    for (size_t i = 0; norm > 0 && i < kept; i++)
        ret[i].weight = (float)(ret[i].weight * sqrt(space_weight(space) / norm));
    return kept;
}

static int finish(struct arena *arena, const struct index *index, struct model *model,
                  struct posting *const bag[N_SPACES], const size_t n[N_SPACES],
                  struct kernel_text *ret)
{
    struct lex_term *lex =
        arena_alloc(arena, (n[SPACE_W] + n[SPACE_U] + n[SPACE_B] + 1) * sizeof(*lex));
    double norm = 0;
    size_t kept = 0;

    ret->wv = arena_alloc(arena, ((size_t)model_word_dims(model) + 1) * sizeof(float));
    ret->lsa = arena_alloc(arena, ((size_t)model_lsa_dims(model) + 1) * sizeof(float));
    if (!lex || !ret->wv || !ret->lsa)
        return -1;
    for (int s = 0; s < N_SPACES; s++)
        kept += add_space(index, (enum space)s, bag[s], n[s], lex + kept);
    for (size_t i = 0; i < kept; i++)
        norm += (double)lex[i].weight * lex[i].weight;
    for (size_t i = 0; norm > 0 && i < kept; i++)
        lex[i].weight = (float)(lex[i].weight / sqrt(norm));
    qsort(lex, kept, sizeof(*lex), by_key);
    ret->lex = lex;
    ret->n_lex = kept;
    model_fold(model, index, bag[SPACE_W], n[SPACE_W], ret->wv, ret->lsa);
    model_fold_even(model, bag[SPACE_W], n[SPACE_W], params.label_idf_power, ret->wv);
    return 0;
}

int kernel_of_slot(struct arena *arena, const struct index *index, struct model *model,
                   uint32_t slot, struct kernel_text *ret)
{
    struct posting *bag[N_SPACES];
    size_t n[N_SPACES] = { 0 };

    for (int s = 0; s < N_SPACES; s++) {
        n[s] = index_forward(index, (enum space)s, slot, NULL, 0);
        bag[s] = arena_alloc(arena, (n[s] + 1) * sizeof(*bag[s]));
        if (!bag[s])
            return -1;
        n[s] = index_forward(index, (enum space)s, slot, bag[s], n[s]);
    }
    return finish(arena, index, model, bag, n, ret);
}

static int by_term(const void *a, const void *b)
{
    const struct posting *left = a, *right = b;

    return (left->term > right->term) - (left->term < right->term);
}

/* Equal terms together. */
static size_t merge(struct posting *bag, size_t n)
{
    size_t kept = 0;

    qsort(bag, n, sizeof(*bag), by_term);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && bag[kept - 1].term == bag[i].term)
            bag[kept - 1].tf += bag[i].tf;
        else
            bag[kept++] = bag[i];
    }
    return kept;
}

int kernel_of_tokens(struct arena *arena, const struct index *index, struct model *model,
                     const struct tokens *fields, size_t n_fields, struct kernel_text *ret)
{
    struct posting *bag[N_SPACES];
    size_t n[N_SPACES] = { 0 };

    for (int s = 0; s < N_SPACES; s++) {
        size_t room = 1;

        for (size_t f = 0; f < n_fields; f++)
            room += fields[f].n[s];
        bag[s] = arena_alloc(arena, room * sizeof(*bag[s]));
        if (!bag[s])
            return -1;
        for (size_t f = 0; f < n_fields; f++)
            for (size_t i = 0; i < fields[f].n[s]; i++) {
                const struct token *token = &fields[f].list[s][i];
                uint32_t term = index_term(index, (enum space)s, token->term, token->len);

                if (term != NO_TERM)
                    bag[s][n[s]++] = (struct posting){ term, 1 };
            }
        n[s] = merge(bag[s], n[s]);
    }
    return finish(arena, index, model, bag, n, ret);
}

static double dot(const float *a, const float *b, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

struct near_parts kernel_parts(const struct kernel_text *a, const struct kernel_text *b,
                               const struct model *model)
{
    struct near_parts parts = { 0, dot(a->wv, b->wv, model_word_dims(model)),
                                dot(a->lsa, b->lsa, model_lsa_dims(model)) };
    size_t i = 0, j = 0;

    while (i < a->n_lex && j < b->n_lex) {
        if (a->lex[i].key == b->lex[j].key)
            parts.lex += (double)a->lex[i].weight * b->lex[j].weight;
        uint64_t left = a->lex[i].key, right = b->lex[j].key;
        i += left <= right;
        j += right <= left;
    }
    return parts;
}

double kernel_near(const struct kernel_text *a, const struct kernel_text *b,
                   const struct model *model)
{
    struct near_parts parts = kernel_parts(a, b, model);
    double whole = params.label_lex + params.label_wv + params.label_lsa;

    return (params.label_lex * parts.lex + params.label_wv * parts.wv +
            params.label_lsa * parts.lsa) /
           whole;
}
