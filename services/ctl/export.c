/* export.c - a library as CSV on stdout, with the columns that import takes. */
#include <stdio.h>

#include "ctl.h"

int cmd_export(struct ctl *ctl, int argc, char **argv)
{
    const char *const values[] = { argv[0] };

    (void)argc;

    PGresult *rows = ctl_query(ctl, "select ops.export_csv($1)", 1, values);

    if (!rows)
        return CTL_NO;

    int rc = CTL_NO;

    if (PQntuples(rows) == 0 || PQgetisnull(rows, 0, 0) || !*PQgetvalue(rows, 0, 0))
        fprintf(stderr, "%s: there is no '%s' to export\n", ctl->command, argv[0]);
    else
        rc = ctl_print_value(rows);
    PQclear(rows);
    return rc;
}
