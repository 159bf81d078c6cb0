/* embeds.c - see embeds.h. */
#include "embeds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "folded.h"
#include "model_parts.h"
#include "vector.h"

struct embeds {
    struct folded *rows;
    int dims;
    double weight;
    uint32_t mark;
};

static uint32_t mark_of(const char *name, double weight)
{
    uint32_t hash = 2166136261u ^ (uint32_t)lrint(weight * 1e6);

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

struct embeds *embeds_new(const char *name, int dims, double weight)
{
    struct embeds *embeds = calloc(1, sizeof(*embeds));

    if (!embeds)
        return NULL;
    embeds->rows = folded_new((uint32_t)dims, 0);
    embeds->dims = dims;
    embeds->weight = weight;
    embeds->mark = mark_of(name, weight);
    if (!embeds->rows) {
        free(embeds);
        return NULL;
    }
    return embeds;
}

void embeds_free(struct embeds *embeds)
{
    if (!embeds)
        return;
    folded_free(embeds->rows);
    free(embeds);
}

int embeds_dims(const struct embeds *embeds)
{
    return embeds->dims;
}

double embeds_weight(const struct embeds *embeds)
{
    return embeds->weight;
}

uint32_t embeds_mark(const struct embeds *embeds)
{
    return embeds->mark;
}

bool embeds_unit(const float *vector, int dims, float *ret)
{
    double sum = 0;

    for (int i = 0; i < dims; i++)
        sum += (double)vector[i] * vector[i];
    if (!isfinite(sum) || sum <= 0)
        return false;
    for (int i = 0; i < dims; i++)
        ret[i] = (float)(vector[i] / sqrt(sum));
    return true;
}

int embeds_put(struct embeds *embeds, const struct index *index, uint32_t slot, const float *unit)
{
    return folded_put(embeds->rows, slot, item_check(index, slot), unit, NULL);
}

bool embeds_has(const struct embeds *embeds, uint32_t slot)
{
    return folded_row(embeds->rows, slot) != NULL;
}

bool embeds_get(const struct embeds *embeds, uint32_t slot, float *ret_unit)
{
    const struct folded_row *row = folded_row(embeds->rows, slot);

    if (!row)
        return false;
    for (int i = 0; i < embeds->dims; i++)
        ret_unit[i] = row->wv_scale * (float)row->bytes[i];
    return true;
}

double embeds_cosine(const struct embeds *embeds, const float *unit, uint32_t slot)
{
    const struct folded_row *row = folded_row(embeds->rows, slot);
    double cosine = row ? row->wv_scale * vector_dot(unit, row->bytes, embeds->dims) : 0;

    return cosine > 0 ? cosine : 0;
}

void embeds_move(struct embeds *embeds, const uint32_t *moved, uint32_t n)
{
    if (folded_move(embeds->rows, moved, n) < 0)
        return; /* all are gone, and will be asked for again */
}
