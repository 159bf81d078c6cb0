/* match.c - see match.h.
 *
 *  DOWN --retry--> CONNECTING --connected--> GREETING --STATUS answered--> UP
 *   ^______________________any failure, any silence_______________________|
 *
 * A call is in one of two lists: `sent`, in the order of deadlines, or `doomed`, to be answered in
 * the next turn without the engine. */
#include "match.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "clock.h"
#include "frame.h"
#include "log.h"
#include "loop.h"
#include "rpc_tls.h"

#define IN_FLIGHT_MAX 256
#define OUT_MAX ((size_t)4 * RPC_REQUEST_MAX) /* that waits for an engine that does not read */
#define RETRY_FIRST_MS 50
#define RETRY_LAST_MS 2000
#define STATUS_MS 2000
#define CONNECT_MS 3000
#define ARENA_MAX (128u << 20)

TAILQ_HEAD(match_calls, match_call);

struct match_call {
    TAILQ_ENTRY(match_call) link;
    struct match_calls *list;
    struct match *match;
    uint64_t id;
    long long sent_ms, deadline_ms;
    const char *doom;
    bool own;           /* the STATUS of this file: in no count */
    match_done_fn done; /* NULL: nobody waits any more */
    void *arg;
};

enum match_phase { MATCH_OFF, MATCH_DOWN, MATCH_CONNECTING, MATCH_GREETING, MATCH_UP };

struct match {
    struct match_conf conf;
    struct sockaddr_storage address;
    int address_len;
    enum match_phase phase;
    struct frames *frames;
    struct match_calls sent, doomed;
    int in_flight;
    struct event *retry;    /* while DOWN */
    struct event *ask_next; /* the next STATUS, while UP */
    struct event *deadline; /* of the first of `sent`; at once when somebody is doomed */
    int retry_ms;
    uint64_t next_id;
    long long heard_ms; /* when the engine last said anything */
    struct match_state state;
};

static void start(struct event *timer, long long ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000 };

    evtimer_add(timer, &after);
}

static void move(struct match_call *call, struct match_calls *to)
{
    if (call->list) {
        TAILQ_REMOVE(call->list, call, link);
        if (call->list == &call->match->sent)
            call->match->in_flight--;
    }
    call->list = to;
    if (to) {
        TAILQ_INSERT_TAIL(to, call, link);
        if (to == &call->match->sent)
            call->match->in_flight++;
    }
}

static void doom(struct match_call *call, const char *why)
{
    call->doom = why;
    move(call, &call->match->doomed);
    start(call->match->deadline, 0);
}

static void finish(struct match_call *call, const Jb__Response *response, const char *why)
{
    match_done_fn done = call->done;
    void *arg = call->arg;

    move(call, NULL);
    free(call);
    if (done)
        done(arg, response, why);
}

/* The connection is of no use any more. */
static void lose(struct match *match, const char *why)
{
    struct match_call *call;

    if (match->phase <= MATCH_DOWN)
        return;
    if (match->phase == MATCH_UP) {
        match->state.lost++;
        log_warn(match->conf.log, "match engine lost", LOG_S("why", why),
                 LOG_I("under_way", match->in_flight));
    } else if (match->retry_ms == RETRY_FIRST_MS)
        log_warn(match->conf.log, "match engine not reached", LOG_S("why", why));
    match->phase = MATCH_DOWN;
    match->state.up = false;
    frames_free(match->frames);
    match->frames = NULL;
    event_del(match->ask_next);
    while ((call = TAILQ_FIRST(&match->sent))) {
        if (call->own)
            call->done = NULL;
        doom(call, "down");
    }
    start(match->retry, match->retry_ms);
    match->retry_ms = match->retry_ms * 2 < RETRY_LAST_MS ? match->retry_ms * 2 : RETRY_LAST_MS;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int send_request(struct match *match, struct match_call *call, Jb__Request *request)
{
    struct arena arena = { .limit = (size_t)4 * RPC_REQUEST_MAX };
    unsigned char *bytes;
    size_t len = 0;
    int rc = -1;

    request->id = call->id = ++match->next_id;
    /* What the engine says a little before our patience ends is worth more than silence. */
    request->patience_ms = (uint32_t)(match->conf.timeout_ms - match->conf.timeout_ms / 8);
    call->sent_ms = clock_ms();
    call->deadline_ms = call->sent_ms + match->conf.timeout_ms;
    bytes = rpc_write(&request->base, &arena, &len);
    if (bytes && len <= RPC_REQUEST_MAX)
        rc = frames_send(match->frames, bytes, len);
    arena_release(&arena);
    return rc;
}

static void send_call(struct match *match, struct match_call *call, Jb__Request *request)
{
    if (send_request(match, call, request) < 0) {
        doom(call, "overloaded");
        return;
    }
    move(call, &match->sent);
    if (TAILQ_FIRST(&match->sent) == call && TAILQ_EMPTY(&match->doomed))
        start(match->deadline, match->conf.timeout_ms);
}

static struct match_call *call_new(struct match *match, match_done_fn done, void *arg)
{
    struct match_call *call = calloc(1, sizeof(*call));

    if (call) {
        call->match = match;
        call->done = done;
        call->arg = arg;
    }
    return call;
}

struct match_call *match_ask(struct match *match, Jb__Request *request, match_done_fn done,
                             void *arg)
{
    struct match_call *call = call_new(match, done, arg);

    if (!call)
        return NULL;
    match->state.asked++;
    if (match->phase == MATCH_OFF)
        doom(call, "off");
    else if (match->phase != MATCH_UP)
        doom(call, "down");
    else if (match->in_flight >= IN_FLIGHT_MAX || frames_waiting(match->frames) > OUT_MAX)
        doom(call, "overloaded");
    else
        send_call(match, call, request);
    return call;
}

void match_call_detach(struct match_call *call)
{
    call->done = NULL;
}

static void on_status(void *arg, const Jb__Response *response, const char *why)
{
    struct match *match = arg;

    if (!response) {
        lose(match, why);
        return;
    }
    if (match->phase == MATCH_GREETING) {
        log_info(match->conf.log, "match engine reached", LOG_S("version", response->version),
                 LOG_I("items", (long long)response->items));
        match->phase = MATCH_UP;
        match->retry_ms = RETRY_FIRST_MS;
    }
    match->state.up = true;
    match->state.starting = response->outcome == JB__OUTCOME__STARTING;
    match->state.items = response->items;
    match->state.behind_s = response->behind_s;
    start(match->ask_next, STATUS_MS);
}

static void ask_status(struct match *match)
{
    Jb__Request request = JB__REQUEST__INIT;
    struct match_call *call = call_new(match, on_status, match);

    if (!call) {
        lose(match, "out of memory");
        return;
    }
    request.ask = JB__ASK__STATUS;
    call->own = true;
    send_call(match, call, &request);
}

static void on_ask_next(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    ask_status(arg);
}

/* --- deadlines -------------------------------------------------------------------------------- */

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct match *match = arg;
    struct match_call *call;
    long long now = clock_ms();
    bool silent = false;

    (void)fd, (void)what;
    while ((call = TAILQ_FIRST(&match->doomed))) {
        match->state.refused += !call->own; /* NOLINT(clang-analyzer-unix.Malloc): unlinked */
        finish(call, NULL, call->doom);
    }
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
    while ((call = TAILQ_FIRST(&match->sent)) && call->deadline_ms <= now) {
        /* Not a word since it was asked: it is not this question that takes long. */
        silent = silent || match->heard_ms < call->sent_ms;
        match->state.late += !call->own;
        finish(call, NULL, "late");
    }
    if (silent)
        lose(match, "no answer in time");
    call = TAILQ_FIRST(&match->sent);
    if (!TAILQ_EMPTY(&match->doomed))
        start(match->deadline, 0);
    else if (call)
        start(match->deadline, call->deadline_ms > now ? call->deadline_ms - now : 0);
}

/* --- the connection --------------------------------------------------------------------------- */

static void on_up(void *arg)
{
    struct match *match = arg;

    match->phase = MATCH_GREETING;
    ask_status(match);
}

static void on_frame(void *arg, const unsigned char *bytes, size_t len)
{
    struct match *match = arg;
    struct arena arena = { .limit = ARENA_MAX };
    const char *why = NULL;
    const Jb__Response *response = rpc_read_response(bytes, len, &arena, &why);
    struct match_call *call;

    match->heard_ms = clock_ms();
    if (!response) {
        lose(match, why);
    } else {
        for (call = TAILQ_FIRST(&match->sent); call && call->id != response->id;)
            call = TAILQ_NEXT(call, link);
        /* None: it came too late, and whoever asked has gone on without it. */
        if (call) {
            match->state.answered += !call->own;
            finish(call, response, NULL);
        }
    }
    arena_release(&arena);
}

static void on_down(void *arg, const char *why)
{
    lose(arg, why);
}

static struct bufferevent *make_bev(struct match *match)
{
    struct event_base *base = loop_base(match->conf.loop);
    SSL *ssl;
    struct bufferevent *bev;

    if (!match->conf.tls)
        return bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    ssl = rpc_tls_session(match->conf.tls, match->conf.tls_name);
    if (!ssl)
        return NULL;
    bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
                                         BEV_OPT_CLOSE_ON_FREE);
    if (!bev)
        SSL_free(ssl);
    return bev;
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
    struct match *match = arg;
    const struct frames_conf conf = { .in_max = RPC_RESPONSE_MAX,
                                      .out_max = OUT_MAX,
                                      .connect_ms = CONNECT_MS,
                                      .frame_ms = 5000,
                                      .write_ms = 5000 };
    const struct frames_owner owner = { on_up, on_frame, NULL, on_down, match };
    struct bufferevent *bev = make_bev(match);

    (void)fd, (void)what;
    match->phase = MATCH_CONNECTING;
    if (bev)
        match->frames = frames_new(match->conf.loop, bev, &conf, &owner);
    if (!match->frames)
        lose(match, "out of memory");
    /* A unix socket may refuse on the spot: then on_down has been called already. */
    else if (bufferevent_socket_connect(bev, (struct sockaddr *)&match->address,
                                        match->address_len) < 0)
        lose(match, "cannot connect");
}

/* --- its life --------------------------------------------------------------------------------- */

static int read_address(struct match *match)
{
    struct sockaddr_un *name = (struct sockaddr_un *)&match->address;
    const char *text = match->conf.address;

    match->address_len = sizeof(match->address);
    if (match->conf.tls)
        return evutil_parse_sockaddr_port(text, (struct sockaddr *)&match->address,
                                          &match->address_len);
    if (strlen(text) >= sizeof(name->sun_path))
        return -1;
    name->sun_family = AF_UNIX;
    memcpy(name->sun_path, text, strlen(text) + 1);
    match->address_len = sizeof(*name);
    return 0;
}

struct match *match_new(const struct match_conf *conf)
{
    struct event_base *base = loop_base(conf->loop);
    struct match *match = calloc(1, sizeof(*match));

    if (!match)
        return NULL;
    match->conf = *conf;
    match->retry_ms = RETRY_FIRST_MS;
    match->phase = *conf->address ? MATCH_DOWN : MATCH_OFF;
    TAILQ_INIT(&match->sent);
    TAILQ_INIT(&match->doomed);
    match->retry = evtimer_new(base, on_retry, match);
    match->ask_next = evtimer_new(base, on_ask_next, match);
    match->deadline = evtimer_new(base, on_deadline, match);
    if (!match->retry || !match->ask_next || !match->deadline || read_address(match) < 0) {
        match_free(match);
        return NULL;
    }
    if (match->phase == MATCH_DOWN)
        start(match->retry, 0);
    return match;
}

void match_free(struct match *match)
{
    struct match_call *call;

    if (!match)
        return;
    while ((call = TAILQ_FIRST(&match->sent)) || (call = TAILQ_FIRST(&match->doomed))) {
        call->done = NULL; /* NOLINT(clang-analyzer-unix.Malloc): unlinked */
        finish(call, NULL, NULL);
    }
    frames_free(match->frames);
    struct event *const timers[] = { match->retry, match->ask_next, match->deadline };

    for (size_t i = 0; i < COUNT_OF(timers); i++)
        if (timers[i])
            event_free(timers[i]);
    free(match);
}

void match_state(const struct match *match, struct match_state *ret)
{
    *ret = match->state;
}
