/* collection.h - reading gzipped tables and asking the engine about them. For eval.c and speed.c.
 * */
#ifndef JM_COLLECTION_H
#define JM_COLLECTION_H

#include <jansson.h>
#include <stdio.h>
#include <zlib.h>

#include "arena.h"
#include "engine.h"
#include "table.h"

/* A table of lines with tabs. Cells are the line's own memory, good until the next row; missing
 * cells are "". */
#define ROW_CELLS 8
struct rows {
    gzFile file;
    const char *path;
    char *line;
    size_t room;
    char *cell[ROW_CELLS];
};
void rows_open(struct rows *rows, const char *path); /* dies with a message */
bool rows_next(struct rows *rows);
bool rows_next_line(struct rows *rows); /* the line alone, not cut into cells */
void rows_close(struct rows *rows);

struct eval_item {
    const char *name;
    struct item item;
};
struct eval {
    struct arena arena;
    const char *from, *to;
    struct engine *engine;
    struct worker *worker;
    struct eval_item *items; /* by number, which is the id */
    size_t n_items, room, n_put;
    struct eval_edge {
        uint32_t doc, person;
    } * edges;
    size_t n_edges, edge_room;
    uint32_t *buckets; /* of names */
    size_t n_buckets;
};
struct eval_question {
    enum ask ask;
    const char *const *field; /* N_FIELDS */
    enum kind kind;
    unsigned evidence;
    const char *scope, *second_scope; /* NULL: none */
    size_t cut;  /* characters at the front of a name that the run does not show */
    bool turned; /* the run's query is the candidate, its document is `qid` */
};

void eval_open(struct eval *eval, const char *from, const char *to);
/* Texts are copied. Links name who the record speaks for; they may be put later. */
void eval_put(struct eval *eval, enum kind kind, const char *name, const char *scope,
              const char *const field[N_FIELDS], const char *const *people, size_t n_people);
void eval_link(struct eval *eval, const char *doc, const char *person);
/* Puts what is new into the engine and learns. */
void eval_loaded(struct eval *eval);
FILE *eval_run_open(struct eval *eval, const char *name);
/* Asks for a thousand and writes the lines of the run. */
void eval_ask(struct eval *eval, FILE *run, const char *qid, const struct eval_question *question);
void eval_close(struct eval *eval);
_Noreturn void eval_die(const char *what, const char *why);

#endif
