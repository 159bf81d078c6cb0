/* args.h - a route's argument letters (route.h) become the values of its statement. */
#ifndef JB_ARGS_H
#define JB_ARGS_H

#include "must.h"
#include "sql.h"

struct req;

/* -1: memory is out or a parameter is missing. */
int MUST_CHECK args_bind(struct req *req, const char *letters, struct sql_args *ret);
/* The key under which second factors are kept, hex. */
const char *args_totp_key(const struct req *req);

#endif
