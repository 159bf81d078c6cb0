/* test_threads.c - questions while records come and go, a model is learned and the index made
 * dense. The unit suite runs it under TSan too. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "small_city.h"

struct asker {
    struct engine *engine;
    atomic_bool *stop;
    int asked, wrong;
};

static void *ask_on(void *arg)
{
    struct asker *asker = arg;
    struct worker *worker = worker_new(asker->engine);
    struct question question =
        city_question(ASK_MATCH, KIND_ACHIEVEMENT | KIND_EXPERT, "硅片抛光缺陷检测");

    while (worker && (asker->asked < 20 || !atomic_load(asker->stop))) {
        struct arena arena = { 0 };
        struct answer answer;

        if (engine_ask(asker->engine, worker, &arena, &question, &answer) != ENGINE_OK)
            asker->wrong++;
        else
            for (size_t i = 0; i < answer.n; i++) {
                double sum = 0;

                for (size_t j = 0; j < answer.list[i].n_reasons; j++)
                    sum += answer.list[i].reasons[j].share;
                asker->wrong += fabs(sum - answer.list[i].score) > 1e-6;
            }
        asker->asked++;
        arena_release(&arena);
    }
    worker_free(worker);
    return NULL;
}

static void answers_stay_right_while_everything_changes(void **state)
{
    struct small_city *city = *state;
    atomic_bool stop = false;
    struct asker askers[2] = { { city->engine, &stop, 0, 0 }, { city->engine, &stop, 0, 0 } };
    pthread_t threads[2];

    city_fill(city);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, &askers[i]), 0);
    for (int round = 0; round < 4; round++) {
        enum { MANY = 30 }; /* two stretches, the second of them shorter */
        struct item items[MANY];

        for (int n = 0; n < MANY; n++) {
            items[n] = city_item(200 + n, KIND_ACHIEVEMENT, "硅片缺陷", "抛光硅片的缺陷。");
            items[n].version = round + 1;
        }
        assert_int_equal(engine_put_all(city->engine, city->worker, items, MANY), 0);
        city_learn(city);
        for (int n = 200; n < 215; n++) {
            uint8_t id[16];

            city_id(n, id);
            assert_int_equal(engine_remove(city->engine, id, round + 1), 0);
        }
        assert_int_equal(engine_compact(city->engine), 0);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(askers[i].wrong, 0);
        assert_true(askers[i].asked >= 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(answers_stay_right_while_everything_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
