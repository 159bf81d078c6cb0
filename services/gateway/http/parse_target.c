/* parse_target.c - the four forms of a request target (RFC 9112 3.2) and what may name a host.
 *
 * Hosts are taken more narrowly than RFC 3986 writes them: a name of letters, digits, "-", "_" and
 * ".", an IPv4 address, or an IPv6 address in brackets, with or without a port. Percent-encoded
 * names, user information, empty names and empty ports are what host confusion is made of. */
#include <arpa/inet.h>
#include <string.h>

#include "parse_chars.h"
#include "parse_scan.h"
#include "str.h"

#define HOST_MAX 255

static bool is_ipv6(struct span inside)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (inside.len >= sizeof(text))
        return false;
    memcpy(text, inside.at, inside.len);
    text[inside.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_host(struct span host)
{
    if (host.len == 0 || host.len > HOST_MAX)
        return false;
    if (host.at[0] == '[')
        return host.at[host.len - 1] == ']' && is_ipv6((struct span){ host.at + 1, host.len - 2 });
    for (size_t i = 0; i < host.len; i++) {
        if (!char_is(host.at[i], CH_HOST))
            return false;
    }
    return host.at[0] != '.';
}

static bool is_port(struct span port)
{
    long value = 0;

    if (port.len == 0 || port.len > 5)
        return false;
    for (size_t i = 0; i < port.len; i++) {
        if (!char_is(port.at[i], CH_DIGIT))
            return false;
        value = value * 10 + (port.at[i] - '0');
    }
    return value > 0 && value <= 65535;
}

enum http_error check_authority(struct span authority, bool port_required)
{
    size_t host_len = authority.len;

    /* The last colon outside brackets; an IPv6 address always ends in one of those. */
    while (host_len > 0 && authority.at[host_len - 1] != ':' && authority.at[host_len - 1] != ']')
        host_len--;
    if (host_len == 0 || authority.at[host_len - 1] == ']') {
        if (host_len != 0 && host_len != authority.len)
            return HTTP_ERR_BAD_HOST;
        if (port_required || !is_host(authority))
            return HTTP_ERR_BAD_HOST;
        return HTTP_OK;
    }

    struct span host = { authority.at, host_len - 1 };
    struct span port = { authority.at + host_len, authority.len - host_len };
    return is_host(host) && is_port(port) ? HTTP_OK : HTTP_ERR_BAD_HOST;
}

static void take_path(struct http_head *head, struct span origin)
{
    const char *mark = origin.len ? memchr(origin.at, '?', origin.len) : NULL;
    size_t path_len = mark ? (size_t)(mark - origin.at) : origin.len;

    head->target = origin;
    head->path = (struct span){ origin.at, path_len };
    head->query = (struct span){ NULL, 0 };
    if (mark)
        head->query = (struct span){ mark + 1, origin.len - path_len - 1 };
    if (path_len == 0) /* "http://host" means "http://host/" (RFC 9110 4.2.3) */
        head->path = (struct span){ "/", 1 };
}

/* How long "http://" or "https://" at the beginning is, or 0. */
static size_t scheme_len(struct span target)
{
    static const char *const schemes[] = { "http://", "https://" };

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        size_t len = strlen(schemes[i]);

        if (target.len > len && span_eq_nocase((struct span){ target.at, len }, schemes[i]))
            return len;
    }
    return 0;
}

static enum http_error take_absolute(struct http_head *head, struct span target)
{
    size_t start = scheme_len(target);
    size_t end = start;

    if (start == 0)
        return HTTP_ERR_BAD_TARGET;
    while (end < target.len && target.at[end] != '/' && target.at[end] != '?')
        end++;

    struct span authority = { target.at + start, end - start };
    struct span origin = { target.at + end, target.len - end };

    if (origin.len && (memchr(origin.at, '[', origin.len) || memchr(origin.at, ']', origin.len)))
        return HTTP_ERR_BAD_TARGET;
    head->host = authority;
    take_path(head, origin);
    return check_authority(authority, false);
}

enum http_error head_take_target(struct http_head *head, struct span target)
{
    if (span_eq_nocase(head->method, "CONNECT")) {
        head->target = head->host = target;
        head->path = (struct span){ target.at, 0 };
        head->query = (struct span){ NULL, 0 };
        return check_authority(target, true);
    }
    if (target.at[0] == '/') {
        take_path(head, target);
        return HTTP_OK;
    }
    if (target.len == 1 && target.at[0] == '*') {
        take_path(head, target);
        return span_eq_nocase(head->method, "OPTIONS") ? HTTP_OK : HTTP_ERR_BAD_TARGET;
    }
    return take_absolute(head, target);
}
