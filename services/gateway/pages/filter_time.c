/* filter_time.c - filters over dates and times, as people in China read them.
 *
 * The zone is +08:00 always: China has had one zone and no summer time since 1991. A date without
 * a time is a whole day there. What is no date prints as it is. */
#include "filters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE ((int64_t)8 * 3600)
#define DAY ((int64_t)86400)
#define SOON_DAYS 3

struct moment {
    int64_t unix_time; /* of a date: its beginning in China */
    bool dated;        /* a date without a time */
    int64_t day;       /* days since 1970-01-01 in China */
    int year, month, mday, hour, minute, second;
};

/* Howard Hinnant's days_from_civil and its inverse, for years after 0. */
static int64_t days_from_civil(int64_t year, int month, int mday)
{
    year -= month <= 2;

    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from_days(int64_t days, struct moment *ret)
{
    days += 719468;

    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    ret->mday = (int)(of_year - (153 * month + 2) / 5 + 1);
    ret->month = (int)(month < 10 ? month + 3 : month - 9);
    ret->year = (int)(year + era * 400 + (ret->month <= 2));
}

static void set_unix(struct moment *moment, int64_t unix_time)
{
    int64_t local = unix_time + ZONE, in_day = local % DAY;

    if (in_day < 0)
        in_day += DAY;
    moment->unix_time = unix_time;
    moment->day = (local - in_day) / DAY;
    civil_from_days(moment->day, moment);
    moment->hour = (int)(in_day / 3600);
    moment->minute = (int)(in_day / 60 % 60);
    moment->second = (int)(in_day % 60);
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
    return *ret_seconds <= DAY;
}

/* 2026-09-04, 2026-09-04T09:00:00+00:00; with fractions, with a blank for the T, to the minute. */
static bool read_moment(struct render *render, struct value in, struct moment *ret)
{
    struct span span = value_text(render, in);
    char text[48];
    int year, month, mday, seconds;
    const char *rest;
    int64_t zone;

    *ret = (struct moment){ 0 };
    if (span.len < 10 || span.len >= sizeof(text))
        return false;
    memcpy(text, span.at, span.len);
    text[span.len] = '\0';
    if (!digits(text, "0000-00-00"))
        return false;
    year = (int)strtol(text, NULL, 10);
    month = (int)strtol(text + 5, NULL, 10);
    mday = (int)strtol(text + 8, NULL, 10);
    if (year < 1 || month < 1 || month > 12 || mday < 1 || mday > 31)
        return false;

    int64_t midnight = days_from_civil(year, month, mday) * DAY;

    if (text[10] == '\0') {
        ret->dated = true;
        set_unix(ret, midnight - ZONE);
        return true;
    }
    if ((text[10] != 'T' && text[10] != ' ') || !read_clock(text + 11, &seconds, &rest) ||
        !read_zone(rest, &zone))
        return false;
    set_unix(ret, midnight + seconds - zone);
    return true;
}

static struct moment moment_now(const struct render *render)
{
    struct moment now = { 0 };

    set_unix(&now, render->env->now);
    return now;
}

static const char *month_name(int month)
{
    static const char names[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

    return names[month - 1];
}

/* 12月18日, 18 Dec; with the year when it is not this one, or asked for; `clock` with " 17:00". */
static struct value day_text(struct render *render, const struct moment *moment, bool clock,
                             bool year)
{
    bool zh = render->env->zh, other = year || moment->year != moment_now(render).year;
    char day[64], hours[16] = "";

    if (zh && other)
        snprintf(day, sizeof(day), "%d年%d月%d日", moment->year, moment->month, moment->mday);
    else if (zh)
        snprintf(day, sizeof(day), "%d月%d日", moment->month, moment->mday);
    else if (other)
        snprintf(day, sizeof(day), "%d %s %d", moment->mday, month_name(moment->month),
                 moment->year);
    else
        snprintf(day, sizeof(day), "%d %s", moment->mday, month_name(moment->month));
    if (clock && !moment->dated)
        snprintf(hours, sizeof(hours), " %02d:%02d", moment->hour % 100, moment->minute % 100);
    return value_printf(render, "%s%s", day, hours);
}

/* `date full`: with the year always, as official papers say it. */
struct value filter_date(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct moment moment;

    (void)args;
    return read_moment(render, in, &moment) ? day_text(render, &moment, false, count > 0) : in;
}

struct value filter_datetime(struct render *render, struct value in, const struct value *args,
                             size_t count)
{
    struct moment moment;

    (void)args;
    (void)count;
    return read_moment(render, in, &moment) ? day_text(render, &moment, true, false) : in;
}

struct value filter_time(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct moment at;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &at))
        return in;
    return at.dated ? NOTHING : value_printf(render, "%02d:%02d", at.hour, at.minute);
}

struct value filter_iso(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    struct moment at;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &at))
        return NOTHING;
    if (at.dated)
        return value_printf(render, "%04d-%02d-%02d", at.year, at.month, at.mday);
    return value_printf(render, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", at.year, at.month, at.mday,
                        at.hour, at.minute, at.second);
}

struct value filter_local(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct moment at;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &at))
        return NOTHING;
    return value_printf(render, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.mday, at.hour,
                        at.minute);
}

/* How far off, in the largest unit that has a whole one. */
struct distance {
    enum { MINUTES, HOURS, DAYS } unit;
    long n;
};

static struct distance distance_of(int64_t seconds)
{
    if (seconds >= DAY)
        return (struct distance){ DAYS, (long)(seconds / DAY) };
    if (seconds >= 3600)
        return (struct distance){ HOURS, (long)(seconds / 3600) };
    return (struct distance){ MINUTES, (long)(seconds / 60) };
}

static struct value distance_text(struct render *render, const char *zh_format, const char *en_tail,
                                  struct distance distance)
{
    static const char zh[][8] = { "分钟", "小时", "天" };
    static const char en[][8] = { "minute", "hour", "day" };

    if (render->env->zh && strcmp(zh_format, "剩") == 0)
        return value_printf(render, "剩%ld%s", distance.n, zh[distance.unit]);
    if (render->env->zh && strcmp(zh_format, "已过") == 0)
        return value_printf(render, "已过%ld%s", distance.n, zh[distance.unit]);
    if (render->env->zh)
        return value_printf(render, "%ld%s%s", distance.n, zh[distance.unit], zh_format);
    return value_printf(render, "%ld %s%s %s", distance.n, en[distance.unit],
                        distance.n == 1 ? "" : "s", en_tail);
}

/* A day that is due is due until it ends, and is counted in days. */
static int64_t seconds_left(const struct render *render, const struct moment *due)
{
    if (due->dated)
        return due->day < moment_now(render).day ? -1 : due->unix_time + DAY - render->env->now;
    return due->unix_time - render->env->now;
}

struct value filter_left(struct render *render, struct value in, const struct value *args,
                         size_t count)
{
    struct moment due;
    struct distance distance;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &due))
        return in;

    int64_t left = seconds_left(render, &due);

    distance = distance_of(left < 0 ? render->env->now - due.unix_time : left);
    if (due.dated) {
        int64_t days = due.day - moment_now(render).day;

        if (days == 0)
            return value_printf(render, "%s", render->env->zh ? "今天截止" : "due today");
        distance = (struct distance){ DAYS, (long)(days < 0 ? -days : days) };
    }
    return left < 0 ? distance_text(render, "已过", "overdue", distance)
                    : distance_text(render, "剩", "left", distance);
}

struct value filter_urgency(struct render *render, struct value in, const struct value *args,
                            size_t count)
{
    struct moment due;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &due))
        return NOTHING;

    int64_t left = seconds_left(render, &due);
    const char *name = left < 0 ? "late" : (left <= SOON_DAYS * DAY ? "soon" : "go");

    return value_span(name, strlen(name));
}

struct value filter_ago(struct render *render, struct value in, const struct value *args,
                        size_t count)
{
    struct moment at;

    (void)args;
    (void)count;
    if (!read_moment(render, in, &at))
        return in;

    int64_t past = render->env->now - at.unix_time;

    if (past < 0 || past >= 30 * DAY)
        return day_text(render, &at, false, false);
    if (at.dated && at.day == moment_now(render).day)
        return value_printf(render, "%s", render->env->zh ? "今天" : "today");
    if (at.dated)
        return distance_text(render, "前", "ago",
                             (struct distance){ DAYS, (long)(moment_now(render).day - at.day) });
    if (past < 60)
        return value_printf(render, "%s", render->env->zh ? "刚刚" : "just now");
    return distance_text(render, "前", "ago", distance_of(past));
}
