/* conn_list.h - what conn.c and server.c share: the connection itself and the lists by state. */
#ifndef JB_HTTP_CONN_LIST_H
#define JB_HTTP_CONN_LIST_H

#include <event2/bufferevent.h>

#include "conn.h"

#define SKIP_MAX 262144 /* of a body nobody wants; beyond it the connection closes */

struct event;

struct conn {
    struct conn *prev, *next; /* in the list of its state, or among the dead */
    enum conn_state state;
    bool secure;
    bool busy; /* inside conn_process: freeing waits */
    bool dead;
    bool eof; /* the client sends no more */
    bool http10;
    bool keep;         /* the request at hand asks for keep-alive */
    bool body_open;    /* the body of the request at hand has not been read to its end */
    bool expects;      /* ... and the client waits for 100 Continue */
    bool answered;     /* the request at hand has its answer; the rest of its body is skipped */
    bool closing;      /* close when the output is out */
    int64_t since;     /* ms, when the state was entered */
    size_t held;       /* bytes of the answer that were copied for this connection alone */
    size_t write_left; /* output at the last look, to see progress */
    uint64_t declared; /* Content-Length of the request at hand */
    size_t eating;     /* input bytes that belong to the step at hand */
    struct http_body body;
    struct bufferevent *bev;
    struct event *reader; /* of a plain socket; with TLS the bufferevent reads */
    bool paused;          /* the reader: the input is full */
    struct http_server *server;
    struct peer *peer;
    void *exchange;
    struct conn_stream stream; /* of CONN_STREAM */
    char ip[46];
};

struct conn_list {
    struct conn *first, *last;
    size_t count;
};

/* The only place where a state changes: out of one list, to the end of another. */
void conn_set_state(struct conn *conn, enum conn_state state);
/* Takes steps until the state says wait. */
void conn_process(struct conn *conn);
/* The answer has left completely: the next request, or the end. */
void conn_after_write(struct conn *conn);
/* Whoever began the stream hears that it is over. */
void conn_stream_over(struct conn *conn);
/* A deadline of the state has passed. */
void conn_on_deadline(struct conn *conn);

#endif
