/* form_time.c - dates that exist, and moments with their offset (RFC 3339). */
#include <string.h>

#include "form_check.h"
#include "http/parse_chars.h"

#define YEAR_MIN 1900
#define YEAR_MAX 2200

/* Matches text against a shape, '#' being a digit, and reads the digits between as numbers. */
static bool read_shape(const char *text, size_t len, const char *shape, int *ret_numbers)
{
    int n = -1;

    if (len != strlen(shape))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (shape[i] != '#') {
            if (text[i] != shape[i])
                return false;
            continue;
        }
        if (!char_is(text[i], CH_DIGIT))
            return false;
        if (i == 0 || shape[i - 1] != '#')
            ret_numbers[++n] = 0;
        ret_numbers[n] = ret_numbers[n] * 10 + (text[i] - '0');
    }
    return true;
}

static bool is_date(int year, int month, int day)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (leap && month == 2);
}

json_t *form_date(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    struct span text = form_trimmed(value);
    int n[3];

    (void)field;
    if (!json_is_string(value) || !read_shape(text.at, text.len, "####-##-##", n) ||
        !is_date(n[0], n[1], n[2]))
        return form_refuse(check, place, "not_a_date");
    return json_stringn(text.at, text.len);
}

/* Digits after the point, up to PostgreSQL's microseconds; *at moves behind them. */
static bool skip_fraction(struct span text, size_t *at)
{
    size_t start = *at + 1;

    if (*at >= text.len || text.at[*at] != '.')
        return true;
    for (*at = start; *at < text.len && char_is(text.at[*at], CH_DIGIT);)
        ++*at;
    return *at > start && *at - start <= 6;
}

static bool is_offset(const char *text, size_t len)
{
    int n[2];

    if (len == 1 && text[0] == 'Z')
        return true;
    return (read_shape(text, len, "+##:##", n) || read_shape(text, len, "-##:##", n)) &&
           n[0] <= 15 && n[1] <= 59;
}

static bool is_time(struct span text)
{
    static const char shape[] = "####-##-##T##:##:##";
    size_t at = sizeof(shape) - 1;
    int n[6];

    if (text.len < at || !read_shape(text.at, at, shape, n) || !is_date(n[0], n[1], n[2]) ||
        n[3] > 23 || n[4] > 59 || n[5] > 59)
        return false;
    return skip_fraction(text, &at) && is_offset(text.at + at, text.len - at);
}

json_t *form_time(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    struct span text = form_trimmed(value);

    (void)field;
    if (!json_is_string(value) || !is_time(text))
        return form_refuse(check, place, "not_a_time");
    return json_stringn(text.at, text.len);
}
