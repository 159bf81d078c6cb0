/* door.c - see door.h. */
#include "door.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

struct door {
    struct evconnlistener *listener;
    struct event *pause;
    door_fn fn;
    void *arg;
    char *path; /* of a unix socket */
};

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
                      int len, void *arg)
{
    struct door *door = arg;

    (void)listener, (void)from, (void)len;
    door->fn(door->arg, (int)fd);
}

/* No descriptor left: what waits at the door would wake the loop again and again. */
static void on_error(struct evconnlistener *listener, void *arg)
{
    struct door *door = arg;
    const struct timeval second = { 1, 0 };

    evconnlistener_disable(listener);
    evtimer_add(door->pause, &second);
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
    struct door *door = arg;

    (void)fd, (void)what;
    evconnlistener_enable(door->listener);
}

static struct door *door_new(struct event_base *base, int fd, door_fn fn, void *arg)
{
    struct door *door = calloc(1, sizeof(*door));

    if (!door) {
        close(fd);
        return NULL;
    }
    door->fn = fn;
    door->arg = arg;
    door->pause = evtimer_new(base, on_pause_over, door);
    if (door->pause)
        door->listener = evconnlistener_new(
            base, on_accept, door, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, fd);
    if (!door->listener) {
        close(fd);
        door_free(door);
        return NULL;
    }
    evconnlistener_set_error_cb(door->listener, on_error);
    return door;
}

static bool somebody_listens(const struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool yes = fd >= 0 && (connect(fd, (const struct sockaddr *)name, sizeof(*name)) == 0 ||
                           errno == EAGAIN || errno == EINPROGRESS);

    if (fd >= 0)
        close(fd);
    return yes;
}

/* The mode is there from the first moment: a chmod afterwards would leave a gap. */
static int bind_private(int fd, const struct sockaddr_un *name)
{
    mode_t before = umask(0117);
    int rc = bind(fd, (const struct sockaddr *)name, sizeof(*name));

    umask(before);
    return rc;
}

struct door *door_unix(struct event_base *base, const char *path, door_fn fn, void *arg,
                       const char **ret_why)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    struct door *door;
    int fd;

    *ret_why = "the socket's path is too long";
    if (strlen(path) >= sizeof(name.sun_path))
        return NULL;
    memcpy(name.sun_path, path, strlen(path) + 1);
    *ret_why = "somebody else listens on the socket";
    if (somebody_listens(&name))
        return NULL;
    (void)unlink(path);
    *ret_why = "the socket cannot be made";
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return NULL;
    if (bind_private(fd, &name) < 0) {
        close(fd);
        return NULL;
    }
    door = door_new(base, fd, fn, arg);
    if (door)
        door->path = strdup(path);
    return door;
}

struct door *door_tcp(struct event_base *base, const char *address, door_fn fn, void *arg,
                      const char **ret_why)
{
    struct sockaddr_storage name = { 0 };
    int len = sizeof(name), fd, yes = 1;

    *ret_why = "listen is not address:port";
    if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&name, &len) < 0)
        return NULL;
    *ret_why = "cannot listen there";
    fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return NULL;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
        bind(fd, (const struct sockaddr *)&name, (socklen_t)len) < 0) {
        close(fd);
        return NULL;
    }
    return door_new(base, fd, fn, arg);
}

void door_free(struct door *door)
{
    if (!door)
        return;
    if (door->listener)
        evconnlistener_free(door->listener);
    if (door->pause)
        event_free(door->pause);
    if (door->path)
        unlink(door->path);
    free(door->path);
    free(door);
}
