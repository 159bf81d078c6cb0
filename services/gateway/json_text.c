/* json_text.c - see json_text.h. */
#include "json_text.h"

#define DUMP_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY)

static int on_piece(const char *bytes, size_t len, void *arg)
{
    struct buf *out = arg;

    buf_add(out, bytes, len);
    return out->failed ? -1 : 0;
}

void json_text_add(struct buf *out, const json_t *value)
{
    if (json_dump_callback(value, on_piece, out, DUMP_FLAGS) < 0)
        out->failed = true;
}

const char *json_text(struct arena *arena, const json_t *value)
{
    struct buf out;
    char *text;

    buf_init(&out, 0);
    json_text_add(&out, value);
    text = out.failed ? NULL : arena_dup(arena, out.data, out.len);
    buf_release(&out);
    return text;
}
