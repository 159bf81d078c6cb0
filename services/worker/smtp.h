/* smtp.h - sends messages through one mail server, on the loop (libcurl multi). */
#ifndef JB_SMTP_H
#define JB_SMTP_H

#include <stdbool.h>

#include "buf.h"
#include "conf.h"
#include "must.h"

struct event_base;
struct smtp;

struct smtp_conf {
    const char *url; /* smtp:// or smtps:// */
    const char *user;
    struct conf_secret password;
    bool tls; /* a server without TLS is refused */
};

typedef void (*smtp_done_fn)(void *arg, const char *error_or_null);

struct smtp *smtp_new(struct event_base *base, const struct smtp_conf *conf);
void smtp_free(struct smtp *smtp); /* messages that are still out are answered with an error */
/* Takes the message's memory, also on failure. `done` is called once, from the loop. -1 when memory
 * is out or the message is incomplete (`done` is then never called). */
int MUST_CHECK smtp_send(struct smtp *smtp, const char *from, const char *to, struct buf *message,
                         smtp_done_fn done, void *arg);

#endif
