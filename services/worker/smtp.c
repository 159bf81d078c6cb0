/* smtp.c - see smtp.h. libcurl says which sockets it waits for and for how long; libevent tells it
 * when they are ready. */
#include "smtp.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define AT_ONCE 4
#define TIMEOUT_MS 40000L /* shorter than the lease of an outbox row */

struct letter {
    TAILQ_ENTRY(letter) link;
    struct smtp *smtp;
    CURL *curl;
    struct curl_slist *to;
    struct buf message;
    size_t read;
    smtp_done_fn done;
    void *arg;
    char error[CURL_ERROR_SIZE];
};

TAILQ_HEAD(letter_list, letter);

struct smtp {
    struct event_base *base;
    struct smtp_conf conf;
    CURLM *multi;
    struct event *timer;
    struct letter_list letters;
};

static void letter_free(struct letter *letter)
{
    TAILQ_REMOVE(&letter->smtp->letters, letter, link);
    if (letter->curl) {
        curl_multi_remove_handle(letter->smtp->multi, letter->curl);
        curl_easy_cleanup(letter->curl);
    }
    curl_slist_free_all(letter->to);
    buf_release(&letter->message);
    free(letter);
}

static void letter_end(struct letter *letter, const char *error)
{
    smtp_done_fn done = letter->done;
    void *arg = letter->arg;
    char why[CURL_ERROR_SIZE];

    if (error)
        snprintf(why, sizeof(why), "%s", error);
    letter_free(letter);
    done(arg, error ? why : NULL);
}

static void smtp_collect(struct smtp *smtp)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(smtp->multi, &left))) {
        struct letter *letter;
        CURLcode rc = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &letter);
        letter_end(letter, rc == CURLE_OK     ? NULL
                           : letter->error[0] ? letter->error
                                              : curl_easy_strerror(rc));
    }
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct smtp *smtp = arg;
    int running;
    int ready = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    curl_multi_socket_action(smtp->multi, fd, ready, &running);
    smtp_collect(smtp);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct smtp *smtp = arg;
    int running;

    (void)fd, (void)what;
    curl_multi_socket_action(smtp->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    smtp_collect(smtp);
}

/* libcurl: wait for this on that socket from now on. `mine` is the event of the socket so far. */
static int on_watch(CURL *curl, curl_socket_t fd, int what, void *arg, void *mine)
{
    struct smtp *smtp = arg;
    struct event *event = mine;

    (void)curl;
    if (event)
        event_free(event);
    event = NULL;
    if (what != CURL_POLL_REMOVE) {
        short wants = (short)(EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) |
                              (what & CURL_POLL_OUT ? EV_WRITE : 0));

        event = event_new(smtp->base, fd, wants, on_socket, smtp);
        if (event)
            event_add(event, NULL); /* without it the transfer ends by its timeout */
    }
    curl_multi_assign(smtp->multi, fd, event);
    return 0;
}

static int on_wait(CURLM *multi, long ms, void *arg)
{
    struct smtp *smtp = arg;
    const struct timeval after = { ms / 1000, ms % 1000 * 1000 };

    (void)multi;
    if (ms < 0)
        evtimer_del(smtp->timer);
    else
        evtimer_add(smtp->timer, &after);
    return 0;
}

static size_t on_read(char *to, size_t size, size_t n, void *arg)
{
    struct letter *letter = arg;
    size_t left = letter->message.len - letter->read;
    size_t take = size * n < left ? size * n : left;

    memcpy(to, letter->message.data + letter->read, take);
    letter->read += take;
    return take;
}

struct smtp *smtp_new(struct event_base *base, const struct smtp_conf *conf)
{
    struct smtp *smtp = calloc(1, sizeof(*smtp));

    if (!smtp)
        return NULL;
    TAILQ_INIT(&smtp->letters);
    smtp->base = base;
    smtp->conf = *conf;
    smtp->timer = evtimer_new(base, on_timer, smtp);
    smtp->multi = curl_multi_init();
    if (!smtp->timer || !smtp->multi) {
        smtp_free(smtp);
        return NULL;
    }
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETDATA, smtp);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERFUNCTION, on_wait);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERDATA, smtp);
    curl_multi_setopt(smtp->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)AT_ONCE);
    return smtp;
}

void smtp_free(struct smtp *smtp)
{
    struct letter *letter;

    if (!smtp)
        return;
    while ((letter = TAILQ_FIRST(&smtp->letters)))
        letter_end(letter, "the worker stops"); /* NOLINT(clang-analyzer-unix.Malloc): unlinked */
    if (smtp->multi)
        curl_multi_cleanup(smtp->multi);
    if (smtp->timer)
        event_free(smtp->timer);
    free(smtp);
}

static void letter_options(struct letter *letter, const char *from)
{
    const struct smtp_conf *conf = &letter->smtp->conf;
    CURL *curl = letter->curl;

    curl_easy_setopt(curl, CURLOPT_URL, conf->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(conf->tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (*conf->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, conf->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, (const char *)conf->password.bytes);
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, letter->to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, letter);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, letter->error);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, letter);
}

int smtp_send(struct smtp *smtp, const char *from, const char *to, struct buf *message,
              smtp_done_fn done, void *arg)
{
    struct letter *letter = message->failed ? NULL : calloc(1, sizeof(*letter));

    if (!letter) {
        buf_release(message);
        return -1;
    }
    letter->smtp = smtp;
    letter->message = *message;
    letter->done = done;
    letter->arg = arg;
    TAILQ_INSERT_TAIL(&smtp->letters, letter, link);
    letter->to = curl_slist_append(NULL, to);
    letter->curl = curl_easy_init();
    if (letter->to && letter->curl) {
        letter_options(letter, from);
        if (curl_multi_add_handle(smtp->multi, letter->curl) == CURLM_OK)
            return 0;
    }
    letter_free(letter);
    return -1;
}
