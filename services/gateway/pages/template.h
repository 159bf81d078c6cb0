/* template.h - what a template is once it is read: a tree of nodes. The files of pages/ share it.
 *
 *   scan.c     text -> nodes (delimiters, standalone lines, nesting)
 *   expr.c     the inside of a tag -> an expression (path | filter arg …), and its value
 *   mustache.c templates and sentences by name; links one to another
 *   render.c   nodes and data -> HTML
 *   filter*.c  the filters
 *   pages.c    the files */
#ifndef JB_TEMPLATE_H
#define JB_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"
#include "must.h"

#define NEST_MAX 64     /* sections in sections, in one template */
#define ARGS_MAX 12     /* of one filter */
#define DELIMITER_MAX 8 /* bytes */

struct filter;
struct template;

/* a.b.c; no names: the implicit iterator `.` */
struct path {
    const char **names;
    size_t count;
};

/* A sentence of the catalogue. */
struct sentence {
    const char *key;
    const char *raw[2];                 /* en, zh */
    const struct template *compiled[2]; /* NULL when it holds no tags */
};

enum term_kind { TERM_PATH, TERM_TEXT, TERM_SENTENCE };

/* What a tag or an argument names. */
struct term {
    enum term_kind kind;
    struct path path;
    struct span text; /* the literal, or the sentence's key */
    const struct sentence *sentence;
};

struct call {
    const struct filter *filter;
    struct term *args;
    size_t count;
    struct call *next;
};

struct expr {
    struct term head;
    struct call *calls;
};

enum node_kind {
    NODE_TEXT,
    NODE_VALUE,
    NODE_RAW, /* {{{x}}}, {{&x}} */
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
    NODE_PARENT, /* {{<x}}; its children are the blocks that replace those of x */
    NODE_BLOCK,  /* {{$x}} */
};

struct node {
    enum node_kind kind;
    bool line_start;     /* stands at the beginning of a line: indentation goes before it */
    bool dynamic;        /* {{>*x}}: expr gives the name */
    int line, column;    /* from 1 */
    struct span text;    /* the text; the name of a partial, parent or block */
    struct span closing; /* what the closing tag has to say */
    struct span indent;  /* of a standalone partial or parent */
    struct expr expr;
    const struct template *target;
    struct node *children;
    struct node *next;
};

struct template
{
    const char *name;
    const char *file;
    struct node *nodes;
};

/* What is wrong with the templates, a line each: "file:line:column: what". */
struct faults {
    struct buf text;
    bool no_memory;
};

void faults_add(struct faults *faults, const char *file, int line, int column, const char *format,
                ...) __attribute__((format(printf, 5, 6)));

/* Reads `text`, which the arena or somebody as long-lived owns. A sentence is escaped as text that
 * a person reads and knows no standalone lines. What is wrong goes to `faults`. */
struct node *template_scan(struct arena *arena, struct faults *faults, const char *file,
                           struct span text, bool sentence);

/* Reads "path | filter arg 'arg' $path @key | …". False: *ret_fault says why, or is NULL when
 * memory is out. *ret_name is the path as it is written. */
bool expr_read(struct arena *arena, struct span text, struct expr *ret, struct span *ret_name,
               const char **ret_fault);

/* Copies with & < > " ' written as HTML has them. Memory out: NULL. */
void html_add(struct buf *out, const char *text, size_t len);

#endif
