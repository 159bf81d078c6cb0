/* clock_commands.c - stops and moves the clock of a test or sample city. The database refuses where
 * the clock may not be moved. Workers are woken, since deadlines may have come. */
#include "ctl.h"

#include "str.h"

static int set_clock(struct ctl *ctl, const char *statement, const char *value)
{
    const char *const values[] = { value };
    PGresult *rows = ctl_query(ctl, statement, 1, values);

    if (!rows)
        return CTL_NO;
    PQclear(rows);
    rows = ctl_query(ctl,
                     "select to_char(ops.clock_now() at time zone 'Asia/Shanghai', "
                     "'YYYY-MM-DD\"T\"HH24:MI:SS\"+08:00\"'), pg_notify('timer', '')",
                     0, NULL);
    if (!rows)
        return CTL_NO;

    int rc = ctl_print_value(rows);

    PQclear(rows);
    return rc;
}

int cmd_set_clock(struct ctl *ctl, int argc, char **argv)
{
    (void)argc;
    return set_clock(ctl, "select ops.clock_set($1::timestamptz)",
                     str_eq(argv[0], "real") ? NULL : argv[0]);
}

int cmd_advance_clock(struct ctl *ctl, int argc, char **argv)
{
    (void)argc;
    return set_clock(ctl, "select ops.clock_set(ops.clock_now() + $1::interval)", argv[0]);
}
