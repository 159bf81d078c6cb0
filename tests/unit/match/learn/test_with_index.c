/* test_with_index.c - learning and keeping with the index that serves: its locks, its compaction.
 * */
#include "../index/index_case.h"

#include <math.h>
#include <pthread.h>

#include "model.h"

#define ITEMS 240

struct real {
    struct index *index;
    struct model *model;
};

/* Three topics of 18 words each. */
static void write_item(struct index *index, uint32_t number)
{
    uint32_t seed = number * 2654435761u + 12345;
    char text[512], *at = text;

    for (int i = 0; i < 24; i++) {
        seed = seed * 1664525u + 1013904223u;
        at += sprintf(at, "%c%cx%s", 'a' + (int)(number % 3), 'd' + (int)((seed >> 16) % 18),
                      i % 7 == 6 ? ", " : " ");
    }
    case_write(index, number, text);
}

static struct real make(uint32_t n)
{
    struct real real = { .index = index_new() };

    assert_non_null(real.index);
    for (uint32_t i = 0; i < n; i++)
        write_item(real.index, i);
    real.model = model_learn(real.index, 2, NULL);
    assert_non_null(real.model);
    return real;
}

static void release(struct real *real)
{
    model_unref(real->model);
    index_free(real->index);
}

/* Is what the slot keeps the fold of its own words? */
static void check_slot(const struct model *model, const struct index *index, uint32_t slot)
{
    struct posting terms[128];
    float wv[512], lsa[512], scale = 0, sum = 0;
    size_t n = index_forward(index, SPACE_W, slot, terms, COUNT_OF(terms));
    const int8_t *bytes = model_item_wv(model, slot, &scale);

    assert_in_range(n, 1, COUNT_OF(terms));
    assert_non_null(bytes);
    model_fold(model, index, terms, n, wv, lsa);
    for (int i = 0; i < model_word_dims(model); i++)
        sum += wv[i] * (float)bytes[i] * scale;
    assert_true(fabsf(sum - 1) < .01f);
}

static void words_of_a_topic_are_neighbours(void **state)
{
    struct real real = make(ITEMS);
    const struct neighbour *near = NULL;

    (void)state;
    index_read(real.index);
    for (char topic = 'a'; topic <= 'c'; topic++) {
        char word[4] = { topic, 'e', 'x', 0 };
        size_t n = model_neighbours(real.model, index_term(real.index, SPACE_W, word, 3), &near);

        assert_in_range(n, 1, 17);
        for (size_t i = 0; i < n; i++) {
            size_t len;

            assert_int_equal(*index_term_text(real.index, SPACE_W, near[i].term, &len), topic);
        }
    }
    index_done(real.index);
    release(&real);
}

static int on_moved(void *arg, const uint32_t *moved, uint32_t n)
{
    struct real *real = arg;

    return model_move(real->model, moved, n);
}

static void vectors_follow_their_items_through_a_compaction(void **state)
{
    struct real real = make(ITEMS);
    float scale;

    (void)state;
    for (uint32_t i = 0; i < ITEMS; i += 3)
        case_remove(real.index, i);
    assert_int_equal(index_compact(real.index, on_moved, &real), 0);
    index_read(real.index);
    assert_int_equal(index_slots(real.index), ITEMS - ITEMS / 3);
    for (uint32_t slot = 0; slot < index_slots(real.index); slot++)
        check_slot(real.model, real.index, slot);
    assert_null(model_item_wv(real.model, ITEMS, &scale));
    index_done(real.index);
    release(&real);
}

static void a_model_belongs_to_the_snapshot_of_its_index(void **state)
{
    struct real real = make(ITEMS);
    struct index *back;
    struct model *model;
    const char *why = NULL;
    char folder[] = "/tmp/jm-model-XXXXXX", index_path[64], model_path[64], command[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(index_path, sizeof(index_path), "%s/index", folder);
    snprintf(model_path, sizeof(model_path), "%s/model", folder);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    assert_int_equal(index_save(real.index, index_path, &why), 0);
    assert_int_equal(model_save(real.model, model_path, &why), 0);
    back = index_load(index_path, &why);
    assert_non_null(back);
    index_read(back);
    model = model_load(model_path, back, &why);
    assert_non_null(model);
    assert_int_equal(model_version(model), model_version(real.model));
    for (uint32_t slot = 0; slot < ITEMS; slot++)
        check_slot(model, back, slot);
    index_done(back);
    model_unref(model);
    index_free(back);
    release(&real);
    assert_int_equal(system(command), 0);
}

static void *write_more(void *arg)
{
    struct index *index = arg;

    for (uint32_t i = ITEMS; i < 2 * ITEMS; i++) {
        write_item(index, i);
        if (i % 5 == 0)
            case_remove(index, i - ITEMS);
    }
    return NULL;
}

static void a_model_is_learned_while_the_index_is_written(void **state)
{
    struct real real = make(ITEMS);
    struct model *fresh;
    pthread_t writer;

    (void)state;
    assert_int_equal(pthread_create(&writer, NULL, write_more, real.index), 0);
    fresh = model_learn(real.index, 2, NULL);
    pthread_join(writer, NULL);
    assert_non_null(fresh);
    assert_int_equal(model_note_all(fresh, real.index, 2, NULL), 0);
    index_read(real.index);
    assert_int_equal(index_live(real.index), 2 * ITEMS - ITEMS / 5);
    for (uint32_t slot = 0; slot < index_slots(real.index); slot++) {
        if (index_is_live(real.index, slot))
            check_slot(fresh, real.index, slot);
    }
    index_done(real.index);
    model_unref(fresh);
    release(&real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_topic_are_neighbours),
        cmocka_unit_test(vectors_follow_their_items_through_a_compaction),
        cmocka_unit_test(a_model_belongs_to_the_snapshot_of_its_index),
        cmocka_unit_test(a_model_is_learned_while_the_index_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
