/* test_folded.c - vectors of items: growing, moving after a compaction, reading meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "folded.h"

#define GONE UINT32_MAX
#define FAR 200000u /* a slot of another chunk of the map */

/* A row whose bytes all tell its number. */
static int put(struct folded *folded, uint32_t slot, uint32_t number)
{
    float wv[3] = { 1, -1, .5f }, lsa[2] = { 0, (float)number };

    return folded_put(folded, slot, number, wv, lsa);
}

static uint32_t number_at(const struct folded *folded, uint32_t slot)
{
    const struct folded_row *row = folded_row(folded, slot);

    return row ? row->check : GONE;
}

static void a_vector_comes_back_as_bytes_with_a_scale(void **state)
{
    struct folded *folded = folded_new(3, 2);
    const struct folded_row *row;

    (void)state;
    assert_non_null(folded);
    assert_int_equal(put(folded, 5, 254), 0);
    row = folded_row(folded, 5);
    assert_non_null(row);
    assert_int_equal(row->bytes[0], 127);
    assert_int_equal(row->bytes[1], -127);
    assert_int_equal(row->bytes[2], 64);
    assert_true(fabsf(row->wv_scale * 127 - 1) < 1e-6f);
    assert_int_equal(row->bytes[3], 0);
    assert_int_equal(row->bytes[4], 127);
    assert_true(fabsf(row->lsa_scale - 2) < 1e-6f);
    assert_null(folded_row(folded, 4));
    assert_null(folded_row(folded, FAR));
    folded_free(folded);
}

static void the_first_row_of_a_slot_stays(void **state)
{
    struct folded *folded = folded_new(3, 2);

    (void)state;
    assert_int_equal(put(folded, 1, 1), 0);
    assert_int_equal(put(folded, 1, 2), 0);
    assert_int_equal(number_at(folded, 1), 1);
    assert_int_equal(folded_slots(folded), 2);
    folded_free(folded);
}

static void rows_follow_their_items_after_a_compaction(void **state)
{
    static uint32_t moved[FAR + 1];
    struct folded *folded = folded_new(3, 2);

    (void)state;
    for (uint32_t slot = 0; slot < 5000; slot++)
        assert_int_equal(put(folded, slot, slot), 0);
    assert_int_equal(put(folded, FAR, FAR), 0);
    for (uint32_t slot = 0; slot <= FAR; slot++)
        moved[slot] = slot % 2 ? GONE : slot / 2;
    assert_int_equal(folded_move(folded, moved, FAR + 1), 0);
    for (uint32_t slot = 0; slot < 2500; slot++)
        assert_int_equal(number_at(folded, slot), 2 * slot);
    assert_int_equal(number_at(folded, FAR / 2), FAR);
    assert_int_equal(number_at(folded, 2500), GONE);
    assert_int_equal(folded_slots(folded), FAR / 2 + 1);
    folded_free(folded);
}

static void rows_of_gone_items_are_used_again_one_compaction_later(void **state)
{
    static uint32_t none[4000];
    struct folded *folded = folded_new(3, 2);
    size_t most = 0;

    (void)state;
    for (uint32_t slot = 0; slot < 4000; slot++)
        none[slot] = GONE;
    for (int round = 0; round < 20; round++) {
        for (uint32_t slot = 0; slot < 4000; slot++)
            assert_int_equal(put(folded, slot, slot), 0);
        if (round == 2)
            most = folded_bytes(folded);
        assert_int_equal(folded_move(folded, none, 4000), 0);
    }
    assert_true(most > 0 && folded_bytes(folded) <= most);
    folded_free(folded);
}

struct reading {
    struct folded *folded;
    atomic_bool done;
    atomic_int wrong, met;
};

static void *read_rows(void *arg)
{
    struct reading *reading = arg;

    while (!atomic_load(&reading->done)) {
        for (uint32_t slot = 0; slot < 3000; slot++) {
            const struct folded_row *row = folded_row(reading->folded, slot);

            if (!row)
                continue;
            atomic_fetch_add(&reading->met, 1);
            /* slot s has the row of s or, in the turned order, of 2999 - s; and all of it */
            if ((row->check != slot && row->check != 2999 - slot) || row->bytes[1] != -127)
                atomic_fetch_add(&reading->wrong, 1);
        }
    }
    return NULL;
}

static void readers_need_no_lock(void **state)
{
    static uint32_t turned[3000];
    struct reading reading = { .folded = folded_new(3, 2) };
    pthread_t threads[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_rows, &reading), 0);
    for (uint32_t slot = 0; slot < 3000; slot++) {
        turned[slot] = 2999 - slot;
        assert_int_equal(put(reading.folded, slot, slot), 0);
    }
    assert_int_equal(folded_move(reading.folded, turned, 3000), 0);
    while (atomic_load(&reading.met) == 0)
        ;
    atomic_store(&reading.done, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&reading.wrong), 0);
    folded_free(reading.folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vector_comes_back_as_bytes_with_a_scale),
        cmocka_unit_test(the_first_row_of_a_slot_stays),
        cmocka_unit_test(rows_follow_their_items_after_a_compaction),
        cmocka_unit_test(rows_of_gone_items_are_used_again_one_compaction_later),
        cmocka_unit_test(readers_need_no_lock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
