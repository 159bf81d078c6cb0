/* public.h - the reads that are the same for everybody, served from memory.
 *
 * public_quick answers from a parsed head without making a request at all. A miss becomes one
 * statement however many ask for it at once: the others wait for the first one's row. */
#ifndef JB_PUBLIC_H
#define JB_PUBLIC_H

#include <stdbool.h>

struct conn;
struct gateway;
struct http_head;
struct req;

/* True when the head has been answered. */
bool public_quick(struct gateway *gw, struct conn *conn, const struct http_head *head);
/* Runs or joins the statement of a ROUTE_CACHED request. */
void public_run(struct req *req);
/* The database announced a change, or announcements may have been missed. */
void public_changed(struct gateway *gw);
/* The client of a request that waits has gone; the others still wait. */
void public_leave(struct req *req);

#endif
