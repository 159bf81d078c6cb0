/* body.h - which body a route takes, and its reading. */
#ifndef JB_BODY_H
#define JB_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

struct req;

/* Looks at the head: Content-Type and Content-Length. 0, or -1 when answered. *ret_limit is 0 when
 * there is nothing to read. */
int MUST_CHECK body_expect(struct req *req, uint64_t *ret_limit);
/* The raw bytes are here: parse and check them, and the query. 0, or -1 when answered. */
int MUST_CHECK body_check(struct req *req);

#endif
