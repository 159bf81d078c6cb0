/* conn.c - see conn.h. The input buffer of the bufferevent holds what has not been understood yet;
 * conn_process takes steps until the state says wait. A high watermark on the input stops reading
 * while the application is at work, and nothing new is begun while output is left: a client that
 * sends but does not read costs one answer, not memory without end. */
#include "conn.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conn_list.h"
#include "server.h"
#include "tls.h"

#define INPUT_MAX 32768  /* more than a head, so that a whole head always fits */
#define INPUT_STEP 16384 /* of it in one go */
#define USER_TIMEOUT_MS 30000

/* --- states ------------------------------------------------------------------------------- */

static void list_remove(struct conn_list *list, struct conn *conn)
{
    *(conn->prev ? &conn->prev->next : &list->first) = conn->next;
    *(conn->next ? &conn->next->prev : &list->last) = conn->prev;
    list->count--;
}

static void list_append(struct conn_list *list, struct conn *conn)
{
    conn->next = NULL;
    conn->prev = list->last;
    *(list->last ? &list->last->next : &list->first) = conn;
    list->last = conn;
    list->count++;
}

void conn_set_state(struct conn *conn, enum conn_state state)
{
    list_remove(http_server_list(conn->server, conn->state), conn);
    conn->state = state;
    conn->since = http_server_now(conn->server);
    list_append(http_server_list(conn->server, state), conn);
}

void conn_close(struct conn *conn, const char *why)
{
    const struct http_app *app = http_server_app(conn->server);
    void *exchange = conn->exchange;
    struct ssl_st *ssl;

    (void)why;
    if (conn->dead)
        return;
    conn->dead = true;
    conn->exchange = NULL;
    http_server_let_go(conn->server, conn->held);
    conn->held = 0;
    list_remove(http_server_list(conn->server, conn->state), conn);
    if (exchange)
        app->on_end(exchange, true);
    conn_stream_over(conn);
    if (conn->secure && conn->state != CONN_HANDSHAKE && conn->state != CONN_LINGER &&
        (ssl = bufferevent_openssl_get_ssl(conn->bev)))
        SSL_shutdown(ssl);
    if (conn->reader)
        event_free(conn->reader);
    bufferevent_free(conn->bev);
    http_server_gone(conn->server, conn->peer);
    http_server_bury(conn->server, conn);
}

/* --- input -------------------------------------------------------------------------------- */

void conn_want_body(struct conn *conn, void *exchange, const struct http_head *head, uint64_t limit)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    conn->exchange = exchange;
    conn->expects = false;
    http_body_init(&conn->body, head, limit);
    if (head->expect_continue && head->minor >= 1 &&
        evbuffer_get_length(bufferevent_get_input(conn->bev)) <= conn->eating)
        bufferevent_write(conn->bev, go_on, sizeof(go_on) - 1);
    conn_set_state(conn, CONN_BODY);
}

void conn_wait(struct conn *conn, void *exchange)
{
    conn->exchange = exchange;
    conn_set_state(conn, conn->eof ? CONN_GONE : CONN_WAIT);
}

static void refuse(struct conn *conn, enum http_error error)
{
    const struct http_app *app = http_server_app(conn->server);

    conn->keep = false;
    conn->body_open = true; /* whatever follows is not ours to understand */
    conn->expects = true;
    app->on_bad(app->ctx, conn, conn->exchange, error);
}

static void begin_request(struct conn *conn, const struct http_head *head)
{
    conn->keep = head->keep_alive;
    conn->http10 = head->minor == 0;
    conn->answered = false;
    conn->declared = head->chunked ? 0 : head->content_length;
    conn->body_open = head->chunked || conn->declared > 0;
    conn->expects = conn->body_open && head->expect_continue;
    if (conn->body_open)
        http_body_init(&conn->body, head, SKIP_MAX);
}

/* One step over a head. True when there may be more to do. */
static bool step_head(struct conn *conn)
{
    const struct http_app *app = http_server_app(conn->server);
    struct evbuffer *in = bufferevent_get_input(conn->bev);
    size_t len = evbuffer_get_length(in), used = 0;
    struct http_head head;
    enum http_error error = HTTP_OK;
    const char *bytes;

    if (len == 0) {
        if (conn->eof)
            conn_close(conn, "client closed");
        return false;
    }
    bytes = (const char *)evbuffer_pullup(in, (ev_ssize_t)(len < INPUT_MAX ? len : INPUT_MAX));
    if (!bytes) {
        conn_close(conn, "no memory");
        return false;
    }
    switch (http_parse_head(bytes, len < INPUT_MAX ? len : INPUT_MAX, &head, &used, &error)) {
    case HTTP_NEED_MORE:
        if (conn->eof)
            conn_close(conn, "client closed within a head");
        else if (conn->state == CONN_IDLE)
            conn_set_state(conn, CONN_HEAD);
        return false;
    case HTTP_BAD:
        refuse(conn, error);
        return !conn->dead;
    case HTTP_DONE:
        break;
    }
    begin_request(conn, &head);
    conn->eating = used;
    app->on_head(app->ctx, conn, &head, bytes, used);
    conn->eating = 0;
    if (!conn->dead)
        evbuffer_drain(in, used);
    return !conn->dead;
}

static bool end_body(struct conn *conn)
{
    const struct http_app *app = http_server_app(conn->server);

    conn->body_open = false;
    if (conn->answered) {
        conn_set_state(conn, CONN_IDLE);
        return true;
    }
    conn_set_state(conn, conn->eof ? CONN_GONE : CONN_WAIT);
    app->on_body_end(conn->exchange);
    return !conn->dead;
}

static bool step_body(struct conn *conn)
{
    const struct http_app *app = http_server_app(conn->server);
    struct evbuffer *in = bufferevent_get_input(conn->bev);
    size_t len = evbuffer_get_contiguous_space(in), used = 0;
    enum http_error error = HTTP_OK;
    struct span data = { NULL, 0 };
    enum http_progress progress;
    int rc = 0;

    if (len == 0) {
        if (conn->eof)
            conn_close(conn, "client closed within a body");
        return false;
    }
    progress = http_body_feed(&conn->body, (const char *)evbuffer_pullup(in, (ev_ssize_t)len), len,
                              &used, &data, &error);
    if (progress == HTTP_BAD) {
        if (conn->answered)
            conn_close(conn, "bad body after its answer");
        else
            refuse(conn, error);
        return !conn->dead;
    }
    conn->eating = used;
    if (data.len && !conn->answered)
        rc = app->on_body(conn->exchange, data);
    conn->eating = 0;
    if (conn->dead)
        return false;
    evbuffer_drain(in, used);
    if (rc < 0 && conn->state != CONN_BODY)
        return true;
    return progress == HTTP_DONE ? end_body(conn) : used > 0;
}

static bool step(struct conn *conn)
{
    struct evbuffer *in;

    switch (conn->state) {
    case CONN_IDLE:
    case CONN_HEAD:
        return step_head(conn);
    case CONN_BODY:
        return step_body(conn);
    case CONN_LINGER:
    case CONN_STREAM:
        in = bufferevent_get_input(conn->bev);
        evbuffer_drain(in, evbuffer_get_length(in));
        if (conn->eof)
            conn_close(conn, "done");
        return false;
    default:
        return false;
    }
}

void conn_process(struct conn *conn)
{
    conn->busy = true;
    while (!conn->dead && step(conn))
        continue;
    conn->busy = false;
    if (conn->paused && !conn->dead &&
        evbuffer_get_length(bufferevent_get_input(conn->bev)) < INPUT_MAX) {
        conn->paused = false;
        event_add(conn->reader, NULL);
    }
}

/* --- what the socket, the bufferevent and the clock say ------------------------------------- */

static void on_read(struct bufferevent *bev, void *arg)
{
    struct conn *conn = arg;

    (void)bev;
    if (conn->state != CONN_HANDSHAKE)
        conn_process(conn);
}

static void on_eof(struct conn *conn);

/* A plain socket is read here: a bufferevent would ask the kernel each time how much there is. */
static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct conn *conn = arg;
    struct evbuffer *in = bufferevent_get_input(conn->bev);
    size_t held = evbuffer_get_length(in);
    char bytes[INPUT_STEP];
    size_t room = held < INPUT_MAX ? INPUT_MAX - held : 0;
    ssize_t got;

    (void)what;
    if (room == 0) {
        conn->paused = true;
        event_del(conn->reader);
        return;
    }
    got = recv(fd, bytes, room < sizeof(bytes) ? room : sizeof(bytes), MSG_DONTWAIT);
    if (got > 0 && evbuffer_add(in, bytes, (size_t)got) == 0) {
        conn_process(conn);
    } else if (got == 0) {
        event_del(conn->reader);
        on_eof(conn);
    } else if (got > 0 || (errno != EAGAIN && errno != EINTR)) {
        conn_close(conn, "error");
    }
}

static void on_write(struct bufferevent *bev, void *arg)
{
    struct conn *conn = arg;

    (void)bev;
    if (conn->state != CONN_WRITE)
        return;
    conn->busy = true;
    conn_after_write(conn);
    conn->busy = false;
    conn_process(conn);
}

static void on_eof(struct conn *conn)
{
    /* After close_notify bufferevent writes no more, so nobody can be answered. */
    if (conn->secure) {
        conn_close(conn, "client closed");
        return;
    }
    conn->eof = true;
    switch (conn->state) {
    case CONN_HANDSHAKE:
        conn_close(conn, "client closed");
        break;
    case CONN_WAIT:
        /* It may have only finished sending and still wait for its answer: see CONN_GONE. */
        conn_set_state(conn, CONN_GONE);
        break;
    case CONN_GONE:
    case CONN_WRITE:
        break;
    default:
        conn_process(conn);
    }
}

/* The handshake's last message comes from the client and we have nothing to say to it, so a client
 * with Nagle's algorithm would wait for our delayed acknowledgement before it sends its request. */
static void acknowledge_now(struct conn *conn)
{
    int yes = 1;

    (void)setsockopt(bufferevent_getfd(conn->bev), IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
}

/* Somebody speaks HTTP to the TLS port: say so in words that are understood there. */
static void answer_plain(struct conn *conn)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Length: 57\r\n"
                               "Connection: close\r\n\r\n"
                               "此端口只接受 HTTPS。\nThis port speaks HTTPS only.\n";
    evutil_socket_t fd = bufferevent_getfd(conn->bev);
    char rest[4096];

    /* What is left unread would turn our close into a reset that overtakes the answer. */
    while (recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
        continue;
    (void)send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static bool is_plain_http(struct conn *conn)
{
    unsigned long code;

    while (conn->secure && (code = bufferevent_get_openssl_error(conn->bev)))
        if (ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST)
            return true;
    return false;
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct conn *conn = arg;

    (void)bev;
    if (what & BEV_EVENT_CONNECTED) {
        acknowledge_now(conn);
        if (conn->state == CONN_HANDSHAKE)
            conn_set_state(conn, CONN_IDLE);
        conn_process(conn);
    } else if (what & BEV_EVENT_EOF) {
        on_eof(conn);
    } else if (what & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
        if (conn->state == CONN_HANDSHAKE && is_plain_http(conn))
            answer_plain(conn);
        conn_close(conn, "error");
    }
}

void conn_on_deadline(struct conn *conn)
{
    size_t left;

    switch (conn->state) {
    case CONN_HEAD:
        refuse(conn, HTTP_ERR_HEAD_TOO_SLOW);
        break;
    case CONN_BODY:
        if (conn->answered)
            conn_close(conn, "the unwanted body took too long");
        else
            refuse(conn, HTTP_ERR_BODY_TOO_SLOW);
        break;
    case CONN_WRITE:
        left = evbuffer_get_length(bufferevent_get_output(conn->bev));
        if (left + http_server_write_pace(conn->server) <= conn->write_left) {
            conn->write_left = left;
            conn_set_state(conn, CONN_WRITE);
        } else {
            conn_close(conn, "write stall");
        }
        break;
    default:
        conn_close(conn, "deadline");
    }
}

/* --- birth -------------------------------------------------------------------------------- */

static void set_socket_options(int fd)
{
    int yes = 1, ms = USER_TIMEOUT_MS;

    /* None of these is vital; a socket that refuses one still works. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

static struct bufferevent *make_bev(struct http_server *server, int fd, bool secure)
{
    struct event_base *base = http_server_base(server);
    struct bufferevent *bev;
    struct ssl_st *ssl;

    if (!secure)
        return bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    ssl = tls_session(http_server_tls(server));
    if (!ssl)
        return NULL;
    bev = bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                         BEV_OPT_CLOSE_ON_FREE);
    if (bev)
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    else
        SSL_free(ssl);
    return bev;
}

static int start_reader(struct conn *conn, int fd)
{
    conn->reader =
        event_new(http_server_base(conn->server), fd, EV_READ | EV_PERSIST, on_readable, conn);
    if (!conn->reader)
        return -1;
    if (evbuffer_unfreeze(bufferevent_get_input(conn->bev), 0) == 0 &&
        event_add(conn->reader, NULL) == 0)
        return 0;
    event_free(conn->reader);
    return -1;
}

struct conn *conn_new(struct http_server *server, int fd, const struct sockaddr *address,
                      struct peer *peer, bool secure)
{
    socklen_t len =
        address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    struct conn *conn = calloc(1, sizeof(*conn));

    if (!conn) {
        close(fd);
        return NULL;
    }
    set_socket_options(fd);
    conn->server = server;
    conn->peer = peer;
    conn->secure = secure;
    conn->keep = true;
    if (getnameinfo(address, len, conn->ip, sizeof(conn->ip), NULL, 0, NI_NUMERICHOST) != 0)
        strcpy(conn->ip, "unknown");
    if (strncmp(conn->ip, "::ffff:", 7) == 0 && strchr(conn->ip, '.'))
        memmove(conn->ip, conn->ip + 7, strlen(conn->ip + 7) + 1); /* IPv4 is written one way */
    conn->bev = make_bev(server, fd, secure);
    if (!conn->bev) {
        close(fd);
        free(conn);
        return NULL;
    }
    if (!secure && start_reader(conn, fd) < 0) {
        bufferevent_free(conn->bev);
        free(conn);
        return NULL;
    }
    conn->state = secure ? CONN_HANDSHAKE : CONN_IDLE;
    conn->since = http_server_now(server);
    list_append(http_server_list(server, conn->state), conn);
    bufferevent_setcb(conn->bev, on_read, on_write, on_event, conn);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, INPUT_MAX);
    bufferevent_enable(conn->bev, (short)(conn->reader ? EV_WRITE : EV_READ | EV_WRITE));
    return conn;
}

const char *conn_ip(const struct conn *conn)
{
    return conn->ip;
}

bool conn_secure(const struct conn *conn)
{
    return conn->secure;
}

struct peer *conn_peer(const struct conn *conn)
{
    return conn->peer;
}

struct http_server *conn_server(const struct conn *conn)
{
    return conn->server;
}
