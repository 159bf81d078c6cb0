/* buf.h - a growing string with a limit given at birth. */
#ifndef JB_BUF_H
#define JB_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* `failed` is sticky: append what you like, look once at the end. `data` is always NUL-terminated
 * once something was appended. */
struct buf {
    char *data;
    size_t len;
    size_t cap;
    size_t limit;
    bool failed;
};

void buf_init(struct buf *buf, size_t limit);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf); /* keeps the memory */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_adds(struct buf *buf, const char *string);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds `len` bytes of UTF-8 as a JSON string with its quotes; control bytes are escaped, bad UTF-8
 * becomes U+FFFD. */
void buf_add_json(struct buf *buf, const char *bytes, size_t len);

/* Adds the bytes percent-encoded (RFC 3986): letters, digits and those of `also` stay. */
void buf_add_percent(struct buf *buf, const char *bytes, size_t len, const char *also);

#endif
