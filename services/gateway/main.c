/* main.c - the gateway: settings, signals, the loop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "gateway.h"
#include "http/server.h"
#include "http/tls.h"
#include "listing.h"
#include "live.h"
#include "log.h"
#include "loop.h"
#include "pages/site.h"
#include "public.h"
#include "setup.h"

static const struct conf_row rows[] = {
#define SETTING(name, type, value, help) CONF_ROW(struct settings, name, type, value, help),
#include "conf.def"
#undef SETTING
};

static void on_stopped(void *arg)
{
    struct gateway *gw = arg;

    log_info(gw->log, "stopped");
    loop_stop(gw->loop);
}

static void on_stop(void *arg, int signal)
{
    struct gateway *gw = arg;

    log_info(gw->log, "stopping", LOG_I("signal", signal));
    live_stop(gw->live);
    http_server_stop(gw->server, (int)gw->conf.stop_ms, on_stopped, gw);
}

/* New certificate, new log files; nobody is disconnected. */
static void on_reload(void *arg, int signal)
{
    struct gateway *gw = arg;
    char why[400] = "";

    (void)signal;
    access_reopen(gw->access);
    if (log_reopen(gw->log) < 0)
        log_error(gw->log, "the log file cannot be opened again");
    public_changed(gw);
    if (!gw->tls)
        return;
    if (tls_reload(gw->tls, why, sizeof(why)) < 0)
        log_error(gw->log, "the certificate cannot be read again", LOG_S("why", why));
    else
        log_info(gw->log, "certificate read again",
                 LOG_I("certificate_days", tls_days_left(gw->tls)));
}

static int run(struct gateway *gw)
{
    struct http_app app;
    struct arena arena = { 0 };
    int rc = -1;

    if (setup_gateway(gw, &app, &arena) == 0 &&
        loop_on_signal(gw->loop, SIGTERM, on_stop, gw) == 0 &&
        loop_on_signal(gw->loop, SIGINT, on_stop, gw) == 0 &&
        loop_on_signal(gw->loop, SIGHUP, on_reload, gw) == 0)
        rc = loop_run(gw->loop);
    setup_release(gw);
    arena_release(&arena);
    return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int print_pages(void)
{
    json_t *list = site_json();
    int rc = list ? json_dumpf(list, stdout, JSON_INDENT(2)) : -1;

    json_decref(list);
    return rc == 0 && puts("") >= 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct gateway *gw;
    struct arena arena = { 0 };
    int rc = EXIT_FAILURE;

    if (argc == 2 && strcmp(argv[1], "--routes") == 0)
        return listing_print(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    if (argc == 2 && strcmp(argv[1], "--pages") == 0)
        return print_pages();
    gw = calloc(1, sizeof(*gw));
    if (!gw)
        return EXIT_FAILURE;
    switch (conf_load(rows, COUNT_OF(rows), &gw->conf, &arena, &argc, argv)) {
    case CONF_HELP:
        conf_help(rows, COUNT_OF(rows), stdout,
                  "usage: jiebang-gateway [--name=value ...]\n"
                  "       jiebang-gateway --routes    prints routes, forms and problems as JSON\n"
                  "       jiebang-gateway --pages     prints the table of pages as JSON\n");
        rc = EXIT_SUCCESS;
        break;
    case CONF_BAD:
        rc = 2;
        break;
    case CONF_OK:
        rc = run(gw);
        break;
    }
    arena_release(&arena);
    free(gw);
    return rc;
}
