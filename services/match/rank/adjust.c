/* adjust.c - what counts besides the likeness of texts: shared fields, distance of maturity,
 * region. Each is a number of its own in the reasons, so that nobody has to guess that it was
 * there. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

static void add(struct reason *ret, size_t *ret_n, enum reason_kind kind, double share,
                const char *term, const char *other)
{
    ret[(*ret_n)++] = (struct reason){ .kind = kind, .share = share, .term = term, .other = other };
}

/* The subject's fields against one field of the library: worked out once for each that occurs. */
static const struct near_field *near_of(struct ask_state *ask, uint32_t name)
{
    uint32_t *at = table_at(&ask->near_fields, name);

    if (*at == TABLE_NONE) {
        struct near_field *near = &ask->near_list[ask->n_near];
        const uint32_t *mine;
        size_t n = index_set(ask->index, index_facts(ask->index, ask->self)->fields, &mine);

        *near = (struct near_field){ .theirs = index_name_text(ask->index, name) };
        for (size_t i = 0; i < n; i++) {
            const char *text = index_name_text(ask->index, mine[i]);
            double weight = mine[i] == name ? 1 : bridge_between(ask->bridge, text, near->theirs);

            if (weight > near->weight) {
                near->weight = weight;
                near->mine = text;
            }
        }
        *at = (uint32_t)ask->n_near++;
    }
    return &ask->near_list[*at];
}

static double field_share(struct ask_state *ask, const struct facts *facts, const char **ret_term,
                          const char **ret_other)
{
    const uint32_t *theirs;
    size_t n = index_set(ask->index, facts->fields, &theirs);
    double best = 0;

    for (size_t i = 0; i < n && ask->n_near < NEAR_FIELDS_MAX; i++) {
        const struct near_field *near = near_of(ask, theirs[i]);

        if (near->weight > best) {
            best = near->weight;
            *ret_term = near->mine;
            *ret_other = near->theirs;
        }
    }
    return best * params.adjust_field;
}

int adjust_prepare(struct ask_state *ask)
{
    ask->near_list = arena_alloc(ask->arena, NEAR_FIELDS_MAX * sizeof(*ask->near_list));
    return !ask->near_list || table_init(&ask->near_fields, ask->arena, NEAR_FIELDS_MAX) < 0 ? -1
                                                                                             : 0;
}

double adjust(struct ask_state *ask, uint32_t slot, struct reason *ret, size_t *ret_n)
{
    const struct question *question = ask->question;
    const struct facts *facts = index_facts(ask->index, slot);
    const char *term = "", *other = "";
    double share = ask->self == NO_SLOT ? 0 : field_share(ask, facts, &term, &other), sum = share;

    if (share > 0)
        add(ret, ret_n, REASON_FIELD, share, term, other);
    if (question->want_trl && facts->trl) {
        share = -params.adjust_trl * abs(question->want_trl - facts->trl);
        if (share < 0)
            add(ret, ret_n, REASON_TRL, share, "", "");
        sum += share;
    }
    size_t digits = question->near ? strlen(question->near) : 0;
    if (digits > 0 && digits <= 6 && facts->division) {
        uint32_t unit = 1;

        for (size_t i = digits; i < 6; i++)
            unit *= 10;
        if (facts->division / unit == (uint32_t)strtoul(question->near, NULL, 10)) {
            share = params.adjust_near * question->near_weight;
            add(ret, ret_n, REASON_NEAR, share, question->near, "");
            sum += share;
        }
    }
    return sum;
}
