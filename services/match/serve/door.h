/* door.h - a listening socket: unix (mode 0660) or TCP. When descriptors are out it pauses instead
 * of spinning. */
#ifndef JM_DOOR_H
#define JM_DOOR_H

#include <stdbool.h>

struct door;
struct event_base;

/* `fd` is the callback's to close; nonblocking already. */
typedef void (*door_fn)(void *arg, int fd);

/* NULL with a static text in *ret_why. A socket file nobody listens on any more is replaced. */
struct door *door_unix(struct event_base *base, const char *path, door_fn fn, void *arg,
                       const char **ret_why);
/* "127.0.0.1:7310", "[::1]:7310": an address, no name. */
struct door *door_tcp(struct event_base *base, const char *address, door_fn fn, void *arg,
                      const char **ret_why);
void door_free(struct door *door); /* removes its socket file; NULL is fine */

#endif
