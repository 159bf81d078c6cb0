/* speed.h - the steps of match-speed, each a run of its own over the files of one folder:
 *
 *   texts.txt       real texts, one a line: items of their own, and what the others are like
 *   questions.in    id, class, words, text: a question is the text's first so many words
 *   items.0 .1      number, text: half of the items each
 *   tokens.0 .1     number, words of space W as the engine sees them
 *   questions.tsv   id, class, text, and then the words */
#ifndef JM_SPEED_H
#define JM_SPEED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HALVES 2 /* threads that fill, files that they read */

int speed_make(const char *folder, uint32_t items);
int speed_run(const char *folder, uint32_t items);
int speed_restart(const char *folder);

/* What every step needs; all end the program with a message when it fails. */
void *speed_must(void *memory);
_Noreturn void speed_die(const char *what, const char *why);
FILE *speed_open(const char *folder, const char *name, const char *mode);
double speed_now(void); /* seconds, monotonic */

/* Lines with tabs. `cell` points into the line, good until the next. */
#define CELLS 4
struct lines {
    FILE *file;
    char *line;
    size_t room;
    char *cell[CELLS];
};
int lines_next(struct lines *lines); /* 1, or 0 at the end */
void lines_close(struct lines *lines);

#endif
