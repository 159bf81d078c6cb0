/* setup.h - makes a gateway of its settings, part by part, and takes it down again. */
#ifndef JB_SETUP_H
#define JB_SETUP_H

#include "arena.h"
#include "gateway.h"
#include "http/conn.h"

/* `gw` has its settings; everything else is made here. `app` and `arena` must live as long as the
 * gateway. 0, or -1 after saying on stderr what is wrong. */
int MUST_CHECK setup_gateway(struct gateway *gw, struct http_app *app, struct arena *arena);
void setup_release(struct gateway *gw);
/* Splits "a, b,c" into names kept in the arena. */
int MUST_CHECK name_list_read(struct name_list *list, struct arena *arena, const char *text);

#endif
