/* filter_number.c - filters over numbers. What is no number prints as it is. */
#include "filters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EXACT 9007199254740992.0 /* 2^53: whole numbers above are not exact in a double */

/* At most `decimals` decimals, trailing zeros gone, thousands grouped. */
static struct value grouped(struct render *render, double number, int decimals)
{
    char plain[64], text[96];
    size_t at = 0, digits, point;

    if (fabs(number) >= EXACT)
        return value_printf(render, "%.0f", number);
    snprintf(plain, sizeof(plain), "%.*f", decimals, fabs(number));
    point = strcspn(plain, ".");
    for (size_t end = strlen(plain); end > point; end--) {
        if (plain[end - 1] != '0' && plain[end - 1] != '.')
            break;
        plain[end - 1] = '\0';
    }
    if (number < 0 && strspn(plain, "0.") < strlen(plain))
        text[at++] = '-';
    digits = strcspn(plain, ".");
    for (size_t i = 0; plain[i]; i++) {
        if (i > 0 && i < digits && (digits - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
    return value_printf(render, "%s", text);
}

struct value filter_num(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    double number;

    (void)args;
    (void)count;
    return value_number(in, &number) ? grouped(render, number, 4) : in;
}

/* A sum in 万元; six decimals are one fen. */
struct value filter_money(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    double number;

    (void)args;
    (void)count;
    return value_number(in, &number) ? grouped(render, number, 6) : in;
}

/* A sum given in 万元, with its unit: 1,600万元; 16 million yuan, 500,000 yuan. */
struct value filter_wan(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    double number;

    (void)args;
    (void)count;
    if (!value_number(in, &number))
        return in;

    bool zh = render->env->zh, million = fabs(number) >= 100;
    struct value text = zh        ? grouped(render, number, 6)
                        : million ? grouped(render, number / 100, 8)
                                  : grouped(render, number * 1e4, 2);

    return value_printf(render, "%.*s%s", (int)text.text.len, text.text.at ? text.text.at : "",
                        zh        ? "万元"
                        : million ? " million yuan"
                                  : " yuan");
}

struct value filter_fen(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    double number;

    (void)args;
    (void)count;
    return value_number(in, &number) ? grouped(render, number / 1e6, 6) : in;
}

static struct value percent(struct render *render, struct value in, double times)
{
    double number;

    if (!value_number(in, &number))
        return in;

    struct value text = grouped(render, number * times, 1);

    return value_printf(render, "%.*s%%", (int)text.text.len, text.text.at ? text.text.at : "");
}

/* 5.8 -> 5.8% */
struct value filter_pct(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    (void)args;
    (void)count;
    return percent(render, in, 1);
}

/* 0.058 -> 5.8% */
struct value filter_share(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    (void)args;
    (void)count;
    return percent(render, in, 100);
}

struct value filter_gt(struct render *render, struct value in, const struct value *args,
                       size_t count)
{
    double number, than;

    (void)render;
    (void)count;
    return value_bool(value_number(in, &number) && value_number(args[0], &than) && number > than);
}

/* How many hundredths of the whole this is, from 0 to 100. */
struct value filter_of(struct render *render, struct value in, const struct value *args,
                       size_t count)
{
    double part, whole;

    (void)count;
    if (!value_number(in, &part) || !value_number(args[0], &whole) || part < 0 || whole <= 0)
        return value_printf(render, "0");
    return value_printf(render, "%.0f", part > whole ? 100 : 100 * part / whole);
}
