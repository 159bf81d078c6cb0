/* adjust.c - what counts besides the likeness of texts: shared fields, distance of maturity, region.
 * Each is a number of its own in the reasons, so that nobody has to guess that it was there. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "bridge.h"
#include "params.h"

static void add(struct reason *ret, size_t *ret_n, enum reason_kind kind, double share,
                const char *term, const char *other)
{
    ret[(*ret_n)++] = (struct reason){ .kind = kind, .share = share, .term = term, .other = other };
}

/* A field of the subject and one of the record: the same, or an industry and its discipline. */
static double field_share(const struct ask_state *ask, const struct facts *facts,
                          const char **ret_term, const char **ret_other)
{
    const uint32_t *mine, *theirs;
    size_t n_mine = index_set(ask->index, index_facts(ask->index, ask->self)->fields, &mine);
    size_t n_theirs = index_set(ask->index, facts->fields, &theirs);
    double best = 0;

    for (size_t i = 0; i < n_mine; i++)
        for (size_t j = 0; j < n_theirs; j++) {
            const char *a = index_name_text(ask->index, mine[i]);
            const char *b = index_name_text(ask->index, theirs[j]);
            double near = mine[i] == theirs[j] ? 1 : bridge_between(a, b);

            if (near > best) {
                best = near;
                *ret_term = a;
                *ret_other = b;
            }
        }
    return best * params.adjust_field;
}

double adjust(const struct ask_state *ask, uint32_t slot, struct reason *ret, size_t *ret_n)
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
