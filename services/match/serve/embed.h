/* embed.h - an embedding endpoint beside the engine: the vectors of all records in the background,
 * those of questions while they wait.
 *
 * Off unless there is an address. What the endpoint has said of a text is kept in the database
 * (feed.vectors, feed.keep_vectors: by model and digest of the text), so a restart asks it nothing.
 * Whatever fails, the engine answers without: a question waits no longer than it says, none waits
 * for an endpoint that has just failed, and vectors count only while every record has its own. A
 * model of the same name must keep the length of its vectors; another length is a failure. */
#ifndef JM_EMBED_H
#define JM_EMBED_H

#include "conf.h"
#include "engine.h"
#include "serve.h"

struct embed;
struct log;
struct loop;

struct embed_conf {
    struct loop *loop;
    struct log *log;
    const char *conninfo;
    const char *url, *model;
    struct conf_secret key;
    double weight; /* of a cosine, in the score */
    int chars;     /* of a text that are sent, from its beginning */
    int statement_timeout_ms;
};

struct embed *embed_new(const struct embed_conf *conf); /* NULL: memory, or a malformed conninfo */
void embed_free(struct embed *embed); /* whoever still waits is told to go on without */
/* The library is in: its vectors are gathered from now on. */
void embed_begin(struct embed *embed, struct engine *engine);
/* serve.h's vector_fn; `arg` is the embed. */
const char *embed_question(void *arg, const Jb__Subject *subject, long long until_ms,
                           vector_done_fn done, void *done_arg);

struct embed_counts {
    bool ready;                                     /* every record has its vector */
    unsigned long long asked, cached, kept, failed; /* texts: endpoint, database, new; calls */
};
void embed_counts(const struct embed *embed, struct embed_counts *ret);

#endif
