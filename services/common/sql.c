/* sql.c - arguments and answers; see sql.h. Only sql*.c look inside a PGresult. */
#include "sql.h"

#include <libpq-fe.h>
#include <string.h>

#include "crypto.h"
#include "sql_answer.h"

/* A sentinel that PostgreSQL refuses: an argument lost for want of memory must not become null. */
static const char no_memory[] = "\xff";

void sql_text(struct sql_args *args, const char *text_or_null)
{
    if (args->count < SQL_ARGS_MAX)
        args->value[args->count] = text_or_null;
    args->count++;
}

void sql_bytes(struct sql_args *args, struct arena *arena, const void *bytes, size_t len)
{
    char *text = NULL;

    if (bytes) {
        text = arena_alloc(arena, CRYPTO_HEX(len) + 2);
        if (text) {
            text[0] = '\\';
            text[1] = 'x';
            crypto_hex(bytes, len, text + 2);
        }
    }
    sql_text(args, bytes && !text ? no_memory : text);
}

void sql_int(struct sql_args *args, struct arena *arena, long long value)
{
    const char *text = arena_printf(arena, "%lld", value);

    sql_text(args, text ? text : no_memory);
}

static const PGresult *sql_rows(const struct sql_result *result)
{
    const struct sql_answer *answer = result->opaque;

    return answer ? answer->rows : NULL;
}

/* PQfnumber folds case and allocates; our columns are lower case. */
static int sql_column(const PGresult *rows, const char *column)
{
    int n = PQnfields(rows);

    for (int i = 0; i < n; i++)
        if (strcmp(PQfname(rows, i), column) == 0)
            return i;
    return -1;
}

const char *sql_get_nth(const struct sql_result *result, int row, int column)
{
    const PGresult *rows = sql_rows(result);

    if (!rows || row < 0 || row >= PQntuples(rows) || column < 0 || column >= PQnfields(rows) ||
        PQgetisnull(rows, row, column))
        return NULL;
    return PQgetvalue(rows, row, column);
}

const char *sql_get_at(const struct sql_result *result, int row, const char *column)
{
    const PGresult *rows = sql_rows(result);

    return rows ? sql_get_nth(result, row, sql_column(rows, column)) : NULL;
}

const char *sql_get(const struct sql_result *result, const char *column)
{
    return sql_get_at(result, 0, column);
}

size_t sql_len(const struct sql_result *result, const char *column)
{
    const PGresult *rows = sql_rows(result);
    int nth = rows ? sql_column(rows, column) : -1;

    if (nth < 0 || PQntuples(rows) == 0)
        return 0;
    return (size_t)PQgetlength(rows, 0, nth);
}

static void on_clear(void *rows)
{
    PQclear(rows);
}

int sql_keep(const struct sql_result *result, struct arena *arena, struct sql_result *ret)
{
    struct sql_answer *answer = result->opaque;
    struct sql_result kept = *result;

    kept.opaque = NULL;
    if (answer && answer->rows) {
        struct sql_answer *mine = arena_alloc(arena, sizeof(*mine));

        if (!mine)
            return -1;
        *mine = *answer;
        answer->rows = NULL; /* ours now, even if arena_defer fails and clears it */
        if (arena_defer(arena, on_clear, mine->rows) < 0)
            return -1;
        kept.opaque = mine;
    }
    *ret = kept;
    return 0;
}

/* SQLSTATE (or its class) -> what the caller should think of it. */
static const struct {
    const char *prefix;
    enum sql_outcome outcome;
} outcomes[] = {
    { "57014", SQL_BUSY }, /* statement timeout */
    { "55P03", SQL_BUSY }, /* lock timeout */
    { "40P01", SQL_BUSY }, /* deadlock */
    { "40001", SQL_BUSY }, /* serialisation failure */
    { "53", SQL_BUSY },    /* too many connections, disk full, out of memory */
    { "08", SQL_DOWN },    /* connection */
    { "57P0", SQL_DOWN },  /* shutdown, crash, not up yet */
    { "25P03", SQL_DOWN }, /* idle in transaction too long */
};

static void sql_read_refusal(const PGresult *rows, struct sql_result *ret)
{
    const char *digits = ret->sqlstate + 2;

    ret->outcome = SQL_REFUSED;
    ret->http_status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    ret->slug = ret->message;
    ret->detail = PQresultErrorField(rows, PG_DIAG_MESSAGE_DETAIL);
}

static void sql_read_error(const PGresult *rows, struct sql_result *ret)
{
    const char *state = PQresultErrorField(rows, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(rows, PG_DIAG_MESSAGE_PRIMARY);

    ret->outcome = state ? SQL_ERROR : SQL_DOWN; /* libpq's own errors have no SQLSTATE */
    ret->sqlstate = state ? state : "";
    ret->message = message ? message : PQresultErrorMessage(rows);
    if (strncmp(ret->sqlstate, "WF", 2) == 0 && strspn(ret->sqlstate + 2, "0123456789") == 3) {
        sql_read_refusal(rows, ret);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (strncmp(ret->sqlstate, outcomes[i].prefix, strlen(outcomes[i].prefix)) == 0)
            ret->outcome = outcomes[i].outcome;
}

void sql_answer_read(struct sql_answer *answer, struct sql_result *ret)
{
    const PGresult *rows = answer->rows;

    *ret = (struct sql_result){ .opaque = answer };
    switch (PQresultStatus(rows)) {
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
        ret->rows = PQntuples(rows);
        ret->outcome = ret->rows > 0 ? SQL_ROW : SQL_EMPTY;
        break;
    case PGRES_COMMAND_OK:
        ret->outcome = SQL_EMPTY;
        break;
    default:
        sql_read_error(rows, ret);
    }
}
