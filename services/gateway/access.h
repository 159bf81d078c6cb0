/* access.h - one JSON line a request, gathered and written in large pieces, and the request
 * metrics. Paths only: a query may hold what people typed. */
#ifndef JB_ACCESS_H
#define JB_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/parse.h"

struct access_log;
struct event_base;
struct req;
struct series;

/* `path`: a file, "-" for stdout, "off". `lost` counts the lines of the blocks that could not be
 * written whole (NULL: nobody counts). NULL when the file does not open or memory is out. */
struct access_log *access_new(struct event_base *base, const char *path, struct series *lost);
void access_free(struct access_log *log); /* writes what is left */
void access_reopen(struct access_log *log);

/* The request has been answered (status and bytes stand in it). */
void access_note(struct req *req);

struct access_line {
    const char *rid; /* or NULL */
    const char *ip;
    struct span method;
    struct span path;
    const char *route; /* the pattern, or NULL */
    int status;
    size_t bytes;
    int64_t us;
    bool cached;
};
void access_line(struct access_log *log, const struct access_line *line);

#endif
