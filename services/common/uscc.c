/* uscc.c - the check digits of GB 32100, GB 11714 and of Chinese patent applications. */
#include "uscc.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I, O, S, V, Z */

static int uscc_value(char c)
{
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char uscc_check_char(const char *first_17)
{
    int sum = 0, weight = 1;

    for (int i = 0; i < USCC_LENGTH - 1; i++) {
        int value = uscc_value(first_17[i]);

        if (value < 0)
            return '\0';
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

/* One character as typed to the one that counts: 0 when it is to be dropped, -1 when it cannot be
 * part of a code. */
static int normal_char(uint32_t code)
{
    if (code >= 0xff01 && code <= 0xff5e) /* full-width forms */
        code -= 0xfee0;
    if (utf8_is_blank(code) || code == '-' || code == 0x2010 || code == 0x2013 || code == 0x2014)
        return 0;
    if (code >= 'a' && code <= 'z')
        code -= 0x20;
    return code < 0x80 && code >= 0x20 ? (int)code : -1;
}

enum uscc_verdict uscc_read(const char *text, size_t len, char ret[USCC_LENGTH + 1])
{
    char code[USCC_LENGTH + 1] = "";
    size_t n = 0;

    for (size_t at = 0; at < len;) {
        uint32_t point;
        size_t step = utf8_next(text + at, len - at, &point);
        int c = step ? normal_char(point) : -1;

        if (c < 0 || (c > 0 && (n == USCC_LENGTH || uscc_value((char)c) < 0)))
            return USCC_BAD_FORM;
        if (c > 0)
            code[n++] = (char)c;
        at += step;
    }
    if (n != USCC_LENGTH)
        return USCC_BAD_FORM;
    /* The first two may be letters (rural collectives and others); the division may not. */
    for (int i = 2; i < 8; i++) {
        if (!is_digit(code[i]))
            return USCC_BAD_FORM;
    }
    if (uscc_check_char(code) != code[USCC_LENGTH - 1])
        return USCC_BAD_CHECK;
    memcpy(ret, code, sizeof(code));
    return USCC_GOOD;
}

bool uscc_organisation_right(const char *uscc)
{
    static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    const char *code = uscc + 8;
    int sum = 0;

    for (size_t i = 0; i < COUNT_OF(weights); i++)
        sum += weights[i] * (is_digit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10);
    return code[8] == "0X987654321"[sum % 11];
}

bool patent_number_right(const char *text, size_t len)
{
    static const int weights[] = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 };
    int sum = 0;

    if (len > 2 && (memcmp(text, "CN", 2) == 0 || memcmp(text, "ZL", 2) == 0)) {
        text += 2;
        len -= 2;
    }
    if (len != 13 && (len != 14 || text[12] != '.'))
        return false;
    for (size_t i = 0; i < COUNT_OF(weights); i++) {
        if (!is_digit(text[i]))
            return false;
        sum += weights[i] * (text[i] - '0');
    }
    if (!strchr("12389", text[4]))
        return false;
    return text[len - 1] == "0123456789X"[sum % 11];
}
