/* moment.h - a point in time as documents write it and as people in China read it.
 *
 * The zone is +08:00 always: China has had one zone and no summer time since 1991. A date without
 * a time is a whole day there. */
#ifndef JB_MOMENT_H
#define JB_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOMENT_DAY_S ((int64_t)86400)
#define MOMENT_LOCAL_MAX 32

struct moment {
    int64_t unix_time; /* of a date: its beginning in China */
    bool dated;        /* a date without a time */
    int64_t day;       /* days since 1970-01-01 in China */
    int year, month, mday, hour, minute, second;
};

void moment_at(int64_t unix_time, struct moment *ret);
/* RFC 3339, and what PostgreSQL makes of it: 2026-09-04, 2026-09-04T09:00:00+00:00; with fractions,
 * with a blank for the T, to the minute, "+08" for "+08:00", China's zone where none is said. False
 * when it is none of them. */
bool moment_read(const char *text, size_t len, struct moment *ret);
/* 2026-09-04T17:00 in China, as an input of type datetime-local takes it. */
void moment_local(const struct moment *at, char ret[MOMENT_LOCAL_MAX]);

#endif
