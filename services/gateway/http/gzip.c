/* gzip.c - see gzip.h. */
#include "gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "str.h"

#define LEVEL 5
#define WINDOW_GZIP (15 + 16)
#define LEN_MAX (64u << 20)

char *gzip_pack(const char *bytes, size_t len, size_t *ret_len)
{
    z_stream stream = { 0 };
    char *out;
    int rc;

    if (len > LEN_MAX ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    out = malloc(len);
    if (!out) {
        deflateEnd(&stream);
        return NULL;
    }
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)len;
    rc = deflate(&stream, Z_FINISH); /* not the end: it did not become smaller */
    *ret_len = stream.total_out;
    deflateEnd(&stream);
    if (rc == Z_STREAM_END)
        return out;
    free(out);
    return NULL;
}

static struct span trimmed(const char *at, size_t len)
{
    while (len && (*at == ' ' || *at == '\t'))
        at++, len--;
    while (len && (at[len - 1] == ' ' || at[len - 1] == '\t'))
        len--;
    return (struct span){ at, len };
}

/* "gzip", "gzip;q=0.5"; not "gzip;q=0" nor "gzip;q=0.000". */
static bool element_allows(struct span element, bool *ret_named)
{
    const char *semi = memchr(element.at, ';', element.len);
    struct span name = trimmed(element.at, semi ? (size_t)(semi - element.at) : element.len);
    struct span q;

    *ret_named = span_eq_nocase(name, "gzip") || span_eq_nocase(name, "x-gzip");
    if (!*ret_named && !span_eq(name, "*"))
        return false;
    if (!semi)
        return true;
    q = trimmed(semi + 1, (size_t)(element.at + element.len - semi - 1));
    if (q.len < 3 || (q.at[0] != 'q' && q.at[0] != 'Q'))
        return true;
    for (size_t i = 2; i < q.len; i++)
        if (q.at[i] >= '1' && q.at[i] <= '9')
            return true;
    return false;
}

bool gzip_accepted(struct span accept)
{
    const char *at = accept.at, *end, *comma;
    bool allowed = false, named, yes;

    if (accept.len == 0)
        return false;
    end = accept.at + accept.len;
    for (; at < end; at = comma + 1) {
        comma = memchr(at, ',', (size_t)(end - at));
        if (!comma)
            comma = end;
        yes = element_allows((struct span){ at, (size_t)(comma - at) }, &named);
        if (named)
            return yes; /* said by name: counts more than '*' */
        allowed = allowed || yes;
    }
    return allowed;
}
