/* json.c - one pass of our own before jansson sees a byte.
 *
 * jansson recurses while it parses, so the depth is counted first; it also gives up on the first
 * fault it meets, so bad UTF-8 and depth get their own names here and the rest is sorted out from
 * its error code. */
#include "json.h"

#include <stdbool.h>
#include <string.h>

#include "utf8.h"

static int line_at(const char *bytes, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset; i++)
        line += bytes[i] == '\n';
    return line;
}

static int refuse(struct json_fault *ret_fault, const char *slug, const char *bytes, size_t offset)
{
    *ret_fault = (struct json_fault){ slug, line_at(bytes, offset), offset };
    return -1;
}

/* Brackets outside strings, counted. Whether they pair up is jansson's question. Returns the offset
 * of the bracket that goes too deep, or len. */
static size_t first_too_deep(const char *bytes, size_t len)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];

        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '[' || c == '{') && ++depth > JSON_DEPTH_MAX)
            return i;
        else if (!in_string && (c == ']' || c == '}'))
            depth--;
    }
    return len;
}

static const char *slug_of(enum json_error_code code)
{
    switch (code) {
    case json_error_duplicate_key:
        return "json_duplicate_key";
    case json_error_numeric_overflow:
        return "json_bad_number";
    case json_error_out_of_memory:
        return "internal";
    default:
        return "json_syntax";
    }
}

int json_read(const char *bytes, size_t len, size_t limit, json_t **ret,
              struct json_fault *ret_fault)
{
    json_error_t error;
    size_t offset;

    if (len > limit)
        return refuse(ret_fault, "body_too_large", bytes, 0);
    offset = utf8_valid(bytes, len);
    if (offset < len)
        return refuse(ret_fault, "json_bad_utf8", bytes, offset);
    offset = first_too_deep(bytes, len);
    if (offset < len)
        return refuse(ret_fault, "json_too_deep", bytes, offset);

    json_t *value = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (!value) {
        offset = error.position > 0 ? (size_t)error.position : 0;
        return refuse(ret_fault, slug_of(json_error_code(&error)), bytes,
                      offset < len ? offset : len);
    }
    *ret = value;
    return 0;
}
