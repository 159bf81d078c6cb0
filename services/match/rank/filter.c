/* filter.c - see filter.h. Names become interned numbers once; a name that the library has never
 * seen cannot match and simply takes no place. */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

struct names {
    uint32_t *list;
    size_t n;
    bool asked; /* a filter that no known name can meet lets nothing through */
};
struct passes {
    const struct filter *filter;
    const struct index *index;
    const uint8_t *self;
    struct names scopes, fields, states, levels;
    uint32_t division, division_unit; /* a record's division / unit == division */
    unsigned kinds;
};

static int intern(struct names *ret, const char *const *names, size_t n, const struct index *index,
                  struct arena *arena)
{
    ret->asked = n > 0;
    ret->list = arena_alloc(arena, (n + 1) * sizeof(uint32_t));
    if (!ret->list)
        return -1;
    for (size_t i = 0; i < n; i++) {
        uint32_t name = index_name(index, names[i]);

        if (name != NO_TERM)
            ret->list[ret->n++] = name;
    }
    return 0;
}

struct passes *passes_new(const struct filter *filter, const struct index *index,
                          const uint8_t *self, struct arena *arena)
{
    struct passes *passes = arena_alloc(arena, sizeof(*passes));
    size_t digits = filter->division ? strlen(filter->division) : 0;

    if (!passes)
        return NULL;
    passes->filter = filter;
    passes->index = index;
    passes->self = self;
    passes->kinds = filter->kinds;
    passes->division_unit = 1;
    if (digits > 0 && digits <= 6) {
        passes->division = (uint32_t)strtoul(filter->division, NULL, 10);
        for (size_t i = digits; i < 6; i++)
            passes->division_unit *= 10;
    }
    if (intern(&passes->scopes, filter->scopes, filter->n_scopes, index, arena) < 0 ||
        intern(&passes->fields, filter->fields, filter->n_fields, index, arena) < 0 ||
        intern(&passes->states, filter->states, filter->n_states, index, arena) < 0 ||
        intern(&passes->levels, filter->levels, filter->n_levels, index, arena) < 0)
        return NULL;
    return passes;
}

static bool has(const struct names *names, uint32_t name)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->list[i] == name)
            return true;
    return false;
}

static bool meets(const struct names *names, const struct index *index, uint32_t set)
{
    const uint32_t *list;
    size_t n = index_set(index, set, &list);

    for (size_t i = 0; i < n; i++)
        if (has(names, list[i]))
            return true;
    return false;
}

static bool is_one_of(const uint8_t id[16], const uint8_t (*list)[16], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(id, list[i], 16) == 0)
            return true;
    return false;
}

static bool is_excluded(const struct passes *passes, const struct facts *facts)
{
    const struct filter *filter = passes->filter;

    return (passes->self && memcmp(facts->id, passes->self, 16) == 0) ||
           is_one_of(facts->id, filter->not_ids, filter->n_not_ids) ||
           is_one_of(facts->id, filter->not_units, filter->n_not_units) ||
           is_one_of(facts->unit, filter->not_units, filter->n_not_units) ||
           is_one_of(facts->person, filter->not_persons, filter->n_not_persons);
}

bool passes_visible(const struct passes *passes, uint32_t slot)
{
    return meets(&passes->scopes, passes->index, index_facts(passes->index, slot)->scopes);
}

bool passes_evidence(const struct passes *passes, uint32_t slot)
{
    return passes_visible(passes, slot) && !is_excluded(passes, index_facts(passes->index, slot));
}

static bool is_between(int value, int low, int high)
{
    if (low == 0 && high == 0)
        return true;
    return value != 0 && value >= low && (high == 0 || value <= high);
}

static bool fits_where(const struct passes *passes, const struct facts *facts)
{
    const struct filter *filter = passes->filter;

    if (passes->division && facts->division / passes->division_unit != passes->division)
        return false;
    return filter->n_units == 0 || is_one_of(facts->unit, filter->units, filter->n_units) ||
           is_one_of(facts->id, filter->units, filter->n_units);
}

bool passes_all(const struct passes *passes, uint32_t slot, unsigned kinds)
{
    const struct filter *filter = passes->filter;
    const struct facts *facts = index_facts(passes->index, slot);

    if (!(facts->kind & filter->kinds & kinds) || (facts->barred && !filter->with_barred))
        return false;
    if (!is_between(facts->trl, filter->trl_min, filter->trl_max) ||
        !is_between(facts->year, filter->year_min, filter->year_max))
        return false;
    if ((passes->states.asked && !has(&passes->states, facts->state)) ||
        (passes->levels.asked && !has(&passes->levels, facts->level)))
        return false;
    if (passes->fields.asked && !meets(&passes->fields, passes->index, facts->fields))
        return false;
    return fits_where(passes, facts) && passes_evidence(passes, slot);
}

void passes_kinds(struct passes *passes, unsigned kinds)
{
    passes->kinds = kinds;
}

bool passes_accept(const void *arg, const struct index *index, uint32_t slot)
{
    const struct passes *passes = arg;

    (void)index;
    return passes_all(passes, slot, passes->kinds);
}
