/* What a gateway may send to the engine, and the engine to a gateway: bytes into frames, frames
 * into messages, a request into a question. What was read and is written again reads the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "rpc.h"
#include "wire.h"

#define FRAME_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_question(const Jb__Request *request, struct arena *arena)
{
    struct question question;
    const char *why = wire_read(request, arena, &question);

    if (why)
        return;
    for (int i = 0; i < N_FIELDS; i++)
        if (!question.subject.field[i])
            abort();
    if (question.limit > WIRE_LIMIT_MAX || question.n_parts > WIRE_PARTS_MAX)
        abort();
}

static void check_request(const uint8_t *bytes, size_t len)
{
    struct arena arena = { .limit = 16u << 20 };
    const char *why = NULL;
    Jb__Request *request = rpc_read_request(bytes, len, &arena, &why), *again;
    unsigned char *written;
    size_t n = 0;

    if (!request && !why)
        abort();
    if (request) {
        check_question(request, &arena);
        written = rpc_write(&request->base, &arena, &n);
        again = written ? rpc_read_request(written, n, &arena, &why) : NULL;
        if (written && (!again || again->id != request->id || again->ask != request->ask ||
                        again->n_parts != request->n_parts))
            abort();
    }
    arena_release(&arena);
}

static void check_response(const uint8_t *bytes, size_t len)
{
    struct arena arena = { .limit = 16u << 20 };
    const char *why = NULL;

    if (!rpc_read_response(bytes, len, &arena, &why) && !why)
        abort();
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = 0;

    while (frame_scan(data, size, FRAME_MAX, &len) == FRAME_WHOLE) {
        if (len == 0 || len > FRAME_MAX || len + FRAME_HEAD > size)
            abort();
        /* A copy of its own, so that a byte past its end is seen. */
        uint8_t *frame = malloc(len);

        memcpy(frame, data + FRAME_HEAD, len);
        check_request(frame, len);
        check_response(frame, len);
        free(frame);
        data += FRAME_HEAD + len;
        size -= FRAME_HEAD + len;
    }
    return 0;
}
