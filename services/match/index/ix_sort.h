/* ix_sort.h - keys by their upper 32 bits, in the order they had where these are equal. */
#ifndef JM_IX_SORT_H
#define JM_IX_SORT_H

#include <stddef.h>
#include <stdint.h>

/* `spare` has room for n keys too. */
void ix_sort(uint64_t *keys, uint64_t *spare, size_t n);

#endif
