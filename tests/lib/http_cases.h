/* http_cases.h - a table of messages and what the parser must say to them, each a test of its own.
 *
 * Each message is fed whole, cut once at every byte boundary, and byte by byte: the events must be
 * the same. */
#ifndef JB_TEST_HTTP_CASES_H
#define JB_TEST_HTTP_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_events.h"

struct http_case {
    const char *name; /* what the standard says, and where */
    const char *bytes;
    size_t len;
    const char *events;
};

#define HTTP_CASE(name, bytes, events)                                                             \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, events                                                     \
    }

static inline void check_events(const char *bytes, size_t len, size_t first, size_t piece,
                                const char *events)
{
    char *seen = http_events_of(bytes, len, first, piece);

    assert_string_equal(seen, events);
    free(seen);
}

static inline void check_http_case(void **state)
{
    const struct http_case *one = *state;

    check_events(one->bytes, one->len, one->len, 1, one->events);
    for (size_t cut = 0; cut < one->len; cut++)
        check_events(one->bytes, one->len, cut, one->len, one->events);
    check_events(one->bytes, one->len, 0, 1, one->events);
}

static inline int run_http_cases(const char *group, const struct http_case *cases, size_t n)
{
    struct CMUnitTest *tests = calloc(n, sizeof(*tests));

    if (!tests)
        return 1;
    for (size_t i = 0; i < n; i++) {
        tests[i].name = cases[i].name;
        tests[i].test_func = check_http_case;
        tests[i].initial_state = (void *)&cases[i];
    }

    int failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
    free(tests);
    return failed;
}

#endif
