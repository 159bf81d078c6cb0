/* main.c - the worker: deadlines, outbox, mail. See worker.c for what a round is. */
#include <curl/curl.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "conf.h"
#include "log.h"
#include "loop.h"
#include "mail.h"
#include "smtp.h"
#include "str.h"
#include "worker.h"

struct settings {
#define SETTING(name, type, value, help) CONF_C_##type name;
#include "conf.def"
#undef SETTING
};

static const struct conf_row rows[] = {
#define SETTING(name, type, value, help) CONF_ROW(struct settings, name, type, value, help),
#include "conf.def"
#undef SETTING
};

struct process {
    struct settings set;
    struct arena arena;
    struct log *log;
    struct loop *loop;
    struct sql_pool *pool;
    struct smtp *smtp;
    struct worker *worker;
    bool ok, late; /* late: something was still under way when patience ended */
};

static void on_finished(void *arg, bool ok)
{
    struct process *process = arg;

    process->ok = ok;
    loop_stop(process->loop);
}

static void on_too_late(evutil_socket_t fd, short what, void *arg)
{
    struct process *process = arg;

    (void)fd, (void)what;
    process->late = true;
    loop_stop(process->loop);
}

static void on_stop(void *arg, int signal)
{
    struct process *process = arg;
    const struct timeval patience = { process->set.stop_ms / 1000,
                                      process->set.stop_ms % 1000 * 1000 };

    log_info(process->log, "stopping", LOG_I("signal", signal));
    /* What hangs is given back to the outbox by its lease. */
    if (event_base_once(loop_base(process->loop), -1, EV_TIMEOUT, on_too_late, process, &patience) <
        0)
        loop_stop(process->loop);
    worker_stop(process->worker);
}

static void on_hangup(void *arg, int signal)
{
    struct process *process = arg;

    (void)signal;
    if (log_reopen(process->log) < 0)
        log_warn(process->log, "cannot open the log file anew");
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
    struct process *process = arg;

    (void)channel, (void)payload; /* whatever it is, a round finds it */
    worker_wake(process->worker);
}

static const char *start_pool(struct process *process)
{
    static const char *const channels[] = { "outbox", "timer" };
    const struct sql_pool_conf conf = {
        .conninfo = process->set.database_url,
        .size = 2,
        .queue_max = (int)process->set.batch * 4 + 16,
        .queue_timeout_ms = 10000,
        .statement_timeout_ms = (int)process->set.statement_timeout_ms,
        .lock_timeout_ms = 5000,
        .idle_in_transaction_timeout_ms = 10000,
        .stmts = worker_stmts,
        .n_stmts = n_worker_stmts,
        .log = process->log,
        .application = "jiebang-worker",
    };

    process->pool = sql_pool_new(loop_base(process->loop), &conf);
    if (!process->pool)
        return "cannot use database_url";
    if (sql_pool_listen(process->pool, channels, COUNT_OF(channels), on_notify, process) < 0)
        return "out of memory";
    return NULL;
}

static const char *start_mail(struct process *process)
{
    const struct settings *set = &process->set;
    const struct smtp_conf conf = { set->mail_url, set->mail_user, set->mail_password,
                                    set->mail_tls };

    if (*set->public_url && !str_is_site(set->public_url))
        return "public_url is like https://host, without a slash at the end";
    if (!*set->mail_url)
        return NULL;
    if (!mail_address_ok(set->mail_from))
        return "mail_url needs mail_from, an address";
    if (*set->mail_user && !set->mail_password.bytes)
        return "mail_user needs mail_password, a file";
    process->smtp = smtp_new(loop_base(process->loop), &conf);
    return process->smtp ? NULL : "out of memory";
}

static const char *start_worker(struct process *process)
{
    const struct worker_conf conf = {
        .base = loop_base(process->loop),
        .log = process->log,
        .pool = process->pool,
        .smtp = process->smtp,
        .mail_from = process->set.mail_from,
        .mail_name = process->set.mail_name,
        .public_url = process->set.public_url,
        .batch = (int)process->set.batch,
        .once = process->set.once,
        .finished = on_finished,
        .arg = process,
    };

    process->worker = worker_new(&conf);
    if (!process->worker || loop_on_signal(process->loop, SIGTERM, on_stop, process) < 0 ||
        loop_on_signal(process->loop, SIGINT, on_stop, process) < 0 ||
        loop_on_signal(process->loop, SIGHUP, on_hangup, process) < 0)
        return "out of memory";
    return NULL;
}

/* NULL, or why it cannot start. */
static const char *start(struct process *process)
{
    const char *path = *process->set.log_file ? process->set.log_file : NULL;
    enum log_level level;
    const char *why;

    if (log_level_of(process->set.log_level, &level) < 0)
        return "log_level is none of debug, info, warn, error";
    if (process->set.batch < 1 || process->set.batch > 1000)
        return "batch is not within 1 and 1000";
    process->log = log_new(path, level, "worker");
    process->loop = loop_new();
    if (!process->log || !process->loop)
        return "cannot open the log file";
    why = start_pool(process);
    why = why ? why : start_mail(process);
    return why ? why : start_worker(process);
}

int main(int argc, char **argv)
{
    struct process process = { 0 };
    enum conf_result rc =
        conf_load(rows, COUNT_OF(rows), &process.set, &process.arena, &argc, argv);

    if (rc == CONF_HELP)
        conf_help(rows, COUNT_OF(rows), stdout, "Usage: jiebang-worker [OPTION]...");
    if (rc != CONF_OK || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        arena_release(&process.arena);
        return rc == CONF_HELP ? 0 : 2;
    }

    const char *why = start(&process);

    if (why)
        fprintf(stderr, "jiebang-worker: %s\n", why);
    else if (loop_run(process.loop) < 0)
        log_error(process.log, "the event loop failed");

    smtp_free(process.smtp);
    sql_pool_free(process.pool);
    worker_free(process.worker);
    loop_free(process.loop);
    log_free(process.log);
    arena_release(&process.arena);
    curl_global_cleanup();
    return why ? 2 : process.ok && !process.late ? 0 : 1;
}
