/* conf.c - see conf.h. */
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto.h"
#include "str.h"

#define SECRET_MAX 65536
#define NAME_MAX_LEN 64

struct wipe {
    void *bytes;
    size_t len;
};

static void on_wipe(void *arg)
{
    struct wipe *wipe = arg;

    crypto_wipe(wipe->bytes, wipe->len);
}

/* Reads what the descriptor holds into the arena, from where it will be wiped. */
static const char *secret_read(int fd, size_t size, struct arena *arena, struct conf_secret *ret)
{
    unsigned char *bytes = arena_alloc(arena, size + 1);
    struct wipe *wipe = arena_alloc(arena, sizeof(*wipe));

    if (!bytes || !wipe)
        return "out of memory";
    *wipe = (struct wipe){ bytes, size };
    if (arena_defer(arena, on_wipe, wipe) < 0)
        return "out of memory";

    ssize_t n = read(fd, bytes, size);

    if (n != (ssize_t)size)
        return "cannot be read";
    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        bytes[--size] = '\0';
    if (size == 0)
        return "is empty";
    *ret = (struct conf_secret){ bytes, size };
    return NULL;
}

int conf_read_secret(const char *path, struct arena *arena, struct conf_secret *ret,
                     const char **ret_why)
{
    struct stat info;
    const char *why = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    /* The open file is asked, not the path: nobody can swap it in between. */
    if (fd < 0 || fstat(fd, &info) < 0)
        why = "cannot be opened";
    else if (!S_ISREG(info.st_mode))
        why = "is not a regular file";
    else if (info.st_mode & 077)
        why = "may be read by others than its owner (chmod 0400)";
    else if (info.st_size > SECRET_MAX)
        why = "is too large";
    else
        why = secret_read(fd, (size_t)info.st_size, arena, ret);
    if (fd >= 0)
        close(fd);
    if (why)
        *ret_why = why;
    return why ? -1 : 0;
}

static int conf_bool(const char *text, bool *ret)
{
    static const char *const words[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(text, words[i])) {
            *ret = i % 2 == 1;
            return 0;
        }
    }
    return -1;
}

/* Puts one text into the object. NULL, or why it cannot be. */
static const char *conf_set(const struct conf_row *row, void *settings, struct arena *arena,
                            const char *text)
{
    void *at = (char *)settings + row->offset;
    const char *why = NULL;

    switch (row->type) {
    case CONF_TEXT:
        *(const char **)at = arena_dup(arena, text, strlen(text));
        return *(const char **)at ? NULL : "out of memory";
    case CONF_INT:
        return str_to_long(text, LONG_MIN + 1, LONG_MAX - 1, at) < 0 ? "is not a whole number"
                                                                     : NULL;
    case CONF_BOOL:
        return conf_bool(text, at) < 0 ? "is neither yes nor no" : NULL;
    case CONF_SECRET:
        if (*text && conf_read_secret(text, arena, at, &why) < 0)
            return why;
        return NULL;
    }
    return "has no type";
}

static const char *conf_environment(const struct conf_row *row)
{
    char name[sizeof("JIEBANG_") + NAME_MAX_LEN];
    const char *value;

    snprintf(name, sizeof(name), "JIEBANG_%.*s", NAME_MAX_LEN, row->name);
    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    value = getenv(name);
    /* The one name that hosts and containers agree on already. */
    if (!value && str_eq(row->name, "database_url"))
        value = getenv("DATABASE_URL");
    return value;
}

/* Does "name-like=..." or "name_like" name this row? */
static bool conf_names(const struct conf_row *row, const char *option, size_t len)
{
    if (strlen(row->name) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((option[i] == '-' ? '_' : option[i]) != row->name[i])
            return false;
    return true;
}

struct conf_reader {
    const struct conf_row *rows;
    size_t n;
    const char **texts; /* the text that wins, a row each */
    int argc, at;
    char **argv;
};

/* Takes the option at argv[at], and the next word when it is its value. */
static enum conf_result conf_option(struct conf_reader *reader)
{
    const char *option = reader->argv[reader->at] + 2;
    size_t len = strcspn(option, "=");
    size_t i = 0;

    if (str_eq(option, "help"))
        return CONF_HELP;
    while (i < reader->n && !conf_names(&reader->rows[i], option, len))
        i++;
    if (i == reader->n) {
        fprintf(stderr, "unknown option '--%s' (--help lists them)\n", option);
        return CONF_BAD;
    }
    if (option[len] == '=')
        reader->texts[i] = option + len + 1;
    else if (reader->rows[i].type == CONF_BOOL)
        reader->texts[i] = "yes";
    else if (reader->at + 1 < reader->argc)
        reader->texts[i] = reader->argv[++reader->at];
    else {
        fprintf(stderr, "option '--%s' needs a value\n", option);
        return CONF_BAD;
    }
    return CONF_OK;
}

static enum conf_result conf_options(struct conf_reader *reader)
{
    enum conf_result rc = CONF_OK;
    int kept = reader->argc > 0 ? 1 : 0;

    for (reader->at = 1; reader->at < reader->argc && rc == CONF_OK; reader->at++) {
        char *word = reader->argv[reader->at];

        if (str_eq(word, "--")) {
            while (++reader->at < reader->argc)
                reader->argv[kept++] = reader->argv[reader->at];
        } else if (str_starts(word, "--"))
            rc = conf_option(reader);
        else
            reader->argv[kept++] = word;
    }
    reader->argc = kept;
    return rc;
}

enum conf_result conf_load(const struct conf_row *rows, size_t n, void *settings,
                           struct arena *arena, int *argc, char **argv)
{
    struct conf_reader reader = { .rows = rows, .n = n, .argc = *argc, .argv = argv };

    reader.texts = arena_alloc(arena, (n + 1) * sizeof(*reader.texts));
    if (!reader.texts) {
        fputs("out of memory\n", stderr);
        return CONF_BAD;
    }
    for (size_t i = 0; i < n; i++) {
        const char *value = conf_environment(&rows[i]);

        reader.texts[i] = value ? value : rows[i].value;
    }

    enum conf_result rc = conf_options(&reader);

    if (rc != CONF_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        const char *why = conf_set(&rows[i], settings, arena, reader.texts[i]);

        if (why) {
            fprintf(stderr, "setting '%s': '%s' %s\n", rows[i].name, reader.texts[i], why);
            rc = CONF_BAD;
        }
    }
    *argc = reader.argc;
    return rc;
}

void conf_help(const struct conf_row *rows, size_t n, FILE *out, const char *usage)
{
    fprintf(out, "%s\n\nOptions (also as environment JIEBANG_<NAME>):\n", usage);
    for (size_t i = 0; i < n; i++) {
        char option[NAME_MAX_LEN + 3];

        snprintf(option, sizeof(option), "--%.*s", NAME_MAX_LEN, rows[i].name);
        for (char *c = option; *c; c++)
            *c = *c == '_' ? '-' : *c;
        fprintf(out, "  %-28s %s", option, rows[i].help);
        fprintf(out, *rows[i].value ? " [%s]\n" : "\n", rows[i].value);
    }
}
