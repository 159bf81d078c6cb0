/* utf8.c - the well-formed byte sequences of the Unicode standard (table 3-7), and no others. */
#include "utf8.h"

#include <string.h>

size_t utf8_next(const char *bytes, size_t len, uint32_t *ret_code)
{
    /* A row: lead bytes, length, range of the second byte. Later bytes are 80..BF. */
    static const struct {
        unsigned char first, last, length, second_min, second_max;
    } shapes[] = {
        { 0x00, 0x7f, 1, 0, 0 },       { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
        { 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
        { 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
    };
    static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    const unsigned char *at = (const unsigned char *)bytes;
    size_t row = 0;

    while (row < sizeof(shapes) / sizeof(shapes[0]) &&
           (at[0] < shapes[row].first || at[0] > shapes[row].last))
        row++;
    if (row == sizeof(shapes) / sizeof(shapes[0]) || len < shapes[row].length)
        return 0;

    uint32_t code = at[0] & lead_mask[shapes[row].length];
    for (size_t i = 1; i < shapes[row].length; i++) {
        unsigned char min = i == 1 ? shapes[row].second_min : 0x80;
        unsigned char max = i == 1 ? shapes[row].second_max : 0xbf;

        if (at[i] < min || at[i] > max)
            return 0;
        code = code << 6 | (at[i] & 0x3fU);
    }
    *ret_code = code;
    return shapes[row].length;
}

size_t utf8_valid(const char *bytes, size_t len)
{
    size_t at = 0;
    uint32_t code;

    while (at < len) {
        size_t step = bytes[at] & 0x80 ? utf8_next(bytes + at, len - at, &code) : 1;

        if (step == 0)
            break;
        at += step;
    }
    return at;
}

size_t utf8_count(const char *bytes, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (bytes[i] & 0xc0) != 0x80;
    return count;
}

bool utf8_is_control(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        { 0x00, 0x1f },     { 0x7f, 0x9f },       { 0x61c, 0x61c },   { 0x200e, 0x200f },
        { 0x2028, 0x202e }, { 0x2060, 0x206f },   { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff },
        { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return (code & 0xfffe) == 0xfffe;
}

bool utf8_is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == 0xa0 || code == 0x3000;
}
