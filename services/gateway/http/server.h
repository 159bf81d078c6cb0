/* server.h - listeners, the lists of connections, their deadlines, and stopping. */
#ifndef JB_HTTP_SERVER_H
#define JB_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"

struct event_base;
struct http_server;
struct peers;
struct tls;

struct http_limits {
    int head_ms;     /* first byte of a head to its end; also the TLS handshake */
    int body_ms;     /* a whole body */
    int body_rate;   /* bytes a second that a body must make after its first 5 seconds */
    int idle_ms;     /* between requests */
    int write_ms;    /* the output must move within this, by body_rate on average */
    size_t held;     /* bytes of answers that clients have yet to take, of all connections */
    int per_ip;      /* connections of one address; one more and its oldest idle one goes */
    int connections; /* of this process */
};

struct http_server *http_server_new(struct event_base *base, const struct http_limits *limits,
                                    const struct http_app *app, struct peers *peers);
/* Closes every connection. Accepts NULL. */
void http_server_free(struct http_server *server);

/* Opens a listener on host:port, shared with the other processes of this port. `tls` NULL: plain.
 * 0, or -1 with errno. */
int MUST_CHECK http_server_listen(struct http_server *server, const char *host, int port,
                                  struct tls *tls);
/* The port the n-th listener really has (port 0 asks the system to choose). */
int http_server_port(const struct http_server *server, size_t n);

/* Stops accepting and keeping alive; `done` is called once no connection is left or after
 * `limit_ms`. */
void http_server_stop(struct http_server *server, int limit_ms, void (*done)(void *arg), void *arg);

struct http_server_stats {
    size_t connections, waiting, writing, held;
    unsigned long long accepted, evicted, refused, timeouts, pauses;
};
void http_server_stats(const struct http_server *server, struct http_server_stats *ret);

/* For conn.c. */
struct event_base *http_server_base(struct http_server *server);
const struct http_app *http_server_app(const struct http_server *server);
struct conn_list *http_server_list(struct http_server *server, enum conn_state state);
int64_t http_server_now(const struct http_server *server);
bool http_server_stopping(const struct http_server *server);
void http_server_gone(struct http_server *server, struct peer *peer);
/* Counts copied output; beyond the limit the connections that wait longest are ended. */
void http_server_hold(struct http_server *server, size_t bytes);
void http_server_let_go(struct http_server *server, size_t bytes);
size_t http_server_write_pace(const struct http_server *server);
void http_server_bury(struct http_server *server, struct conn *conn);
struct tls *http_server_tls(const struct http_server *server);

#endif
