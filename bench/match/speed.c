/* speed.c - match-speed make|run|restart FOLDER [ITEMS]; see speed.h and bench/match/speed. */
#include "speed.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void speed_die(const char *what, const char *why)
{
    fprintf(stderr, "match-speed: %s: %s\n", what, why);
    exit(1);
}

void *speed_must(void *memory)
{
    if (!memory)
        speed_die("memory", "out");
    return memory;
}

FILE *speed_open(const char *folder, const char *name, const char *mode)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, mode);

    if (!file)
        speed_die(path, "cannot open");
    setvbuf(file, NULL, _IOFBF, 1 << 20);
    return file;
}

double speed_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int lines_next(struct lines *lines)
{
    static char nothing[1];
    ssize_t n = getline(&lines->line, &lines->room, lines->file);

    if (n < 0)
        return 0;
    if (n > 0 && lines->line[n - 1] == '\n')
        lines->line[n - 1] = '\0';
    char *at = lines->line;

    for (int i = 0; i < CELLS; i++) {
        lines->cell[i] = at ? at : nothing;
        at = at && i + 1 < CELLS ? strchr(at, '\t') : NULL;
        if (at)
            *at++ = '\0';
    }
    return 1;
}

void lines_close(struct lines *lines)
{
    fclose(lines->file);
    free(lines->line);
}

int main(int argc, char **argv)
{
    unsigned long items = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

    if (argc == 4 && items > 0 && items < UINT32_MAX) {
        if (strcmp(argv[1], "make") == 0)
            return speed_make(argv[2], (uint32_t)items);
        if (strcmp(argv[1], "run") == 0)
            return speed_run(argv[2], (uint32_t)items);
    }
    if (argc == 3 && strcmp(argv[1], "restart") == 0)
        return speed_restart(argv[2]);
    fprintf(stderr, "usage: match-speed make|run FOLDER ITEMS, match-speed restart FOLDER\n");
    return 2;
}
