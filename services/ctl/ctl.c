/* ctl.c - what the commands share; see ctl.h. */
#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "str.h"

#define FILE_MAX ((size_t)64 * 1024 * 1024)

static int ctl_connect(struct ctl *ctl)
{
    const char *const keywords[] = { "dbname", "application_name", "client_encoding", NULL };
    const char *const values[] = { ctl->conninfo, "jiebang-ctl", "UTF8", NULL };

    if (ctl->pg)
        return 0;
    ctl->pg = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(ctl->pg) == CONNECTION_OK)
        return 0;
    fprintf(stderr, "%s: cannot connect to the database: %s", ctl->command,
            ctl->pg ? PQerrorMessage(ctl->pg) : "out of memory\n");
    return -1;
}

/* A refusal by rule is told in its own words: slug and parameters. */
static void ctl_complain(const struct ctl *ctl, const PGresult *rows)
{
    const char *state = PQresultErrorField(rows, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(rows, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(rows, PG_DIAG_MESSAGE_DETAIL);

    if (state && str_starts(state, "WF"))
        fprintf(stderr, "%s: refused: %s %s\n", ctl->command, message, detail ? detail : "");
    else
        fprintf(stderr, "%s: %s\n", ctl->command, message ? message : PQerrorMessage(ctl->pg));
}

PGresult *ctl_query(struct ctl *ctl, const char *statement, int n, const char *const *values)
{
    if (ctl_connect(ctl) < 0)
        return NULL;

    PGresult *rows = PQexecParams(ctl->pg, statement, n, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(rows);

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return rows;
    ctl_complain(ctl, rows);
    PQclear(rows);
    return NULL;
}

static const char *ctl_read(FILE *file, struct buf *buf)
{
    char part[16384];
    size_t n;

    while ((n = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(buf, part, n);
    if (ferror(file))
        return strerror(errno);
    if (buf->failed)
        return "it is too large";
    if (buf->len > 0 && memchr(buf->data, '\0', buf->len))
        return "it is no text: it has NUL bytes";
    return NULL;
}

char *ctl_read_file(struct ctl *ctl, const char *path)
{
    FILE *file = str_eq(path, "-") ? stdin : fopen(path, "rb");
    char *text = NULL;
    struct buf buf;

    buf_init(&buf, FILE_MAX);

    const char *why = file ? ctl_read(file, &buf) : strerror(errno);

    if (!why) {
        text = arena_dup(&ctl->arena, buf.data ? buf.data : "", buf.len);
        why = text ? NULL : "out of memory";
    }
    if (why)
        fprintf(stderr, "%s: cannot read '%s': %s\n", ctl->command, path, why);
    if (file && file != stdin)
        fclose(file);
    buf_release(&buf);
    return text;
}

int ctl_print_value(const PGresult *rows)
{
    const char *text = PQntuples(rows) > 0 ? PQgetvalue(rows, 0, 0) : "";
    size_t len = strlen(text);

    fwrite(text, 1, len, stdout);
    if (len == 0 || text[len - 1] != '\n')
        putchar('\n');
    if (fflush(stdout) != 0) {
        fprintf(stderr, "cannot write: %s\n", strerror(errno));
        return CTL_NO;
    }
    return CTL_OK;
}
