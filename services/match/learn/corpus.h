/* corpus.h - the sequences of words of a spread sample of items, copied out of the index. */
#ifndef JM_CORPUS_H
#define JM_CORPUS_H

#include "vocab.h"

#define ITEM_END (UINT32_MAX - 1) /* before the first item and after each */

struct corpus {
    uint32_t *rows; /* vocabulary rows in order of the text */
    size_t n, room;
};

/* `gaps`: a word that is not learned keeps its place, as NO_ROW; otherwise its neighbours close
 * up. */
int MUST_CHECK corpus_make(const struct learner *learner, const struct vocab *vocab, uint32_t want,
                           bool gaps, struct corpus *ret);
void corpus_release(struct corpus *corpus);

#endif
