/* frame.h - messages on a stream, each after its length: four bytes, big endian.
 *
 * The services speak in these (proto/match.proto says what is in them). Everything has a bound: the
 * longest frame, the time from a frame's first byte to its last, what may wait for a peer that does
 * not read, and for how long. A stream that passes one is ended with the reason. */
#ifndef JB_FRAME_H
#define JB_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define FRAME_HEAD 4

struct bufferevent;
struct frames;
struct loop;

enum frame_scan { FRAME_WHOLE, FRAME_PART, FRAME_TOO_LONG };

/* Is there a frame at the beginning of bytes[0..len)? FRAME_WHOLE: *ret_len bytes of it follow the
 * head. FRAME_TOO_LONG: its length is over `max`, or nothing. */
enum frame_scan frame_scan(const unsigned char *bytes, size_t len, size_t max, size_t *ret_len);
void frame_head(size_t len, unsigned char ret[FRAME_HEAD]);

struct frames_conf {
    size_t in_max;  /* bytes of a frame that comes in */
    size_t out_max; /* bytes that may wait for the peer; past it nothing more is read from it */
    int connect_ms; /* for the connection, with TLS's handshake; 0: it stands already */
    int frame_ms;   /* from a frame's first byte to its last */
    int write_ms;   /* in which the peer must take what waits when that time begins */
};

struct frames_owner {
    void (*up)(void *arg); /* connected; not called with connect_ms 0 */
    void (*frame)(void *arg, const unsigned char *bytes, size_t len); /* good until it returns */
    void (*drained)(void *arg);               /* all was sent; may be NULL */
    void (*down)(void *arg, const char *why); /* over; once; frames_free is still to be called */
    void *arg;
};

/* Takes the bufferevent, also on failure (NULL: memory is out). Owners are called from the loop,
 * never before this has returned, and may call frames_free on the spot. */
struct frames *frames_new(struct loop *loop, struct bufferevent *bev,
                          const struct frames_conf *conf, const struct frames_owner *owner);
/* No owner is called any more; what was not sent is lost. NULL is fine. */
void frames_free(struct frames *frames);
/* -1: memory is out, or it is over. */
int MUST_CHECK frames_send(struct frames *frames, const void *bytes, size_t len);
size_t frames_waiting(const struct frames *frames); /* bytes that the peer has yet to take */
/* Reads nothing more: what is owed can still be sent. */
void frames_deafen(struct frames *frames);

#endif
