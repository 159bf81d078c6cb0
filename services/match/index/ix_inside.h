/* ix_inside.h - what an index is made of; for the files of this folder only.
 *
 * Two halves. The vocabulary (terms, interned names and sets, targets of links) only grows, so
 * that a number once given stays good for life; term ids therefore outlive a compaction. The
 * body (postings, forward records, facts, links) is by slot and is what a compaction makes anew.
 *
 * Everything lives in heaps that are listed in ix_heaps.def; a snapshot is these heaps and
 * nothing else. The writer prepares behind the ends that readers see and then links in under the
 * write lock; it alone changes anything, so it reads without a lock. */
#ifndef JM_IX_INSIDE_H
#define JM_IX_INSIDE_H

#include <pthread.h>

#include "index.h"
#include "ix_dict.h"
#include "ix_heap.h"
#include "ix_list.h"
#include "ix_store.h"

enum ix_heap_no {
#define HEAP(name, half) HEAP_##name,
#include "ix_heaps.def"
#undef HEAP
    N_HEAPS
};

#define POSITION_MAX 64
#define KEY_LEVELS 12

/* Counters of the body, in a heap of their own so that a snapshot has them. */
struct ix_state {
    uint32_t n_slots, n_live;
    struct ix_sums {
        uint64_t steps[N_SPACES]; /* lengths */
        uint64_t words;
        uint64_t n;
        uint64_t texts; /* those with any words */
    } sums[N_KINDS];    /* over live items */
    struct ix_pool pool;
    uint32_t keys[KEY_LEVELS]; /* heads of the skip list of names */
    uint64_t digest[N_KINDS];
};

struct ix_slot {
    uint64_t forward; /* in the forward heap */
    uint64_t text;    /* in the text store */
    uint32_t words;
    uint32_t n_links;
    uint32_t links; /* the first one's number */
    uint32_t spare;
};

struct ix_kinds { /* of 64 slots: which are of a kind */
    uint64_t bits[N_KINDS];
};

struct ix_pair { /* a term of SPACE_B as the units it is made of; NO_TERM when it is not */
    uint32_t a, b;
};

struct ix_node { /* slot is evidence for a target */
    uint32_t slot;
    float weight;
    uint32_t next; /* number + 1 */
};

struct index {
    pthread_rwlock_t lock;                /* readers; the writer while it links in */
    pthread_mutex_t writer;               /* one writer */
    pthread_mutex_t keeper;               /* one snapshot or compaction */
    pthread_mutex_t tallies;              /* the digest, which is asked from anywhere */
    struct ix_budget *budget, own_budget; /* a copy under way draws on the other's */
    struct ix_heap heap[N_HEAPS];
    struct ix_heap scratch; /* the writer's, empty between puts */
    struct ix_dict terms[N_SPACES];
    struct ix_dict names, sets, targets;
    struct ix_table *_Atomic pairs; /* over terms of SPACE_B by their units */
    struct ix_table *_Atomic ids;   /* slots by id; the newest one counts */
    struct ix_store *store;
    struct text_scratch *pinyin;
    char position[POSITION_MAX];
};

#define ARRAY_OF(index, type, no) ((type *)(void *)(index)->heap[no].base)

static inline struct ix_state *ix_state(const struct index *index)
{
    return ARRAY_OF(index, struct ix_state, HEAP_STATE);
}
static inline struct ix_list *ix_lists(const struct index *index, enum space space)
{
    return ARRAY_OF(index, struct ix_list, HEAP_LIST_W + (unsigned)space);
}
static inline struct ix_slot *ix_slot(const struct index *index, uint32_t slot)
{
    return ARRAY_OF(index, struct ix_slot, HEAP_SLOT) + slot;
}
static inline struct facts *ix_facts(const struct index *index, uint32_t slot)
{
    return ARRAY_OF(index, struct facts, HEAP_FACTS) + slot;
}
static inline float *ix_lengths(const struct index *index, enum space space)
{
    return ARRAY_OF(index, float, HEAP_LENGTH_W + (unsigned)space);
}
static inline uint64_t *ix_live(const struct index *index)
{
    return ARRAY_OF(index, uint64_t, HEAP_LIVE);
}
/* Of 64 slots the live ones of the kinds (0: of any). */
static inline uint64_t ix_live_of(const struct index *index, uint32_t word, unsigned kinds)
{
    const struct ix_kinds *of = ARRAY_OF(index, struct ix_kinds, HEAP_KINDS) + word;
    uint64_t bits = kinds ? 0 : ~0ull;

    for (unsigned i = 0; i < N_KINDS; i++)
        if (kinds >> i & 1)
            bits |= of->bits[i];
    return bits & ix_live(index)[word];
}
static inline const struct ix_heap *ix_pool_heap(const struct index *index)
{
    return &index->heap[HEAP_POOL];
}
static inline bool ix_is_live(const struct index *index, uint32_t slot)
{
    return ix_live(index)[slot / 64] >> (slot % 64) & 1;
}

/* index.c: an index whose heaps are empty, but for nothing; ix_begin() makes it a usable empty
 * one. */
struct index *ix_bare(struct ix_budget *budget); /* NULL: its own */
int MUST_CHECK ix_begin(struct index *index);
/* Makes all tables from what the heaps hold. */
int MUST_CHECK ix_tables(struct index *index);
uint32_t ix_find(const struct index *index, const uint8_t id[16]);
uint32_t ix_pair_find(const struct index *index, uint32_t a, uint32_t b);
void ix_pair_near(const struct index *index, uint32_t a, uint32_t b, enum ix_stage stage);
static inline uint32_t ix_pair_hash(uint32_t a, uint32_t b)
{
    uint64_t mixed = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;

    return (uint32_t)(mixed >> 32) ^ (uint32_t)mixed >> 7;
}
/* Puts a number into a table that is made anew, unless it does not belong there. */
typedef void (*ix_fill)(const struct index *index, struct ix_table *table, uint32_t number);
void ix_fill_id(const struct index *index, struct ix_table *table, uint32_t slot);
void ix_fill_pair(const struct index *index, struct ix_table *table, uint32_t term);
/* Room for one more number in a table of those below n; a grown copy takes its place, the older one
 * hangs on it until ix_settle(). */
int MUST_CHECK ix_room(struct index *index, struct ix_table *_Atomic *place, uint32_t n,
                       ix_fill fill);
void ix_ids_set(struct index *index, uint32_t slot); /* its facts are there */
/* Inside the write lock: what was prepared may be seen, what was outgrown goes. */
void ix_settle(struct index *index);

#endif
