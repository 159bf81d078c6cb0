/* ix_select.h - the k largest of many. */
#ifndef JM_IX_SELECT_H
#define JM_IX_SELECT_H

#include <stddef.h>
#include <stdint.h>

/* Reorders so that the k largest stand first, the smallest of them at [k - 1]. 0 < k <= n. */
void ix_select(uint64_t *keys, size_t n, size_t k);

#endif
