/* router.c - see router.h. */
#include "router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/urlencoded.h"
#include "metrics.h"
#include "str.h"

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

struct segment {
    struct span text; /* of a parameter: its name */
    bool is_param;
    bool is_id;
};

struct pattern {
    const struct route *route;
    size_t index;
    int method;
    int n_segments;
    struct segment segments[ROUTE_SEGMENTS_MAX];
    struct sql_stmt stmt;
    char name[24];
    struct series *seconds;
};

/* How the first segment begins, beside each other in memory: most patterns end here. */
struct first {
    unsigned short len; /* 0: anything will do */
    char letter;
};

struct router {
    const struct route *table;
    size_t n;
    struct pattern *patterns;            /* in the table's order */
    const struct pattern **by_length;    /* sorted by length, then literal first */
    struct first *first;                 /* of each in by_length */
    size_t from[ROUTE_SEGMENTS_MAX + 2]; /* where the patterns of a length begin */
};

/* --- compiling ------------------------------------------------------------------------------- */

static int method_index(struct span method)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (span_eq(method, methods[i]))
            return (int)i;
    return -1;
}

/* Splits "/a/b" into "a", "b"; "/" has none. -1 when there are too many. */
static int split(struct span path, struct span segments[ROUTE_SEGMENTS_MAX])
{
    const char *at = path.at + 1, *end = path.at + path.len, *slash;
    int n = 0;

    if (path.len <= 1)
        return 0;
    for (;; at = slash + 1) {
        slash = memchr(at, '/', (size_t)(end - at));
        if (n == ROUTE_SEGMENTS_MAX)
            return -1;
        segments[n++] = (struct span){ at, (size_t)((slash ? slash : end) - at) };
        if (!slash)
            return n;
    }
}

static int compile(struct pattern *pattern, const struct route *route, size_t index)
{
    struct span segments[ROUTE_SEGMENTS_MAX];
    struct span path = { route->path, strlen(route->path) };
    int params = 0;

    pattern->route = route;
    pattern->index = index;
    pattern->method = method_index((struct span){ route->method, strlen(route->method) });
    pattern->n_segments = split(path, segments);
    if (pattern->method < 0 || pattern->n_segments < 0 || path.len == 0 || path.at[0] != '/')
        return -1;
    for (int i = 0; i < pattern->n_segments; i++) {
        struct segment *segment = &pattern->segments[i];

        segment->text = segments[i];
        if (segments[i].len == 0)
            return -1;
        if (segments[i].at[0] != '{')
            continue;
        segment->is_param = true;
        segment->text = (struct span){ segments[i].at + 1, segments[i].len - 2 };
        segment->is_id = segment->text.len >= 2 &&
                         memcmp(segment->text.at + segment->text.len - 2, "id", 2) == 0;
        params++;
    }
    if (params > ROUTE_PARAMS_MAX || !route->perm || (!route->sql) == (!route->flow))
        return -1;
    snprintf(pattern->name, sizeof(pattern->name), "r%zu", index);
    pattern->stmt =
        (struct sql_stmt){ pattern->name, route->sql, route->args ? (int)strlen(route->args) : 0,
                           (route->flags & (ROUTE_SHARED | ROUTE_CACHED)) != 0,
                           strcmp(route->method, "GET") == 0 };
    return 0;
}

/* A kept answer is the same for everybody: its statement may not ask who is there. */
static bool may_be_kept(const struct route *route)
{
    return route->sql && route->perm & PERM_PUBLIC && !strpbrk(route->args, "srbukt") &&
           strcmp(route->method, "GET") == 0;
}

static int by_length(const void *a, const void *b)
{
    const struct pattern *left = *(const struct pattern *const *)a;
    const struct pattern *right = *(const struct pattern *const *)b;

    if (left->n_segments != right->n_segments)
        return left->n_segments - right->n_segments;
    for (int i = 0; i < left->n_segments; i++)
        if (left->segments[i].is_param != right->segments[i].is_param)
            return left->segments[i].is_param ? 1 : -1;
    return left->index < right->index ? -1 : 1;
}

static void index_lengths(struct router *router)
{
    size_t at = 0;

    qsort(router->by_length, router->n, sizeof(struct pattern *), by_length);
    for (int length = 0; length <= ROUTE_SEGMENTS_MAX; length++) {
        router->from[length] = at;
        while (at < router->n && router->by_length[at]->n_segments == length)
            at++;
    }
    router->from[ROUTE_SEGMENTS_MAX + 1] = router->n;
    for (size_t i = 0; i < router->n; i++) {
        const struct segment *segment = &router->by_length[i]->segments[0];

        if (router->by_length[i]->n_segments > 0 && !segment->is_param)
            router->first[i] =
                (struct first){ (unsigned short)segment->text.len, *segment->text.at };
    }
}

struct router *router_new(const struct route *table, size_t n, char *ret_error, size_t size)
{
    struct router *router = calloc(1, sizeof(*router));

    if (!router)
        return NULL;
    router->table = table;
    router->n = n;
    router->patterns = calloc(n ? n : 1, sizeof(*router->patterns));
    router->by_length = calloc(n ? n : 1, sizeof(struct pattern *));
    router->first = calloc(n ? n : 1, sizeof(*router->first));
    if (!router->patterns || !router->by_length || !router->first)
        goto out;
    for (size_t i = 0; i < n; i++) {
        bool kept = table[i].flags & (ROUTE_CACHED | ROUTE_SHARED);

        if (compile(&router->patterns[i], &table[i], i) < 0 || (kept && !may_be_kept(&table[i]))) {
            snprintf(ret_error, size, "route '%s %s' is not well-formed", table[i].method,
                     table[i].path);
            goto out;
        }
        router->by_length[i] = &router->patterns[i];
    }
    index_lengths(router);
    return router;
out:
    router_free(router);
    return NULL;
}

void router_free(struct router *router)
{
    if (!router)
        return;
    free(router->patterns);
    free(router->by_length);
    free(router->first);
    free(router);
}

void router_measure(struct router *router, struct metric *seconds)
{
    for (size_t i = 0; i < router->n; i++)
        router->patterns[i].seconds =
            metric_series(seconds, router->table[i].method, router->table[i].path, NULL);
}

/* --- finding --------------------------------------------------------------------------------- */

static bool is_uuid(struct span text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text.at[i] != '-' : !strchr("0123456789abcdefABCDEF", text.at[i]))
            return false;
    }
    return true;
}

static bool fits(const struct pattern *pattern, const struct span *segments)
{
    for (int i = 0; i < pattern->n_segments; i++) {
        const struct segment *want = &pattern->segments[i];

        if (segments[i].len == 0)
            return false;
        if (want->is_param) {
            if (want->is_id && !is_uuid(segments[i]))
                return false;
        } else if (want->text.len != segments[i].len ||
                   memcmp(want->text.at, segments[i].at, segments[i].len) != 0) {
            return false;
        }
    }
    return true;
}

/* 0, 1 for what no parameter may hold, -1 when memory is out. */
static int decode(struct arena *arena, struct span text, const char **ret)
{
    struct span plain;
    const char *slug = percent_decode(arena, text, false, &plain);

    if (slug)
        return strcmp(slug, "no_memory") == 0 ? -1 : 1;
    for (size_t i = 0; i < plain.len; i++)
        if ((unsigned char)plain.at[i] < 0x20 || plain.at[i] == 0x7f || plain.at[i] == '/')
            return 1;
    *ret = plain.at;
    return 0;
}

static int take_params(const struct pattern *pattern, const struct span *segments,
                       struct arena *arena, struct route_match *match)
{
    int rc;

    match->n_params = 0;
    for (int i = 0; i < pattern->n_segments; i++) {
        if (!pattern->segments[i].is_param)
            continue;
        rc = decode(arena, segments[i], &match->params[match->n_params]);
        if (rc != 0)
            return rc;
        match->n_params++;
    }
    return 0;
}

int router_find(const struct router *router, struct arena *arena, struct span method,
                struct span path, struct route_match *ret)
{
    struct span segments[ROUTE_SEGMENTS_MAX] = { 0 };
    int length = split(path, segments), rc;
    int wanted = span_eq(method, "HEAD") ? 0 : method_index(method);

    *ret = (struct route_match){ 0 };
    if (length < 0)
        return 0;
    for (size_t i = router->from[length]; i < router->from[length + 1]; i++) {
        const struct pattern *pattern = router->by_length[i];
        const struct first *first = &router->first[i];

        if ((first->len && (first->len != segments[0].len || first->letter != *segments[0].at)) ||
            !fits(pattern, segments))
            continue;
        ret->methods |= 1u << pattern->method;
        if (ret->route || pattern->method != wanted)
            continue;
        rc = take_params(pattern, segments, arena, ret);
        if (rc < 0)
            return -1;
        if (rc > 0) { /* no such thing can be named here */
            ret->methods = 0;
            return 0;
        }
        ret->route = pattern->route;
        ret->index = pattern->index;
    }
    return 0;
}

void router_allow(unsigned bits, char *ret, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (!(bits & (1u << i)) || len >= size)
            continue;
        len += (size_t)snprintf(ret + len, size - len, "%s, ", i == 0 ? "GET, HEAD" : methods[i]);
    }
    if (len < size)
        snprintf(ret + len, size - len, "OPTIONS");
}

bool router_method_known(struct span method)
{
    return method_index(method) >= 0 || span_eq(method, "HEAD") || span_eq(method, "OPTIONS");
}

const struct sql_stmt *router_stmt(const struct router *router, size_t index)
{
    return &router->patterns[index].stmt;
}

const struct route *router_route(const struct router *router, size_t index)
{
    return router->patterns[index].route;
}

struct series *router_seconds(const struct router *router, size_t index)
{
    return router->patterns[index].seconds;
}

size_t router_count(const struct router *router)
{
    return router->n;
}
