/* serve.h - answers the gateways: a unix socket (or TCP with mutual TLS), a bounded queue, threads.
 *
 * Many questions may be under way on a connection; each is answered once, in any order, or its
 * asker has left and it is dropped before it starts. A question too many is answered OVERLOADED at
 * once; one whose patience ended in the queue is answered LATE without work; before there is an
 * engine all are answered STARTING. STATUS is always answered, from the loop. */
#ifndef JM_SERVE_H
#define JM_SERVE_H

#include "engine.h"
#include "rpc.h"

struct log;
struct loop;
struct serve;
struct ssl_ctx_st;

/* A text's vector for the engine, of an embedding endpoint. NULL: `done` is called once, later,
 * from the loop, with `n` numbers or with NULL and why there are none; else why at once: "late",
 * "down", "filling". No later than until_ms. */
typedef void (*vector_done_fn)(void *arg, const float *vector, size_t n, const char *why);
typedef const char *(*vector_fn)(void *arg, const Jb__Subject *subject, long long until_ms,
                                 vector_done_fn done, void *done_arg);

struct serve_conf {
    struct loop *loop;
    struct log *log;
    int threads;     /* questions worked on at a time */
    int queue;       /* that may wait besides */
    int connections; /* of gateways */
    int in_flight;   /* questions under way on a connection */
    int patience_ms; /* of a question that names none */
    /* Fills what the others know into a STATUS answer; memory from the arena. */
    void (*status)(void *arg, struct arena *arena, Jb__Response *ret);
    void *arg;
    vector_fn vector; /* NULL: there is no endpoint */
    void *vector_arg;
};

struct serve *serve_new(const struct serve_conf *conf); /* NULL: memory or threads are out */
void serve_free(struct serve *serve);                   /* waits for what runs; answers no more */
/* Mode 0660. A socket file that nobody listens on any more is replaced. NULL, or why not. */
const char *serve_listen_unix(struct serve *serve, const char *path);
/* "host:port", an address and no name. `tls` is borrowed. */
const char *serve_listen_tls(struct serve *serve, const char *address, struct ssl_ctx_st *tls);
/* From now on questions go to this engine; once. -1: no memory for its workers. */
int MUST_CHECK serve_open(struct serve *serve, struct engine *engine);
/* No new connections and questions; `stopped` is called, later, when all that was owed is sent. */
void serve_stop(struct serve *serve, void (*stopped)(void *arg), void *arg);

struct serve_counts {
    unsigned long long asked, ok, starting, overloaded, late, refused, dropped, failed;
    int connections, waiting, working;
    double p50_ms, p99_ms; /* of the last thousand questions that were worked on, queue included */
};
void serve_counts(struct serve *serve, struct serve_counts *ret);

#endif
