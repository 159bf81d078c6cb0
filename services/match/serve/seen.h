/* seen.h - ids that were seen while a kind was read through. */
#ifndef JM_SEEN_H
#define JM_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty. */
struct seen {
    uint8_t (*ids)[16];
    size_t n, cap;
    bool lost; /* memory was out: it is not known what was not seen */
};

void seen_add(struct seen *seen, const char *id); /* a UUID; what is none is left out */
void seen_release(struct seen *seen);
/* Sorted bytewise, the caller's to free; the set is empty then. NULL when there is nothing. */
uint8_t (*seen_take(struct seen *seen, size_t *ret_n))[16];

#endif
