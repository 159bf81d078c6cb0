/* live.c - see live.h. The streams are in one list, in the order of their next sign of life, and in
 * buckets by person. */
#include "live.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "crypto.h"
#include "flows/stmts.h"
#include "http/conn.h"
#include "loop.h"
#include "reply.h"
#include "req.h"
#include "sql_pool.h"
#include "str.h"

#define BUCKETS 1024
#define EVENT_MAX 96
#define RETRY_MS 5000
#define TICKS_A_BEAT 20

struct stream {
    struct loop_grave grave;
    struct stream *prev, *next;   /* by their next beat */
    struct stream *before, *same; /* in the bucket */
    struct live *live;
    struct conn *conn;
    struct sql_call *call; /* asks whether the session lives */
    bool ended;
    bool tell;  /* when it does, the stream is told to look */
    bool again; /* it may have ended since it was asked */
    char person[LIVE_PERSON];
    char session[3 + CRYPTO_HEX(CRYPTO_HASH)]; /* \x..., argument of the statement */
    unsigned long long missed;                 /* of the process, when it was last told */
    int64_t beat_at, ask_at, end_at;           /* ms */
};

struct live {
    struct live_conf conf;
    struct event *tick;
    struct stream *first, *last;
    struct stream *buckets[BUCKETS];
    unsigned long long missed; /* times that announcements may have been missed */
    unsigned long long endings;
    struct live_stats stats;
};

/* --- lists ------------------------------------------------------------------------------------ */

/* FNV-1a */
static size_t bucket_of(const char *person)
{
    uint32_t hash = 2166136261u;

    for (; *person; person++)
        hash = (hash ^ (unsigned char)*person) * 16777619u;
    return hash % BUCKETS;
}

static void queue_remove(struct live *live, struct stream *stream)
{
    *(stream->prev ? &stream->prev->next : &live->first) = stream->next;
    *(stream->next ? &stream->next->prev : &live->last) = stream->prev;
}

static void queue_append(struct live *live, struct stream *stream)
{
    stream->next = NULL;
    stream->prev = live->last;
    *(live->last ? &live->last->next : &live->first) = stream;
    live->last = stream;
}

static void bucket_add(struct live *live, struct stream *stream)
{
    struct stream **head = &live->buckets[bucket_of(stream->person)];

    stream->same = *head;
    if (*head)
        (*head)->before = stream;
    *head = stream;
}

static void bucket_remove(struct live *live, struct stream *stream)
{
    *(stream->before ? &stream->before->same : &live->buckets[bucket_of(stream->person)]) =
        stream->same;
    if (stream->same)
        stream->same->before = stream->before;
}

/* The first stream of a person from `at` on. */
static struct stream *of_person(struct stream *at, const char *person)
{
    while (at && strcmp(at->person, person) != 0)
        at = at->same;
    return at;
}

/* --- the end of one --------------------------------------------------------------------------- */

static void stream_free(void *thing)
{
    struct stream *stream = thing;

    crypto_wipe(stream->session, sizeof(stream->session));
    free(stream);
}

static void on_end(void *arg)
{
    struct stream *stream = arg;
    struct live *live = stream->live;

    stream->ended = true;
    if (stream->call)
        sql_call_detach(stream->call);
    stream->call = NULL;
    queue_remove(live, stream);
    bucket_remove(live, stream);
    live->stats.streams--;
    loop_bury(live->conf.loop, &stream->grave, stream_free, stream);
}

/* --- what is said ----------------------------------------------------------------------------- */

static size_t write_event(char *text, const char *unread)
{
    return (size_t)snprintf(text, EVENT_MAX, "event: desk\ndata: {\"unread\":%.9s}\n\n", unread);
}

static void tell(struct stream *stream, const char *unread)
{
    char text[EVENT_MAX];
    size_t len = write_event(text, unread);

    stream->live->stats.events++;
    conn_stream_send(stream->conn, text, len);
}

static void ask(struct stream *stream);

static void on_checked(void *arg, const struct sql_result *result)
{
    struct stream *stream = arg;
    const char *left = result->outcome == SQL_ROW ? sql_get(result, "left_s") : NULL;
    const char *unread = result->outcome == SQL_ROW ? sql_get(result, "unread") : NULL;
    bool told = stream->tell;
    long seconds;

    stream->call = NULL;
    if (result->outcome == SQL_BUSY || result->outcome == SQL_DOWN)
        return; /* ask_at has passed: it is asked again with the next beat */
    if (!left || !unread || str_to_long(left, 1, 1L << 30, &seconds) < 0) {
        conn_stream_end(stream->conn, NULL, 0);
        return;
    }
    stream->ask_at = clock_ms() + seconds * 1000;
    stream->tell = false;
    if (stream->again)
        ask(stream);
    if (told)
        tell(stream, unread);
}

static void ask(struct stream *stream)
{
    struct live *live = stream->live;
    struct sql_args args = { 0 };

    stream->ask_at = 0;
    if (stream->missed != live->missed)
        stream->tell = true;
    stream->missed = live->missed;
    stream->again = stream->call != NULL;
    if (stream->call)
        return;
    live->stats.checks++;
    sql_text(&args, stream->session);
    stream->call = sql_pool_run(live->conf.pool, &stmt_live_check, &args, on_checked, stream);
}

static void beat(struct stream *stream, int64_t now)
{
    struct live *live = stream->live;

    if (now >= stream->end_at) {
        conn_stream_end(stream->conn, NULL, 0);
        return;
    }
    if (now >= stream->ask_at || stream->missed != live->missed)
        ask(stream);
    queue_remove(live, stream);
    stream->beat_at = now + live->conf.beat_ms;
    queue_append(live, stream);
    conn_stream_send(stream->conn, ": \n\n", 4);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct live *live = arg;
    int64_t now = clock_ms();

    (void)fd;
    (void)what;
    while (live->first && now >= live->first->beat_at)
        beat(live->first, now);
}

/* --- the beginning of one --------------------------------------------------------------------- */

enum live_room live_room(const struct live *live, const char *person)
{
    struct stream *at;
    size_t count = 0;

    if (live->stats.streams >= live->conf.max)
        return LIVE_FULL;
    if (!person)
        return LIVE_ROOM;
    for (at = live->buckets[bucket_of(person)]; (at = of_person(at, person)); at = at->same)
        count++;
    return count >= live->conf.max_person ? LIVE_FULL_PERSON : LIVE_ROOM;
}

unsigned long long live_endings(const struct live *live)
{
    return live->endings;
}

static struct stream *stream_new(struct live *live, struct req *req, const struct live_who *who)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    int64_t now = clock_ms();

    if (!stream)
        return NULL;
    stream->live = live;
    stream->conn = req->conn;
    stream->missed = live->missed;
    stream->beat_at = now + live->conf.beat_ms;
    stream->end_at = now + live->conf.life_ms;
    /* A session may have ended while the database was asked about this one. */
    stream->ask_at = who->endings == live->endings ? now + who->left_s * 1000 : now;
    snprintf(stream->person, sizeof(stream->person), "%s", who->person);
    stream->session[0] = '\\';
    stream->session[1] = 'x';
    crypto_hex(req->session, sizeof(req->session), stream->session + 2);
    return stream;
}

void live_begin(struct live *live, struct req *req, const struct live_who *who)
{
    struct stream *stream = req->head_only ? NULL : stream_new(live, req, who);
    char text[EVENT_MAX + 32];
    size_t len = (size_t)snprintf(text, 32, "retry: %d\n\n", RETRY_MS);

    if (!stream && !req->head_only) {
        req_refuse(req, "internal", NULL);
        return;
    }
    reply_header(req, "X-Accel-Buffering", "no");
    if (!stream) { /* HEAD: nobody waits */
        reply_stream(req, "text/event-stream", NULL);
        return;
    }
    queue_append(live, stream);
    bucket_add(live, stream);
    live->stats.streams++;
    live->stats.opened++;
    len += write_event(text + len, who->unread);
    reply_stream(req, "text/event-stream", &(struct conn_stream){ on_end, stream });
    if (!stream->ended)
        conn_stream_send(stream->conn, text, len);
}

/* --- what the database and the process say ---------------------------------------------------- */

/* Calls fn for each stream of a person; fn may end it. */
static void each_of(struct live *live, const char *person,
                    void (*fn)(struct stream *stream, const char *word), const char *word)
{
    struct stream *at = of_person(live->buckets[bucket_of(person)], person), *next;

    for (; at; at = next) {
        next = of_person(at->same, person);
        fn(at, word);
    }
}

static void ask_again(struct stream *stream, const char *word)
{
    (void)word;
    ask(stream);
}

void live_notify(struct live *live, const char *channel, const char *payload)
{
    char person[LIVE_PERSON];

    if (!channel) {
        live->missed++;
        live->endings++;
        return;
    }
    if (strlen(payload) < sizeof(person) - 1)
        return;
    memcpy(person, payload, sizeof(person) - 1);
    person[sizeof(person) - 1] = '\0';
    payload += sizeof(person) - 1;
    if (strcmp(channel, "session_ended") == 0) {
        live->endings++;
        each_of(live, person, ask_again, NULL);
    } else if (*payload == ' ' && payload[1] &&
               strspn(payload + 1, "0123456789") == strlen(payload + 1)) {
        each_of(live, person, tell, payload + 1);
    }
}

void live_stop(struct live *live)
{
    unsigned char random;
    char text[32];
    int len;

    while (live->first) {
        if (crypto_random(&random, 1) < 0)
            random = 0;
        len = snprintf(text, sizeof(text), "retry: %d\n\n", 1000 + 32 * random);
        conn_stream_end(live->first->conn, text, (size_t)len);
    }
}

void live_stats(const struct live *live, struct live_stats *ret)
{
    *ret = live->stats;
}

struct live *live_new(const struct live_conf *conf)
{
    struct live *live = calloc(1, sizeof(*live));
    long us = conf->beat_ms * 1000L / TICKS_A_BEAT;
    struct timeval period = { us / 1000000, us % 1000000 };

    if (!live)
        return NULL;
    live->conf = *conf;
    live->tick = event_new(loop_base(conf->loop), -1, EV_PERSIST, on_tick, live);
    if (live->tick && event_add(live->tick, &period) == 0)
        return live;
    live_free(live);
    return NULL;
}

void live_free(struct live *live)
{
    if (!live)
        return;
    if (live->tick)
        event_free(live->tick);
    free(live);
}
