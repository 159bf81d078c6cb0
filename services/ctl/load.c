/* load.c - reference data as JSON: `codes load FILE` and `calendar load FILE`. */
#include <stdio.h>

#include "ctl.h"
#include "str.h"

static int load(struct ctl *ctl, char **argv, const char *statement)
{
    if (!str_eq(argv[0], "load")) {
        fprintf(stderr, "%s: '%s' is not known, only 'load'\n", ctl->command, argv[0]);
        return CTL_USAGE;
    }

    const char *const values[] = { ctl_read_file(ctl, argv[1]) };
    PGresult *rows = values[0] ? ctl_query(ctl, statement, 1, values) : NULL;

    if (!rows)
        return CTL_NO;

    int rc = ctl_print_value(rows);

    PQclear(rows);
    return rc;
}

int cmd_codes(struct ctl *ctl, int argc, char **argv)
{
    (void)argc;
    return load(ctl, argv, "select ops.load_codes($1::jsonb)");
}

int cmd_calendar(struct ctl *ctl, int argc, char **argv)
{
    (void)argc;
    return load(ctl, argv, "select ops.load_calendar($1::jsonb)");
}
