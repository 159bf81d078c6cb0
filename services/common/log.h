/* log.h - one JSON object a line, on stderr or in a file.
 *
 *     log_info(log, "listening", LOG_S("host", host), LOG_I("port", port));
 *
 * Control bytes are escaped, so that a client cannot write log lines of its own (S36). A NULL log
 * swallows everything. Secrets are the caller's matter: they must not be given. */
#ifndef JB_LOG_H
#define JB_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct log;

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };
enum log_kind { LOG_TEXT, LOG_SPAN, LOG_INT, LOG_REAL, LOG_FLAG };

struct log_field {
    const char *key;
    enum log_kind kind;
    const char *text; /* NULL text is JSON null */
    size_t len;
    long long number;
    double real;
};

/* A field: text, bytes with a length, whole number, number, boolean. */
#define LOG_S(k, v)                                                                                \
    {                                                                                              \
        .key = (k), .kind = LOG_TEXT, .text = (v)                                                  \
    }
#define LOG_N(k, v, n)                                                                             \
    {                                                                                              \
        .key = (k), .kind = LOG_SPAN, .text = (v), .len = (n)                                      \
    }
#define LOG_I(k, v)                                                                                \
    {                                                                                              \
        .key = (k), .kind = LOG_INT, .number = (long long)(v)                                      \
    }
#define LOG_F(k, v)                                                                                \
    {                                                                                              \
        .key = (k), .kind = LOG_REAL, .real = (v)                                                  \
    }
#define LOG_B(k, v)                                                                                \
    {                                                                                              \
        .key = (k), .kind = LOG_FLAG, .number = (v) ? 1 : 0                                        \
    }

/* `path` NULL is stderr. `process` names the program in each line. NULL when the file cannot be
 * opened or memory is out. */
struct log *log_new(const char *path, enum log_level least, const char *process);
void log_free(struct log *log);
/* After the file has been moved away. The old file stays in use when the new one does not open. */
int MUST_CHECK log_reopen(struct log *log);
bool log_wants(const struct log *log, enum log_level level);
/* "debug", "info", "warn" or "error". */
int MUST_CHECK log_level_of(const char *name, enum log_level *ret);

/* Writes whole lines at the end of a file. Where only a part of them fits (disk full), *torn is set
 * and the next call ends that line before its own. 0, or -1 where not all was written. */
int MUST_CHECK log_append(int fd, bool *torn, const char *lines, size_t len);

/* Lines that could not be written (disk full) are counted, and told when writing works again. */
void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t n);

/* The first field is a placeholder, so that an event without fields is no special case. */
#define LOG_LINE_(log, level, event, ...)                                                          \
    log_write((log), (level), (event), (const struct log_field[]){ { 0 }, __VA_ARGS__ } + 1,       \
              COUNT_OF(((const struct log_field[]){ { 0 }, __VA_ARGS__ })) - 1)
#define log_debug(log, event, ...) LOG_LINE_(log, LOG_LEVEL_DEBUG, event, __VA_ARGS__)
#define log_info(log, event, ...) LOG_LINE_(log, LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_warn(log, event, ...) LOG_LINE_(log, LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_error(log, event, ...) LOG_LINE_(log, LOG_LEVEL_ERROR, event, __VA_ARGS__)

#endif
