/* ctl.h - what the commands share: a synchronous connection and the row of the command table. */
#ifndef JB_CTL_H
#define JB_CTL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "must.h"

struct ctl {
    struct arena arena;
    const char *conninfo;
    const char *command; /* the one that runs, for messages */
    PGconn *pg;          /* opened by the first ctl_query */
    bool dry_run;
};

/* Exit codes of the program. */
enum ctl_exit { CTL_OK = 0, CTL_NO = 1, CTL_USAGE = 2 };

struct command {
    const char *name;
    const char *args; /* as --help shows them */
    const char *help;
    int min_args, max_args;
    int (*run)(struct ctl *ctl, int argc, char **argv); /* argv[0]: the first argument */
};

/* Runs one statement. NULL after the reason has been said on stderr; else PQclear it. */
PGresult *ctl_query(struct ctl *ctl, const char *statement, int n, const char *const *values);
/* The whole file, or stdin for "-", at most 64 MiB, without NUL. NULL after the reason was said. */
char *ctl_read_file(struct ctl *ctl, const char *path);
/* Writes the first column of the first row and a newline unless it ends in one. */
int ctl_print_value(const PGresult *rows);

int cmd_first_admin(struct ctl *ctl, int argc, char **argv);
int cmd_hash_password(struct ctl *ctl, int argc, char **argv);
int cmd_import(struct ctl *ctl, int argc, char **argv);
int cmd_export(struct ctl *ctl, int argc, char **argv);
int cmd_set_clock(struct ctl *ctl, int argc, char **argv);
int cmd_advance_clock(struct ctl *ctl, int argc, char **argv);
int cmd_verify(struct ctl *ctl, int argc, char **argv);
int cmd_codes(struct ctl *ctl, int argc, char **argv);
int cmd_calendar(struct ctl *ctl, int argc, char **argv);

#endif
