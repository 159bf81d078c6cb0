/* classify.c - which field or discipline is a text of, by the records that bear it already. */
#include <string.h>

#include "kernel.h"
#include "labels.h"
#include "params.h"

enum engine_result rank_labels(struct ask_state *ask, bool ranked, struct found **ret,
                               size_t *ret_n)
{
    struct kernel_text text;

    if (kernel_of_tokens(ask->arena, ask->index, ask->model, ask->tokens, N_FIELDS, &text) < 0)
        return ENGINE_NO_MEMORY;
    struct labels *labels = labels_of(ask->shelf, ask);
    if (!labels)
        return ENGINE_NO_MEMORY;
    int rc = labels_score(labels, ask, &text, ranked, ret, ret_n);
    labels_done(ask->shelf, labels);
    if (rc < 0)
        return ENGINE_NO_MEMORY;
    return ask_is_late(ask) ? ENGINE_LATE : ENGINE_OK;
}

enum engine_result ask_classify(struct ask_state *ask, struct answer *ret)
{
    const struct question *question = ask->question;
    struct found *list;
    size_t n;
    enum engine_result rc = rank_labels(ask, false, &list, &n);

    if (rc != ENGINE_OK)
        return rc;
    ret->list = arena_alloc(ask->arena, (question->limit + 1) * sizeof(*ret->list));
    if (!ret->list)
        return ENGINE_NO_MEMORY;
    for (size_t i = question->offset; i < n && ret->n < question->limit; i++) {
        const struct facts *facts = index_facts(ask->index, list[i].slot);
        struct candidate *to = &ret->list[ret->n++];

        memcpy(to->id, facts->id, sizeof(to->id));
        to->kind = (enum kind)facts->kind;
        to->version = facts->version;
        to->score = list[i].score;
        to->strength = list[i].score >= params.strong_labels     ? STRENGTH_STRONG
                       : list[i].score >= params.possible_labels ? STRENGTH_POSSIBLE
                                                                 : STRENGTH_WEAK;
    }
    ret->total = n;
    return ENGINE_OK;
}
