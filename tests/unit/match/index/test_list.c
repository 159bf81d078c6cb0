/* test_list.c - packed blocks, posting lists and the dictionary under them. */
#include "index_case.h"

#include "ix_dict.h"
#include "ix_list.h"
#include "ix_select.h"
#include "ix_sort.h"

static void numbers_of_every_width_come_back(void **state)
{
    uint32_t in[IX_BLOCK], out[IX_BLOCK], seed = 1;
    unsigned char bytes[IX_PACK_BYTES(32)];

    (void)state;
    for (unsigned bits = 0; bits <= 32; bits++) {
        for (unsigned i = 0; i < IX_BLOCK; i++) {
            uint32_t random = case_random(&seed) << 16 ^ case_random(&seed);

            in[i] = bits == 0 ? 0 : random >> (32 - bits);
        }
        ix_pack(in, bits, bytes);
        ix_unpack(bytes, bits, out);
        assert_memory_equal(in, out, sizeof(in));
    }
}

static void distances_become_places(void **state)
{
    uint32_t in[IX_BLOCK], out[IX_BLOCK], seed = 1;
    unsigned char bytes[IX_PACK_BYTES(32)];

    (void)state;
    for (unsigned bits = 0; bits <= 24; bits++) {
        for (unsigned i = 0; i < IX_BLOCK; i++)
            in[i] = case_random(&seed) & ((1u << bits) - 1);
        ix_pack(in, bits, bytes);

        uint32_t place = bits % 2 ? UINT32_MAX : 7;

        ix_unpack_sums(bytes, bits, place, out);
        for (unsigned i = 0; i < IX_BLOCK; i++)
            assert_int_equal(out[i], place += in[i] + 1);
    }
}

struct lists {
    struct ix_budget budget;
    struct ix_heap heap;
    struct ix_pool pool;
};

static int make_lists(void **state)
{
    struct lists *lists = calloc(1, sizeof(*lists));

    *state = lists;
    if (!lists || ix_heap_init(&lists->heap, &lists->budget) < 0 ||
        ix_heap_ensure(&lists->heap, 8) < 0)
        return -1;
    ix_heap_take(&lists->heap, 8);
    return 0;
}

static int drop_lists(void **state)
{
    struct lists *lists = *state;

    ix_heap_release(&lists->heap);
    free(lists);
    return 0;
}

static void append(struct lists *lists, struct ix_list *list, uint32_t slot, uint32_t steps,
                   const float *lengths)
{
    size_t wants = ix_list_wants(list), used = lists->heap.used;

    assert_int_equal(ix_heap_ensure(&lists->heap, wants), 0);
    ix_list_append(list, &lists->heap, &lists->pool, slot, steps, lengths);
    assert_true(lists->heap.used <= used + wants);
}

static uint32_t read_all(const struct lists *lists, const struct ix_list *list, uint32_t *slots,
                         uint32_t *steps)
{
    const struct ix_head *heads = ix_list_heads(&lists->heap, list);
    struct ix_block tail;
    uint32_t n = 0, rest;

    for (uint32_t i = 0; i < list->n_heads; i++, n += IX_BLOCK) {
        ix_block_slots(&lists->heap, &heads[i], i ? heads[i - 1].last : UINT32_MAX, slots + n);
        ix_block_steps(&lists->heap, &heads[i], steps + n);
    }
    rest = ix_list_tail(&lists->heap, list, &tail);
    memcpy(slots + n, tail.slot, rest * sizeof(*slots));
    memcpy(steps + n, tail.steps, rest * sizeof(*steps));
    return n + rest;
}

enum { SLOTS = 200000, MOST = 3000, LISTS = 12 };

static void postings_come_back_as_they_were(void **state)
{
    struct lists *lists = *state;
    float *lengths = calloc(SLOTS, sizeof(*lengths));
    uint32_t(*slots)[MOST] = calloc(LISTS, sizeof(*slots));
    uint32_t(*steps)[MOST] = calloc(LISTS, sizeof(*steps));
    uint32_t *got = calloc(2 * MOST, sizeof(*got)), n[LISTS] = { 0 }, seed = 9;
    struct ix_list list[LISTS] = { { 0 } };

    /* Together, so that outgrown pieces of one list serve the next. */
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        for (uint32_t i = 0; i < LISTS; i++) {
            if (n[i] == MOST || case_random(&seed) % (16u << i) != 0)
                continue;
            slots[i][n[i]] = slot;
            steps[i][n[i]] = case_random(&seed) % 3 ? IX_STEP : 1 + case_random(&seed) % 60000;
            append(lists, &list[i], slot, steps[i][n[i]], lengths);
            n[i]++;
        }
    for (uint32_t i = 0; i < LISTS; i++) {
        assert_int_equal(ix_list_size(&list[i]), n[i]);
        assert_int_equal(read_all(lists, &list[i], got, got + MOST), n[i]);
        assert_memory_equal(got, slots[i], n[i] * sizeof(uint32_t));
        assert_memory_equal(got + MOST, steps[i], n[i] * sizeof(uint32_t));
    }
    free(lengths);
    free(slots);
    free(steps);
    free(got);
}

static void a_head_bounds_its_block(void **state)
{
    struct lists *lists = *state;
    float lengths[4 * IX_BLOCK];
    struct ix_list list = { 0 };
    uint32_t steps[IX_BLOCK], seed = 2;

    for (uint32_t slot = 0; slot < 4 * IX_BLOCK; slot++) {
        lengths[slot] = 10.5f + (float)(case_random(&seed) % 100);
        append(lists, &list, slot, 1 + case_random(&seed) % 40, lengths);
    }
    assert_int_equal(list.n_heads, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const struct ix_head *head = ix_list_heads(&lists->heap, &list) + i;

        assert_int_equal(head->last, (i + 1) * IX_BLOCK - 1);
        ix_block_steps(&lists->heap, head, steps);
        for (uint32_t j = 0; j < IX_BLOCK; j++) {
            assert_true(steps[j] <= head->steps_max);
            assert_true(lengths[i * IX_BLOCK + j] >= (float)head->shortest);
        }
    }
}

static void outgrown_pieces_are_used_again(void **state)
{
    struct lists *lists = *state;
    struct ix_list first = { 0 }, second = { 0 };
    float lengths[100] = { 0 };
    size_t used;

    for (uint32_t slot = 0; slot < 100; slot++)
        append(lists, &first, slot, 300, lengths);
    used = lists->heap.used;
    for (uint32_t slot = 0; slot < 40; slot++)
        append(lists, &second, slot, 300, lengths);
    assert_int_equal(lists->heap.used, used);
}

static void keys_are_sorted_by_their_upper_half(void **state)
{
    static const size_t sizes[] = { 0, 1, 7, 24, 25, 300, 5000 };
    uint64_t *keys = calloc(10000, sizeof(*keys));
    uint32_t seed = 4;

    (void)state;
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        for (size_t i = 0; i < sizes[s]; i++)
            keys[i] = (uint64_t)(case_random(&seed) % (i % 2 ? 50 : 1u << 24)) << 32 | i;
        ix_sort(keys, keys + 5000, sizes[s]);
        for (size_t i = 1; i < sizes[s]; i++)
            assert_true(keys[i - 1] < keys[i]); /* equal ones keep their order */
    }
    free(keys);
}

static void the_largest_stand_first(void **state)
{
    uint64_t keys[500], least, most;
    uint32_t seed = 4;

    (void)state;
    for (size_t k = 1; k <= 500; k += 7) {
        for (size_t i = 0; i < 500; i++)
            keys[i] = (uint64_t)case_random(&seed) % (k % 3 ? 1u << 20 : 9) << 32 | i;
        ix_select(keys, 500, k);
        least = UINT64_MAX;
        most = 0;
        for (size_t i = 0; i < 500; i++) {
            if (i < k)
                least = keys[i] < least ? keys[i] : least;
            else
                most = keys[i] > most ? keys[i] : most;
        }
        assert_true(least == keys[k - 1]);
        assert_true(most < least);
    }
}

static void texts_keep_their_numbers(void **state)
{
    struct ix_budget budget = { 0 };
    struct ix_heap text, entry;
    struct ix_dict dict;
    uint32_t number;
    size_t len;
    char word[16];
    bool new;

    (void)state;
    assert_int_equal(ix_heap_init(&text, &budget) | ix_heap_init(&entry, &budget), 0);
    ix_dict_init(&dict, &text, &entry, false, &budget);
    assert_int_equal(ix_dict_find(&dict, "x", 1), IX_NONE);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            len = (size_t)sprintf(word, "w%u", i);
            assert_int_equal(ix_dict_add(&dict, word, len, &number, &new), 0);
            assert_int_equal(number, i);
            assert_int_equal(new, round == 0);
        }
    ix_dict_release(&dict);
    assert_int_equal(ix_dict_rebuild(&dict), 0); /* as after a restart */
    assert_int_equal(ix_dict_find(&dict, "w4711", 5), 4711);
    assert_string_equal(ix_dict_text(&dict, 4711, &len), "w4711");
    ix_dict_release(&dict);
    ix_heap_release(&text);
    ix_heap_release(&entry);
    assert_int_equal(budget.bytes, 0);
}

#define LISTED(name) cmocka_unit_test_setup_teardown(name, make_lists, drop_lists)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_become_places),
        cmocka_unit_test(numbers_of_every_width_come_back),
        LISTED(postings_come_back_as_they_were),
        LISTED(a_head_bounds_its_block),
        LISTED(outgrown_pieces_are_used_again),
        cmocka_unit_test(keys_are_sorted_by_their_upper_half),
        cmocka_unit_test(the_largest_stand_first),
        cmocka_unit_test(texts_keep_their_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
