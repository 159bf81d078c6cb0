/* preferences.h - language, theme and size of text, as a reader wants them. */
#ifndef JB_PAGES_PREFERENCES_H
#define JB_PAGES_PREFERENCES_H

#include <stdbool.h>

struct req;

/* A browser's GET of /preferences: answered with cookies and 303. False: it is another path. */
bool preferences_take(struct req *req);

#endif
