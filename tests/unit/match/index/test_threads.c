/* test_threads.c - readers, a writer and a keeper at the same time; made for the thread
 * sanitizer. */
#include "index_case.h"

#include <pthread.h>
#include <stdatomic.h>

struct work {
    struct index *index;
    char path[80];
    _Atomic bool stop;
    _Atomic long wrong;
};

static void write_some(struct index *index, uint32_t items, uint32_t seed)
{
    char text[256];

    for (uint32_t i = 0; i < items; i++) {
        case_random_text(&seed, 10, text);
        case_write(index, i, text);
        if (i % 4 == 0)
            case_remove(index, i / 2);
    }
}

static void *write_on(void *arg)
{
    struct work *work = arg;

    for (uint32_t round = 0; round < 4; round++)
        write_some(work->index, 400, round);
    atomic_store(&work->stop, true);
    return NULL;
}

/* What one reader sees under its lock belongs together. */
static long look(const struct index *index)
{
    struct lookup terms[8];
    struct hit hits[20];
    struct posting list[64];
    double average[N_SPACES];
    long wrong = 0, n;

    for (enum space s = 0; s < N_SPACES; s++)
        average[s] = index_average(index, s, 0);
    for (uint32_t i = 0; i < 8; i++)
        terms[i] = (struct lookup){ i % 2 ? SPACE_W : SPACE_B, i * 3, 1 };
    n = index_top(index, terms, 8, average, NULL, NULL, 20, hits);
    for (long i = 0; i < n; i++) {
        size_t have = index_forward(index, SPACE_B, hits[i].slot, list, 64);

        wrong += !index_is_live(index, hits[i].slot);
        wrong += index_find(index, index_facts(index, hits[i].slot)->id) != hits[i].slot;
        for (size_t j = 0; j < have && j < 64; j++)
            wrong += index_df(index, SPACE_B, list[j].term) == 0;
    }
    return wrong;
}

static void *read_on(void *arg)
{
    struct work *work = arg;

    while (!atomic_load(&work->stop)) {
        struct group group = { NULL, 0 };
        uint64_t hash;
        uint32_t n, slots[8];

        index_read(work->index);
        atomic_fetch_add(&work->wrong, look(work->index));
        index_all(work->index, &group, 0, NULL, NULL, slots, 8, 100);
        index_bytes(work->index);
        index_term(work->index, SPACE_W, "abc", 3);
        index_done(work->index);
        index_digest(work->index, KIND_ITEM, &hash, &n);
    }
    return NULL;
}

static void *keep_on(void *arg)
{
    struct work *work = arg;
    const char *why = "";

    while (!atomic_load(&work->stop)) {
        atomic_fetch_add(&work->wrong, index_save(work->index, work->path, &why) < 0);
        atomic_fetch_add(&work->wrong, index_compact(work->index, NULL, NULL) < 0);
    }
    return NULL;
}

static void everybody_works_at_once(void **state)
{
    struct work work = { .index = *state };
    void *(*const what[])(void *) = { write_on, read_on, read_on, keep_on };
    pthread_t threads[COUNT_OF(what)];
    char folder[] = "/tmp/jm-threads-XXXXXX", command[96];
    const char *why = "";
    struct index *again;

    assert_non_null(mkdtemp(folder));
    snprintf(work.path, sizeof(work.path), "%s/index", folder);
    for (size_t i = 0; i < COUNT_OF(what); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, what[i], &work), 0);
    for (size_t i = 0; i < COUNT_OF(what); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(work.wrong, 0);
    assert_int_equal(index_save(work.index, work.path, &why), 0);
    again = index_load(work.path, &why);
    assert_non_null(again);
    assert_int_equal(index_live(again), index_live(work.index));
    index_free(again);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(everybody_works_at_once) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
