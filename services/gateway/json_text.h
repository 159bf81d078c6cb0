/* json_text.h - JSON values as text. */
#ifndef JB_JSON_TEXT_H
#define JB_JSON_TEXT_H

#include <jansson.h>

#include "arena.h"
#include "buf.h"

/* Appends the value, compact; a failure makes the buffer failed. */
void json_text_add(struct buf *out, const json_t *value);
/* In the arena; NULL when memory is out. */
const char *json_text(struct arena *arena, const json_t *value);

#endif
