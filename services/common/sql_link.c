/* sql_link.c - see sql_link.h. */
#include "sql_link.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"

#define BACKOFF_FIRST_MS 50
#define BACKOFF_LAST_MS 1000
#define CONNECT_MS 5000

static int params_add(struct sql_params *params, const char *keyword, const char *value)
{
    for (size_t i = 0; i + 1 < COUNT_OF(params->keyword); i++) {
        if (params->keyword[i])
            continue;
        params->value[i] = strdup(value);
        params->keyword[i] = params->value[i] ? strdup(keyword) : NULL;
        if (params->keyword[i])
            return 0;
        free(params->value[i]);
        params->value[i] = NULL;
        return -1;
    }
    return -1;
}

/* Dead peers are noticed within half a minute, unless the conninfo says otherwise. */
static const char *const defaults[][2] = {
    { "keepalives_idle", "10" },
    { "keepalives_interval", "5" },
    { "keepalives_count", "3" },
    { "tcp_user_timeout", "20000" },
};

static int params_fill(struct sql_params *params, const PQconninfoOption *given,
                       const char *application, const char *options)
{
    char text[1024];
    int rc = 0;

    for (size_t i = 0; i < COUNT_OF(defaults); i++)
        rc |= params_add(params, defaults[i][0], defaults[i][1]);
    if (application)
        rc |= params_add(params, "application_name", application);
    for (; given->keyword; given++) {
        if (!given->val)
            continue;
        if (strcmp(given->keyword, "options") == 0) {
            /* What the operator asks for comes last and therefore wins. */
            if (snprintf(text, sizeof(text), "%s %s", options, given->val) >= (int)sizeof(text))
                return -1;
            options = text;
        } else
            rc |= params_add(params, given->keyword, given->val);
    }
    return rc | params_add(params, "options", options);
}

int sql_params_init(struct sql_params *params, const char *conninfo, const char *application,
                    const char *options)
{
    PQconninfoOption *given = PQconninfoParse(conninfo, NULL);
    int rc = -1;

    *params = (struct sql_params){ 0 };
    if (given)
        rc = params_fill(params, given, application, options);
    PQconninfoFree(given);
    if (rc < 0)
        sql_params_release(params);
    return rc;
}

void sql_params_release(struct sql_params *params)
{
    for (size_t i = 0; i < COUNT_OF(params->keyword); i++) {
        free(params->keyword[i]);
        free(params->value[i]);
    }
    *params = (struct sql_params){ 0 };
}

static void link_timer(struct sql_link *link, int ms)
{
    const struct timeval after = { ms / 1000, ms % 1000 * 1000L };

    evtimer_add(link->timer, &after);
}

static void link_close(struct sql_link *link)
{
    if (link->io)
        event_free(link->io);
    PQfinish(link->pg);
    link->io = NULL;
    link->pg = NULL;
    link->state = LINK_DOWN;
}

void sql_link_fail(struct sql_link *link, const char *why)
{
    bool was_up = link->state == LINK_UP;

    if (link->state == LINK_DOWN)
        return;
    log_warn(link->log, was_up ? "database connection lost" : "database connection failed",
             LOG_S("why", why), LOG_I("retry_ms", link->backoff_ms));
    link->state = LINK_DOWN;
    if (was_up)
        link->owner.down(link->owner.arg);
    link_close(link);
    link_timer(link, link->backoff_ms);
    link->backoff_ms =
        link->backoff_ms * 2 < BACKOFF_LAST_MS ? link->backoff_ms * 2 : BACKOFF_LAST_MS;
}

/* libpq's messages end in a newline and may have several lines: the log keeps them escaped. */
static void link_fail_pq(struct sql_link *link)
{
    char why[256];

    snprintf(why, sizeof(why), "%s", link->pg ? PQerrorMessage(link->pg) : "out of memory");
    why[strcspn(why, "\n")] = '\0';
    sql_link_fail(link, why);
}

static void on_io(evutil_socket_t fd, short what, void *arg);

/* Waits for reading always and for writing when asked. The socket may change while connecting. */
static void link_wait(struct sql_link *link, bool writing)
{
    short wants = (short)(EV_PERSIST | EV_READ | (writing ? EV_WRITE : 0));
    int fd = PQsocket(link->pg);

    if (link->io && link->io_fd == fd && link->io_wants == wants)
        return;
    if (link->io)
        event_free(link->io);
    link->io = event_new(link->base, fd, wants, on_io, link);
    link->io_fd = fd;
    link->io_wants = wants;
    if (!link->io || event_add(link->io, NULL) < 0)
        sql_link_fail(link, "out of memory");
}

static void link_up(struct sql_link *link)
{
    evtimer_del(link->timer);
    if (PQsetnonblocking(link->pg, 1) != 0) {
        link_fail_pq(link);
        return;
    }
    link->state = LINK_UP;
    link->backoff_ms = BACKOFF_FIRST_MS;
    link->times_up++;
    link->up_ms = clock_ms();
    link_wait(link, false);
    if (link->state == LINK_UP)
        link->owner.up(link->owner.arg);
}

static void link_poll(struct sql_link *link)
{
    /* While connecting a socket that is writable need not be readable: wait for one of both. */
    PostgresPollingStatusType next = PQconnectPoll(link->pg);

    if (next == PGRES_POLLING_OK)
        link_up(link);
    else if (next == PGRES_POLLING_FAILED)
        link_fail_pq(link);
    else
        link_wait(link, next == PGRES_POLLING_WRITING);
}

void sql_link_flush(struct sql_link *link)
{
    if (link->state != LINK_UP)
        return;
    link_wait(link, PQflush(link->pg) > 0);
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
    struct sql_link *link = arg;

    (void)fd;
    if (link->state == LINK_CONNECTING) {
        link_poll(link);
        return;
    }
    if (what & EV_READ) {
        if (!PQconsumeInput(link->pg)) {
            /* What had arrived before the end is still to be read: the reason, for one. */
            link->owner.readable(link->owner.arg);
            if (link->state == LINK_UP)
                link_fail_pq(link);
            return;
        }
        link->owner.readable(link->owner.arg);
    }
    if (link->state == LINK_UP && PQstatus(link->pg) == CONNECTION_BAD)
        link_fail_pq(link);
    if (what & EV_WRITE)
        sql_link_flush(link);
}

static void on_notice(void *arg, const PGresult *notice)
{
    struct sql_link *link = arg;
    const char *message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

    log_debug(link->log, "database notice", LOG_S("message", message));
}

static void link_connect(struct sql_link *link)
{
    link->state = LINK_CONNECTING;
    link->pg = PQconnectStartParams((const char *const *)link->params->keyword,
                                    (const char *const *)link->params->value, 0);
    if (!link->pg || PQstatus(link->pg) == CONNECTION_BAD) {
        link_fail_pq(link);
        return;
    }
    PQsetNoticeReceiver(link->pg, on_notice, link);
    link_timer(link, CONNECT_MS);
    link_wait(link, true);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct sql_link *link = arg;

    (void)fd, (void)what;
    if (link->state == LINK_CONNECTING)
        sql_link_fail(link, "no answer in time");
    else if (link->state == LINK_DOWN)
        link_connect(link);
}

int sql_link_init(struct sql_link *link, struct event_base *base, struct log *log,
                  const struct sql_params *params, const struct sql_link_owner *owner)
{
    *link = (struct sql_link){
        .base = base, .log = log, .params = params, .owner = *owner, .backoff_ms = BACKOFF_FIRST_MS
    };
    link->timer = evtimer_new(base, on_timer, link);
    if (!link->timer)
        return -1;
    link_timer(link, 0);
    return 0;
}

void sql_link_release(struct sql_link *link)
{
    if (!link->timer)
        return;
    link_close(link);
    event_free(link->timer);
    link->timer = NULL;
}
