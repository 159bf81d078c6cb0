/* parse_chars.c - the character table, computed by the compiler from the grammar's own words. */
#include "parse_chars.h"

#define ALPHA(c) (((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z'))
#define DIGIT(c) ((c) >= '0' && (c) <= '9')
#define HEX(c) (DIGIT(c) || ((c) >= 'a' && (c) <= 'f') || ((c) >= 'A' && (c) <= 'F'))
#define TOKEN_MARK(c)                                                                              \
    ((c) == '!' || (c) == '#' || (c) == '$' || (c) == '%' || (c) == '&' || (c) == '\'' ||          \
     (c) == '*' || (c) == '+' || (c) == '-' || (c) == '.' || (c) == '^' || (c) == '_' ||           \
     (c) == '`' || (c) == '|' || (c) == '~')
#define TARGET_MARK(c)                                                                             \
    ((c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '!' || (c) == '$' ||           \
     (c) == '&' || (c) == '\'' || (c) == '(' || (c) == ')' || (c) == '*' || (c) == '+' ||          \
     (c) == ',' || (c) == ';' || (c) == '=' || (c) == ':' || (c) == '@' || (c) == '/' ||           \
     (c) == '?' || (c) == '%')
#define VALUE(c) ((c) == '\t' || ((c) >= 0x20 && (c) != 0x7f))

#define CLASS(c)                                                                                   \
    ((ALPHA(c) || DIGIT(c) || TOKEN_MARK(c) ? CH_TOKEN : 0) | (VALUE(c) ? CH_VALUE : 0) |          \
     (ALPHA(c) || DIGIT(c) || TARGET_MARK(c) ? CH_TARGET : 0) |                                    \
     (ALPHA(c) || DIGIT(c) || (c) == '-' || (c) == '.' || (c) == '_' ? CH_HOST : 0) |              \
     (DIGIT(c) ? CH_DIGIT : 0) | (HEX(c) ? CH_HEX : 0) |                                           \
     (VALUE(c) && (c) != '"' && (c) != '\\' ? CH_QUOTED : 0))

#define CLASS_4(c) CLASS(c), CLASS((c) + 1), CLASS((c) + 2), CLASS((c) + 3)
#define CLASS_16(c) CLASS_4(c), CLASS_4((c) + 4), CLASS_4((c) + 8), CLASS_4((c) + 12)
#define CLASS_64(c) CLASS_16(c), CLASS_16((c) + 16), CLASS_16((c) + 32), CLASS_16((c) + 48)

const uint8_t char_classes[256] = { CLASS_64(0), CLASS_64(64), CLASS_64(128), CLASS_64(192) };

int char_hex(char c)
{
    if (char_is(c, CH_DIGIT))
        return c - '0';
    if (char_is(c, CH_HEX))
        return (c | 0x20) - 'a' + 10;
    return -1;
}
