/* filter_time.c - filters over dates and times, as people in China read them (moment.h). What is no
 * date prints as it is. */
#include "filters.h"

#include <stdio.h>
#include <string.h>

#include "moment.h"

#define DAY MOMENT_DAY_S
#define SOON_DAYS 3

static bool read_moment(struct render *render, struct value in, struct moment *ret)
{
    struct span span = value_text(render, in);

    return moment_read(span.at, span.len, ret);
}

static struct moment moment_now(const struct render *render)
{
    struct moment now = { 0 };

    moment_at(render->env->now, &now);
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
    char text[MOMENT_LOCAL_MAX];

    (void)args;
    (void)count;
    if (!read_moment(render, in, &at))
        return NOTHING;
    moment_local(&at, text);
    return value_printf(render, "%s", text);
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
