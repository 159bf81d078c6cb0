/* verify.c - asks the database whether its invariants hold, one line a check. */
#include <stdio.h>

#include "ctl.h"

int cmd_verify(struct ctl *ctl, int argc, char **argv)
{
    PGresult *rows = ctl_query(ctl, "select * from ops.verify()", 0, NULL);
    int failed = 0;

    (void)argc, (void)argv;
    if (!rows)
        return CTL_NO;

    int n = PQntuples(rows);

    for (int i = 0; i < n; i++) {
        bool ok = *PQgetvalue(rows, i, 1) == 't';

        printf("%-6s %s%s%s\n", ok ? "ok" : "FAILED", PQgetvalue(rows, i, 0),
               *PQgetvalue(rows, i, 2) ? ": " : "", PQgetvalue(rows, i, 2));
        failed += !ok;
    }
    printf("%d checks, %d failed\n", n, failed);
    PQclear(rows);
    /* Nothing checked is no success. */
    return failed > 0 || n == 0 ? CTL_NO : CTL_OK;
}
