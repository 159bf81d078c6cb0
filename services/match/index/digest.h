/* digest.h - one item's share of the sum that tells whether index and database hold the same.
 *
 * The first eight bytes, big endian, of md5(id::text || ':' || version), as PostgreSQL computes
 * them too (feed.digest); sums wrap around. No defence against anybody: only against a lost change.
 */
#ifndef JM_DIGEST_H
#define JM_DIGEST_H

#include <stdint.h>

uint64_t digest_of(const uint8_t id[16], int64_t version);

#endif
