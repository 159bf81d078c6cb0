/* conn_out.c - answers on their way out (conn.h). Nothing new is begun while output is left: a
 * client that sends but does not read costs one answer, not memory without end. */
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "conn_list.h"
#include "server.h"

#define ONE_RECORD 16384 /* head and body up to here go into one TLS record */
#define STREAM_MAX                                                                                 \
    16384 /* of a stream that its client has yet to take: beyond it the client goes */
#define STREAM_KERNEL 8192 /* ... after as much as this in the kernel (which doubles it) */

bool conn_keeps(struct conn *conn)
{
    if (http_server_stopping(conn->server) || conn->eof)
        conn->keep = false;
    /* An unread body is skipped when that is cheap, else the connection has to end. */
    if (conn->body_open && !conn->answered && (conn->expects || conn->declared > SKIP_MAX))
        conn->keep = false;
    return conn->keep;
}

struct kept_body {
    void (*release)(void *arg);
    void *arg;
};

static void on_body_out(const void *data, size_t len, void *arg)
{
    struct kept_body *kept = arg;

    (void)data;
    (void)len;
    kept->release(kept->arg);
    free(kept);
}

static int queue_body(struct conn *conn, struct evbuffer *out, const struct conn_answer *answer)
{
    struct kept_body *kept;

    conn->held = answer->shared ? 0 : answer->body_len;
    if (!answer->release)
        return evbuffer_add(out, answer->body, answer->body_len);
    if (answer->head_len + answer->body_len > ONE_RECORD && (kept = malloc(sizeof(*kept)))) {
        *kept = (struct kept_body){ answer->release, answer->arg };
        if (evbuffer_add_reference(out, answer->body, answer->body_len, on_body_out, kept) == 0)
            return 0;
        free(kept);
    }
    int rc = evbuffer_add(out, answer->body, answer->body_len);
    answer->release(answer->arg);
    return rc;
}

/* Small answers are put into one piece, so that they leave in one record and one segment. */
static int queue_answer(struct conn *conn, const struct conn_answer *answer)
{
    struct evbuffer *out = bufferevent_get_output(conn->bev);

    if (answer->head_len + answer->body_len <= ONE_RECORD)
        evbuffer_expand(out, answer->head_len + answer->body_len);
    if (evbuffer_add(out, answer->head, answer->head_len) < 0) {
        if (answer->release)
            answer->release(answer->arg);
        return -1;
    }
    return answer->body_len || answer->release ? queue_body(conn, out, answer) : 0;
}

/* A plain socket with nothing queued takes the answer directly: no copy, no wait for the loop to
 * say that it is writable. Returns the bytes taken. */
static size_t send_now(struct conn *conn, const struct conn_answer *answer)
{
    struct iovec piece[2] = {
        { (void *)(uintptr_t)answer->head, answer->head_len },
        { (void *)(uintptr_t)answer->body, answer->body_len },
    };
    struct msghdr message = { .msg_iov = piece, .msg_iovlen = answer->body_len ? 2 : 1 };
    ssize_t sent;

    if (conn->secure || evbuffer_get_length(bufferevent_get_output(conn->bev)))
        return 0;
    sent = sendmsg(bufferevent_getfd(conn->bev), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? (size_t)sent : 0;
}

/* What the socket did not take. */
static struct conn_answer answer_rest(const struct conn_answer *answer, size_t sent)
{
    struct conn_answer rest = *answer;
    size_t of_head = sent < rest.head_len ? sent : rest.head_len;

    rest.head += of_head;
    rest.head_len -= of_head;
    if (rest.body)
        rest.body += sent - of_head;
    rest.body_len -= sent - of_head;
    return rest;
}

static void end_exchange(struct conn *conn)
{
    void *exchange = conn->exchange;

    conn->exchange = NULL;
    conn->answered = true;
    if (exchange)
        http_server_app(conn->server)->on_end(exchange, false);
}

static void start_linger(struct conn *conn)
{
    struct ssl_st *ssl = conn->secure ? bufferevent_openssl_get_ssl(conn->bev) : NULL;

    conn_set_state(conn, CONN_LINGER);
    if (ssl)
        SSL_shutdown(ssl);
    shutdown(bufferevent_getfd(conn->bev), SHUT_WR);
}

/* The answer is on its way completely: what next? */
void conn_after_write(struct conn *conn)
{
    http_server_let_go(conn->server, conn->held);
    conn->held = 0;
    if (!conn->keep || conn->closing) {
        if (conn->body_open || evbuffer_get_length(bufferevent_get_input(conn->bev)) > conn->eating)
            start_linger(conn);
        else
            conn_close(conn, "done");
        return;
    }
    conn_set_state(conn, conn->body_open ? CONN_BODY : CONN_IDLE);
}

void conn_send(struct conn *conn, const struct conn_answer *answer)
{
    size_t sent = send_now(conn, answer);
    bool outermost = !conn->busy;
    struct conn_answer rest;

    if (!conn_keeps(conn))
        conn->closing = true;
    conn->busy = true;
    if (sent < answer->head_len + answer->body_len) {
        rest = answer_rest(answer, sent);
        if (queue_answer(conn, &rest) < 0)
            conn->closing = true;
        conn->write_left = evbuffer_get_length(bufferevent_get_output(conn->bev));
        conn_set_state(conn, CONN_WRITE);
        end_exchange(conn);
        http_server_hold(conn->server, conn->held);
    } else {
        if (answer->release)
            answer->release(answer->arg);
        end_exchange(conn);
        conn_after_write(conn);
    }
    if (outermost)
        conn_process(conn);
}

/* --- answers without an end ------------------------------------------------------------------- */

void conn_stream_over(struct conn *conn)
{
    struct conn_stream stream = conn->stream;

    conn->stream = (struct conn_stream){ NULL, NULL };
    if (stream.on_end)
        stream.on_end(stream.arg);
}

/* One chunk; HTTP/1.0 knows none. */
static int add_part(struct conn *conn, const char *part, size_t len)
{
    struct evbuffer *out = bufferevent_get_output(conn->bev);

    if (conn->http10)
        return evbuffer_add(out, part, len);
    return evbuffer_add_printf(out, "%zx\r\n%.*s\r\n", len, (int)len, part) < 0 ? -1 : 0;
}

static void finish(struct conn *conn, const char *last, size_t len)
{
    struct evbuffer *out = bufferevent_get_output(conn->bev);

    conn->closing = true;
    conn_set_state(conn, CONN_WRITE);
    conn_stream_over(conn);
    if ((len > 0 && add_part(conn, last, len) < 0) ||
        (!conn->http10 && evbuffer_add(out, "0\r\n\r\n", 5) < 0))
        conn_close(conn, "no memory");
    else if ((conn->write_left = evbuffer_get_length(out)) == 0)
        conn_close(conn, "done");
}

void conn_stream_begin(struct conn *conn, const char *head, size_t len,
                       const struct conn_stream *stream)
{
    bool outermost = !conn->busy;
    int room = STREAM_KERNEL;

    /* The kernel would keep megabytes for a client that does not read. */
    (void)setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    conn->keep = false;
    conn->stream = *stream;
    conn->busy = true;
    conn_set_state(conn, CONN_STREAM);
    end_exchange(conn);
    if (evbuffer_add(bufferevent_get_output(conn->bev), head, len) < 0)
        conn_close(conn, "no memory");
    else if (conn->eof || http_server_stopping(conn->server))
        finish(conn, NULL, 0);
    if (outermost)
        conn_process(conn);
}

void conn_stream_send(struct conn *conn, const char *part, size_t len)
{
    if (evbuffer_get_length(bufferevent_get_output(conn->bev)) + len > STREAM_MAX)
        conn_close(conn, "it does not read");
    else if (add_part(conn, part, len) < 0)
        conn_close(conn, "no memory");
}

void conn_stream_end(struct conn *conn, const char *last, size_t len)
{
    if (evbuffer_get_length(bufferevent_get_output(conn->bev)) > 0)
        conn_close(conn, "it has not taken what was said before");
    else
        finish(conn, last, len);
}
