/* corpus.h - any number of texts that look like those it was shown.
 *
 * A text is a walk through real ones: it follows a text, and at a word changes now and then to
 * another text of the same matter where that word stands too. So the words' frequencies, their
 * neighbours, what appears together in one text and the lengths are those of the real texts. Codes
 * and numbers that were seen rarely are coined anew, as a larger library would bring new ones. The
 * n-th text is always the same. */
#ifndef JM_CORPUS_H
#define JM_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct corpus;

/* Texts are copied. Ends the program when memory is out. */
struct corpus *corpus_learn(const char *const *texts, size_t n);
void corpus_free(struct corpus *corpus);
/* The text of a number. Safe for many threads. */
void corpus_write(const struct corpus *corpus, uint64_t number, struct buf *ret);

#endif
