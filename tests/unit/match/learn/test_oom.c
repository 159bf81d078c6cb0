/* test_oom.c - each allocation of learning, noting, moving, saving and loading fails once: nothing
 * crashes or leaks (the sanitizer looks), and what could not be done is not said to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "fake_city.h"
#include "model.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);

/* Counts down to the one allocation that fails; 0: none does. */
static atomic_int left;
static atomic_bool met;

static bool fails_now(void)
{
    if (atomic_load(&left) == 0 || atomic_fetch_sub(&left, 1) != 1)
        return false;
    atomic_store(&met, true);
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails_now() ? NULL : __real_realloc(memory, size);
}

/* Plays the scene until it meets no failure any more. */
static void sweep(void (*scene)(void *), void *arg)
{
    int n = 1;

    for (; n < 2000; n++) {
        atomic_store(&met, false);
        atomic_store(&left, n);
        scene(arg);
        atomic_store(&left, 0);
        if (!atomic_load(&met))
            break;
    }
    assert_in_range(n, 2, 1999);
}

static void learn(void *arg)
{
    struct model *model = model_learn(arg, 1, NULL);

    assert_true((model == NULL) == atomic_load(&met));
    model_unref(model);
}

static void learning_without_memory_gives_nothing(void **state)
{
    struct index *index = fake_city(48, 12);

    (void)state;
    sweep(learn, index);
    fake_free(index);
}

struct kept {
    struct index *index;
    struct model *model;
    char path[64];
};

static void save_and_load(void *arg)
{
    struct kept *kept = arg;
    const char *why = NULL;
    struct model *back = NULL;
    int rc = model_save(kept->model, kept->path, &why);

    if (rc == 0)
        back = model_load(kept->path, kept->index, &why);
    /* Without memory for its buffer a FILE works too. */
    assert_true(back != NULL || (atomic_load(&met) && why));
    if (back)
        assert_int_equal(model_version(back), model_version(kept->model));
    model_unref(back);
}

static void keeping_without_memory_says_why(void **state)
{
    struct kept kept = { .index = fake_city(48, 12) };

    (void)state;
    kept.model = model_learn(kept.index, 1, NULL);
    assert_non_null(kept.model);
    snprintf(kept.path, sizeof(kept.path), "/tmp/jb-model-oom-%d", (int)getpid());
    sweep(save_and_load, &kept);
    unlink(kept.path);
    model_unref(kept.model);
    fake_free(kept.index);
}

static void note_and_move(void *arg)
{
    struct kept *kept = arg;
    uint32_t moved[49];
    float scale;

    for (uint32_t slot = 0; slot < 49; slot++)
        moved[slot] = slot == 0 ? UINT32_MAX : slot - 1;
    if (model_note(kept->model, kept->index, 48) == 0)
        assert_non_null(model_item_wv(kept->model, 48, &scale));
    else
        assert_true(atomic_load(&met) && !model_item_wv(kept->model, 48, &scale));
    if (model_move(kept->model, moved, 49) == 0) {
        assert_null(model_item_wv(kept->model, 48, &scale));
        for (uint32_t slot = 0; slot < 49; slot++) /* and back, for the next round */
            moved[slot] = slot + 1;
        if (model_move(kept->model, moved, 48) == 0)
            return;
    }
    assert_true(atomic_load(&met));
    for (uint32_t slot = 0; slot < 49; slot++) /* better none than another item's */
        assert_null(model_item_wv(kept->model, slot, &scale));
}

static void noting_and_moving_without_memory_never_mixes_items(void **state)
{
    struct kept kept = { .index = fake_city(48, 12) };

    (void)state;
    kept.model = model_learn(kept.index, 1, NULL);
    assert_non_null(kept.model);
    fake_put(kept.index, "twin1a t1w1 t1w2 t1w3");
    sweep(note_and_move, &kept);
    assert_int_equal(model_note_all(kept.model, kept.index, 1, NULL), 0);
    model_unref(kept.model);
    fake_free(kept.index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learning_without_memory_gives_nothing),
        cmocka_unit_test(keeping_without_memory_says_why),
        cmocka_unit_test(noting_and_moving_without_memory_never_mixes_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
