/* channel.c - see channel.h. A delivery may happen twice (the worker dies before it could say that
 * it was done), so every effect carries the outbox id. */
#include "channel.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mail.h"
#include "smtp.h"
#include "str.h"
#include "worker.h"

const struct sql_stmt stmt_outbox_done = { "outbox_done",
                                           "select job.outbox_done($1::bigint, $2::text)", 2, false,
                                           false };
const struct sql_stmt stmt_deliver_inbox = { "deliver_inbox",
                                             "select job.deliver_inbox($1::bigint)", 1, false,
                                             false };

struct delivery {
    struct arena arena;
    struct worker *worker;
    char *id, *kind, *payload;
};

static void delivery_free(struct delivery *delivery)
{
    struct worker *worker = delivery->worker;

    arena_release(&delivery->arena);
    free(delivery);
    worker_delivered(worker);
}

static void on_noted(void *arg, const struct sql_result *result)
{
    struct delivery *delivery = arg;

    if (result->outcome != SQL_ROW)
        log_warn(worker_conf(delivery->worker)->log, "delivery not noted, it may happen again",
                 LOG_S("outbox", delivery->id));
    delivery_free(delivery);
}

static int delivery_note(struct delivery *delivery, const char *error)
{
    const struct worker_conf *conf = worker_conf(delivery->worker);
    struct sql_args args = { 0 };

    if (error)
        log_warn(conf->log, "delivery failed", LOG_S("outbox", delivery->id),
                 LOG_S("kind", delivery->kind), LOG_S("why", error));
    sql_text(&args, delivery->id);
    sql_text(&args, error ? arena_dup(&delivery->arena, error, strlen(error)) : NULL);
    return sql_pool_run(conf->pool, &stmt_outbox_done, &args, on_noted, delivery) ? 0 : -1;
}

static void on_inbox(void *arg, const struct sql_result *result)
{
    struct delivery *delivery = arg;
    bool ok = result->outcome == SQL_ROW || result->outcome == SQL_EMPTY;

    if (delivery_note(delivery, ok ? NULL : result->message) < 0)
        delivery_free(delivery);
}

static int deliver_inbox(struct delivery *delivery)
{
    struct sql_args args = { 0 };

    sql_text(&args, delivery->id);
    return sql_pool_run(worker_conf(delivery->worker)->pool, &stmt_deliver_inbox, &args, on_inbox,
                        delivery)
               ? 0
               : -1;
}

static void on_mailed(void *arg, const char *error)
{
    struct delivery *delivery = arg;

    if (delivery_note(delivery, error) < 0)
        delivery_free(delivery);
}

/* The text with the address of what it is about, where site and path are known. NULL: no memory. */
static const char *linked(struct delivery *delivery, const char *text, const char *path)
{
    const char *site = worker_conf(delivery->worker)->public_url;

    if (!*site || !path || *path != '/')
        return text;
    return arena_printf(&delivery->arena, "%s\n\n%s%s\n", text, site, path);
}

/* payload: {"to": address, "subject": text, "text": text, "link"?: path} */
static int deliver_mail(struct delivery *delivery)
{
    const struct worker_conf *conf = worker_conf(delivery->worker);
    json_t *payload = json_loads(delivery->payload, 0, NULL);
    struct mail mail = { .from = conf->mail_from, .name = conf->mail_name, .id = delivery->id };
    const char *link = NULL;
    struct buf message;
    int rc = -1;

    if (!conf->smtp) {
        json_decref(payload);
        return delivery_note(delivery, NULL);
    }
    if (json_unpack(payload, "{s:s, s:s, s:s, s?:s}", "to", &mail.to, "subject", &mail.subject,
                    "text", &mail.text, "link", &link) < 0) {
        rc = delivery_note(delivery, "the payload has no to, subject and text");
    } else if (!mail_address_ok(mail.to)) {
        rc = delivery_note(delivery, "the address is malformed");
    } else if ((mail.text = linked(delivery, mail.text, link))) {
        mail_write(&mail, &message);
        rc = smtp_send(conf->smtp, mail.from, mail.to, &message, on_mailed, delivery);
    }
    json_decref(payload);
    return rc;
}

static const struct channel {
    const char *kind;
    int (*deliver)(struct delivery *delivery);
} channels[] = {
    { "moved", deliver_inbox }, /* an item changed its state: tell those concerned */
    { "inbox", deliver_inbox },
    { "mail", deliver_mail },
};

static int delivery_start(struct delivery *delivery)
{
    for (size_t i = 0; i < COUNT_OF(channels); i++)
        if (str_eq(delivery->kind, channels[i].kind))
            return channels[i].deliver(delivery);
    log_debug(worker_conf(delivery->worker)->log, "no channel", LOG_S("kind", delivery->kind),
              LOG_S("outbox", delivery->id));
    return delivery_note(delivery, NULL);
}

static char *delivery_copy(struct delivery *delivery, const struct sql_result *rows, int row,
                           const char *column)
{
    const char *text = sql_get_at(rows, row, column);

    return arena_dup(&delivery->arena, text ? text : "", text ? strlen(text) : 0);
}

int channel_deliver(struct worker *worker, const struct sql_result *rows, int row)
{
    struct delivery *delivery = calloc(1, sizeof(*delivery));

    if (!delivery)
        return -1;
    delivery->worker = worker;
    delivery->id = delivery_copy(delivery, rows, row, "id");
    delivery->kind = delivery_copy(delivery, rows, row, "kind");
    delivery->payload = delivery_copy(delivery, rows, row, "payload");
    if (delivery->id && delivery->kind && delivery->payload && delivery_start(delivery) == 0)
        return 0;
    arena_release(&delivery->arena);
    free(delivery);
    return -1;
}
