/* conn.h - one client connection: bytes in, requests up, answers down.
 *
 * A connection is always in exactly one state and in that state's list; the lists are in order of
 * entry, so deadlines are found at their heads (server.c sweeps them). Deadlines are totals for
 * the state, never "since the last byte". Requests of one connection are answered in their order:
 * the next one is read when the former has been answered and written. */
#ifndef JB_HTTP_CONN_H
#define JB_HTTP_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "parse.h"

struct conn;
struct http_server;
struct peer;

enum conn_state {
    CONN_HANDSHAKE, /* TLS is being set up */
    CONN_IDLE,      /* between requests */
    CONN_HEAD,      /* some bytes of a head are here */
    CONN_BODY,      /* a body is being read, or skipped after an early answer */
    CONN_WAIT,      /* the application is at work */
    CONN_GONE,      /* as CONN_WAIT, and the client has stopped sending for good */
    CONN_WRITE,     /* the answer is going out */
    CONN_STREAM,    /* the answer has no end yet: see conn_stream_begin */
    CONN_LINGER,    /* closed for writing; what still arrives is thrown away for a moment */
    CONN_STATES,
};

/* What the connections call. An exchange is one request with its answer; the application makes it
 * in on_head and hears exactly one on_end for it. */
struct http_app {
    void *ctx;
    /* A head has arrived. `bytes` and the spans of `head` are valid during the call only. Either
     * answer (conn_send), or conn_want_body, or conn_wait; all three may name an exchange. */
    void (*on_head)(void *ctx, struct conn *conn, const struct http_head *head, const char *bytes,
                    size_t len);
    /* A run of body bytes, valid during the call; 0, or -1 when the exchange has been answered. */
    int (*on_body)(void *exchange, struct span data);
    void (*on_body_end)(void *exchange);
    /* The message cannot be understood or took too long: answer with the error's status (the
     * connection closes after it). `exchange` is NULL when the head itself is bad. */
    void (*on_bad)(void *ctx, struct conn *conn, void *exchange, enum http_error error);
    /* The exchange was answered, or the client has gone: let go of everything it holds. */
    void (*on_end)(void *exchange, bool gone);
};

/* Takes the socket. NULL when memory is out (the socket is closed then). */
struct conn *conn_new(struct http_server *server, int fd, const struct sockaddr *address,
                      struct peer *peer, bool secure);
/* Ends the connection now: on_end for an open exchange, socket closed. The memory goes with the
 * next sweep, so that nobody finds it freed who still has it in hand. */
void conn_close(struct conn *conn, const char *why);

/* The request's body is wanted, at most `limit` bytes of it. */
void conn_want_body(struct conn *conn, void *exchange, const struct http_head *head,
                    uint64_t limit);
/* The answer will come later from the loop. */
void conn_wait(struct conn *conn, void *exchange);

/* Will the connection go on after this answer? Ask before writing the head: the answer decides
 * between keep-alive and "Connection: close". */
bool conn_keeps(struct conn *conn);

struct conn_answer {
    const char *head; /* copied */
    size_t head_len;
    const char *body; /* copied, or kept until `release` when that is set */
    size_t body_len;
    void (*release)(void *arg);
    void *arg;
    bool shared; /* the body is memory that others hold as well */
};
/* Sends a whole answer in one write where the socket takes it, and ends the exchange. The
 * connection may be closed when this returns. */
void conn_send(struct conn *conn, const struct conn_answer *answer);

/* Who hears of the end of an answer that has none yet. */
struct conn_stream {
    void (*on_end)(void *arg);
    void *arg;
};
/* Sends the head of an answer whose parts come when there is something to say, and ends the
 * exchange. What the client still sends is thrown away; the connection closes with the answer.
 * on_end is called once, whoever ends it, perhaps before this returns. */
void conn_stream_begin(struct conn *conn, const char *head, size_t len,
                       const struct conn_stream *stream);
/* One more part. A client that does not take them is dropped, so the connection may be closed when
 * this returns. */
void conn_stream_send(struct conn *conn, const char *part, size_t len);
/* The end, with a last part; at once for a client that has yet to take what was sent before. */
void conn_stream_end(struct conn *conn, const char *last, size_t len);

const char *conn_ip(const struct conn *conn);
bool conn_secure(const struct conn *conn);
struct peer *conn_peer(const struct conn *conn);
struct http_server *conn_server(const struct conn *conn);

#endif
