/* gzip.h - text made smaller, for those who accept it. */
#ifndef JB_HTTP_GZIP_H
#define JB_HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "parse.h"

#define GZIP_MIN 1024 /* below this the head weighs more than what is saved */

/* Returns malloc'ed bytes, or NULL when memory is out or nothing would be saved. */
char *gzip_pack(const char *bytes, size_t len, size_t *ret_len);
/* Does an Accept-Encoding value allow gzip? */
bool gzip_accepted(struct span accept);

#endif
