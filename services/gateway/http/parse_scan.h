/* parse_scan.h - what the files of the head parser share; nobody else includes it.
 *
 * The scan walks the bytes once, left to right, and judges each byte by what came before it and
 * never by what comes after. So the first fault decides, wherever the input was cut. */
#ifndef JB_HTTP_PARSE_SCAN_H
#define JB_HTTP_PARSE_SCAN_H

#include "parse.h"

struct http_scan {
    const char *at;
    const char *end;
    struct http_head *head;
    enum http_error error;
    unsigned seen; /* a bit for each known field that has come */
};

static inline enum http_progress scan_refuse(struct http_scan *scan, enum http_error error)
{
    scan->error = error;
    return HTTP_BAD;
}

/* parse_target.c. Each returns 0 or why not. */
enum http_error head_take_target(struct http_head *head, struct span target);
enum http_error check_authority(struct span authority, bool port_required);

/* parse_fields.c: what a known field means for framing and routing; others pass. */
enum http_error head_note_field(struct http_scan *scan, const struct http_field *field);
enum http_error head_finish(struct http_scan *scan);

#endif
