/* str.c - see str.h. */
#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool span_eq(struct span span, const char *text)
{
    return span.len == strlen(text) && (span.len == 0 || memcmp(span.at, text, span.len) == 0);
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool span_eq_nocase(struct span span, const char *text)
{
    if (span.len != strlen(text))
        return false;
    for (size_t i = 0; i < span.len; i++)
        if (ascii_lower(span.at[i]) != ascii_lower(text[i]))
            return false;
    return true;
}

int str_to_long(const char *text, long min, long max, long *ret)
{
    const char *digits = *text == '-' ? text + 1 : text;
    char *end;

    if (*digits < '0' || *digits > '9')
        return -1;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || value < min || value > max)
        return -1;
    *ret = value;
    return 0;
}

bool str_is_site(const char *url)
{
    size_t len = strlen(url);
    size_t scheme = str_starts(url, "https://") ? 8 : str_starts(url, "http://") ? 7 : 0;

    for (size_t i = 0; i < len; i++)
        if (url[i] <= ' ' || url[i] > '~' || strchr("\"<>?#", url[i]))
            return false;
    return scheme > 0 && len > scheme && url[scheme] != '/' && url[len - 1] != '/';
}

bool str_is_local(const char *text, size_t len)
{
    if (len == 0 || text[0] != '/' || (len > 1 && (text[1] == '/' || text[1] == '\\')))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f) /* tabs are left out: "/<tab>/x" */
            return false;
    return true;
}
