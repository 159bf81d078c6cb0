/* frame.c - see frame.h. Deadlines are on whole things, never on single reads: a peer that sends or
 * takes a byte now and then does not stay for ever. */
#include "frame.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"

struct frames {
    struct loop *loop;
    struct loop_grave grave;
    struct bufferevent *bev;
    struct event *in_timer;  /* connecting, or a frame that has begun */
    struct event *out_timer; /* runs while something waits for the peer */
    struct frames_conf conf;
    struct frames_owner owner;
    bool up, over, freed;
    bool paused, deaf;
    unsigned long long sent, goal; /* bytes given to the peer's side; to be taken by out_timer */
};

enum frame_scan frame_scan(const unsigned char *bytes, size_t len, size_t max, size_t *ret_len)
{
    size_t body;

    if (len < FRAME_HEAD)
        return FRAME_PART;
    body = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    if (body == 0 || body > max)
        return FRAME_TOO_LONG;
    if (len - FRAME_HEAD < body)
        return FRAME_PART;
    *ret_len = body;
    return FRAME_WHOLE;
}

void frame_head(size_t len, unsigned char ret[FRAME_HEAD])
{
    for (int i = 0; i < FRAME_HEAD; i++)
        ret[i] = (unsigned char)(len >> (8 * (FRAME_HEAD - 1 - i)));
}

static void start(struct event *timer, int ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000L };

    evtimer_add(timer, &after);
}

size_t frames_waiting(const struct frames *frames)
{
    return evbuffer_get_length(bufferevent_get_output(frames->bev));
}

static void frames_down(struct frames *frames, const char *why)
{
    if (frames->over)
        return;
    frames->over = true;
    bufferevent_disable(frames->bev, EV_READ | EV_WRITE);
    event_del(frames->in_timer);
    event_del(frames->out_timer);
    frames->owner.down(frames->owner.arg, why);
}

static void frames_pause(struct frames *frames)
{
    frames->paused = true;
    event_del(frames->in_timer);
    bufferevent_disable(frames->bev, EV_READ);
}

/* Hands over what is whole; looks after the deadline of what is not. */
static void frames_read(struct frames *frames)
{
    struct evbuffer *in = bufferevent_get_input(frames->bev);
    bool fresh = false; /* the part that is left began just now */

    while (!frames->over && !frames->deaf) {
        unsigned char head[FRAME_HEAD];
        size_t have = evbuffer_get_length(in), len = 0;
        ssize_t n = evbuffer_copyout(in, head, sizeof(head));
        enum frame_scan scan =
            frame_scan(head, n == FRAME_HEAD ? have : 0, frames->conf.in_max, &len);

        if (frames_waiting(frames) > frames->conf.out_max) {
            frames_pause(frames);
            return;
        }
        if (scan == FRAME_TOO_LONG) {
            frames_down(frames, "a frame's length is out of bounds");
            return;
        }
        if (scan == FRAME_PART) {
            if (have == 0)
                event_del(frames->in_timer);
            else if (fresh || !event_pending(frames->in_timer, EV_TIMEOUT, NULL))
                start(frames->in_timer, frames->conf.frame_ms);
            return;
        }

        const unsigned char *bytes = evbuffer_pullup(in, (ssize_t)(FRAME_HEAD + len));

        if (!bytes) {
            frames_down(frames, "out of memory");
            return;
        }
        frames->owner.frame(frames->owner.arg, bytes + FRAME_HEAD, len);
        evbuffer_drain(in, FRAME_HEAD + len);
        fresh = true;
    }
}

static void on_read(struct bufferevent *bev, void *arg)
{
    (void)bev;
    frames_read(arg);
}

/* Called when little enough waits that the peer may ask again, and when nothing does. */
static void on_write(struct bufferevent *bev, void *arg)
{
    struct frames *frames = arg;
    size_t waiting = frames_waiting(frames);

    (void)bev;
    /* libevent calls too when a new connection has nothing to say */
    if (waiting == 0 && event_pending(frames->out_timer, EV_TIMEOUT, NULL)) {
        event_del(frames->out_timer);
        if (frames->owner.drained)
            frames->owner.drained(frames->owner.arg);
    }
    if (frames->paused && !frames->over && !frames->deaf && waiting <= frames->conf.out_max) {
        frames->paused = false;
        bufferevent_enable(frames->bev, EV_READ);
        frames_read(frames);
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct frames *frames = arg;

    (void)bev;
    if (what & BEV_EVENT_CONNECTED) {
        frames->up = true;
        event_del(frames->in_timer);
        if (!frames->over && frames->owner.up)
            frames->owner.up(frames->owner.arg);
    } else if (what & BEV_EVENT_EOF)
        frames_down(frames, "the peer has closed");
    else if (!frames->up)
        frames_down(frames, "cannot connect");
    else
        frames_down(frames, "the connection failed");
}

static void on_in_timer(evutil_socket_t fd, short what, void *arg)
{
    struct frames *frames = arg;

    (void)fd, (void)what;
    frames_down(frames, frames->up ? "a frame did not end in time" : "not connected in time");
}

static unsigned long long taken(const struct frames *frames)
{
    return frames->sent - frames_waiting(frames);
}

static void on_out_timer(evutil_socket_t fd, short what, void *arg)
{
    struct frames *frames = arg;

    (void)fd, (void)what;
    if (taken(frames) < frames->goal) {
        frames_down(frames, "the peer does not read");
    } else if (frames_waiting(frames) > 0) {
        frames->goal = frames->sent;
        start(frames->out_timer, frames->conf.write_ms);
    }
}

static void frames_bury(void *thing)
{
    struct frames *frames = thing;

    if (frames->in_timer)
        event_free(frames->in_timer);
    if (frames->out_timer)
        event_free(frames->out_timer);
    bufferevent_free(frames->bev);
    free(frames);
}

struct frames *frames_new(struct loop *loop, struct bufferevent *bev,
                          const struct frames_conf *conf, const struct frames_owner *owner)
{
    struct frames *frames = calloc(1, sizeof(*frames));

    if (!frames) {
        bufferevent_free(bev);
        return NULL;
    }
    *frames = (struct frames){ .loop = loop, .bev = bev, .conf = *conf, .owner = *owner };
    frames->up = conf->connect_ms == 0;
    frames->in_timer = evtimer_new(loop_base(loop), on_in_timer, frames);
    frames->out_timer = evtimer_new(loop_base(loop), on_out_timer, frames);
    bufferevent_setcb(bev, on_read, on_write, on_event, frames);
    bufferevent_setwatermark(bev, EV_READ, 0, FRAME_HEAD + conf->in_max);
    bufferevent_setwatermark(bev, EV_WRITE, 0, 0);
    if (!frames->in_timer || !frames->out_timer ||
        bufferevent_enable(bev, EV_READ | EV_WRITE) < 0) {
        frames_bury(frames);
        return NULL;
    }
    if (!frames->up)
        start(frames->in_timer, conf->connect_ms);
    return frames;
}

void frames_free(struct frames *frames)
{
    if (!frames || frames->freed)
        return;
    frames->freed = true;
    frames->over = true;
    bufferevent_setcb(frames->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(frames->bev, EV_READ | EV_WRITE);
    event_del(frames->in_timer);
    event_del(frames->out_timer);
    loop_bury(frames->loop, &frames->grave, frames_bury, frames);
}

int frames_send(struct frames *frames, const void *bytes, size_t len)
{
    struct evbuffer *out = bufferevent_get_output(frames->bev);
    unsigned char head[FRAME_HEAD];

    if (frames->over)
        return -1;
    frame_head(len, head);
    /* Room first: half a frame on the way could not be taken back. */
    if (evbuffer_expand(out, FRAME_HEAD + len) < 0 || evbuffer_add(out, head, FRAME_HEAD) < 0 ||
        evbuffer_add(out, bytes, len) < 0)
        return -1;
    frames->sent += FRAME_HEAD + len;
    if (!event_pending(frames->out_timer, EV_TIMEOUT, NULL)) {
        frames->goal = frames->sent;
        start(frames->out_timer, frames->conf.write_ms);
    }
    return 0;
}

void frames_deafen(struct frames *frames)
{
    frames->deaf = true;
    event_del(frames->in_timer);
    bufferevent_disable(frames->bev, EV_READ);
}
