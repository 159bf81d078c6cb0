/* response.c - see response.h. */
#include "response.h"

#include <stdio.h>
#include <string.h>

#include "must.h"

/* On every answer, errors too. Pages and scripts come from this origin alone. */
static const char security_headers[] =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
    "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 410, "Gone" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 417, "Expectation Failed" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 423, "Locked" },
    { 428, "Precondition Required" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
};

const char *response_reason(int status)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

size_t response_date_offset(int status)
{
    return sizeof("HTTP/1.1 200 ") - 1 + strlen(response_reason(status)) + sizeof("\r\nDate: ") - 1;
}

void response_date(time_t now, char ret[RESPONSE_DATE_LEN + 1])
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    char text[80];
    struct tm at;

    gmtime_r(&now, &at);
    snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[at.tm_wday],
             at.tm_mday, months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
    memcpy(ret, text, RESPONSE_DATE_LEN);
    ret[RESPONSE_DATE_LEN] = '\0';
}

const char *response_now(struct response_clock *clock)
{
    time_t now = time(NULL);

    if (now != clock->at) {
        response_date(now, clock->date);
        clock->at = now;
    }
    return clock->date;
}

const char *response_vary(const char *type)
{
    return type && strncmp(type, "text/html", 9) == 0
               ? "Accept, Accept-Encoding, Accept-Language, Cookie"
               : "Accept, Accept-Encoding";
}

const char *response_tail(bool keep, bool http10)
{
    if (!keep)
        return "Connection: close\r\n\r\n";
    return http10 ? "Connection: keep-alive\r\n\r\n" : "\r\n";
}

struct out {
    char *at;
    size_t left;
    bool full;
};

static void put(struct out *out, const char *bytes, size_t len)
{
    if (len > out->left) {
        out->full = true;
        return;
    }
    memcpy(out->at, bytes, len);
    out->at += len;
    out->left -= len;
}

#define PUT(out, text) put(out, text, sizeof(text) - 1)

static void put_value(struct out *out, const char *name, size_t name_len, const char *value)
{
    if (!value)
        return;
    put(out, name, name_len);
    put(out, value, strlen(value));
    PUT(out, "\r\n");
}

#define PUT_LINE(out, name, value) put_value(out, name ": ", sizeof(name ": ") - 1, value)

static void put_number(struct out *out, size_t number)
{
    char digits[24], *at = digits + sizeof(digits);

    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    put(out, at, (size_t)(digits + sizeof(digits) - at));
}

size_t response_head_write(char *out_bytes, size_t size, const struct response_head *head)
{
    struct out out = { out_bytes, size, false };
    const char *reason = response_reason(head->status);

    PUT(&out, "HTTP/1.1 ");
    put_number(&out, (size_t)head->status);
    PUT(&out, " ");
    put(&out, reason, strlen(reason));
    PUT(&out, "\r\n");
    PUT_LINE(&out, "Date", head->date);
    PUT_LINE(&out, "Content-Type", head->type);
    PUT_LINE(&out, "Content-Encoding", head->encoding);
    if (head->endless) {
        if (!head->http10)
            PUT(&out, "Transfer-Encoding: chunked\r\n");
    } else if (head->status != 204 && head->status != 304) {
        PUT(&out, "Content-Length: ");
        put_number(&out, head->length);
        PUT(&out, "\r\n");
    }
    PUT_LINE(&out, "ETag", head->etag);
    PUT_LINE(&out, "Cache-Control", head->cache);
    PUT_LINE(&out, "Vary", head->vary);
    PUT_LINE(&out, "X-Request-Id", head->rid);
    put(&out, security_headers, sizeof(security_headers) - 1);
    if (head->extra_len)
        put(&out, head->extra, head->extra_len);
    return out.full ? 0 : (size_t)(out.at - out_bytes);
}
