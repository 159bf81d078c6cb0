/* checks.h - what is looked at before any work: in the order of checks.c, from the head alone. */
#ifndef JB_CHECKS_H
#define JB_CHECKS_H

#include <stdbool.h>

#include "must.h"

struct gateway;
struct http_head;
struct peer;
struct req;

/* 0, or -1 when the request has been answered. */
int MUST_CHECK checks_head(struct req *req);
/* Is the Host one of ours (S6)? */
bool checks_host(const struct gateway *gw, const struct http_head *head);
/* Takes a token of the client's bucket; false: too many, *ret_wait seconds. */
bool checks_rate(const struct gateway *gw, struct peer *peer, int *ret_wait);

/* Does an Accept-Language value ask for English rather than Chinese? */
bool checks_prefers_english(const char *accept);

#endif
