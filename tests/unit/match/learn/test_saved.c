/* test_saved.c - a model goes to disk and comes back, or is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "fake_city.h"
#include "model.h"

struct scene {
    struct index *index;
    struct model *model;
    char path[64];
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    const char *why = NULL;

    scene->index = fake_city(300, 30);
    scene->model = model_learn(scene->index, 2, NULL);
    snprintf(scene->path, sizeof(scene->path), "/tmp/jb-model-%d", (int)getpid());
    *state = scene;
    return model_save(scene->model, scene->path, &why);
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    unlink(scene->path);
    model_unref(scene->model);
    fake_free(scene->index);
    free(scene);
    return 0;
}

/* Writes `n` bytes at `at` of the file, or cuts it there when n is 0. */
static void spoil(const struct scene *scene, long at, size_t n)
{
    FILE *file = fopen(scene->path, "r+b");

    assert_non_null(file);
    if (n == 0) {
        assert_int_equal(ftruncate(fileno(file), at), 0);
    } else {
        assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(fputc(0x5a, file), 0x5a);
    }
    fclose(file);
}

static void it_comes_back_equal(void **state)
{
    struct scene *scene = *state;
    const char *why = NULL;
    struct model *back = model_load(scene->path, scene->index, &why);

    assert_non_null(back);
    assert_int_equal(model_version(back), model_version(scene->model));
    assert_int_equal(model_items(back), 300);
    assert_int_equal(model_word_dims(back), model_word_dims(scene->model));
    assert_int_equal(model_lsa_dims(back), model_lsa_dims(scene->model));
    for (uint32_t w = 0; w < scene->index->n_words; w++) {
        const struct neighbour *a = NULL, *b = NULL;
        const float *one = model_word(scene->model, w), *two = model_word(back, w);
        size_t n = model_neighbours(scene->model, w, &a);

        assert_int_equal(!one, !two);
        if (one)
            assert_memory_equal(one, two, (size_t)model_word_dims(back) * sizeof(*one));
        assert_int_equal(model_neighbours(back, w, &b), n);
        if (n)
            assert_memory_equal(a, b, n * sizeof(*a));
    }
    for (uint32_t slot = 0; slot < 300; slot++) {
        float a, b;

        assert_memory_equal(model_item_wv(scene->model, slot, &a), model_item_wv(back, slot, &b),
                            (size_t)(model_word_dims(back) + model_lsa_dims(back)));
        assert_true(a == b);
    }
    model_unref(back);
}

static void an_item_that_is_another_now_has_no_vectors(void **state)
{
    struct scene *scene = *state;
    const char *why = NULL;
    struct model *back;
    float scale;

    scene->index->items[7].facts.version = 2;
    fake_remove(scene->index, 9);
    back = model_load(scene->path, scene->index, &why);
    assert_non_null(back);
    assert_null(model_item_wv(back, 7, &scale));
    assert_null(model_item_wv(back, 9, &scale));
    assert_non_null(model_item_wv(back, 8, &scale));
    assert_int_equal(model_note_all(back, scene->index, 1, NULL), 0);
    assert_non_null(model_item_wv(back, 7, &scale));
    assert_null(model_item_wv(back, 9, &scale));
    model_unref(back);
}

static void another_index_is_refused(void **state)
{
    struct scene *scene = *state;
    struct index *other = fake_new(), *longer;
    const char *why = NULL;
    char text[4096];
    uint32_t seed = 5;

    assert_null(model_load(scene->path, other, &why));
    assert_string_equal(why, "the model belongs to another index");
    fake_free(other);
    longer = fake_new();
    fake_put(longer, "a word that shifts all ids");
    for (uint32_t i = 0; i < 300; i++) {
        fake_text(&seed, i % TOPICS, 30, text);
        fake_put(longer, text);
    }
    assert_null(model_load(scene->path, longer, &why));
    assert_string_equal(why, "the model belongs to another index");
    fake_free(longer);
}

static void a_spoilt_file_is_refused(void **state)
{
    struct scene *scene = *state;
    const char *why = NULL;

    spoil(scene, 2000, 3);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "the model's file has a wrong checksum");
    assert_int_equal(model_save(scene->model, scene->path, &why), 0);
    spoil(scene, -2, 1);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "the model's file has a wrong checksum");
    assert_int_equal(model_save(scene->model, scene->path, &why), 0);
    spoil(scene, 5000, 0);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "the model's file is cut off");
    spoil(scene, 8, 1);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "the model's file has another format");
    spoil(scene, 3, 0);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "the model's file has another format");
    unlink(scene->path);
    assert_null(model_load(scene->path, scene->index, &why));
    assert_string_equal(why, "there is no model's file");
}

static void a_file_that_cannot_be_written_leaves_the_old_one(void **state)
{
    struct scene *scene = *state;
    const char *why = NULL;
    struct model *back;

    assert_int_equal(model_save(scene->model, "/nowhere/at/all", &why), -1);
    assert_string_equal(why, "the model's file cannot be written");
    back = model_load(scene->path, scene->index, &why);
    assert_non_null(back);
    model_unref(back);
}

static void an_empty_model_can_be_kept_too(void **state)
{
    struct scene *scene = *state;
    struct model *empty = model_empty(), *back;
    const char *why = NULL;

    assert_int_equal(model_save(empty, scene->path, &why), 0);
    back = model_load(scene->path, scene->index, &why);
    assert_non_null(back);
    assert_int_equal(model_word_dims(back) + model_lsa_dims(back), 0);
    model_unref(back);
    model_unref(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_comes_back_equal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_item_that_is_another_now_has_no_vectors, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_index_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_spoilt_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_written_leaves_the_old_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_model_can_be_kept_too, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
