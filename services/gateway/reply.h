/* reply.h - the ways to answer. Each answers the request, once; refusing returns -1 so that a
 * check can end with `return req_refuse(...)`. */
#ifndef JB_REPLY_H
#define JB_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct cache_entry;
struct conn_stream;
struct req;
struct sql_result;

struct reply {
    int status;
    const char *type; /* Content-Type; NULL: no body */
    const char *body;
    size_t len;
    const char *version; /* of the document, becomes part of the ETag; or NULL */
    bool cacheable;      /* may be kept and revalidated by the client; else no-store */
    bool compress;
};

/* Adds a header line to the answer to come. */
void reply_header(struct req *req, const char *name, const char *value);
void reply_send(struct req *req, const struct reply *reply);
void reply_json(struct req *req, int status, const char *body, size_t len);
void reply_json_t(struct req *req, int status, const json_t *body);
void reply_text(struct req *req, int status, const char *type, const char *body, size_t len);
void reply_empty(struct req *req, int status);
/* A public answer that is kept: as it is, as gzip, or as 304. */
void reply_kept(struct req *req, struct cache_entry *entry);
/* The head of an answer that goes on (http/conn.h); HEAD gets that alone, `stream` is NULL then.
 * Where nobody waits for the answer any more, on_end is called at once. */
void reply_stream(struct req *req, const char *type, const struct conn_stream *stream);
/* The row of an api.answer: status, body, version, location. */
void reply_answer(struct req *req, const struct sql_result *row);

/* A problem document (RFC 9457). `params` (may be NULL, borrowed) fill the title's placeholders;
 * its `errors` list the fields, its `retry_after` becomes the header. */
int req_refuse(struct req *req, const char *slug, const json_t *params);
/* With one parameter. */
int req_refuse_with(struct req *req, const char *slug, const char *name, const char *value);
/* What the database answered instead of a row. */
void reply_no_row(struct req *req, const struct sql_result *result);

#endif
