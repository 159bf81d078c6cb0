/* index.h - the inverted index, the forward index and the facts of every item, in memory.
 *
 * Documents are slots (uint32_t), given in order of arrival; an update is a removal and a new
 * slot. Postings are append-only compressed blocks of 128 with the block's bound (largest tf,
 * shortest length), so insertion is visible at once and top-k is exact with skipping. Removed
 * slots are a bitmap; index_compact() in the background makes a dense copy. All memory is in a
 * few heaps addressed by offsets, so that a snapshot is a write and a restart is an mmap.
 *
 * Threads: any number of readers between index_read and index_done (a shared lock, short: one
 * query); one writer at a time, which the index itself serialises. Slots, term ids and pointers
 * that a reader got are good until index_done. */
#ifndef JM_INDEX_H
#define JM_INDEX_H

#include "item.h"
#include "text.h"

#define NO_TERM UINT32_MAX
#define NO_SLOT UINT32_MAX

struct index;

struct index *index_new(void); /* NULL when memory is out */
void index_free(struct index *index);
/* Where the file with the texts is kept until a snapshot gives it a name (it has none before):
 * best on the snapshot's file system. Before the first item; else, or when there is no such
 * folder, -1. */
int MUST_CHECK index_set_text_folder(struct index *index, const char *folder);
/* The most bytes it may take; past it index_put says -1. 0: no limit. */
void index_set_limit(struct index *index, size_t bytes);

/* ---- writing ---- */

/* Puts or replaces the item; tokens per field as text_analyse gave them. The term frequency that
 * the formulas see is the sum of field weight x count (params.def). A version lower than what is
 * there is ignored (returns 0). Texts are kept (compressed or in the text file), for passages.
 * -1: no memory. */
int MUST_CHECK index_put(struct index *index, const struct item *item,
                         const struct tokens tokens[N_FIELDS]);
/* As many index_put in their order, but the writer waits for the readers once for all of them:
 * beside constant questions a single put waits longer than it takes. For a few at a time, since
 * readers wait meanwhile. -1: no memory; those before the one that failed are in. */
struct index_record {
    const struct item *item;
    struct tokens tokens[N_FIELDS];
};
int MUST_CHECK index_put_all(struct index *index, const struct index_record *records, size_t n);
/* 0 also when it is not there. */
int MUST_CHECK index_remove(struct index *index, const uint8_t id[16], int64_t version);

/* ---- reading: between these two ---- */
void index_read(struct index *index);
void index_done(struct index *index);

uint32_t index_live(const struct index *index);  /* items that are there */
uint32_t index_slots(const struct index *index); /* one past the highest slot */
bool index_is_live(const struct index *index, uint32_t slot);
uint32_t index_find(const struct index *index, const uint8_t id[16]); /* slot or NO_SLOT */

uint32_t index_term(const struct index *index, enum space space, const char *term, size_t len);
const char *index_term_text(const struct index *index, enum space space, uint32_t term,
                            size_t *ret_len);
uint32_t index_terms(const struct index *index,
                     enum space space); /* one past the highest term id */
uint32_t index_df(const struct index *index, enum space space,
                  uint32_t term); /* live items with it */
/* Live items of the kinds (bits; 0: all) that have any words: the N of idf. A person without a
 * profile is no text. */
uint32_t index_texts(const struct index *index, unsigned kinds);
/* Means over the live items of these kinds (bits; 0: all), at least 1: short titles must not be
 * measured by long papers. Of length in tf, and of tokens.words. */
double index_average(const struct index *index, enum space space, unsigned kinds);
double index_average_words(const struct index *index, unsigned kinds);
float index_length(const struct index *index, enum space space, uint32_t slot);
uint32_t index_words(const struct index *index, uint32_t slot); /* tokens.words of all fields */

struct posting {
    uint32_t term;
    float tf;
};
/* The item's terms of a space in order of term id. Writes at most `max`; returns how many there
 * are. */
size_t index_forward(const struct index *index, enum space space, uint32_t slot,
                     struct posting *ret, size_t max);
/* The sequence of the item's words (SPACE_W) or units (SPACE_U) in order of the text, NO_TERM
 * where a segment or field ends. Returns how many there are. */
size_t index_sequence(const struct index *index, enum space space, uint32_t slot, uint32_t *ret,
                      size_t max);
/* The same sequence as places in the list of the item's distinct terms, which stand in order of
 * term id; NO_TERM where a segment or field ends. Nothing is written when either is longer than its
 * room. Returns the sequence's length at most; *ret_terms: how many distinct terms there are. */
size_t index_places(const struct index *index, enum space space, uint32_t slot, uint32_t *terms,
                    size_t terms_max, uint32_t *ret, size_t max, size_t *ret_terms);
/* Asks the memory for a slot ahead of its use, in two steps some slots apart: where it is, then its
 * terms. */
enum index_near { INDEX_NEAR_SLOT, INDEX_NEAR_TERMS };
void index_near(const struct index *index, uint32_t slot, enum index_near what);

/* The facts of a slot, ready to filter by. Names are interned: equal numbers, equal texts. */
struct facts {
    uint8_t id[16], unit[16], person[16];
    int64_t version;
    uint32_t kind;           /* enum kind */
    uint32_t division;       /* as a number; 0 none */
    uint32_t state, level;   /* interned */
    uint32_t fields, scopes; /* interned sets */
    int16_t year;
    uint8_t trl;
    bool barred;
};
const struct facts *index_facts(const struct index *index, uint32_t slot);
const char *index_name_text(const struct index *index, uint32_t name); /* of an interned text */
uint32_t index_name(const struct index *index, const char *text); /* or NO_TERM when never seen */
/* The names of an interned set. */
size_t index_set(const struct index *index, uint32_t set, const uint32_t **ret_names);

/* What is evidence for whom. links: of this slot; linked: the slots that are evidence for `id`,
 * only live ones. */
size_t index_links(const struct index *index, uint32_t slot, const struct link **ret);
struct evidence {
    uint32_t slot;
    float weight;
};
size_t index_evidence(const struct index *index, const uint8_t id[16], struct evidence *ret,
                      size_t max);

/* The item's own text of a field, copied into the arena (read from disk or unpacked); NULL: no
 * memory. */
const char *index_text(const struct index *index, struct arena *arena, uint32_t slot,
                       enum field field);
const char *index_item_name(const struct index *index, struct arena *arena, uint32_t slot);

/* ---- top-k: stage one ---- */

struct lookup { /* one query term */
    enum space space;
    uint32_t term;
    float weight; /* idf and query weight multiplied; the score is the sum of weight x tf part */
};
struct hit {
    uint32_t slot;
    float score;
};
/* tf part: tf (k1+1) / (tf + k1 (1 - b + b |d|/avg)), with k1, b of the space from params.def
 * and avg = average[space], which the caller gives (index_average of the kinds it asks for). */
typedef bool (*accept_fn)(const void *arg, const struct index *index, uint32_t slot);
/* The k best accepted live items, exactly, best first (ties: lower slot first). `accept` may be
 * NULL and is called only for items that could enter. Returns how many; ret has room for k. NULL
 * lookups of weight <= 0 are ignored. -1 when memory is out. */
long MUST_CHECK index_top(const struct index *index, const struct lookup *terms, size_t n,
                          const double average[N_SPACES], accept_fn accept, const void *arg,
                          size_t k, struct hit *ret);

/* The same among the items of these kinds (bits; 0: all): accept need not look at the kind, and
 * what is of another kind costs almost nothing. */
long MUST_CHECK index_top_of(const struct index *index, unsigned kinds, const struct lookup *terms,
                             size_t n, const double average[N_SPACES], accept_fn accept,
                             const void *arg, size_t k, struct hit *ret);

/* ---- boolean: library search ---- */

/* Every accepted live item that has, of each group, at least one term; slots newest first. A
 * group with no term matches nothing; no group matches all. Writes at most `max`, returns how
 * many match (counted up to `count_max`). */
struct group {
    const struct lookup *terms;
    size_t n;
};
size_t index_all(const struct index *index, const struct group *groups, size_t n, accept_fn accept,
                 const void *arg, uint32_t *ret, size_t max, size_t count_max);
/* The names (experts, units; pinyin keys are terms of their own) that begin with `prefix`. */
size_t index_names(const struct index *index, const char *prefix, accept_fn accept, const void *arg,
                   uint32_t *ret, size_t max);

/* ---- keeping ---- */

/* The feed's position that a snapshot stands for: opaque text, at most 63 bytes. Set inside the
 * writer. */
void index_set_position(struct index *index, const char *position);
const char *index_position(const struct index *index);
/* Writes to path.new, syncs, renames. Readers go on; writers wait only for the copy of what
 * changed. -1 with *ret_why a static text. */
int MUST_CHECK index_save(struct index *index, const char *path, const char **ret_why);
/* NULL with *ret_why when there is none, it is of another format, or its checksum is wrong. */
struct index *index_load(const char *path, const char **ret_why);
/* A dense copy without removed slots, made while readers and the writer go on, then swapped in.
 * Slots change but keep their order: at the moment of the exchange, readers shut out, `fn` is
 * told where each of the `n` slots went (NO_SLOT: gone) so that what is kept by slot elsewhere
 * moves along. -1: memory, or fn said so; the old index stays then. */
typedef int (*moved_fn)(void *arg, const uint32_t *moved, uint32_t n);
int MUST_CHECK index_compact(struct index *index, moved_fn fn, void *arg);
/* Equality with the database: the sum of a hash over (id, version) of all live items of the
 * kinds, and how many they are, for a rescan to compare. */
void index_digest(struct index *index, unsigned kinds, uint64_t *ret_hash, uint32_t *ret_count);
/* Bytes in memory, for metrics. */
size_t index_bytes(const struct index *index);

#endif
