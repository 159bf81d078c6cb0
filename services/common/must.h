/* must.h - attributes used across the house. */
#ifndef JB_MUST_H
#define JB_MUST_H

/* The caller has to look at the result: 0 or a negative code. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A view of bytes that somebody else owns; not NUL-terminated. */
struct span {
    const char *at;
    unsigned long len;
};

#endif
