/* The chunked coding alone, so that the fuzzer need not find its way through a head first: data is
 * the same however the bytes are cut, never more than the limit, and never more than came. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/parse.h"

#define LIMIT 1000

struct outcome {
    char data[LIMIT];
    size_t len, used;
    enum http_progress progress;
    enum http_error error;
};

static void decode(const char *bytes, size_t len, size_t piece, struct outcome *ret)
{
    struct http_head head = { .chunked = true };
    struct http_body body;
    size_t have = 0;

    memset(ret, 0, sizeof(*ret));
    ret->progress = HTTP_NEED_MORE;
    http_body_init(&body, &head, LIMIT);
    while (have < len && ret->progress == HTTP_NEED_MORE) {
        size_t used = 1;
        struct span data;

        have = len - have < piece ? len : have + piece;
        while (ret->progress == HTTP_NEED_MORE && used > 0) {
            ret->progress = http_body_feed(&body, bytes + ret->used, have - ret->used, &used, &data,
                                           &ret->error);
            if (used > have - ret->used || data.len > used || ret->len + data.len > LIMIT)
                abort();
            memcpy(ret->data + ret->len, data.at, data.len);
            ret->len += data.len;
            ret->used += used;
        }
        if (ret->progress == HTTP_NEED_MORE && ret->used < have)
            abort(); /* whatever came and was not refused has been eaten */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole, cut;

    if (size == 0)
        return 0;
    decode((const char *)data, size, size, &whole);
    decode((const char *)data, size, data[size / 2] % 16U + 1, &cut);
    if (memcmp(&whole, &cut, sizeof(whole)) != 0)
        abort();
    return 0;
}
