/* parse_chars.h - which byte may stand where (RFC 9110 5.6.2, RFC 3986), as one table. */
#ifndef JB_HTTP_PARSE_CHARS_H
#define JB_HTTP_PARSE_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

enum char_class {
    CH_TOKEN = 1 << 0,  /* tchar */
    CH_VALUE = 1 << 1,  /* VCHAR, SP, HTAB, obs-text */
    CH_TARGET = 1 << 2, /* pchar, "/", "?" and "%", which the caller checks further */
    CH_HOST = 1 << 3,   /* of a name or an IPv4 address; narrower than reg-name on purpose */
    CH_DIGIT = 1 << 4,
    CH_HEX = 1 << 5,
    CH_QUOTED = 1 << 6, /* qdtext */
};

extern const uint8_t char_classes[256];

static inline bool char_is(char c, enum char_class class)
{
    return (char_classes[(unsigned char)c] & (unsigned)class) != 0;
}

/* -1 when not a hexadecimal digit. */
int char_hex(char c);

#endif
