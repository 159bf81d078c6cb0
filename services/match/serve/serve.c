/* serve.c - see serve.h.
 *
 * A question is an `errand`: made when its frame has been read, then queue -> thread -> loop. The
 * thread touches the errand alone, and `dropped`, which says that nobody waits any more; whose it
 * is, the counters and the sending are the loop's. */
#include "serve.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "wire.h"
#include "clock.h"
#include "door.h"
#include "frame.h"
#include "jobs.h"
#include "log.h"
#include "loop.h"

#define THREADS_MAX 64
#define DOORS_MAX 2
#define TIMES 1024
#define ARENA_MAX (256u << 20)
#define HANDSHAKE_MS 5000

static const struct frames_conf limits = {
    .in_max = RPC_REQUEST_MAX, .out_max = RPC_RESPONSE_MAX, .frame_ms = 5000, .write_ms = 10000
};

TAILQ_HEAD(errand_list, errand);
TAILQ_HEAD(peer_list, peer);

struct peer {
    TAILQ_ENTRY(peer) link;
    struct serve *serve;
    struct frames *frames;
    struct errand_list asks;
    int n_asks;
};

struct errand {
    struct job job;
    TAILQ_ENTRY(errand) link;
    struct serve *serve;
    struct peer *peer; /* NULL: has left */
    atomic_bool dropped;
    struct arena arena;
    Jb__Request *request;
    Jb__Outcome outcome;
    unsigned char *bytes; /* the answer, when there is one to send */
    size_t len;
    long long arrived_us, deadline_ms;
    bool worked;
    const float *vector; /* in the arena; NULL: the engine does without, because of `without` */
    const char *without;
};

struct serve {
    struct serve_conf conf;
    struct door *doors[DOORS_MAX];
    struct ssl_ctx_st *tls;
    struct jobs *jobs;
    struct peer_list peers;
    int n_peers, n_asks;
    struct engine *engine;
    pthread_mutex_t lock; /* guards workers, n_workers, working */
    struct worker *workers[THREADS_MAX];
    int n_workers, working;
    struct serve_counts counts;
    float times[TIMES]; /* ms, a ring */
    size_t n_times;
    bool stopping;
    void (*stopped)(void *arg);
    void *stopped_arg;
};

/* --- on a thread ------------------------------------------------------------------------------ */

/* There is one worker for each thread, so one is always there. */
static struct worker *worker_take(struct serve *serve)
{
    pthread_mutex_lock(&serve->lock);
    struct worker *worker = serve->workers[--serve->n_workers];
    serve->working++;
    pthread_mutex_unlock(&serve->lock);
    return worker;
}

static void worker_give(struct serve *serve, struct worker *worker)
{
    pthread_mutex_lock(&serve->lock);
    serve->workers[serve->n_workers++] = worker;
    serve->working--;
    pthread_mutex_unlock(&serve->lock);
}

static Jb__Response *response_new(struct arena *arena, Jb__Outcome outcome)
{
    Jb__Response *response = arena_alloc(arena, sizeof(*response));

    if (response) {
        jb__response__init(response);
        response->outcome = outcome;
    }
    return response;
}

static char *text_of(const char *text)
{
    return (char *)(uintptr_t)text; /* protobuf-c knows no const */
}

/* The engine's word on it, or NULL with errand->outcome. */
static Jb__Response *errand_engine(struct errand *errand, char *why, size_t size)
{
    struct question question;
    struct answer answer = { 0 };
    const char *fault = wire_read(errand->request, &errand->arena, &question);
    struct worker *worker;

    if (fault) {
        errand->outcome = JB__OUTCOME__BAD;
        snprintf(why, size, "%s", fault);
        return NULL;
    }
    question.deadline_ms = errand->deadline_ms;
    question.vector = errand->vector;
    worker = worker_take(errand->serve);
    errand->outcome =
        wire_outcome(engine_ask(errand->serve->engine, worker, &errand->arena, &question, &answer));
    worker_give(errand->serve, worker);
    if (errand->outcome != JB__OUTCOME__OK)
        return NULL;

    Jb__Response *response = wire_write(&answer, &errand->arena);

    errand->outcome = response ? JB__OUTCOME__OK : JB__OUTCOME__NO_MEMORY;
    if (response && errand->serve->conf.vector && question.ask == ASK_MATCH)
        response->vectors = text_of(answer.embedded ? "used" : errand->without);
    return response;
}

static void on_work(struct job *job)
{
    struct errand *errand = (struct errand *)job; /* its first member */
    Jb__Response *response = NULL;
    char why[64] = "";

    if (atomic_load(&errand->dropped))
        return;
    if (clock_ms() >= errand->deadline_ms) {
        errand->outcome = JB__OUTCOME__LATE;
    } else {
        errand->worked = true;
        response = errand_engine(errand, why, sizeof(why));
    }
    if (response && protobuf_c_message_get_packed_size(&response->base) + 32 > RPC_RESPONSE_MAX) {
        errand->outcome = JB__OUTCOME__NO_MEMORY; /* nobody could take it */
        response = NULL;
    }
    if (!response)
        response = response_new(&errand->arena, errand->outcome);
    if (!response)
        return;
    if (*why)
        response->why = why;
    response->id = errand->request->id;
    response->outcome = errand->outcome;
    errand->bytes = rpc_write(&response->base, &errand->arena, &errand->len);
}

/* --- on the loop ------------------------------------------------------------------------------ */

static void stop_if_done(struct serve *serve)
{
    struct peer *peer;

    if (!serve->stopping || serve->n_asks > 0 || !serve->stopped)
        return;
    for (peer = TAILQ_FIRST(&serve->peers); peer; peer = TAILQ_NEXT(peer, link))
        if (frames_waiting(peer->frames) > 0)
            return;

    void (*stopped)(void *arg) = serve->stopped;

    serve->stopped = NULL;
    stopped(serve->stopped_arg);
}

static void count(struct serve *serve, Jb__Outcome outcome)
{
    struct serve_counts *counts = &serve->counts;
    unsigned long long *const by_outcome[] = {
        [JB__OUTCOME__OK] = &counts->ok,
        [JB__OUTCOME__OVERLOADED] = &counts->overloaded,
        [JB__OUTCOME__LATE] = &counts->late,
        [JB__OUTCOME__BAD] = &counts->refused,
        [JB__OUTCOME__UNKNOWN] = &counts->ok,
        [JB__OUTCOME__NO_MEMORY] = &counts->failed,
        [JB__OUTCOME__STARTING] = &counts->starting,
    };

    (*by_outcome[outcome])++;
}

static void errand_free(struct errand *errand)
{
    struct serve *serve = errand->serve;

    if (errand->peer) {
        TAILQ_REMOVE(&errand->peer->asks, errand, link);
        errand->peer->n_asks--;
    }
    serve->n_asks--;
    arena_release(&errand->arena);
    free(errand);
}

static void peer_end(struct peer *peer, const char *why)
{
    struct serve *serve = peer->serve;
    struct errand *errand;

    log_debug(serve->conf.log, "gateway has left", LOG_S("why", why),
              LOG_I("dropped", peer->n_asks));
    while ((errand = TAILQ_FIRST(&peer->asks))) {
        TAILQ_REMOVE(&peer->asks, errand, link);
        atomic_store(&errand->dropped, true);
        errand->peer = NULL;
    }
    TAILQ_REMOVE(&serve->peers, peer, link);
    serve->n_peers--;
    frames_free(peer->frames);
    free(peer);
    stop_if_done(serve);
}

static void peer_send(struct peer *peer, const unsigned char *bytes, size_t len)
{
    if (frames_send(peer->frames, bytes, len) < 0)
        peer_end(peer, "memory is out");
}

static void on_worked(struct job *job)
{
    struct errand *errand = (struct errand *)job;
    struct serve *serve = errand->serve;
    struct peer *peer = errand->peer;

    if (!peer) {
        serve->counts.dropped++;
    } else {
        count(serve, errand->bytes ? errand->outcome : JB__OUTCOME__NO_MEMORY);
        if (errand->worked)
            serve->times[serve->n_times++ % TIMES] =
                (float)(clock_us() - errand->arrived_us) / 1000.0f;
        if (errand->bytes && frames_send(peer->frames, errand->bytes, errand->len) < 0)
            log_warn(serve->conf.log, "an answer could not be sent: memory is out");
    }
    errand_free(errand);
    stop_if_done(serve);
}

/* An answer without work. */
static void answer_now(struct peer *peer, const Jb__Request *request, Jb__Outcome outcome,
                       struct arena *arena)
{
    struct serve *serve = peer->serve;
    Jb__Response *response = response_new(arena, outcome);
    unsigned char *bytes = NULL;
    size_t len = 0;

    if (response) {
        response->id = request->id;
        if (request->ask == JB__ASK__STATUS)
            serve->conf.status(serve->conf.arg, arena, response);
        bytes = rpc_write(&response->base, arena, &len);
    }
    if (request->ask != JB__ASK__STATUS)
        count(serve, outcome);
    if (bytes)
        peer_send(peer, bytes, len);
    else
        peer_end(peer, "memory is out");
}

static struct errand *errand_new(struct peer *peer)
{
    struct errand *errand = calloc(1, sizeof(*errand));

    if (!errand)
        return NULL;
    errand->arena.limit = ARENA_MAX;
    errand->serve = peer->serve;
    errand->peer = peer;
    errand->job.work = on_work;
    errand->job.done = on_worked;
    atomic_init(&errand->dropped, false);
    errand->arrived_us = clock_us();
    TAILQ_INSERT_TAIL(&peer->asks, errand, link);
    peer->n_asks++;
    peer->serve->n_asks++;
    return errand;
}

/* The rest of an errand that is answered without work. */
static void errand_refuse(struct errand *errand, Jb__Outcome outcome)
{
    /* The request outlives its errand, which is no longer counted. */
    struct arena arena = errand->arena;
    const Jb__Request *request = errand->request;
    struct peer *peer = errand->peer;

    errand->arena = (struct arena){ 0 };
    errand_free(errand);
    answer_now(peer, request, outcome, &arena);
    arena_release(&arena);
}

static void on_vector(void *arg, const float *vector, size_t n, const char *why)
{
    struct errand *errand = arg;
    struct serve *serve = errand->serve;

    if (!errand->peer) {
        serve->counts.dropped++;
        errand_free(errand);
        stop_if_done(serve);
        return;
    }
    errand->without = why;
    if (vector)
        errand->vector = (void *)arena_dup(&errand->arena, vector, n * sizeof(*vector));
    if (jobs_run(serve->jobs, &errand->job) < 0)
        errand_refuse(errand, JB__OUTCOME__OVERLOADED);
}

/* Half of its patience is for the endpoint. NULL: on_vector goes on; else why there is none. */
static const char *ask_vector(struct errand *errand)
{
    const struct serve_conf *conf = &errand->serve->conf;
    const Jb__Request *request = errand->request;
    long long until = (errand->arrived_us / 1000 + errand->deadline_ms) / 2;

    if (!conf->vector || request->ask != JB__ASK__MATCH || !request->subject ||
        request->subject->id.len > 0)
        return "filling"; /* should the record that is asked about have none yet */
    return conf->vector(conf->vector_arg, request->subject, until, on_vector, errand);
}

/* OK: it is in the queue, or will be once its vector is there. */
static Jb__Outcome errand_queue(struct errand *errand)
{
    struct serve *serve = errand->serve;
    unsigned patience = errand->request->patience_ms;

    if (!serve->engine || serve->stopping)
        return JB__OUTCOME__STARTING;
    if (errand->peer->n_asks > serve->conf.in_flight)
        return JB__OUTCOME__OVERLOADED;
    if (patience == 0)
        patience = (unsigned)serve->conf.patience_ms;
    if (patience > WIRE_PATIENCE_MAX_MS)
        patience = WIRE_PATIENCE_MAX_MS;
    errand->deadline_ms = errand->arrived_us / 1000 + patience;
    errand->without = ask_vector(errand);
    if (!errand->without)
        return JB__OUTCOME__OK;
    return jobs_run(serve->jobs, &errand->job) < 0 ? JB__OUTCOME__OVERLOADED : JB__OUTCOME__OK;
}

static void on_frame(void *arg, const unsigned char *bytes, size_t len)
{
    struct peer *peer = arg;
    struct errand *errand = errand_new(peer);
    const char *why = "memory is out";
    Jb__Outcome outcome;

    if (errand)
        errand->request = rpc_read_request(bytes, len, &errand->arena, &why);
    if (!errand || !errand->request) {
        log_warn(peer->serve->conf.log, "malformed question", LOG_S("why", why));
        if (errand)
            errand_free(errand);
        peer_end(peer, why);
        return;
    }
    if (errand->request->ask == JB__ASK__STATUS) {
        outcome = peer->serve->engine ? JB__OUTCOME__OK : JB__OUTCOME__STARTING;
    } else {
        peer->serve->counts.asked++;
        outcome = errand_queue(errand);
        if (outcome == JB__OUTCOME__OK)
            return;
    }
    errand_refuse(errand, outcome);
}

static void on_drained(void *arg)
{
    struct peer *peer = arg;

    stop_if_done(peer->serve);
}

static void on_down(void *arg, const char *why)
{
    peer_end(arg, why);
}

static void peer_new(struct serve *serve, struct bufferevent *bev, int connect_ms)
{
    struct frames_conf conf = limits;
    struct peer *peer = calloc(1, sizeof(*peer));

    if (!peer || serve->n_peers >= serve->conf.connections || serve->stopping) {
        bufferevent_free(bev);
        free(peer);
        return;
    }

    const struct frames_owner owner = { NULL, on_frame, on_drained, on_down, peer };

    conf.connect_ms = connect_ms;
    peer->serve = serve;
    TAILQ_INIT(&peer->asks);
    peer->frames = frames_new(serve->conf.loop, bev, &conf, &owner);
    if (!peer->frames) {
        free(peer);
        return;
    }
    TAILQ_INSERT_TAIL(&serve->peers, peer, link);
    serve->n_peers++;
}

static void on_unix(void *arg, int fd)
{
    struct serve *serve = arg;
    struct bufferevent *bev =
        bufferevent_socket_new(loop_base(serve->conf.loop), fd, BEV_OPT_CLOSE_ON_FREE);

    if (bev)
        peer_new(serve, bev, 0);
    else
        close(fd);
}

static void on_tls(void *arg, int fd)
{
    struct serve *serve = arg;
    SSL *ssl = SSL_new(serve->tls);
    struct bufferevent *bev =
        ssl ? bufferevent_openssl_socket_new(loop_base(serve->conf.loop), fd, ssl,
                                             BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE)
            : NULL;

    if (bev) {
        peer_new(serve, bev, HANDSHAKE_MS);
    } else {
        SSL_free(ssl);
        close(fd);
    }
}

static const char *add_door(struct serve *serve, struct door *door, const char *why)
{
    for (size_t i = 0; i < DOORS_MAX && door; i++) {
        if (serve->doors[i])
            continue;
        serve->doors[i] = door;
        return NULL;
    }
    door_free(door);
    return why;
}

const char *serve_listen_unix(struct serve *serve, const char *path)
{
    const char *why = NULL;
    struct door *door = door_unix(loop_base(serve->conf.loop), path, on_unix, serve, &why);

    return add_door(serve, door, why);
}

const char *serve_listen_tls(struct serve *serve, const char *address, struct ssl_ctx_st *tls)
{
    const char *why = NULL;
    struct door *door = door_tcp(loop_base(serve->conf.loop), address, on_tls, serve, &why);

    serve->tls = tls;
    return add_door(serve, door, why);
}

/* --- its life --------------------------------------------------------------------------------- */

struct serve *serve_new(const struct serve_conf *conf)
{
    struct serve *serve = calloc(1, sizeof(*serve));

    if (!serve)
        return NULL;
    serve->conf = *conf;
    TAILQ_INIT(&serve->peers);
    pthread_mutex_init(&serve->lock, NULL);
    serve->jobs = jobs_new(loop_base(conf->loop), conf->threads, conf->queue);
    if (!serve->jobs) {
        serve_free(serve);
        return NULL;
    }
    return serve;
}

int serve_open(struct serve *serve, struct engine *engine)
{
    while (serve->n_workers < serve->conf.threads && serve->n_workers < THREADS_MAX) {
        struct worker *worker = worker_new(engine);

        if (!worker)
            return -1;
        serve->workers[serve->n_workers++] = worker;
    }
    serve->engine = engine;
    return 0;
}

void serve_stop(struct serve *serve, void (*stopped)(void *arg), void *arg)
{
    struct peer *peer;

    for (size_t i = 0; i < DOORS_MAX; i++) {
        door_free(serve->doors[i]);
        serve->doors[i] = NULL;
    }
    serve->stopping = true;
    serve->stopped = stopped;
    serve->stopped_arg = arg;
    for (peer = TAILQ_FIRST(&serve->peers); peer; peer = TAILQ_NEXT(peer, link))
        frames_deafen(peer->frames);
    stop_if_done(serve);
}

void serve_free(struct serve *serve)
{
    struct peer *peer;

    if (!serve)
        return;
    serve->stopped = NULL;
    for (size_t i = 0; i < DOORS_MAX; i++)
        door_free(serve->doors[i]);
    while ((peer = TAILQ_FIRST(&serve->peers)))
        peer_end(peer, "the end"); /* NOLINT(clang-analyzer-unix.Malloc): unlinked */
    jobs_free(serve->jobs);
    for (int i = 0; i < serve->n_workers; i++)
        worker_free(serve->workers[i]);
    pthread_mutex_destroy(&serve->lock);
    free(serve);
}

static int compare_times(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

void serve_counts(struct serve *serve, struct serve_counts *ret)
{
    size_t n = serve->n_times < TIMES ? serve->n_times : TIMES;
    float sorted[TIMES];

    *ret = serve->counts;
    ret->connections = serve->n_peers;
    ret->waiting = jobs_waiting(serve->jobs);
    pthread_mutex_lock(&serve->lock);
    ret->working = serve->working;
    pthread_mutex_unlock(&serve->lock);
    if (n == 0)
        return;
    memcpy(sorted, serve->times, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare_times);
    ret->p50_ms = sorted[n / 2];
    ret->p99_ms = sorted[n * 99 / 100];
}
