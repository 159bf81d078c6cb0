/* embed_text.h - texts and vectors between embed.c and the database: what is sent of a record, the
 * digest that stands for it, numbers as bytea. */
#ifndef JM_EMBED_TEXT_H
#define JM_EMBED_TEXT_H

#include "buf.h"
#include "crypto.h"
#include "item.h"

#define SUM_HEX CRYPTO_HEX(16)

struct arena;

/* Title, keywords and body, cut after so many characters, and the first half of their SHA-256 as
 * hex. -1: no memory. */
int MUST_CHECK embed_text(struct arena *arena, const char *const field[N_FIELDS], int chars,
                          const char **ret, char ret_sum[SUM_HEX]);
/* Is this UUID, as the database writes it, that digest? */
bool embed_same_sum(const char *uuid, const char *sum);
/* Four bytes a number, the lowest first, as an element of a bytea[] literal. */
void embed_write(struct buf *buf, const float *vector, size_t n);
/* The numbers of a bytea in hex form, in the arena; NULL: no memory, or it is none. */
float *embed_read(struct arena *arena, const char *hex, size_t *ret_n);

#endif
