/* sql_listen.h - the connection that LISTENs. For sql_pool.c only. */
#ifndef JB_SQL_LISTEN_H
#define JB_SQL_LISTEN_H

#include "sql_link.h"
#include "sql_pool.h"

struct sql_listen;

struct sql_listen *sql_listen_new(struct event_base *base, struct log *log,
                                  const struct sql_params *params, const char *const *channels,
                                  size_t n, sql_notify_fn fn, void *arg);
void sql_listen_free(struct sql_listen *listen);

#endif
