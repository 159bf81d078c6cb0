/* conf.h - settings: one table a program, from which --help prints.
 *
 * Sources, later wins: default, environment JIEBANG_<NAME>, --name=value (or --name value). The
 * setting database_url also listens to DATABASE_URL. A program keeps its rows in conf.def:
 *
 *     SETTING(port, INT, "8443", "TLS port")
 *
 * and makes of them
 *
 *     struct settings {
 *     #define SETTING(name, type, value, help) CONF_C_##type name;
 *     #include "conf.def"
 *     #undef SETTING
 *     };
 *     static const struct conf_row rows[] = {
 *     #define SETTING(name, type, value, help) CONF_ROW(struct settings, name, type, value, help),
 *     #include "conf.def"
 *     #undef SETTING
 *     };
 *
 * A SECRET setting holds the path of a file; the program gets its content. The file is refused
 * when its group or others may read it (S37). */
#ifndef JB_CONF_H
#define JB_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "arena.h"
#include "must.h"

enum conf_type { CONF_TEXT, CONF_INT, CONF_BOOL, CONF_SECRET };

struct conf_secret {
    const unsigned char *bytes; /* NULL when not set; a trailing newline is cut off */
    size_t len;
};

#define CONF_C_TEXT const char *
#define CONF_C_INT long
#define CONF_C_BOOL bool
#define CONF_C_SECRET struct conf_secret

struct conf_row {
    const char *name;
    enum conf_type type;
    const char *value;
    const char *help;
    size_t offset;
};

#define CONF_ROW(object, name, type, value, help)                                                  \
    {                                                                                              \
#name, CONF_##type, value, help, offsetof(object, name)                                    \
    }

enum conf_result { CONF_OK = 0, CONF_HELP = 1, CONF_BAD = -1 };

/* Fills the object at `settings`. Texts and secrets live in the arena; secrets are wiped when it is
 * released. What is no option stays in argv, and *argc is its count ("--" ends the options).
 * CONF_HELP: --help was asked for; call conf_help and exit 0. CONF_BAD: said on stderr; exit 2. */
enum conf_result MUST_CHECK conf_load(const struct conf_row *rows, size_t n, void *settings,
                                      struct arena *arena, int *argc, char **argv);
/* Prints the table: --name, default, help. */
void conf_help(const struct conf_row *rows, size_t n, FILE *out, const char *usage);
/* Reads a secret file with the check above. 0, or -1 with *ret_why a static text. */
int MUST_CHECK conf_read_secret(const char *path, struct arena *arena, struct conf_secret *ret,
                                const char **ret_why);

#endif
