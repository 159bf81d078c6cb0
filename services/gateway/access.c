/* access.c - see access.h. The file is written when a block is full and each quarter second. A
 * write that fails loses its block and counts its lines: the service matters more than its log. */
#include "access.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "flows/flows.h"
#include "gateway.h"
#include "log.h"
#include "metrics.h"
#include "pages/site.h"
#include "req.h"
#include "router.h"
#include "str.h"

#define BLOCK 65536
#define LINE_MAX_LEN 2048 /* of it the path takes at most a quarter when escaped */
#define PATH_SHOWN 300
#define FLUSH_US 250000

struct access_log {
    char *path;
    int fd;    /* -1: off */
    bool torn; /* the file ends within a line */
    struct event *flush;
    struct series *lost; /* lines */
    size_t len;
    time_t at;
    char stamp[32];
    char block[BLOCK];
};

static size_t lines_in(const char *at, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += at[i] == '\n';
    return n;
}

static void flush(struct access_log *log)
{
    if (log->len > 0 && log_append(log->fd, &log->torn, log->block, log->len) < 0)
        series_add(log->lost, (double)lines_in(log->block, log->len));
    log->len = 0;
}

static void on_flush(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    flush(arg);
}

static int open_path(const char *path)
{
    if (strcmp(path, "-") == 0)
        return STDOUT_FILENO;
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

struct access_log *access_new(struct event_base *base, const char *path, struct series *lost)
{
    struct access_log *log = calloc(1, sizeof(*log));
    struct timeval period = { 0, FLUSH_US };

    if (!log)
        return NULL;
    log->fd = -1;
    log->lost = lost;
    log->path = strdup(path);
    if (!log->path)
        goto out;
    if (strcmp(path, "off") == 0)
        return log;
    log->fd = open_path(path);
    log->flush = event_new(base, -1, EV_PERSIST, on_flush, log);
    if (log->fd >= 0 && log->flush && event_add(log->flush, &period) == 0)
        return log;
out:
    access_free(log);
    return NULL;
}

void access_free(struct access_log *log)
{
    if (!log)
        return;
    if (log->fd >= 0)
        flush(log);
    if (log->fd > STDERR_FILENO)
        close(log->fd);
    if (log->flush)
        event_free(log->flush);
    free(log->path);
    free(log);
}

void access_reopen(struct access_log *log)
{
    int fd;

    if (log->fd <= STDERR_FILENO)
        return;
    flush(log);
    fd = open_path(log->path);
    if (fd < 0)
        return; /* the old file stays in use */
    close(log->fd);
    log->fd = fd;
    log->torn = false;
}

static char *put(char *at, const char *text)
{
    return stpcpy(at, text);
}

/* Only visible ASCII reaches a target through the parser; quotes and backslashes are escaped. */
static char *put_span(char *at, struct span span)
{
    for (size_t i = 0; i < span.len && i < PATH_SHOWN; i++) {
        unsigned char c = (unsigned char)span.at[i];

        if (c < 0x20 || c >= 0x7f)
            c = '?';
        if (c == '"' || c == '\\')
            *at++ = '\\';
        *at++ = (char)c;
    }
    return at;
}

static char *put_number(char *at, unsigned long long number)
{
    char digits[24];
    int n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n)
        *at++ = digits[--n];
    return at;
}

static const char *stamp(struct access_log *log)
{
    time_t now = time(NULL);
    struct tm tm;

    if (now != log->at) {
        log->at = now;
        gmtime_r(&now, &tm);
        strftime(log->stamp, sizeof(log->stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
    }
    return log->stamp;
}

void access_line(struct access_log *log, const struct access_line *line)
{
    char *at;

    if (log->fd < 0)
        return;
    if (log->len + LINE_MAX_LEN > BLOCK)
        flush(log);
    at = log->block + log->len;
    at = put(put(at, "{\"at\":\""), stamp(log));
    if (line->rid)
        at = put(put(at, "\",\"rid\":\""), line->rid);
    at = put(put(at, "\",\"ip\":\""), line->ip);
    at = put_span(put(at, "\",\"method\":\""), line->method);
    at = put_span(put(at, "\",\"path\":\""), line->path);
    if (line->route)
        at = put(put(at, "\",\"route\":\""), line->route);
    at = put_number(put(at, "\",\"status\":"), (unsigned)line->status);
    at = put_number(put(at, ",\"bytes\":"), line->bytes);
    at = put_number(put(at, ",\"us\":"), (unsigned long long)(line->us > 0 ? line->us : 0));
    at = put(at, line->cached ? ",\"cached\":true}\n" : "}\n");
    log->len = (size_t)(at - log->block);
}

static void count_answer(struct counters *counters, unsigned status)
{
    struct series **series = &counters->answers[status];
    char text[16];

    if (!*series) {
        snprintf(text, sizeof(text), "%03u", status);
        *series = metric_series(counters->requests, text, NULL, NULL);
    }
    series_add(*series, 1);
}

void access_note(struct req *req)
{
    struct gateway *gw = req->gw;
    int64_t us = clock_us() - req->began_us;
    const char *route = req->route ? req->route->path : NULL;

    access_line(gw->access, &(struct access_line){
                                .rid = req->rid,
                                .ip = req->ip,
                                .method = req->head.method,
                                .path = req->head.path,
                                .route = route,
                                .status = req->status,
                                .bytes = req->sent,
                                .us = us,
                            });
    count_answer(&gw->counters, (unsigned)req->status % COUNTED_STATUSES);
    if (req->route)
        series_observe(router_seconds(req->route->flow == flow_page ? gw->site->router : gw->router,
                                      req->route_index),
                       (double)us / 1e6);
}
