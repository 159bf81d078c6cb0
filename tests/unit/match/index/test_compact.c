/* test_compact.c - a compaction leaves everything but the slots as it was. */
#include "index_case.h"

#include <pthread.h>
#include <stdatomic.h>

struct seen {
    uint32_t *moved, n;
    int answer;
};

static int note(void *arg, const uint32_t *moved, uint32_t n)
{
    struct seen *seen = arg;

    seen->moved = calloc(n + 1, sizeof(*moved));
    if (n)
        memcpy(seen->moved, moved, n * sizeof(*moved));
    seen->n = n;
    return seen->answer;
}

static void fill(struct index *index, uint32_t from, uint32_t to, uint32_t seed)
{
    char text[256];

    for (uint32_t i = from; i < to; i++) {
        case_random_text(&seed, 12, text);
        case_write(index, i, text);
    }
}

static void removed_slots_are_gone(void **state)
{
    struct index *index = *state;
    struct seen seen = { 0 };

    fill(index, 0, 300, 1);
    for (uint32_t i = 0; i < 300; i += 3)
        case_remove(index, i);
    assert_int_equal(index_compact(index, note, &seen), 0);
    assert_int_equal(index_slots(index), 200);
    assert_int_equal(index_live(index), 200);
    assert_int_equal(seen.n, 300);
    for (uint32_t i = 0, next = 0; i < 300; i++)
        assert_int_equal(seen.moved[i], i % 3 ? next++ : NO_SLOT);
    free(seen.moved);
}

static void everything_else_stays(void **state)
{
    struct index *index = *state, *fresh = index_new();
    struct seen seen = { 0 };
    struct posting left[64], right[64];

    fill(index, 0, 400, 1);
    fill(index, 100, 200, 2);
    fill(fresh, 0, 100, 1);
    assert_int_equal(index_compact(index, note, &seen), 0);
    assert_int_equal(index_slots(index), 400);
    for (uint32_t i = 0; i < 100; i++)
        for (enum space s = 0; s < N_SPACES; s++) {
            uint32_t a = case_find(index, i), b = case_find(fresh, i);
            size_t n = index_forward(index, s, a, left, 64);

            /* term ids are those of the order in which the words came */
            assert_int_equal(n, index_forward(fresh, s, b, right, 64));
            assert_memory_equal(left, right, n * sizeof(*left));
            assert_true(index_length(index, s, a) == index_length(fresh, s, b));
        }
    free(seen.moved);
    index_free(fresh);
}

static void counts_are_those_of_the_items(void **state)
{
    struct index *index = *state;
    uint32_t df[3][4096];
    double average = 0;
    uint64_t before, after;
    uint32_t n;

    fill(index, 0, 400, 1);
    fill(index, 100, 200, 2);
    case_remove(index, 7);
    average = index_average(index, SPACE_B, 0);
    index_digest(index, KIND_ITEM, &before, &n);
    for (enum space s = 0; s < N_SPACES; s++)
        for (uint32_t t = 0; t < index_terms(index, s); t++)
            df[s][t] = index_df(index, s, t);
    assert_int_equal(index_compact(index, NULL, NULL), 0);
    for (enum space s = 0; s < N_SPACES; s++)
        for (uint32_t t = 0; t < index_terms(index, s); t++)
            assert_int_equal(index_df(index, s, t), df[s][t]);
    index_digest(index, KIND_ITEM, &after, &n);
    assert_true(before == after);
    assert_int_equal(n, 399);
    assert_true(average == index_average(index, SPACE_B, 0));
}

static void texts_links_and_names_stay(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "title", "body");
    struct link link = { .weight = 0.5f };
    struct evidence evidence;
    struct arena arena = { 0 };
    uint32_t slot;

    case_write(index, 2, "gone");
    case_remove(index, 2);
    case_id(link.to, 9);
    item.links = &link;
    item.n_links = 1;
    item.name = "wang";
    assert_int_equal(case_put(index, &item), 0);
    assert_int_equal(index_compact(index, NULL, NULL), 0);
    assert_string_equal(index_text(index, &arena, 0, FIELD_TITLE), "title");
    assert_int_equal(index_evidence(index, link.to, &evidence, 1), 1);
    assert_int_equal(evidence.slot, 0);
    assert_int_equal(index_names(index, "wa", NULL, NULL, &slot, 1), 1);
    assert_int_equal(slot, 0);
    arena_release(&arena);
}

static void whoever_refuses_keeps_the_old_one(void **state)
{
    struct index *index = *state;
    struct seen seen = { .answer = -1 };

    case_write(index, 1, "a");
    case_write(index, 1, "b");
    assert_int_equal(index_compact(index, note, &seen), -1);
    assert_int_equal(index_slots(index), 2);
    assert_int_equal(case_find(index, 1), 1);
    free(seen.moved);
}

struct writing {
    struct index *index;
    _Atomic bool stop;
};

static void *write_on(void *arg)
{
    struct writing *writing = arg;
    uint32_t round = 0;

    for (; !atomic_load(&writing->stop) || round < 4; round++) {
        fill(writing->index, 50, 150, round + 10);
        case_remove(writing->index, round % 50);
        case_remove(writing->index, 50 + round % 100);
    }
    return NULL;
}

static void what_is_written_meanwhile_is_kept(void **state)
{
    struct index *index = *state;
    struct writing writing = { .index = index };
    pthread_t thread;
    uint32_t df = 0, live = 0;

    fill(index, 0, 600, 1);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writing), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(index_compact(index, NULL, NULL), 0);
    atomic_store(&writing.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(index_compact(index, NULL, NULL), 0);
    assert_int_equal(index_slots(index), index_live(index));
    for (uint32_t t = 0; t < index_terms(index, SPACE_U); t++)
        df += index_df(index, SPACE_U, t);
    for (uint32_t slot = 0; slot < index_slots(index); slot++) {
        struct posting list[64];

        live += (uint32_t)index_forward(index, SPACE_U, slot, list, 64);
    }
    assert_int_equal(df, live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(removed_slots_are_gone),
        CASE(everything_else_stays),
        CASE(counts_are_those_of_the_items),
        CASE(texts_links_and_names_stay),
        CASE(whoever_refuses_keeps_the_old_one),
        CASE(what_is_written_meanwhile_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
