/* buf.c - see buf.h. */
#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){ .limit = limit };
}

void buf_release(struct buf *buf)
{
    free(buf->data);
    buf_init(buf, buf->limit);
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

/* Room for `more` bytes and the NUL. */
static bool buf_room(struct buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    if (more > SIZE_MAX / 4 || (buf->limit && more > buf->limit - buf->len)) {
        buf->failed = true;
        return false;
    }

    size_t need = buf->len + more + 1;

    if (need <= buf->cap)
        return true;

    size_t cap = buf->cap ? buf->cap : 64;

    while (cap < need)
        cap *= 2;

    char *data = realloc(buf->data, cap);

    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    if (!buf_room(buf, len))
        return;
    if (len > 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *string)
{
    buf_add(buf, string, strlen(string));
}

void buf_addc(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        buf->failed = true;
    else if (buf_room(buf, (size_t)len)) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

/* The length of the valid UTF-8 sequence at `at` (RFC 3629: shortest form, no surrogates), or 0. */
static size_t utf8_len(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first_min, first_max, second_min, second_max;
        unsigned char len;
    } forms[] = {
        { 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (at[0] < forms[i].first_min || at[0] > forms[i].first_max)
            continue;
        if (forms[i].len > left)
            return 0;
        if (forms[i].len > 1 && (at[1] < forms[i].second_min || at[1] > forms[i].second_max))
            return 0;
        for (size_t k = 2; k < forms[i].len; k++)
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        return forms[i].len;
    }
    return 0;
}

static void buf_add_escaped(struct buf *buf, unsigned char c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i + 1 < sizeof(shorts); i += 2) {
        if ((unsigned char)shorts[i] == c) {
            char pair[2] = { '\\', shorts[i + 1] };

            buf_add(buf, pair, 2);
            return;
        }
    }
    buf_addf(buf, "\\u%04x", c);
}

void buf_add_json(struct buf *buf, const char *bytes, size_t len)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t plain = 0; /* bytes before `i` that can be copied as they are */

    buf_addc(buf, '"');
    for (size_t i = 0; i < len;) {
        bool special = at[i] < 0x20 || at[i] == '"' || at[i] == '\\' || at[i] == 0x7f;
        size_t step = special ? 1 : utf8_len(at + i, len - i);

        if (!special && step > 0) {
            i += step;
            plain += step;
            continue;
        }
        buf_add(buf, at + i - plain, plain);
        plain = 0;
        if (special)
            buf_add_escaped(buf, at[i]);
        else
            buf_adds(buf, "\xef\xbf\xbd");
        i++;
    }
    buf_add(buf, at + len - plain, plain);
    buf_addc(buf, '"');
}

void buf_add_percent(struct buf *buf, const char *bytes, size_t len, const char *also)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
            (c && strchr(also, c)))
            buf_addc(buf, (char)c);
        else
            buf_addf(buf, "%%%02X", c);
    }
}
