/* test_memory.c - where memory ends, the index stays as it was. */
#include "index_case.h"

static void put_random(struct index *index, uint32_t number, uint32_t *seed, int *ret_result)
{
    struct item item = case_item(number, "title", "");
    struct link link = { .weight = 1 };
    char text[1024], name[16];

    case_random_text(seed, 60, text);
    sprintf(name, "name%u", number);
    case_id(link.to, number % 17);
    item.field[FIELD_BODY] = text;
    item.name = name;
    item.links = &link;
    item.n_links = 1;
    *ret_result = case_put(index, &item);
}

/* df, sums and evidence all follow from the live items. */
static void assert_sound(const struct index *index)
{
    for (enum space s = 0; s < N_SPACES; s++) {
        uint32_t n = index_terms(index, s), *df = calloc(n + 1, sizeof(*df));
        double length = 0;

        for (uint32_t slot = 0; slot < index_slots(index); slot++) {
            struct posting list[CASE_TOKENS];
            size_t have =
                index_is_live(index, slot) ? index_forward(index, s, slot, list, CASE_TOKENS) : 0;

            for (size_t i = 0; i < have; i++)
                df[list[i].term]++;
            if (index_is_live(index, slot))
                length += (double)index_length(index, s, slot);
        }
        for (uint32_t t = 0; t < n; t++)
            assert_int_equal(index_df(index, s, t), df[t]);
        if (index_live(index))
            assert_true(index_average(index, s, 0) == length / index_live(index));
        free(df);
    }
}

static void a_put_that_finds_no_memory_changes_nothing(void **state)
{
    struct index *index = *state;
    uint32_t seed = 21;
    int failed = 0;

    for (uint32_t i = 0; i < 1500; i++) {
        uint32_t live = index_live(index), slots = index_slots(index);
        int result;

        index_set_limit(index, i % 2); /* every other one must do with what is there */
        put_random(index, i % 900, &seed, &result);
        if (result < 0) {
            failed++;
            assert_int_equal(index_live(index), live);
            assert_int_equal(index_slots(index), slots);
        }
    }
    assert_true(failed > 20);
    index_set_limit(index, 0);
    assert_sound(index);
}

static void what_did_not_fit_fits_later(void **state)
{
    struct index *index = *state;
    uint32_t seed = 5;
    int result = 0;
    uint32_t n = 0;

    index_set_limit(index, 1 << 20);
    while (result == 0)
        put_random(index, n++, &seed, &result);
    assert_true(n > 10);
    index_set_limit(index, 0);
    put_random(index, n, &seed, &result);
    assert_int_equal(result, 0);
    assert_int_equal(index_live(index), n);
    assert_sound(index);
}

static void a_compaction_that_finds_no_memory_changes_nothing(void **state)
{
    struct index *index = *state;
    uint32_t seed = 5;
    int result;

    for (uint32_t i = 0; i < 300; i++)
        put_random(index, i % 200, &seed, &result);
    index_set_limit(index, index_bytes(index) * 5 / 4);
    assert_int_equal(index_compact(index, NULL, NULL), -1);
    assert_int_equal(index_slots(index), 300);
    index_set_limit(index, 0);
    assert_int_equal(index_compact(index, NULL, NULL), 0);
    assert_int_equal(index_slots(index), 200);
    assert_sound(index);
}

static void bytes_are_those_in_use(void **state)
{
    struct index *index = *state;
    uint32_t seed = 5;
    size_t before = index_bytes(index);
    int result;

    for (uint32_t i = 0; i < 200; i++)
        put_random(index, i, &seed, &result);
    assert_true(index_bytes(index) > before + 200 * 200);
    assert_true(index_bytes(index) < before + 200 * 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_put_that_finds_no_memory_changes_nothing),
        CASE(what_did_not_fit_fits_later),
        CASE(a_compaction_that_finds_no_memory_changes_nothing),
        CASE(bytes_are_those_in_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
