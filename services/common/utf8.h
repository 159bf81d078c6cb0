/* utf8.h - Unicode text as bytes: strict decoding (RFC 3629) and what a character is for. */
#ifndef JB_UTF8_H
#define JB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at bytes[0..len), len > 0. Returns its length in bytes, or 0 when it is not
 * well-formed: overlong, a surrogate, past U+10FFFF, cut short. */
size_t utf8_next(const char *bytes, size_t len, uint32_t *ret_code);
/* How many bytes from the beginning are well-formed; `len` when all are. */
size_t utf8_valid(const char *bytes, size_t len);
/* Code points of well-formed text. */
size_t utf8_count(const char *bytes, size_t len);

/* Controls, line and paragraph separators, noncharacters, and the marks that turn the direction of
 * what follows or mark it unseen: none has a place in a line that people read. */
bool utf8_is_control(uint32_t code);
bool utf8_is_blank(uint32_t code); /* space, tab, no-break space, the ideographic space */

#endif
