/* clock.h - time that only goes forward. Deadlines of the business are the database's clock. */
#ifndef JB_CLOCK_H
#define JB_CLOCK_H

long long clock_ms(void); /* of deadlines: a tick of the kernel late at most (4 ms) */
long long clock_us(void); /* to measure with */

#endif
