/* sentence.h - where sentences end, in Chinese and English. */
#ifndef JM_SENTENCE_H
#define JM_SENTENCE_H

#include <stddef.h>

/* The byte after the end of the sentence that goes on at `from`: its mark is a part of it. The
 * text's length where there is none. */
size_t sentence_end(const char *text, size_t from);

#endif
