/* sql_link.h - one libpq connection on the loop, that comes back by itself.
 *
 * The link connects without blocking (a host *name* is resolved by libpq, which may block: give an
 * address or a socket folder), flushes and reads; what is said on it is the owner's business. */
#ifndef JB_SQL_LINK_H
#define JB_SQL_LINK_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "must.h"

struct event;
struct event_base;
struct log;
struct sql_link;

/* The keywords and values that PQconnectStartParams wants; owned by whoever made them. */
struct sql_params {
    char *keyword[32];
    char *value[32];
};

struct sql_link_owner {
    void (*up)(void *arg);       /* connected: say something */
    void (*down)(void *arg);     /* was up and is gone; pg is still there to be asked why */
    void (*readable)(void *arg); /* input was consumed; may call sql_link_fail */
    void *arg;
};

enum sql_link_state { LINK_DOWN, LINK_CONNECTING, LINK_UP };

struct sql_link {
    struct event_base *base;
    struct log *log;
    const struct sql_params *params;
    struct sql_link_owner owner;
    enum sql_link_state state;
    PGconn *pg;
    struct event *io; /* of the socket that pg has now */
    int io_fd;
    short io_wants;      /* what it waits for besides reading */
    struct event *timer; /* retry, or the deadline of a connection attempt */
    int backoff_ms;
    unsigned long long times_up;
    long long up_ms; /* since when */
};

/* Takes `conninfo` (keywords or URI), adds server settings to its options. -1: it is malformed. */
int MUST_CHECK sql_params_init(struct sql_params *params, const char *conninfo,
                               const char *application, const char *options);
void sql_params_release(struct sql_params *params);

/* Starts to connect in the next turn. -1 when memory is out. */
int MUST_CHECK sql_link_init(struct sql_link *link, struct event_base *base, struct log *log,
                             const struct sql_params *params, const struct sql_link_owner *owner);
void sql_link_release(struct sql_link *link); /* owner.down is not called */
/* Sends what libpq holds back; a failure is noticed by the next read. */
void sql_link_flush(struct sql_link *link);
/* Ends the connection now and tries again after a pause. */
void sql_link_fail(struct sql_link *link, const char *why);

#endif
