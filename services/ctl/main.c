/* main.c - jiebang-ctl: one command for operators; the table below is all of it. */
#include <stdio.h>

#include "conf.h"
#include "ctl.h"
#include "str.h"

struct settings {
#define SETTING(name, type, value, help) CONF_C_##type name;
#include "conf.def"
#undef SETTING
};

static const struct conf_row rows[] = {
#define SETTING(name, type, value, help) CONF_ROW(struct settings, name, type, value, help),
#include "conf.def"
#undef SETTING
};

static const struct command commands[] = {
    { "first-admin", "", "print the one-time token for the first administrator", 0, 0,
      cmd_first_admin },
    { "hash-password", "", "read a password from stdin, print its hash", 0, 0, cmd_hash_password },
    { "import", "KIND FILE", "take a CSV file into a library (see --dry-run)", 2, 2, cmd_import },
    { "export", "KIND", "write a library as CSV", 1, 1, cmd_export },
    { "verify", "", "check the invariants of the database", 0, 0, cmd_verify },
    { "codes", "load FILE", "load a code list (JSON)", 2, 2, cmd_codes },
    { "calendar", "load FILE", "load the working-day calendar of a year (JSON)", 2, 2,
      cmd_calendar },
    { "set-clock", "TIME|real", "stop the clock of a test city, or let it run", 1, 1,
      cmd_set_clock },
    { "advance-clock", "INTERVAL", "move the clock of a test city, e.g. '5 days'", 1, 1,
      cmd_advance_clock },
};

static void help(FILE *out)
{
    conf_help(rows, COUNT_OF(rows), out, "Usage: jiebang-ctl [OPTION]... COMMAND [ARGUMENT]...");
    fputs("\nCommands:\n", out);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        char line[64];

        snprintf(line, sizeof(line), "%s %s", commands[i].name, commands[i].args);
        fprintf(out, "  %-28s %s\n", line, commands[i].help);
    }
}

static int run(struct ctl *ctl, int argc, char **argv)
{
    for (size_t i = 0; argc > 0 && i < COUNT_OF(commands); i++) {
        const struct command *command = &commands[i];

        if (!str_eq(argv[0], command->name))
            continue;
        if (argc - 1 < command->min_args || argc - 1 > command->max_args) {
            fprintf(stderr, "usage: jiebang-ctl %s %s\n", command->name, command->args);
            return CTL_USAGE;
        }
        ctl->command = command->name;
        return command->run(ctl, argc - 1, argv + 1);
    }
    if (argc > 0)
        fprintf(stderr, "unknown command '%s' (--help lists them)\n", argv[0]);
    else
        help(stderr);
    return CTL_USAGE;
}

int main(int argc, char **argv)
{
    struct ctl ctl = { .command = "jiebang-ctl" };
    struct settings settings = { 0 };
    enum conf_result rc = conf_load(rows, COUNT_OF(rows), &settings, &ctl.arena, &argc, argv);
    int exit_code = CTL_USAGE;

    if (rc == CONF_HELP) {
        help(stdout);
        exit_code = CTL_OK;
    } else if (rc == CONF_OK) {
        ctl.conninfo = settings.database_url;
        ctl.dry_run = settings.dry_run;
        exit_code = run(&ctl, argc - 1, argv + 1);
    }
    PQfinish(ctl.pg);
    arena_release(&ctl.arena);
    return exit_code;
}
