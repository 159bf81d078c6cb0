/* sentence.c - see sentence.h. A full stop ends one only before a blank: 99.9% is one number. */
#include "sentence.h"

#include <string.h>

static const char *const ends[] = { "。", "；", "！", "？", "\n", ";", "!", "?", ". " };

size_t sentence_end(const char *text, size_t from)
{
    for (size_t at = from; text[at]; at++)
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
            if (strncmp(text + at, ends[i], strlen(ends[i])) == 0)
                return at + strlen(ends[i]);
    return from + strlen(text + from);
}
