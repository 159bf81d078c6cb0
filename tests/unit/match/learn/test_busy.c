/* test_busy.c - learning while others read, write and lose patience. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "fake_city.h"
#include "model.h"

struct busy {
    struct index *index;
    struct model *model;
    atomic_bool done;
    atomic_uint answers;
};

/* Asks the old model about every item, over and over. */
static void *answer(void *arg)
{
    struct busy *busy = arg;
    int dims = model_word_dims(busy->model);

    while (!atomic_load(&busy->done)) {
        uint32_t slots;
        float sum = 0, scale = 0;

        index_read(busy->index);
        slots = index_slots(busy->index);
        for (uint32_t slot = 0; slot < slots; slot++) {
            const int8_t *bytes = model_item_wv(busy->model, slot, &scale);

            for (int i = 0; bytes && i < dims; i++)
                sum += scale * (float)bytes[i];
        }
        index_done(busy->index);
        if (sum == sum)
            atomic_fetch_add(&busy->answers, 1);
    }
    return NULL;
}

static void put_and_note(struct busy *busy, uint32_t *seed, uint32_t i)
{
    char text[4096];
    uint32_t slot;

    fake_text(seed, i % TOPICS, 30, text);
    slot = fake_put(busy->index, text);
    index_read(busy->index);
    assert_int_equal(model_note(busy->model, busy->index, slot), 0);
    index_done(busy->index);
}

static void *learn(void *arg)
{
    struct busy *busy = arg;

    return model_learn(busy->index, 2, NULL);
}

static void a_model_is_learned_while_others_read_and_write(void **state)
{
    struct busy busy = { .index = fake_city(600, 30) };
    pthread_t reader, learner;
    void *fresh = NULL;
    uint32_t seed = 9;
    float scale;

    (void)state;
    busy.model = model_learn(busy.index, 2, NULL);
    assert_non_null(busy.model);
    assert_int_equal(pthread_create(&reader, NULL, answer, &busy), 0);
    assert_int_equal(pthread_create(&learner, NULL, learn, &busy), 0);
    for (uint32_t i = 0; i < 400; i++)
        put_and_note(&busy, &seed, i);
    pthread_join(learner, &fresh);
    assert_non_null(fresh);
    atomic_store(&busy.done, true);
    pthread_join(reader, NULL);
    assert_int_equal(model_note_all(fresh, busy.index, 2, NULL), 0);
    for (uint32_t slot = 0; slot < 1000; slot++) {
        assert_non_null(model_item_wv(busy.model, slot, &scale));
        assert_non_null(model_item_wv(fresh, slot, &scale));
    }
    assert_true(atomic_load(&busy.answers) > 0);
    model_unref(busy.model);
    model_unref(fresh);
    fake_free(busy.index);
}

struct patience {
    struct index *index;
    unsigned reads; /* of the index, after which it is out */
    bool cancel;
};

static void *lose_patience(void *arg)
{
    struct patience *patience = arg;
    struct timespec moment = { .tv_nsec = 50000 };

    while (atomic_load(&patience->index->reads) < patience->reads)
        nanosleep(&moment, NULL);
    __atomic_store_n(&patience->cancel, true, __ATOMIC_RELAXED);
    return NULL;
}

static void it_can_be_cancelled_at_any_step(void **state)
{
    struct patience patience = { .index = fake_city(3000, 30) };
    struct model *model;
    unsigned all;

    (void)state;
    model = model_learn(patience.index, 2, NULL);
    assert_non_null(model);
    model_unref(model);
    all = atomic_load(&patience.index->reads);
    for (unsigned step = 0; step < all - 1; step += 5) {
        pthread_t thread;

        atomic_store(&patience.index->reads, 0);
        patience.reads = step;
        patience.cancel = false;
        assert_int_equal(pthread_create(&thread, NULL, lose_patience, &patience), 0);
        /* It may still have been quicker; then it is a model like any other. */
        model = model_learn(patience.index, 2, &patience.cancel);
        atomic_store(&patience.index->reads, all);
        pthread_join(thread, NULL);
        assert_true(model == NULL || model_items(model) == 3000);
        assert_true(model == NULL || step > 0);
        model_unref(model);
    }
    fake_free(patience.index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_learned_while_others_read_and_write),
        cmocka_unit_test(it_can_be_cancelled_at_any_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
