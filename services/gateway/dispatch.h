/* dispatch.h - the way of a request: checks that cost nothing first, then the body, one SQL call,
 * the answer. dispatch_app is what the connections call. */
#ifndef JB_DISPATCH_H
#define JB_DISPATCH_H

#include "http/conn.h"

struct gateway;
struct req;

/* `ret` calls into this gateway. */
void dispatch_app(struct gateway *gw, struct http_app *ret);
/* The body is here: checks it and the query, then runs the route. */
void dispatch_run(struct req *req);
/* Body and query are good: runs the route. */
void dispatch_act(struct req *req);

#endif
