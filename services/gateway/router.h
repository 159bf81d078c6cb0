/* router.h - finds the route of a path. The table is compiled once: patterns are taken apart,
 * sorted so that a literal segment is tried before a parameter, and each SQL route gets its
 * prepared statement. */
#ifndef JB_ROUTER_H
#define JB_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "http/parse.h"
#include "route.h"

#define ROUTE_PARAMS_MAX 4
#define ROUTE_SEGMENTS_MAX 8

struct metric;
struct router;
struct series;

/* Takes the table apart. NULL, with a sentence in ret_error, when a row is wrong. */
struct router *router_new(const struct route *table, size_t n, char *ret_error, size_t size);
void router_free(struct router *router);
/* The latency series of each route. */
void router_measure(struct router *router, struct metric *seconds);

struct route_match {
    const struct route *route; /* NULL: none has this path and method */
    size_t index;
    const char *params[ROUTE_PARAMS_MAX];
    int n_params;
    unsigned methods; /* what the path knows, a bit for each of router_methods */
};

/* Decodes parameters into the arena. -1 when memory is out. A HEAD finds its GET. */
int MUST_CHECK router_find(const struct router *router, struct arena *arena, struct span method,
                           struct span path, struct route_match *ret);
/* "GET, HEAD, OPTIONS" for the bits of a match. */
void router_allow(unsigned methods, char *ret, size_t size);
/* A method that HTTP knows and this service could route. */
bool router_method_known(struct span method);

const struct sql_stmt *router_stmt(const struct router *router, size_t index);
const struct route *router_route(const struct router *router, size_t index);
struct series *router_seconds(const struct router *router, size_t index);
size_t router_count(const struct router *router);

#endif
