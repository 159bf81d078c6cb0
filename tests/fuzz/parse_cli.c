/* parse_cli - what the parser makes of a stream of requests, as JSON, for others to compare.
 *
 * Reads one stream from standard input, or with --batch any number of them, each after its length
 * in four bytes, big end first. Prints a line for each:
 *
 *   {"requests":[{"method":"GET","target":"/","minor":1,"keep":true,"body":"6869"}],"end":"done"}
 *
 * `requests` are those that came whole, bodies in hexadecimal. `end` is done, more (the last
 * message is not complete), closed (the last request asked for it; the rest was not looked at) or
 * the reason for which the next message was refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/parse.h"

#define BODY_LIMIT (1 << 20)

static const char *error_name(enum http_error error)
{
    static const char *const names[] = {
        "OK",
#define HTTP_ERROR(name, status, text) #name,
#include "http/parse_errors.def"
#undef HTTP_ERROR
    };

    return names[error];
}

/* Tokens and targets hold no byte that JSON would escape. The target is printed as it was sent,
 * also in absolute form. */
static void print_head(const struct http_head *head, size_t n)
{
    const char *target = head->method.at + head->method.len + 1;

    printf("%s{\"method\":\"%.*s\",\"target\":\"%.*s\",\"minor\":%d,\"keep\":%s,\"body\":\"",
           n ? "," : "", (int)head->method.len, head->method.at,
           (int)(head->target.at + head->target.len - target), target, head->minor,
           head->keep_alive ? "true" : "false");
}

/* The whole body at bytes[*at..len), into hex; what is not whole is not printed. */
static const char *read_body(const struct http_head *head, const char *bytes, size_t len,
                             size_t *at, char *hex)
{
    enum http_error error = HTTP_OK;
    enum http_progress progress;
    struct http_body body;
    size_t used;

    http_body_init(&body, head, BODY_LIMIT);
    do {
        struct span data;

        progress = http_body_feed(&body, bytes + *at, len - *at, &used, &data, &error);
        for (size_t i = 0; i < data.len; i++, hex += 2)
            snprintf(hex, 3, "%02x", (unsigned char)data.at[i]);
        *at += used;
    } while (progress == HTTP_NEED_MORE && used > 0);
    return progress == HTTP_DONE ? NULL : progress == HTTP_BAD ? error_name(error) : "more";
}

static void print_stream(const char *bytes, size_t len)
{
    char *hex = malloc(len * 2 + 1);
    const char *end = NULL;
    size_t at = 0;

    if (!hex)
        abort();
    printf("{\"requests\":[");
    for (size_t n = 0; !end; n++) {
        enum http_error error = HTTP_OK;
        struct http_head head;
        size_t used = 0;

        if (at == len) {
            end = "done";
            break;
        }

        enum http_progress progress = http_parse_head(bytes + at, len - at, &head, &used, &error);
        if (progress != HTTP_DONE) {
            end = progress == HTTP_BAD ? error_name(error) : "more";
            break;
        }
        at += used;
        hex[0] = '\0';
        end = read_body(&head, bytes, len, &at, hex);
        if (end)
            break;
        print_head(&head, n);
        printf("%s\"}", hex);
        if (!head.keep_alive)
            end = "closed";
    }
    printf("],\"end\":\"%s\"}\n", end);
    free(hex);
}

/* One stream of `len` bytes, or of all there are when len is SIZE_MAX. 0, or -1 at a short read. */
static int take_stream(size_t len)
{
    size_t cap = len == SIZE_MAX ? 65536 : len + 1, have = 0;
    char *bytes = malloc(cap);

    while (bytes && have < len && !feof(stdin) && !ferror(stdin)) {
        size_t room = len == SIZE_MAX ? cap - have : len - have;

        have += fread(bytes + have, 1, room, stdin);
        if (have == cap)
            bytes = realloc(bytes, cap *= 2);
    }
    if (!bytes || (len != SIZE_MAX && have < len)) {
        free(bytes);
        return -1;
    }

    /* Of exactly this size, so that the sanitizer sees a step too far. */
    char *exact = malloc(have ? have : 1);
    if (!exact)
        abort();
    memcpy(exact, bytes, have);
    free(bytes);
    print_stream(exact, have);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned char size[4];

    if (argc < 2 || strcmp(argv[1], "--batch") != 0)
        return take_stream(SIZE_MAX) < 0;
    while (fread(size, 1, sizeof(size), stdin) == sizeof(size)) {
        size_t len = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];

        if (take_stream(len) < 0)
            return 1;
    }
    return 0;
}
