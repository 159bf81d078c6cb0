/* ix_dict.h - interned byte strings: equal strings, equal numbers, counted from 0.
 *
 * One thread adds, any number find meanwhile: an entry is complete before the table names it. A
 * grown table takes the old one's place at once; the old one is freed by ix_dict_settle(), which is
 * called where no reader is inside. Nothing is ever taken out. The table is not kept in a snapshot:
 * it is made again from the entries. */
#ifndef JM_IX_DICT_H
#define JM_IX_DICT_H

#include <stdbool.h>

#include "ix_heap.h"

#define IX_NONE UINT32_MAX

struct ix_entry {
    uint32_t hash;
    uint32_t at; /* of the bytes in `text`; in steps of 4 when wide */
};

/* Open addressing over numbers: 0 is free, else number + 1. */
struct ix_table {
    struct ix_table *older; /* still to be freed */
    uint32_t mask;
    _Atomic uint32_t slot[];
};

struct ix_dict {
    struct ix_heap *text, *entry;
    bool wide; /* lengths over 255 and alignment to 4 */
    _Atomic uint32_t n;
    struct ix_table *_Atomic table;
    struct ix_budget *budget;
};

uint64_t ix_hash(const void *bytes, size_t len, uint64_t seed);

/* NULL when memory is out. `size` is a power of two. */
struct ix_table *ix_table_new(struct ix_budget *budget, uint32_t size);
void ix_table_free(struct ix_budget *budget, struct ix_table *table); /* with all older ones */
size_t ix_table_bytes(const struct ix_table *table);
/* Puts a number that is not there yet; the table has room. */
void ix_table_put(struct ix_table *table, uint32_t hash, uint32_t number);

void ix_dict_init(struct ix_dict *dict, struct ix_heap *text, struct ix_heap *entry, bool wide,
                  struct ix_budget *budget);
void ix_dict_release(struct ix_dict *dict); /* the heaps are the caller's */
/* Makes the table anew for the entries that a snapshot brought. */
int MUST_CHECK ix_dict_rebuild(struct ix_dict *dict);
uint32_t ix_dict_find(const struct ix_dict *dict, const void *key, size_t len); /* or IX_NONE */
int MUST_CHECK ix_dict_add(struct ix_dict *dict, const void *key, size_t len, uint32_t *ret,
                           bool *ret_new);
/* The same with the hash of the key known. */
uint32_t ix_dict_hash(const struct ix_dict *dict, const void *key, size_t len);
int MUST_CHECK ix_dict_add_hashed(struct ix_dict *dict, uint32_t hash, const void *key, size_t len,
                                  uint32_t *ret, bool *ret_new);
/* Brings what looking a key up will touch nearer: first the table, then the entry, then the
 * text. Many keys in turn, stage by stage, wait for memory together and not one after the other. */
enum ix_stage { IX_NEAR_TABLE, IX_NEAR_ENTRY, IX_NEAR_TEXT, IX_STAGES };
void ix_dict_near(const struct ix_dict *dict, uint32_t hash, enum ix_stage stage);
const void *ix_dict_text(const struct ix_dict *dict, uint32_t number, size_t *ret_len);
uint32_t ix_dict_count(const struct ix_dict *dict);
void ix_dict_settle(struct ix_dict *dict);

#endif
