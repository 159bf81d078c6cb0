/* response.h - the head of an answer, with the headers that every answer carries (S5). */
#ifndef JB_HTTP_RESPONSE_H
#define JB_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define RESPONSE_HEAD_MAX 8192
#define RESPONSE_DATE_LEN 29

/* The date of answers: written once a second. */
struct response_clock {
    time_t at;
    char date[RESPONSE_DATE_LEN + 1];
};
const char *response_now(struct response_clock *clock);

struct response_head {
    int status;
    const char *date;     /* of response_now */
    const char *type;     /* NULL: no Content-Type */
    size_t length;        /* Content-Length; left out for 204 and 304 */
    bool endless;         /* ... and where there is none yet: chunks, HTTP/1.0 hears the closing */
    bool http10;          /* the version of the request, for `endless` */
    const char *etag;     /* with its quotes, or NULL */
    const char *cache;    /* Cache-Control */
    const char *encoding; /* Content-Encoding, or NULL */
    const char *vary;     /* which request headers it depends on, or NULL */
    const char *rid;      /* X-Request-Id, or NULL */
    const char *extra;    /* whole header lines, or NULL */
    size_t extra_len;
};

/* Writes everything but the tail; returns the length, 0 when it does not fit. */
size_t response_head_write(char *out, size_t size, const struct response_head *head);
/* The rest of a head: what becomes of the connection, and the empty line. */
const char *response_tail(bool keep, bool http10);
/* Where the date stands in a head of that status, so that a kept head can be brought up to date. */
size_t response_date_offset(int status);
/* "Sun, 06 Nov 1994 08:49:37 GMT", RESPONSE_DATE_LEN characters and a NUL. */
void response_date(time_t now, char ret[RESPONSE_DATE_LEN + 1]);
const char *response_reason(int status);
/* What an answer of that type depends on: a page also on who reads it. */
const char *response_vary(const char *type);

#endif
