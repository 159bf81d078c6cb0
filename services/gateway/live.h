/* live.h - who waits to hear that the own desk has changed: the answers of GET /live, which are
 * server-sent events (WHATWG HTML) and have no end.
 *
 *   retry: 5000
 *   event: desk         something has changed; also first of all, so that a page which is older
 *   data: {"unread":3}  than its stream can see that by the number
 *   :                   a sign of life, for proxies, and to find out who has gone
 *
 * Whoever waits costs memory and no statement: the database announces (sql/workflow/74_desks.sql).
 * When announcements may have been missed, each hears of it with the next sign of life, which
 * spreads the questions that follow. A stream ends with its session: when the database announces
 * that (sql/auth/70_live.sql) or the time has come at which it would be over, it is asked once. */
#ifndef JB_LIVE_H
#define JB_LIVE_H

#include <stddef.h>

struct live;
struct loop;
struct req;
struct sql_pool;

#define LIVE_PERSON 37 /* a UUID and its NUL */

struct live_conf {
    struct loop *loop;
    struct sql_pool *pool;
    size_t max;        /* streams of this process */
    size_t max_person; /* ... of one person */
    int beat_ms;       /* between signs of life */
    int life_ms;       /* of a stream */
};

struct live *live_new(const struct live_conf *conf); /* NULL when memory is out */
void live_free(struct live *live);                   /* after the last connection; accepts NULL */

enum live_room { LIVE_ROOM, LIVE_FULL, LIVE_FULL_PERSON };
/* Is there room for one more? `person` NULL: for anybody. */
enum live_room live_room(const struct live *live, const char *person);
/* A number that changes when announcements come that concern sessions. */
unsigned long long live_endings(const struct live *live);

struct live_who {
    const char *person;         /* a UUID */
    const char *unread;         /* digits */
    long left_s;                /* until the session is over unless it is used */
    unsigned long long endings; /* of live_endings, before the database was asked */
};
/* Answers the request: it waits from now on. */
void live_begin(struct live *live, struct req *req, const struct live_who *who);

/* A notification of the database; channel NULL: some may have been missed. */
void live_notify(struct live *live, const char *channel, const char *payload);
/* Ends all streams; each browser is told another time to come back. */
void live_stop(struct live *live);

struct live_stats {
    size_t streams;
    unsigned long long opened, events, checks;
};
void live_stats(const struct live *live, struct live_stats *ret);

#endif
