/* log.c - a line is put together in memory and written with one write(2), so that the lines of
 * several processes on one file do not mix (O_APPEND). */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "str.h"

#define LINE_MAX_BYTES 16384

struct log {
    int fd;
    bool torn; /* the file ends within a line */
    enum log_level least;
    unsigned long long lost;
    struct buf line; /* reused */
    char *path;      /* NULL: stderr */
    char *process;
};

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static int log_open(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

struct log *log_new(const char *path, enum log_level least, const char *process)
{
    struct log *log = calloc(1, sizeof(*log));

    if (!log)
        return NULL;
    log->least = least;
    log->fd = path ? log_open(path) : STDERR_FILENO;
    log->path = path ? strdup(path) : NULL;
    log->process = strdup(process);
    buf_init(&log->line, LINE_MAX_BYTES);
    if (log->fd < 0 || !log->process || (path && !log->path)) {
        log_free(log);
        return NULL;
    }
    return log;
}

void log_free(struct log *log)
{
    if (!log)
        return;
    if (log->fd >= 0 && log->fd != STDERR_FILENO)
        close(log->fd);
    buf_release(&log->line);
    free(log->path);
    free(log->process);
    free(log);
}

int log_reopen(struct log *log)
{
    if (!log->path)
        return 0;

    int fd = log_open(log->path);

    if (fd < 0)
        return -1;
    close(log->fd);
    log->fd = fd;
    log->torn = false;
    return 0;
}

bool log_wants(const struct log *log, enum log_level level)
{
    return log && level >= log->least;
}

int log_level_of(const char *name, enum log_level *ret)
{
    for (size_t i = 0; i < COUNT_OF(level_names); i++) {
        if (str_eq(name, level_names[i])) {
            *ret = (enum log_level)i;
            return 0;
        }
    }
    return -1;
}

static void log_add_field(struct buf *line, const struct log_field *field)
{
    buf_addc(line, ',');
    buf_add_json(line, field->key, strlen(field->key));
    buf_addc(line, ':');
    switch (field->kind) {
    case LOG_TEXT:
    case LOG_SPAN:
        if (field->text)
            buf_add_json(line, field->text,
                         field->kind == LOG_SPAN ? field->len : strlen(field->text));
        else
            buf_adds(line, "null");
        break;
    case LOG_INT:
        buf_addf(line, "%lld", field->number);
        break;
    case LOG_REAL:
        buf_addf(line, "%.3f", field->real);
        break;
    case LOG_FLAG:
        buf_adds(line, field->number ? "true" : "false");
        break;
    }
}

static void log_start_line(struct log *log, enum log_level level, const char *event)
{
    struct timespec now = { 0 };
    struct tm utc;
    struct buf *line = &log->line;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    buf_clear(line);
    buf_addf(line,
             "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"process\":",
             utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
             (int)(now.tv_nsec / 1000000), level_names[level]);
    buf_add_json(line, log->process, strlen(log->process));
    buf_adds(line, ",\"event\":");
    buf_add_json(line, event, strlen(event));
}

/* One write(2) where all fits. Returns how many bytes went. */
static size_t write_all(int fd, const char *bytes, size_t len)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = write(fd, bytes + done, len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done;
}

int log_append(int fd, bool *torn, const char *lines, size_t len)
{
    if (*torn && write_all(fd, "\n", 1) < 1)
        return -1;

    size_t done = write_all(fd, lines, len);

    *torn = done > 0 && lines[done - 1] != '\n';
    return done == len ? 0 : -1;
}

static int log_put(struct log *log)
{
    return log_append(log->fd, &log->torn, log->line.data, log->line.len);
}

/* Tells how many lines are missing, once there is room again. */
static void log_tell_lost(struct log *log)
{
    unsigned long long lost = log->lost;

    log_start_line(log, LOG_LEVEL_WARN, "log lines were lost");
    buf_addf(&log->line, ",\"lines\":%llu}\n", lost);
    if (!log->line.failed && log_put(log) == 0)
        log->lost = 0;
}

void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t n)
{
    if (!log_wants(log, level))
        return;
    if (log->lost > 0)
        log_tell_lost(log);

    log_start_line(log, level, event);
    for (size_t i = 0; i < n; i++)
        log_add_field(&log->line, &fields[i]);
    buf_adds(&log->line, "}\n");
    if (log->line.failed) {
        /* Too long: the event alone still says that it happened. */
        log_start_line(log, level, event);
        buf_adds(&log->line, ",\"cut\":true}\n");
    }
    if (log->line.failed || log_put(log) < 0)
        log->lost++;
}
