/* clock.h - time that only goes forward. Deadlines of the business are the database's clock. */
#ifndef JB_CLOCK_H
#define JB_CLOCK_H

long long clock_ms(void);
long long clock_us(void);

#endif
