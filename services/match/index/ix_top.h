/* ix_top.h - index_top with windows of another size, so that a small index shows what a large
 * one does. */
#ifndef JM_IX_TOP_H
#define JM_IX_TOP_H

#include "index.h"

#define IX_TOP_WINDOW 16384u /* slots; ix_top may be given less, by 64 */

long MUST_CHECK ix_top(const struct index *index, unsigned kinds, const struct lookup *terms,
                       size_t n, const double average[N_SPACES], accept_fn accept, const void *arg,
                       size_t k, struct hit *ret, uint32_t window);

#endif
