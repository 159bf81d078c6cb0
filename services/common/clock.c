/* clock.c - see clock.h. */
#include "clock.h"

#include <time.h>

long long clock_us(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

long long clock_ms(void)
{
    return clock_us() / 1000;
}
