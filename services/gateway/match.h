/* match.h - asks the match engine, over a unix socket or TLS; one connection a gateway.
 *
 * Nothing waits for the engine longer than `timeout_ms`, and nobody waits for one that is known to
 * be away: a question is then answered "none" in the next turn. The connection comes back by
 * itself. It counts as up once the engine has answered a STATUS on it, so one that hangs is left
 * after the first question that it did not answer, and not asked again before it speaks. */
#ifndef JB_MATCH_H
#define JB_MATCH_H

#include <stdbool.h>

#include "must.h"
#include "rpc.h"

struct log;
struct loop;
struct match;
struct match_call;
struct ssl_ctx_st;

struct match_conf {
    struct loop *loop;
    struct log *log;
    const char *address; /* a socket's path, or address:port with `tls`; "": there is no engine */
    struct ssl_ctx_st *tls; /* borrowed; NULL for a unix socket */
    const char *tls_name;   /* what the engine's certificate is made out to; "": not looked at */
    int timeout_ms;
};

/* `response` lives until this returns. NULL: none came; `why` is then "off", "down", "late" or
 * "overloaded". */
typedef void (*match_done_fn)(void *arg, const Jb__Response *response, const char *why);

struct match *match_new(const struct match_conf *conf); /* NULL: memory, or a wrong address */
void match_free(struct match *match);                   /* calls that are out are forgotten */
/* Sets id and patience_ms of the request, which may go when this returns. `done` is called once,
 * from the loop, later. NULL: no memory (done is never called). */
struct match_call *match_ask(struct match *match, Jb__Request *request, match_done_fn done,
                             void *arg);
/* The client has gone: `done` will not be called. */
void match_call_detach(struct match_call *call);

struct match_state {
    bool up, starting;
    unsigned long long items, asked, answered, late, refused, lost; /* lost: connections */
    double behind_s;
};
void match_state(const struct match *match, struct match_state *ret);

#endif
