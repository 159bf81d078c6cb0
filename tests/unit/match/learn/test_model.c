/* test_model.c - what is learned from made-up texts, and asking for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "fake_city.h"
#include "model.h"
#include "params.h"

static uint32_t word(struct index *index, const char *text)
{
    return fake_word(index, text, strlen(text));
}

static float cosine(const float *a, const int8_t *b, float scale, int dims)
{
    float sum = 0;

    for (int i = 0; i < dims; i++)
        sum += a[i] * (float)b[i] * scale;
    return sum;
}

static void words_with_the_same_company_are_neighbours(void **state)
{
    struct index *index = fake_city(600, 40);
    struct model *model = model_learn(index, 2, NULL);
    const struct neighbour *near = NULL;
    char twin[32];

    (void)state;
    assert_non_null(model);
    for (unsigned t = 0; t < TOPICS; t++) {
        size_t n, place = 0;

        snprintf(twin, sizeof(twin), "twin%ua", t);
        n = model_neighbours(model, word(index, twin), &near);
        snprintf(twin, sizeof(twin), "twin%ub", t);
        while (place < n && near[place].term != word(index, twin))
            place++;
        /* They never stand in one text: only their company can have told. */
        assert_true(place < n);
        assert_true(near[place].cos > .4f);
        /* A neighbour is of the same topic: no other topic's word is as near. */
        for (size_t i = 0; i <= place; i++) {
            const char *text = index->words[near[i].term].text;

            assert_int_equal(strtoul(text + (text[1] == 'w' ? 4 : 1), NULL, 10), t);
        }
    }
    model_unref(model);
    fake_free(index);
}

static void neighbours_are_sorted_and_symmetric_and_not_the_word(void **state)
{
    struct index *index = fake_city(300, 30);
    struct model *model = model_learn(index, 1, NULL);
    size_t all = 0;

    (void)state;
    assert_non_null(model);
    for (uint32_t w = 0; w < index->n_words; w++) {
        const struct neighbour *near = NULL;
        const float *mine = model_word(model, w);
        size_t n = model_neighbours(model, w, &near);

        assert_true(n <= (size_t)params.near_max);
        all += n;
        for (size_t i = 0; i < n; i++) {
            const float *other = model_word(model, near[i].term);
            float sum = 0;

            for (int d = 0; d < model_word_dims(model); d++)
                sum += mine[d] * other[d];
            assert_true(fabsf(sum - near[i].cos) < 1e-5f);
            assert_int_not_equal(near[i].term, w);
            assert_true(near[i].cos >= (float)params.near_least);
            assert_true(i == 0 || near[i - 1].cos >= near[i].cos);
        }
    }
    assert_true(all > 100);
    model_unref(model);
    fake_free(index);
}

static void a_text_is_near_its_own_item(void **state)
{
    struct index *index = fake_city(400, 40);
    struct model *model = model_learn(index, 2, NULL);
    float wv[1024], lsa[1024], scale;

    (void)state;
    assert_non_null(model);
    assert_in_range(model_word_dims(model), 2, 1024);
    assert_in_range(model_lsa_dims(model), 2, 1024);
    for (uint32_t slot = 0; slot < 400; slot += 37) {
        const struct fake_item *item = &index->items[slot];
        const int8_t *bytes;

        model_fold(model, index, item->terms, item->n_terms, wv, lsa);
        bytes = model_item_wv(model, slot, &scale);
        assert_non_null(bytes);
        assert_true(cosine(wv, bytes, scale, model_word_dims(model)) > .995f);
        bytes = model_item_lsa(model, slot, &scale);
        assert_non_null(bytes);
        assert_true(cosine(lsa, bytes, scale, model_lsa_dims(model)) > .995f);
        for (uint32_t other = 0; other < 400; other++) { /* topics keep apart */
            bytes = model_item_lsa(model, other, &scale);
            assert_true(other % TOPICS == slot % TOPICS ||
                        cosine(lsa, bytes, scale, model_lsa_dims(model)) < .5f);
        }
    }
    model_unref(model);
    fake_free(index);
}

static void the_even_space_keeps_topics_apart_too(void **state)
{
    struct index *index = fake_city(400, 40);
    struct model *model = model_learn(index, 2, NULL);
    static float even[16][1024];

    (void)state;
    assert_non_null(model);
    for (uint32_t slot = 0; slot < COUNT_OF(even); slot++) {
        const struct fake_item *item = &index->items[slot];

        model_fold_even(model, item->terms, item->n_terms, 1, even[slot]);
    }
    for (uint32_t slot = 0; slot < COUNT_OF(even); slot++) {
        float own = 0, same = 0, other = 0; /* with itself, the topic's next item, another topic */

        for (int d = 0; d < model_word_dims(model); d++) {
            own += even[slot][d] * even[slot][d];
            same += even[slot % 4][d] * even[slot % 4 + TOPICS][d];
            other += even[slot % 4][d] * even[slot % 4 + 5][d];
        }
        assert_true(fabsf(own - 1) < 1e-4f);
        assert_true(same > other + .2f);
    }
    model_unref(model);
    fake_free(index);
}

static void a_later_item_is_noted_and_a_later_word_has_no_vector(void **state)
{
    struct index *index = fake_city(120, 30);
    struct model *model = model_learn(index, 1, NULL);
    const struct neighbour *near;
    uint32_t slot = fake_put(index, "twin3a t3w1 t3w2 brandnew t3w4");
    float scale;

    (void)state;
    assert_non_null(model);
    assert_null(model_item_wv(model, slot, &scale));
    assert_null(model_item_lsa(model, slot, &scale));
    assert_int_equal(model_note(model, index, slot), 0);
    assert_non_null(model_item_wv(model, slot, &scale));
    assert_true(scale > 0);
    assert_null(model_word(model, word(index, "brandnew")));
    assert_int_equal(model_neighbours(model, word(index, "brandnew"), &near), 0);
    slot = fake_put(index, "brandnew unheard");
    assert_int_equal(model_note_all(model, index, 2, NULL), 0);
    assert_non_null(model_item_wv(model, slot, &scale));
    assert_true(scale == 0); /* nothing is known of it: zeros */
    model_unref(model);
    fake_free(index);
}

static void the_same_index_gives_the_same_model(void **state)
{
    struct index *index = fake_city(500, 40);
    struct model *one = model_learn(index, 1, NULL), *two = model_learn(index, 3, NULL);

    (void)state;
    assert_non_null(one);
    assert_non_null(two);
    assert_int_equal(model_version(one), model_version(two));
    for (uint32_t w = 0; w < index->n_words; w++) {
        const struct neighbour *a = NULL, *b = NULL;
        size_t n = model_neighbours(one, w, &a);

        assert_int_equal(model_neighbours(two, w, &b), n);
        if (n)
            assert_memory_equal(a, b, n * sizeof(*a));
    }
    for (uint32_t slot = 0; slot < 500; slot++) {
        float a, b;
        const int8_t *first = model_item_wv(one, slot, &a), *second = model_item_wv(two, slot, &b);

        assert_true(a == b);
        assert_memory_equal(first, second, (size_t)model_word_dims(one));
    }
    fake_put(index, "twin1a t1w1 t1w2 t1w3");
    model_unref(two);
    two = model_learn(index, 1, NULL);
    assert_non_null(two);
    assert_int_not_equal(model_version(one), model_version(two));
    model_unref(one);
    model_unref(two);
    fake_free(index);
}

static void nothing_to_learn_from_is_no_failure(void **state)
{
    static const char *const texts[] = { "one", "", "one two", "| |", "three one" };
    struct index *index = fake_new();
    const struct neighbour *near;
    float none[1], scale;

    (void)state;
    for (size_t i = 0; i <= COUNT_OF(texts); i++) {
        struct model *model = model_learn(index, 2, NULL);

        assert_non_null(model);
        assert_int_equal(model_items(model), i);
        assert_int_equal(model_word_dims(model), 0);
        assert_int_equal(model_neighbours(model, 0, &near), 0);
        if (model_lsa_dims(model) == 0 && i > 0) {
            assert_int_equal(model_note(model, index, 0), 0);
            assert_null(model_item_wv(model, 0, &scale));
            model_fold(model, index, index->items[0].terms, 1, none, none);
        }
        model_unref(model);
        if (i < COUNT_OF(texts))
            fake_put(index, texts[i]);
    }
    fake_free(index);
}

static void an_empty_model_knows_nothing(void **state)
{
    struct index *index = fake_city(20, 10);
    struct model *model = model_ref(model_empty());
    const struct neighbour *near;
    uint32_t moved[1] = { 0 };
    float scale;

    (void)state;
    assert_int_equal(model_version(model), 0);
    assert_int_equal(model_word_dims(model) + model_lsa_dims(model), 0);
    assert_null(model_word(model, 1));
    assert_int_equal(model_neighbours(model, 1, &near), 0);
    assert_int_equal(model_note(model, index, 1), 0);
    assert_null(model_item_lsa(model, 1, &scale));
    assert_int_equal(model_move(model, moved, 1), 0);
    model_unref(model);
    model_unref(model);
    model_unref(NULL);
    fake_free(index);
}

static void removed_items_are_not_learned(void **state)
{
    struct index *index = fake_city(200, 30), *without = fake_city(200, 30);
    struct model *model;
    float scale;

    (void)state;
    for (int i = 0; i < 50; i++)
        fake_put(index, "ghost spectre phantom");
    for (uint32_t slot = 200; slot < 250; slot++)
        fake_remove(index, slot);
    model = model_learn(index, 1, NULL);
    assert_non_null(model);
    assert_int_equal(model_items(model), 200);
    assert_null(model_word(model, word(index, "ghost")));
    assert_null(model_item_wv(model, 210, &scale));
    model_unref(model);
    fake_free(index);
    fake_free(without);
}

static void learning_stops_when_it_is_told_to(void **state)
{
    struct index *index = fake_city(300, 30);
    volatile bool cancel = true;

    (void)state;
    assert_null(model_learn(index, 2, &cancel));
    cancel = false;
    struct model *model = model_learn(index, 2, &cancel);
    assert_non_null(model);
    model_unref(model);
    fake_free(index);
}

static void the_index_is_locked_in_short_stretches(void **state)
{
    struct index *index = fake_city(2000, 10);
    struct model *model;

    (void)state;
    atomic_store(&index->reads, 0);
    model = model_learn(index, 1, NULL);
    assert_non_null(model);
    /* sequences, LSA and folding: each looks at 2,000 slots in stretches of 256 */
    assert_true(atomic_load(&index->reads) >= 3 * 2000 / 256);
    model_unref(model);
    fake_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_with_the_same_company_are_neighbours),
        cmocka_unit_test(neighbours_are_sorted_and_symmetric_and_not_the_word),
        cmocka_unit_test(a_text_is_near_its_own_item),
        cmocka_unit_test(the_even_space_keeps_topics_apart_too),
        cmocka_unit_test(a_later_item_is_noted_and_a_later_word_has_no_vector),
        cmocka_unit_test(the_same_index_gives_the_same_model),
        cmocka_unit_test(nothing_to_learn_from_is_no_failure),
        cmocka_unit_test(an_empty_model_knows_nothing),
        cmocka_unit_test(removed_items_are_not_learned),
        cmocka_unit_test(learning_stops_when_it_is_told_to),
        cmocka_unit_test(the_index_is_locked_in_short_stretches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
