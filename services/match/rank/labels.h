/* labels.h - a classifier made of the labelled records that an asker may see.
 *
 *   T      cosine, under the kernel, of the text and the sum of a label's examples
 *   R      ridge regression on the same kernel: what tells the labels apart
 *   name   likeness to the label's own name
 *   score  T + .5 R + name
 *
 * Made once for what an asker may see and a model, in bounded time (params label_room), and kept
 * until the next model: a question that had to wait for it may be late, the next one is not. */
#ifndef JM_LABELS_H
#define JM_LABELS_H

#include "ask.h"

struct kernel_text;
struct labels;
struct labels_shelf; /* the few classifiers that were asked for last */

struct labels_shelf *labels_shelf_new(void); /* NULL: memory is out */
void labels_shelf_free(struct labels_shelf *shelf);

/* The classifier for the question's filter, made now where none fits; labels_done when it is not
 * needed any more. NULL: memory is out. */
struct labels *labels_of(struct labels_shelf *shelf, struct ask_state *ask);
void labels_done(struct labels_shelf *shelf, struct labels *labels);

/* Every label with its score, best first. `ranked` in place of the classifier's rule: by the sum of
 * S_(i)/i over its examples, as experts are ranked. -1: memory is out. */
int MUST_CHECK labels_score(const struct labels *labels, struct ask_state *ask,
                            const struct kernel_text *text, bool ranked, struct found **ret,
                            size_t *ret_n);

#endif
