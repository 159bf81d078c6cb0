/* sql_listen.c - see sql_listen.h. */
#include "sql_listen.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "log.h"

struct sql_listen {
    struct sql_link link;
    sql_notify_fn fn;
    void *arg;
    struct buf command; /* listen "a"; listen "b" */
    bool started;       /* the LISTENs have been answered */
};

static void on_up(void *arg)
{
    struct sql_listen *listen = arg;

    listen->started = false;
    if (!PQsendQuery(listen->link.pg, listen->command.data))
        sql_link_fail(&listen->link, "cannot send");
    else
        sql_link_flush(&listen->link);
}

static void on_down(void *arg)
{
    (void)arg; /* what is missed meanwhile is told by the NULL channel after reconnection */
}

/* Reads the answers to the LISTENs. Only after them nothing can be missed any more. */
static void listen_start(struct sql_listen *listen)
{
    PGresult *rows;

    while (!PQisBusy(listen->link.pg)) {
        rows = PQgetResult(listen->link.pg);
        if (!rows) {
            listen->started = true;
            listen->fn(listen->arg, NULL, NULL);
            return;
        }
        if (PQresultStatus(rows) != PGRES_COMMAND_OK)
            log_error(listen->link.log, "cannot listen", LOG_S("why", PQresultErrorMessage(rows)));
        PQclear(rows);
    }
}

static void on_readable(void *arg)
{
    struct sql_listen *listen = arg;
    PGnotify *notify;

    if (PQstatus(listen->link.pg) == CONNECTION_BAD)
        return;
    if (!listen->started)
        listen_start(listen);
    while (listen->started && (notify = PQnotifies(listen->link.pg))) {
        listen->fn(listen->arg, notify->relname, notify->extra);
        PQfreemem(notify);
    }
}

/* Channels are names of ours; a quote in one is doubled all the same. */
static void listen_add(struct buf *command, const char *channel)
{
    buf_adds(command, "listen \"");
    for (; *channel; channel++) {
        if (*channel == '"')
            buf_addc(command, '"');
        buf_addc(command, *channel);
    }
    buf_adds(command, "\";");
}

struct sql_listen *sql_listen_new(struct event_base *base, struct log *log,
                                  const struct sql_params *params, const char *const *channels,
                                  size_t n, sql_notify_fn fn, void *arg)
{
    struct sql_listen *listen = calloc(1, sizeof(*listen));

    if (!listen)
        return NULL;

    const struct sql_link_owner owner = { on_up, on_down, on_readable, listen };

    listen->fn = fn;
    listen->arg = arg;
    buf_init(&listen->command, 0);
    for (size_t i = 0; i < n; i++)
        listen_add(&listen->command, channels[i]);
    if (listen->command.failed || !listen->command.data ||
        sql_link_init(&listen->link, base, log, params, &owner) < 0) {
        sql_listen_free(listen);
        return NULL;
    }
    return listen;
}

void sql_listen_free(struct sql_listen *listen)
{
    if (!listen)
        return;
    sql_link_release(&listen->link);
    buf_release(&listen->command);
    free(listen);
}
