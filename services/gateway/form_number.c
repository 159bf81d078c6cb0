/* form_number.c - numbers: whole, decimal, money; and yes or no.
 *
 * A decimal never passes through binary floating point on its way to SQL: what came as a text is
 * checked and kept as it is, what came as a JSON number is written back with the fewest digits that
 * give the same number, which is what was written for up to 15 digits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form_check.h"
#include "http/parse_chars.h"

#define NUMBER_MAX 64
#define FEN_PER_WAN 1000000LL
#define WAN_MAX 1000000000000LL

/* The value as text, NUL-terminated; false when it is neither number nor text, or too long. */
static bool number_text(const json_t *value, char ret[NUMBER_MAX])
{
    struct span text;

    if (json_is_integer(value)) {
        snprintf(ret, NUMBER_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    }
    if (json_is_real(value)) {
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(ret, NUMBER_MAX, "%.*g", digits, json_real_value(value));
            /* Equality of doubles is meant: the text must give back the very same one. */
            if (!(strtod(ret, NULL) < json_real_value(value)) &&
                !(strtod(ret, NULL) > json_real_value(value)))
                break;
        }
        return true;
    }
    if (!json_is_string(value))
        return false;
    text = form_trimmed(value);
    if (text.len >= NUMBER_MAX)
        return false;
    memcpy(ret, text.at, text.len);
    ret[text.len] = '\0';
    return true;
}

/* How a decimal reads: -12.50e3 has sign, 2 digits, 2 decimals and an exponent. */
struct decimal_shape {
    size_t digits;
    size_t decimals;
    bool exponent;
};

static size_t count_digits(const char *at)
{
    size_t n = 0;

    while (char_is(at[n], CH_DIGIT))
        n++;
    return n;
}

static bool decimal_read(const char *at, struct decimal_shape *ret)
{
    memset(ret, 0, sizeof(*ret));
    at += *at == '-';
    ret->digits = count_digits(at);
    at += ret->digits;
    if (ret->digits == 0)
        return false;
    if (*at == '.') {
        ret->decimals = count_digits(at + 1);
        if (ret->decimals == 0)
            return false;
        at += 1 + ret->decimals;
    }
    if (*at == 'e' || *at == 'E') {
        ret->exponent = true;
        at += at[1] == '-' || at[1] == '+' ? 2 : 1;
        size_t n = count_digits(at);
        if (n == 0 || n > 2)
            return false;
        at += n;
    }
    return *at == '\0';
}

json_t *form_integer(struct form_check *check, const struct form_place *place,
                     const struct field *field, const json_t *value)
{
    bool bounded = field->min || field->max;
    struct decimal_shape shape;
    char text[NUMBER_MAX];
    long long number;

    if (!number_text(value, text) || !decimal_read(text, &shape))
        return form_refuse(check, place, "not_a_number");
    if (shape.decimals || shape.exponent || json_is_real(value))
        return form_refuse(check, place, "not_an_integer");
    errno = 0;
    number = strtoll(text, NULL, 10);
    if (errno == ERANGE && !bounded)
        return form_refuse(check, place, "not_a_number");
    if (bounded && number < field->min)
        return form_refuse_with(check, place, "too_small", "min", json_integer(field->min));
    if (bounded && number > field->max)
        return form_refuse_with(check, place, "too_large", "max", json_integer(field->max));
    return json_integer(number);
}

json_t *form_number(struct form_check *check, const struct form_place *place,
                    const struct field *field, const json_t *value)
{
    bool bounded = field->min || field->max;
    struct decimal_shape shape;
    char text[NUMBER_MAX];
    double number;

    if (!number_text(value, text) || !decimal_read(text, &shape))
        return form_refuse(check, place, "not_a_number");
    number = strtod(text, NULL);
    if (bounded && number < (double)field->min)
        return form_refuse_with(check, place, "too_small", "min", json_integer(field->min));
    if (bounded && number > (double)field->max)
        return form_refuse_with(check, place, "too_large", "max", json_integer(field->max));
    return json_string(text);
}

/* A bound in fen as people read it, in 万元: 100 or 0.5. */
static json_t *wan_of(long long fen)
{
    char text[NUMBER_MAX];
    int decimals = fen % FEN_PER_WAN == 0 ? 0 : fen % (FEN_PER_WAN / 100) == 0 ? 2 : 6;

    snprintf(text, sizeof(text), "%.*f", decimals, (double)fen / (double)FEN_PER_WAN);
    return decimals == 0 ? json_integer(fen / FEN_PER_WAN) : json_string(text);
}

/* 万元 with at most two decimals in fen. What is past any bound comes back just past it, so that the
 * product fits. */
static long long fen_of(const char *text, const struct decimal_shape *shape)
{
    const char *point = strchr(text, '.');
    long long wan = shape->digits > 13 ? WAN_MAX + 1 : llabs(strtoll(text, NULL, 10));
    long long hundredths = 0, fen;

    if (wan > WAN_MAX)
        wan = WAN_MAX + 1;
    if (point)
        hundredths = (point[1] - '0') * 10 + (shape->decimals == 2 ? point[2] - '0' : 0);
    fen = wan * FEN_PER_WAN + hundredths * (FEN_PER_WAN / 100);
    return text[0] == '-' ? -fen : fen;
}

json_t *form_money(struct form_check *check, const struct form_place *place,
                   const struct field *field, const json_t *value)
{
    bool bounded = field->min || field->max;
    long long min = bounded ? field->min : 0;
    long long max = bounded ? field->max : WAN_MAX * FEN_PER_WAN;
    struct decimal_shape shape;
    char text[NUMBER_MAX];
    long long fen;

    if (!number_text(value, text) || !decimal_read(text, &shape) || shape.exponent)
        return form_refuse(check, place, "not_a_number");
    if (shape.decimals > 2)
        return form_refuse_with(check, place, "too_many_decimals", "max", json_integer(2));
    fen = fen_of(text, &shape);
    if (fen < min)
        return form_refuse_with(check, place, "too_small", "min", wan_of(min));
    if (fen > max)
        return form_refuse_with(check, place, "too_large", "max", wan_of(max));
    return json_integer(fen);
}

json_t *form_bool(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    /* What HTML check boxes and query strings say. */
    static const struct {
        const char *word;
        bool is;
    } words[] = { { "true", true },   { "on", true },   { "1", true },
                  { "false", false }, { "off", false }, { "0", false } };

    (void)field;
    if (json_is_boolean(value))
        return json_boolean(json_is_true(value));
    for (size_t i = 0; json_is_string(value) && i < COUNT_OF(words); i++) {
        if (strcmp(json_string_value(value), words[i].word) == 0)
            return json_boolean(words[i].is);
    }
    return form_refuse(check, place, "not_a_boolean");
}
