/* A stream of requests, as a connection would bring it: no byte sequence crashes the parser, and
 * how the stream is cut does not change what it says. The bytes themselves pick the cut. */
#include "http_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;

    if (size == 0)
        return 0;

    char *whole = http_events_of(bytes, size, size, 1);
    char *cut = http_events_of(bytes, size, data[size / 2] % size, data[size / 3] % 32U + 1);
    if (strcmp(whole, cut) != 0)
        abort();
    free(whole);
    free(cut);
    return 0;
}
