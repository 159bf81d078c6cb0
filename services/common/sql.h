/* sql.h - one statement, its arguments and its answer. Knows nothing of HTTP. */
#ifndef JB_SQL_H
#define JB_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "must.h"

#define SQL_ARGS_MAX 16

/* A prepared statement. Statements are static tables; each is prepared once per connection under
 * `name`. `shared`: a read that uses no session context, so that the reads of one loop turn may
 * travel in one pipeline and one Sync (and therefore one implicit transaction). */
struct sql_stmt {
    const char *name;
    const char *text;
    int n_args;
    bool shared;
    bool reads; /* changes nothing: is cancelled when its client has gone (shared implies it) */
};

/* Arguments in text format. The bytes must live until the call is answered (use the arena). */
struct sql_args {
    int count;
    const char *value[SQL_ARGS_MAX]; /* NULL is SQL null */
};

void sql_text(struct sql_args *args, const char *text_or_null);
/* bytea in hex form, allocated in the arena; NULL bytes give null. */
void sql_bytes(struct sql_args *args, struct arena *arena, const void *bytes, size_t len);
void sql_int(struct sql_args *args, struct arena *arena, long long value);

enum sql_outcome {
    SQL_ROW,     /* at least one row; see sql_get */
    SQL_EMPTY,   /* no row */
    SQL_REFUSED, /* SQLSTATE WFnnn: no by rule; http_status, slug, detail are set */
    SQL_BUSY,    /* pool or queue full, statement or lock timeout, deadlock: try again later */
    SQL_DOWN,    /* no connection, or the connection died with the statement in flight: for a write
                  * the outcome is unknown and the same idempotency key must be used to find out */
    SQL_ERROR,   /* any other SQLSTATE: a defect; `sqlstate` and `message` are for the log only */
};

struct sql_result {
    enum sql_outcome outcome;
    int rows;
    int http_status;    /* SQL_REFUSED: nnn of WFnnn */
    const char *slug;   /* SQL_REFUSED: the message text, a slug of problems.def */
    const char *detail; /* SQL_REFUSED: JSON object text with parameters and `errors`, or NULL */
    const char *sqlstate;
    const char *message;
    void *opaque; /* the answer's memory */
};

/* Moves the answer into the arena, to be read from *ret after the callback. */
int MUST_CHECK sql_keep(const struct sql_result *result, struct arena *arena,
                        struct sql_result *ret);

/* The text of a column of the first row (or row `row`), or NULL for SQL null or an unknown column.
 * Valid until the callback returns, or as long as the arena if sql_keep was called. */
const char *sql_get(const struct sql_result *result, const char *column);
const char *sql_get_at(const struct sql_result *result, int row, const char *column);
const char *sql_get_nth(const struct sql_result *result, int row, int column); /* by position */
size_t sql_len(const struct sql_result *result, const char *column);

#endif
