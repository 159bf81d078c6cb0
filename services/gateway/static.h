/* static.h - files that are served as they are: style sheets, scripts, pictures, help pages. */
#ifndef JB_STATIC_H
#define JB_STATIC_H

#include <stdbool.h>

struct req;

/* A GET or HEAD that no route knows. True when it was answered: the file is there. It is kept with
 * the public answers, so it is read from disk once until those are dropped. */
bool static_serve(struct req *req);

#endif
