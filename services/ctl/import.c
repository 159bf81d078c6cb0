/* import.c - CSV into a library. The database checks every row; what it says is printed, and a bad
 * file changes nothing. */
#include "ctl.h"

int cmd_import(struct ctl *ctl, int argc, char **argv)
{
    const char *text = ctl_read_file(ctl, argv[1]);
    const char *const values[] = { argv[0], text, ctl->dry_run ? "true" : "false" };

    (void)argc;
    if (!text)
        return CTL_NO;

    PGresult *rows = ctl_query(ctl,
                               "select jsonb_pretty(r), "
                               "  coalesce(jsonb_array_length(r -> 'errors'), 0) = 0 "
                               "from ops.import_csv($1, $2, $3::boolean) r",
                               3, values);

    if (!rows)
        return CTL_NO;

    int rc = ctl_print_value(rows);

    if (PQntuples(rows) == 0 || *PQgetvalue(rows, 0, 1) != 't')
        rc = CTL_NO;
    PQclear(rows);
    return rc;
}
