/* keep.h - what happens in the background, one thing at a time on one thread: the snapshot is
 * loaded and written, vectors are learned, the index is made dense. Questions and the feed go on
 * meanwhile.
 *
 * A snapshot is a folder DIR/<n> with index, model and terms; DIR/current points to it once it is
 * whole, so a crash leaves the one before. */
#ifndef JM_KEEP_H
#define JM_KEEP_H

#include "engine.h"
#include "term_list.h"

struct keep;
struct log;
struct loop;

struct keep_conf {
    struct loop *loop;
    struct log *log;
    const char *dir;     /* "": nothing is kept */
    long save_ms;        /* between snapshots, when something changed */
    long save_changes;   /* or so many changes */
    long learn_percent;  /* learn anew when the library grew or shrank so much */
    long learn_hour;     /* and every night at this hour, China time; below 0: not */
    long learn_pause_ms; /* at least between two times */
    int learn_threads;
    /* The engine is here: from the snapshot, or empty. NULL: memory is out. Terms are those of the
     * snapshot; both are borrowed until keep_free. */
    void (*loaded)(void *arg, struct engine *engine, struct terms *terms);
    void *arg;
};

struct keep *keep_new(const struct keep_conf *conf); /* begins to load; NULL: memory is out */
void keep_free(struct keep *keep);                   /* waits; frees the engine */
void keep_changed(struct keep *keep, unsigned long long n);
void keep_ready(struct keep *keep); /* all is in: from now on saving and learning make sense */
/* A last snapshot if anything changed; then `stopped`, once, later. */
void keep_stop(struct keep *keep, void (*stopped)(void *arg), void *arg);

struct keep_counts {
    bool learning, saving;
    unsigned long long saved, learned, compacted;
    double load_s, save_s, learn_s; /* how long the last one took; 0: none yet */
    unsigned model_items;
};
void keep_counts(const struct keep *keep, struct keep_counts *ret);

#endif
