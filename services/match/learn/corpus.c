/* corpus.c - segments and fields of one item follow each other: its words belong together. */
#include "corpus.h"

#include <stdlib.h>

struct copying {
    const struct vocab *vocab;
    struct corpus *corpus;
    bool gaps;
    uint32_t *sequence;
    size_t room;
};

/* The list with room for `want` numbers, or NULL: then the old one is still there. */
static uint32_t *with_room(uint32_t *list, size_t *room, size_t want)
{
    size_t more = *room;
    uint32_t *grown;

    if (list && want <= more)
        return list;
    while (more < want || more == 0)
        more = more ? more + more / 2 : 4096;
    grown = realloc(list, more * sizeof(*list));
    if (grown)
        *room = more;
    return grown;
}

static int read_sequence(struct copying *copying, const struct index *index, uint32_t slot,
                         size_t *ret_n)
{
    size_t n = index_sequence(index, SPACE_W, slot, copying->sequence, copying->room);

    if (n > copying->room) {
        uint32_t *list = with_room(copying->sequence, &copying->room, n);

        if (!list)
            return -1;
        copying->sequence = list;
        n = index_sequence(index, SPACE_W, slot, copying->sequence, copying->room);
    }
    *ret_n = n;
    return 0;
}

static int copy_item(void *arg, const struct index *index, uint32_t slot)
{
    struct copying *copying = arg;
    struct corpus *corpus = copying->corpus;
    uint32_t *rows;
    size_t n = 0;

    if (read_sequence(copying, index, slot, &n) < 0)
        return -1;
    rows = with_room(corpus->rows, &corpus->room, corpus->n + n + 1);
    if (!rows)
        return -1;
    corpus->rows = rows;
    for (size_t i = 0; i < n; i++) {
        uint32_t term = copying->sequence[i];
        uint32_t row = term == NO_TERM ? NO_ROW : vocab_row(copying->vocab, term);

        if (row != NO_ROW || (copying->gaps && term != NO_TERM))
            rows[corpus->n++] = row;
    }
    rows[corpus->n++] = ITEM_END;
    return 0;
}

int corpus_make(const struct learner *learner, const struct vocab *vocab, uint32_t want, bool gaps,
                struct corpus *ret)
{
    struct corpus corpus = { 0 };
    struct copying copying = { .vocab = vocab, .corpus = &corpus, .gaps = gaps };
    int rc = -1;

    corpus.rows = with_room(NULL, &corpus.room, 1);
    if (corpus.rows) {
        corpus.rows[corpus.n++] = ITEM_END;
        rc = walk_items(learner, want, copy_item, &copying);
    }
    free(copying.sequence);
    if (rc == 0)
        *ret = corpus;
    else
        corpus_release(&corpus);
    return rc;
}

void corpus_release(struct corpus *corpus)
{
    free(corpus->rows);
    *corpus = (struct corpus){ 0 };
}
