/* moment.c - see moment.h. */
#include "moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "str.h"

#define ZONE ((int64_t)8 * 3600)

void moment_at(int64_t unix_time, struct moment *ret)
{
    time_t local = (time_t)(unix_time + ZONE);
    int64_t in_day = local % MOMENT_DAY_S;
    struct tm at = { 0 };

    if (in_day < 0)
        in_day += MOMENT_DAY_S;
    gmtime_r(&local, &at);
    *ret = (struct moment){ .unix_time = unix_time,
                            .day = (local - in_day) / MOMENT_DAY_S,
                            .year = at.tm_year + 1900,
                            .month = at.tm_mon + 1,
                            .mday = at.tm_mday,
                            .hour = at.tm_hour,
                            .minute = at.tm_min,
                            .second = at.tm_sec };
}

/* `shape` has 0 for any digit and everything else as it is. */
static bool digits(const char *text, const char *shape)
{
    for (; *shape; text++, shape++) {
        if (*shape == '0' ? (*text < '0' || *text > '9') : *text != *shape)
            return false;
    }
    return true;
}

/* "+08:00", "-0330", "+08", "Z", nothing: seconds east. False when it is none of them. */
static bool read_zone(const char *at, int64_t *ret)
{
    static const char *const shapes[] = { "00:00", "0000", "00" };
    int64_t sign = *at == '-' ? -1 : 1;

    if (*at == '\0' || strcmp(at, "Z") == 0) {
        *ret = *at ? 0 : ZONE;
        return true;
    }
    if (*at != '+' && *at != '-')
        return false;
    at++;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        if (strlen(at) != strlen(shapes[i]) || !digits(at, shapes[i]))
            continue;

        int64_t number = strtol(at, NULL, 10); /* 0830, or the hours alone */
        int64_t hours = strlen(at) == 4 ? number / 100 : number;
        int64_t minutes = strlen(at) == 4 ? number % 100 : 0;

        if (at[2] == ':')
            minutes = strtol(at + 3, NULL, 10);
        *ret = sign * (hours * 3600 + minutes * 60);
        return true;
    }
    return false;
}

static bool read_clock(const char *at, int *ret_seconds, const char **ret_rest)
{
    int second = 0;

    if (!digits(at, "00:00"))
        return false;
    *ret_seconds = (int)strtol(at, NULL, 10) * 3600 + (int)strtol(at + 3, NULL, 10) * 60;
    at += 5;
    if (digits(at, ":00")) {
        second = (int)strtol(at + 1, NULL, 10);
        at += 3;
        if (*at == '.')
            at += 1 + strspn(at + 1, "0123456789");
    }
    *ret_seconds += second;
    *ret_rest = at;
    return *ret_seconds <= MOMENT_DAY_S;
}

bool moment_read(const char *from, size_t len, struct moment *ret)
{
    char text[48];
    struct tm date = { 0 };
    int seconds;
    const char *rest;
    int64_t zone;

    *ret = (struct moment){ 0 };
    if (len < 10 || len >= sizeof(text))
        return false;
    memcpy(text, from, len);
    text[len] = '\0';
    if (!digits(text, "0000-00-00"))
        return false;
    date.tm_year = (int)strtol(text, NULL, 10) - 1900;
    date.tm_mon = (int)strtol(text + 5, NULL, 10) - 1;
    date.tm_mday = (int)strtol(text + 8, NULL, 10);
    if (date.tm_year <= -1900 || date.tm_mon < 0 || date.tm_mon > 11 || date.tm_mday < 1 ||
        date.tm_mday > 31)
        return false;

    int64_t midnight = timegm(&date);

    if (text[10] == '\0') {
        moment_at(midnight - ZONE, ret);
        ret->dated = true;
        return true;
    }
    if ((text[10] != 'T' && text[10] != ' ') || !read_clock(text + 11, &seconds, &rest) ||
        !read_zone(rest, &zone))
        return false;
    moment_at(midnight + seconds - zone, ret);
    return true;
}

void moment_local(const struct moment *at, char ret[MOMENT_LOCAL_MAX])
{
    snprintf(ret, MOMENT_LOCAL_MAX, "%04d-%02d-%02dT%02d:%02d", at->year % 10000, at->month % 100,
             at->mday % 100, at->hour % 100, at->minute % 100);
}
