/* server.c - see server.h. One timer a quarter second looks at the heads of the state lists; it
 * costs nothing while nobody is late. */
#include "server.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "conn_list.h"
#include "peers.h"

#define LISTENERS_MAX 4
#define SWEEP_US 250000L
#define PAUSE_US 200000L
#define GONE_MS 3000
#define LINGER_MS 2000
#define BODY_GRACE_MS 5000
#define BACKLOG 4096

struct listener {
    struct http_server *server;
    struct evconnlistener *ear;
    bool secure;
    int port;
};

struct http_server {
    struct event_base *base;
    struct http_limits limits;
    const struct http_app *app;
    struct peers *peers;
    struct tls *tls;
    struct listener listeners[LISTENERS_MAX];
    size_t n_listeners;
    struct conn_list lists[CONN_STATES];
    struct conn *dead;
    struct event *sweep;
    struct event *unpause;
    size_t connections;
    size_t held;
    bool stopping;
    int64_t stop_at;
    void (*on_stopped)(void *arg);
    void *stopped_arg;
    struct http_server_stats stats;
};

/* --- deadlines ----------------------------------------------------------------------------- */

/* 0: the state has no deadline of its own (the database's timeouts bound the waiting). */
static int state_ms(const struct http_server *server, enum conn_state state)
{
    switch (state) {
    case CONN_HANDSHAKE:
    case CONN_HEAD:
        return server->limits.head_ms;
    case CONN_IDLE:
        return server->stopping ? 1 : server->limits.idle_ms;
    case CONN_BODY:
        return server->limits.body_ms;
    case CONN_GONE:
        return GONE_MS;
    case CONN_WRITE:
        return server->limits.write_ms;
    case CONN_LINGER:
        return LINGER_MS;
    default:
        return 0;
    }
}

static void sweep_state(struct http_server *server, enum conn_state state, int64_t now)
{
    int ms = state_ms(server, state);
    size_t turns = server->lists[state].count; /* who enters meanwhile is not late */
    struct conn *conn;

    while (ms && turns-- && (conn = server->lists[state].first) && now - conn->since >= ms) {
        if (state != CONN_IDLE && state != CONN_LINGER)
            server->stats.timeouts++;
        conn_on_deadline(conn);
    }
}

/* A body that trickles is ended long before its total deadline. */
static void sweep_trickles(struct http_server *server, int64_t now)
{
    struct conn *conn = server->lists[CONN_BODY].first, *next;
    size_t turns = server->lists[CONN_BODY].count;

    for (; conn && turns--; conn = next) {
        next = conn->next;
        int64_t late = now - conn->since - BODY_GRACE_MS;
        if (late < 0)
            break;
        if (conn->body.total < (uint64_t)(late * server->limits.body_rate / 1000)) {
            server->stats.timeouts++;
            conn_on_deadline(conn);
        }
    }
}

static void free_dead(struct http_server *server)
{
    struct conn *conn;

    while ((conn = server->dead)) {
        server->dead = conn->next;
        free(conn);
    }
}

static void stopped_if_empty(struct http_server *server)
{
    void (*done)(void *arg) = server->on_stopped;

    if (!server->stopping || !done)
        return;
    if (server->connections > 0 && http_server_now(server) < server->stop_at)
        return;
    server->on_stopped = NULL;
    done(server->stopped_arg);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
    struct http_server *server = arg;
    int64_t now = http_server_now(server);

    (void)fd;
    (void)what;
    for (int state = 0; state < CONN_STATES; state++)
        sweep_state(server, (enum conn_state)state, now);
    sweep_trickles(server, now);
    free_dead(server);
    stopped_if_empty(server);
}

/* --- accepting ----------------------------------------------------------------------------- */

/* The oldest connection that is only taking up room: of this peer, or of anybody. */
static bool evict(struct http_server *server, const struct peer *peer)
{
    static const enum conn_state idlers[] = { CONN_IDLE,   CONN_HEAD, CONN_HANDSHAKE,
                                              CONN_LINGER, CONN_BODY, CONN_STREAM };

    for (size_t i = 0; i < COUNT_OF(idlers); i++) {
        for (struct conn *conn = server->lists[idlers[i]].first; conn; conn = conn->next) {
            if (peer && conn->peer != peer)
                continue;
            server->stats.evicted++;
            conn_close(conn, "evicted");
            return true;
        }
    }
    return false;
}

static bool has_room(struct http_server *server, const struct peer *peer)
{
    if (server->stopping)
        return false;
    if (peer->connections >= server->limits.per_ip && !evict(server, peer))
        return false;
    return server->connections < (size_t)server->limits.connections || evict(server, NULL);
}

static void on_accept(struct evconnlistener *ear, evutil_socket_t fd, struct sockaddr *address,
                      int len, void *arg)
{
    struct listener *listener = arg;
    struct http_server *server = listener->server;
    struct peer *peer = peers_get(server->peers, address);

    (void)ear;
    (void)len;
    if (!peer || !has_room(server, peer)) {
        server->stats.refused++;
        close(fd);
        return;
    }
    server->stats.accepted++;
    peer->connections++;
    server->connections++;
    if (!conn_new(server, fd, address, peer, listener->secure))
        http_server_gone(server, peer);
}

static void set_listening(struct http_server *server, bool on)
{
    for (size_t i = 0; i < server->n_listeners; i++) {
        if (!server->listeners[i].ear)
            continue;
        if (on)
            evconnlistener_enable(server->listeners[i].ear);
        else
            evconnlistener_disable(server->listeners[i].ear);
    }
}

static void on_unpause(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    set_listening(arg, true);
}

/* Out of descriptors: an idle connection makes room; else the listener rests, since the kernel
 * would wake us for the same connection without end. */
static void on_accept_error(struct evconnlistener *ear, void *arg)
{
    struct http_server *server = ((struct listener *)arg)->server;
    struct timeval pause = { 0, PAUSE_US };

    (void)ear;
    server->stats.pauses++;
    if (evict(server, NULL))
        return;
    set_listening(server, false);
    event_add(server->unpause, &pause);
}

/* --- opening and closing -------------------------------------------------------------------- */

struct http_server *http_server_new(struct event_base *base, const struct http_limits *limits,
                                    const struct http_app *app, struct peers *peers)
{
    struct http_server *server = calloc(1, sizeof(*server));
    struct timeval period = { 0, SWEEP_US };

    if (!server)
        return NULL;
    server->base = base;
    server->limits = *limits;
    server->app = app;
    server->peers = peers;
    server->sweep = event_new(base, -1, EV_PERSIST, on_sweep, server);
    server->unpause = event_new(base, -1, 0, on_unpause, server);
    if (server->sweep && server->unpause && event_add(server->sweep, &period) == 0)
        return server;
    http_server_free(server);
    return NULL;
}

static void close_listeners(struct http_server *server)
{
    for (size_t i = 0; i < server->n_listeners; i++) {
        if (server->listeners[i].ear)
            evconnlistener_free(server->listeners[i].ear);
        server->listeners[i].ear = NULL;
    }
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    close_listeners(server);
    for (int state = 0; state < CONN_STATES; state++)
        while (server->lists[state].first)
            conn_close(server->lists[state].first, "server ends");
    free_dead(server);
    if (server->sweep)
        event_free(server->sweep);
    if (server->unpause)
        event_free(server->unpause);
    free(server);
}

static int bound_port(evutil_socket_t fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = { 0 };
    socklen_t len = sizeof(address);

    if (getsockname(fd, &address.any, &len) < 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

int http_server_listen(struct http_server *server, const char *host, int port, struct tls *tls)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *address = NULL;
    struct listener *listener;
    char service[8];

    if (server->n_listeners == LISTENERS_MAX) {
        errno = ENOSPC;
        return -1;
    }
    snprintf(service, sizeof(service), "%u", (unsigned)port & 0xffff);
    if (getaddrinfo(host, service, &hints, &address) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    listener = &server->listeners[server->n_listeners];
    listener->server = server;
    listener->secure = tls != NULL;
    listener->ear = evconnlistener_new_bind(server->base, on_accept, listener,
                                            LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
                                                LEV_OPT_REUSEABLE | LEV_OPT_REUSEABLE_PORT,
                                            BACKLOG, address->ai_addr, (int)address->ai_addrlen);
    freeaddrinfo(address);
    if (!listener->ear)
        return -1;
    evconnlistener_set_error_cb(listener->ear, on_accept_error);
    listener->port = bound_port(evconnlistener_get_fd(listener->ear));
    server->n_listeners++;
    if (tls)
        server->tls = tls;
    return 0;
}

int http_server_port(const struct http_server *server, size_t n)
{
    return n < server->n_listeners ? server->listeners[n].port : 0;
}

void http_server_stop(struct http_server *server, int limit_ms, void (*done)(void *arg), void *arg)
{
    close_listeners(server);
    server->stopping = true;
    server->stop_at = http_server_now(server) + limit_ms;
    server->on_stopped = done;
    server->stopped_arg = arg;
    while (server->lists[CONN_IDLE].first)
        conn_close(server->lists[CONN_IDLE].first, "server stops");
    while (server->lists[CONN_HANDSHAKE].first)
        conn_close(server->lists[CONN_HANDSHAKE].first, "server stops");
    while (server->lists[CONN_STREAM].first)
        conn_stream_end(server->lists[CONN_STREAM].first, NULL, 0);
}

void http_server_stats(const struct http_server *server, struct http_server_stats *ret)
{
    *ret = server->stats;
    ret->connections = server->connections;
    ret->waiting = server->lists[CONN_WAIT].count + server->lists[CONN_GONE].count;
    ret->writing = server->lists[CONN_WRITE].count;
    ret->held = server->held;
}

/* --- for conn.c ------------------------------------------------------------------------------ */

struct event_base *http_server_base(struct http_server *server)
{
    return server->base;
}

const struct http_app *http_server_app(const struct http_server *server)
{
    return server->app;
}

struct conn_list *http_server_list(struct http_server *server, enum conn_state state)
{
    return &server->lists[state];
}

int64_t http_server_now(const struct http_server *server)
{
    (void)server;
    return clock_ms();
}

bool http_server_stopping(const struct http_server *server)
{
    return server->stopping;
}

struct tls *http_server_tls(const struct http_server *server)
{
    return server->tls;
}

void http_server_hold(struct http_server *server, size_t bytes)
{
    struct conn *conn = server->lists[CONN_WRITE].first, *next;

    server->held += bytes;
    for (; conn && server->held > server->limits.held; conn = next) {
        next = conn->next;
        if (conn->held == 0)
            continue;
        server->stats.evicted++;
        conn_close(conn, "too much output waits");
    }
}

void http_server_let_go(struct http_server *server, size_t bytes)
{
    server->held -= bytes;
}

/* What a client has to take of its answer within write_ms. */
size_t http_server_write_pace(const struct http_server *server)
{
    return (size_t)server->limits.body_rate * (size_t)server->limits.write_ms / 1000;
}

void http_server_bury(struct http_server *server, struct conn *conn)
{
    conn->next = server->dead;
    server->dead = conn;
}

void http_server_gone(struct http_server *server, struct peer *peer)
{
    peer->connections--;
    server->connections--;
}
