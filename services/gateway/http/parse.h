/* parse.h - HTTP/1.1 requests (RFC 9112), strict: reject, never repair.
 *
 * A pure function over bytes: no allocation, no clock, no socket. Feed the connection's input
 * buffer from its first unconsumed byte; the parser says how far it got and what it saw. Cutting
 * the same bytes anywhere gives the same events. What is refused and why: SECURITY section 1;
 * every refusal is an entry of parse_errors.def. */
#ifndef JB_HTTP_PARSE_H
#define JB_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

#define HTTP_HEAD_MAX 16384
#define HTTP_TARGET_MAX 8000
#define HTTP_FIELDS_MAX 100
#define HTTP_TRAILER_NAME_MAX 18 /* as much of it as telling the refused ones needs */

enum http_error {
#define HTTP_ERROR(name, status, text) HTTP_ERR_##name,
    HTTP_OK = 0,
#include "parse_errors.def"
#undef HTTP_ERROR
};

struct http_field {
    struct span name;  /* as sent */
    struct span value; /* without surrounding blanks */
};

/* A parsed request head. Spans point into the bytes that were fed to http_parse_head, but for the
 * path "/" of an absolute-form target that has none. The method is any token of at most 32 bytes
 * (unknown ones are the router's matter). CONNECT takes an authority ("host:port") into `host`,
 * leaves the path empty and never keeps the connection; "*" is a path for OPTIONS alone. */
struct http_head {
    struct span method;
    struct span target; /* origin-form ("/..."), absolute-form is split: authority goes to `host` */
    struct span path;   /* target up to '?' */
    struct span query;  /* after '?'; NULL when there is none, empty for a lone '?' */
    struct span host;   /* the one valid Host (or the authority of an absolute-form target);
                         * empty for HTTP/1.0 without one */
    struct http_field fields[HTTP_FIELDS_MAX];
    int n_fields;
    int minor;       /* 0 or 1 */
    bool keep_alive; /* what this request asks for */
    bool chunked;    /* body framing: chunked, else content_length */
    bool has_length;
    bool expect_continue; /* HTTP/1.1, and there is a body to wait for */
    uint64_t content_length;
};

enum http_progress { HTTP_NEED_MORE, HTTP_DONE, HTTP_BAD };

/* Parses one head from bytes[0..len) (bytes may be NULL when len is 0). *ret is scratch until
 * HTTP_DONE: *ret is filled and *ret_used bytes belong to the
 * head. HTTP_NEED_MORE: feed again with more bytes from the same start (a bad prefix is refused as
 * soon as it can be known). HTTP_BAD: *ret_error says why; the connection must be closed after the
 * answer. At most one empty line (CRLF) before the request line is skipped (RFC 9112 2.2). */
enum http_progress http_parse_head(const char *bytes, size_t len, struct http_head *ret,
                                   size_t *ret_used, enum http_error *ret_error);

/* The body decoder: Content-Length or chunked, incremental. */
struct http_body {
    int state;
    uint64_t left;  /* of the chunk or of the whole */
    uint64_t total; /* data bytes delivered so far */
    uint64_t limit;
    size_t line; /* bytes seen of the current chunk line or trailer section */
    unsigned extension;
    unsigned char name_len; /* of the trailer field whose name is being read */
    char name[HTTP_TRAILER_NAME_MAX];
};

void http_body_init(struct http_body *body, const struct http_head *head, uint64_t limit);
/* Consumes from bytes[0..len): *ret_used bytes were eaten, of which *ret_data is a (maybe empty)
 * run of body data. Call again while it returns HTTP_NEED_MORE and *ret_used > 0. HTTP_DONE: the
 * message is over; what follows *ret_used belongs to the next request. Feeding no bytes at all is
 * allowed right after the head: it says HTTP_DONE when there is no body, and HTTP_BAD when the
 * announced length is over the limit, before a 100 is sent. Chunk extensions and trailer fields are
 * checked and dropped; trailer fields of framing, routing or credentials are refused. */
enum http_progress http_body_feed(struct http_body *body, const char *bytes, size_t len,
                                  size_t *ret_used, struct span *ret_data,
                                  enum http_error *ret_error);

/* Case-insensitive look-up; NULL when absent. Repeated fields: the first. */
const struct http_field *http_head_field(const struct http_head *head, const char *name);
int http_error_status(enum http_error error);
const char *http_error_text(enum http_error error);

#endif
