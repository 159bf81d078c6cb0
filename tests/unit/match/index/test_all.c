/* test_all.c - items that have a term of every group, newest first. */
#include "index_case.h"

static bool even(const void *arg, const struct index *index, uint32_t slot)
{
    (void)arg;
    (void)index;
    return slot % 2 == 0;
}

static void no_group_matches_all_newest_first(void **state)
{
    struct index *index = *state;
    uint32_t slots[4];

    for (uint32_t i = 0; i < 5; i++)
        case_write(index, i, "abc");
    case_remove(index, 4);
    assert_int_equal(index_all(index, NULL, 0, NULL, NULL, slots, 4, 100), 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(slots[i], 3 - i);
}

static void a_group_without_terms_matches_nothing(void **state)
{
    struct index *index = *state;
    struct lookup unknown = { SPACE_W, NO_TERM, 1 };
    struct group group = { &unknown, 1 };
    uint32_t slot;

    case_write(index, 1, "abc");
    assert_int_equal(index_all(index, &group, 1, NULL, NULL, &slot, 1, 10), 0);
    group.n = 0;
    assert_int_equal(index_all(index, &group, 1, NULL, NULL, &slot, 1, 10), 0);
}

static void counting_ends_where_it_is_told(void **state)
{
    struct index *index = *state;
    uint32_t slot;

    for (uint32_t i = 0; i < 50; i++)
        case_write(index, i, "abc");
    assert_int_equal(index_all(index, NULL, 0, NULL, NULL, &slot, 1, 20), 20);
    assert_int_equal(slot, 49);
    assert_int_equal(index_all(index, NULL, 0, even, NULL, &slot, 1, 100), 25);
}

static bool has(const struct index *index, uint32_t slot, const struct group *group)
{
    struct posting list[CASE_TOKENS];

    for (size_t i = 0; i < group->n; i++) {
        size_t n = index_forward(index, group->terms[i].space, slot, list, CASE_TOKENS);

        for (size_t j = 0; j < n; j++)
            if (list[j].term == group->terms[i].term)
                return true;
    }
    return false;
}

static bool has_all(const struct index *index, uint32_t slot, const struct group *groups, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!has(index, slot, &groups[i]))
            return false;
    return index_is_live(index, slot);
}

/* Over several windows of 16,384 slots. */
static void what_matches_is_what_looking_at_each_finds(void **state)
{
    enum { ITEMS = 36000 };
    struct index *index = *state;
    uint32_t seed = 8, *slots = malloc(ITEMS * sizeof(*slots));
    char text[64];

    for (uint32_t i = 0; i < ITEMS; i++) {
        case_random_text(&seed, 2, text);
        case_write(index, i, text);
    }
    for (uint32_t i = 0; i < ITEMS; i += 5)
        case_remove(index, i);
    for (int round = 0; round < 6; round++) {
        struct lookup terms[4];
        struct group groups[2] = { { terms, 2 }, { terms + 2, 1 + (size_t)round % 2 } };
        size_t n, next = 0;

        for (int i = 0; i < 4; i++) {
            enum space s = i < 2 ? SPACE_U : (enum space)(round % N_SPACES);

            terms[i] = (struct lookup){ s, case_random(&seed) % index_terms(index, s), 1 };
        }
        n = index_all(index, groups, 2, even, NULL, slots, ITEMS, ITEMS);
        for (uint32_t slot = ITEMS; slot-- > 0;)
            if (slot % 2 == 0 && has_all(index, slot, groups, 2))
                assert_int_equal(next < n ? slots[next++] : NO_SLOT, slot);
        assert_int_equal(next, n);
    }
    free(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(no_group_matches_all_newest_first),
        CASE(a_group_without_terms_matches_nothing),
        CASE(counting_ends_where_it_is_told),
        CASE(what_matches_is_what_looking_at_each_finds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
