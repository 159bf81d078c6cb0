/* clock.c - see clock.h. */
#include "clock.h"

#include <time.h>

static long long read_us(clockid_t clock)
{
    struct timespec now = { 0 };

    clock_gettime(clock, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

long long clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

/* For deadlines, which are asked for many times a request: the time of the kernel's last tick. */
long long clock_ms(void)
{
    return read_us(CLOCK_MONOTONIC_COARSE) / 1000;
}
