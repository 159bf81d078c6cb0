/* index.c - the index as a whole: birth and end, locks, and what is read by number. */
#include "ix_inside.h"

#include <stdlib.h>
#include <string.h>

#include "ix_forward.h"

static void init_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attr;

    pthread_rwlockattr_init(&attr);
    /* A stream of questions must not keep an update from being seen. */
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(lock, &attr);
    pthread_rwlockattr_destroy(&attr);
}

static void init_dicts(struct index *index)
{
    struct ix_heap *heap = index->heap;
    struct ix_budget *budget = index->budget;

    for (unsigned s = 0; s < N_SPACES; s++)
        ix_dict_init(&index->terms[s], &heap[HEAP_TEXT_W + s], &heap[HEAP_ENTRY_W + s], false,
                     budget);
    ix_dict_init(&index->names, &heap[HEAP_NAME_TEXT], &heap[HEAP_NAME_ENTRY], true, budget);
    ix_dict_init(&index->sets, &heap[HEAP_SET_TEXT], &heap[HEAP_SET_ENTRY], true, budget);
    ix_dict_init(&index->targets, &heap[HEAP_TARGET_TEXT], &heap[HEAP_TARGET_ENTRY], false, budget);
}

struct index *ix_bare(struct ix_budget *budget)
{
    struct index *index = calloc(1, sizeof(*index));
    int failed = 0;

    if (!index)
        return NULL;
    index->budget = budget ? budget : &index->own_budget;
    init_lock(&index->lock);
    pthread_mutex_init(&index->writer, NULL);
    pthread_mutex_init(&index->keeper, NULL);
    pthread_mutex_init(&index->tallies, NULL);
    init_dicts(index);
    for (unsigned i = 0; i < N_HEAPS; i++)
        failed |= ix_heap_init(&index->heap[i], index->budget);
    failed |= ix_heap_init(&index->scratch, index->budget);
    index->pinyin = text_scratch_new();
    if (failed || !index->pinyin) {
        index_free(index);
        return NULL;
    }
    return index;
}

int ix_begin(struct index *index)
{
    struct ix_heap *heap = index->heap;

    if (ix_heap_ensure(&heap[HEAP_STATE], sizeof(struct ix_state)) < 0 ||
        ix_heap_ensure(&heap[HEAP_POOL], 8) < 0 || ix_heap_ensure(&heap[HEAP_KEY], 4) < 0)
        return -1;
    ix_heap_take(&heap[HEAP_STATE], sizeof(struct ix_state));
    /* Place 0 means "none" in both. */
    ix_heap_take(&heap[HEAP_POOL], 8);
    ix_heap_take(&heap[HEAP_KEY], 4);
    ix_settle(index);
    return 0;
}

struct index *index_new(void)
{
    struct index *index = ix_bare(NULL);

    if (index && (ix_begin(index) < 0 || !(index->store = ix_store_new(NULL)))) {
        index_free(index);
        return NULL;
    }
    return index;
}

void index_free(struct index *index)
{
    if (!index)
        return;
    for (unsigned s = 0; s < N_SPACES; s++)
        ix_dict_release(&index->terms[s]);
    ix_dict_release(&index->names);
    ix_dict_release(&index->sets);
    ix_dict_release(&index->targets);
    ix_table_free(index->budget, atomic_load(&index->pairs));
    ix_table_free(index->budget, atomic_load(&index->ids));
    for (unsigned i = 0; i < N_HEAPS; i++)
        ix_heap_release(&index->heap[i]);
    ix_heap_release(&index->scratch);
    ix_store_free(index->store);
    text_scratch_free(index->pinyin);
    pthread_rwlock_destroy(&index->lock);
    pthread_mutex_destroy(&index->writer);
    pthread_mutex_destroy(&index->keeper);
    pthread_mutex_destroy(&index->tallies);
    free(index);
}

int index_set_text_folder(struct index *index, const char *folder)
{
    struct ix_store *store;
    int result = -1;

    pthread_mutex_lock(&index->writer);
    store = ix_state(index)->n_slots == 0 ? ix_store_new(folder) : NULL;
    if (store) {
        ix_store_free(index->store);
        index->store = store;
        result = 0;
    }
    pthread_mutex_unlock(&index->writer);
    return result;
}

void index_set_limit(struct index *index, size_t bytes)
{
    atomic_store(&index->own_budget.limit, bytes);
}

void ix_settle(struct index *index)
{
    struct ix_table *table;

    for (unsigned i = 0; i < N_HEAPS; i++)
        index->heap[i].seen = index->heap[i].used;
    for (unsigned s = 0; s < N_SPACES; s++)
        ix_dict_settle(&index->terms[s]);
    ix_dict_settle(&index->names);
    ix_dict_settle(&index->sets);
    ix_dict_settle(&index->targets);
    table = atomic_load_explicit(&index->pairs, memory_order_relaxed);
    if (table && table->older) {
        ix_table_free(index->budget, table->older);
        table->older = NULL;
    }
    table = atomic_load_explicit(&index->ids, memory_order_relaxed);
    if (table && table->older) {
        ix_table_free(index->budget, table->older);
        table->older = NULL;
    }
}

/* ---- reading ---- */

void index_read(struct index *index)
{
    pthread_rwlock_rdlock(&index->lock);
}

void index_done(struct index *index)
{
    pthread_rwlock_unlock(&index->lock);
}

uint32_t index_live(const struct index *index)
{
    return ix_state(index)->n_live;
}

uint32_t index_slots(const struct index *index)
{
    return ix_state(index)->n_slots;
}

bool index_is_live(const struct index *index, uint32_t slot)
{
    return slot < ix_state(index)->n_slots && ix_is_live(index, slot);
}

uint32_t index_find(const struct index *index, const uint8_t id[16])
{
    return ix_find(index, id);
}

uint32_t index_term(const struct index *index, enum space space, const char *term, size_t len)
{
    uint32_t found = ix_dict_find(&index->terms[space], term, len);

    /* The writer may have interned a term already whose item is not linked in yet. */
    return found < index_terms(index, space) ? found : NO_TERM;
}

const char *index_term_text(const struct index *index, enum space space, uint32_t term,
                            size_t *ret_len)
{
    return ix_dict_text(&index->terms[space], term, ret_len);
}

uint32_t index_terms(const struct index *index, enum space space)
{
    return (uint32_t)(index->heap[HEAP_LIST_W + (unsigned)space].seen / sizeof(struct ix_list));
}

uint32_t index_df(const struct index *index, enum space space, uint32_t term)
{
    return term < index_terms(index, space) ? ix_lists(index, space)[term].df : 0;
}

/* The sums of the kinds together. */
static struct ix_sums sums_of(const struct index *index, unsigned kinds)
{
    struct ix_sums all = { .n = 0 };

    for (unsigned i = 0; i < N_KINDS; i++) {
        const struct ix_sums *one = &ix_state(index)->sums[i];

        if (kinds && !(kinds >> i & 1))
            continue;
        for (unsigned s = 0; s < N_SPACES; s++)
            all.steps[s] += one->steps[s];
        all.words += one->words;
        all.n += one->n;
        all.texts += one->texts;
    }
    return all;
}

uint32_t index_texts(const struct index *index, unsigned kinds)
{
    return (uint32_t)sums_of(index, kinds).texts;
}

double index_average(const struct index *index, enum space space, unsigned kinds)
{
    struct ix_sums sums = sums_of(index, kinds);
    double mean = sums.n ? (double)sums.steps[space] / IX_STEP / (double)sums.n : 0;

    return mean > 1 ? mean : 1;
}

double index_average_words(const struct index *index, unsigned kinds)
{
    struct ix_sums sums = sums_of(index, kinds);
    double mean = sums.n ? (double)sums.words / (double)sums.n : 0;

    return mean > 1 ? mean : 1;
}

float index_length(const struct index *index, enum space space, uint32_t slot)
{
    return ix_lengths(index, space)[slot];
}

uint32_t index_words(const struct index *index, uint32_t slot)
{
    return ix_slot(index, slot)->words;
}

const struct facts *index_facts(const struct index *index, uint32_t slot)
{
    return ix_facts(index, slot);
}

const char *index_name_text(const struct index *index, uint32_t name)
{
    size_t len;

    return name < ix_dict_count(&index->names) ? ix_dict_text(&index->names, name, &len) : "";
}

uint32_t index_name(const struct index *index, const char *text)
{
    return ix_dict_find(&index->names, text, strlen(text));
}

size_t index_set(const struct index *index, uint32_t set, const uint32_t **ret_names)
{
    size_t len = 0;

    *ret_names = ix_dict_text(&index->sets, set, &len);
    return len / sizeof(uint32_t);
}

const char *index_text(const struct index *index, struct arena *arena, uint32_t slot,
                       enum field field)
{
    return ix_store_get(index->store, arena, ix_slot(index, slot)->text, field);
}

const char *index_item_name(const struct index *index, struct arena *arena, uint32_t slot)
{
    return ix_store_get(index->store, arena, ix_slot(index, slot)->text, N_FIELDS);
}

size_t index_bytes(const struct index *index)
{
    size_t bytes = sizeof(*index);

    for (unsigned i = 0; i < N_HEAPS; i++)
        bytes += index->heap[i].seen;
    for (unsigned s = 0; s < N_SPACES; s++)
        bytes += ix_table_bytes(atomic_load(&index->terms[s].table));
    return bytes + ix_table_bytes(atomic_load(&index->names.table)) +
           ix_table_bytes(atomic_load(&index->sets.table)) +
           ix_table_bytes(atomic_load(&index->targets.table)) +
           ix_table_bytes(atomic_load(&index->pairs)) + ix_table_bytes(atomic_load(&index->ids));
}

/* ---- position and digest ---- */

void index_set_position(struct index *index, const char *position)
{
    pthread_mutex_lock(&index->writer);
    strncpy(index->position, position, POSITION_MAX - 1);
    pthread_mutex_unlock(&index->writer);
}

const char *index_position(const struct index *index)
{
    return index->position;
}

void index_digest(struct index *index, unsigned kinds, uint64_t *ret_hash, uint32_t *ret_count)
{
    const struct ix_state *state;
    uint64_t hash = 0;
    uint32_t count = 0;

    pthread_mutex_lock(&index->tallies);
    state = ix_state(index); /* a compaction changes it, holding the same lock */
    for (unsigned i = 0; i < N_KINDS; i++)
        if (kinds >> i & 1) {
            hash += state->digest[i];
            count += (uint32_t)state->sums[i].n;
        }
    pthread_mutex_unlock(&index->tallies);
    *ret_hash = hash;
    *ret_count = count;
}
