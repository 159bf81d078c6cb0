/* test_restart.c - what an engine answers after a restart is what it answered before. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "small_city.h"

static const char QUESTION[] =
    "面向集成电路的大尺寸单晶硅片，采用化学机械抛光控制表面缺陷密度与颗粒，建立光学检测方法";

struct snapshot_files {
    char folder[64], index[96], model[96], norms[96];
};

static void files_make(struct snapshot_files *files)
{
    snprintf(files->folder, sizeof(files->folder), "/tmp/jm-restart-XXXXXX");
    assert_non_null(mkdtemp(files->folder));
    snprintf(files->index, sizeof(files->index), "%s/index", files->folder);
    snprintf(files->model, sizeof(files->model), "%s/model", files->folder);
    snprintf(files->norms, sizeof(files->norms), "%s/norms", files->folder);
}

static void files_remove(const struct snapshot_files *files)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r '%s'", files->folder);
    assert_int_equal(system(command), 0);
}

static void save(const struct snapshot_files *files, struct engine *engine)
{
    struct model *model = engine_model(engine);
    const char *why = "";

    assert_int_equal(index_save(engine_index(engine), files->index, &why), 0);
    assert_int_equal(model_save(model, files->model, &why), 0);
    assert_int_equal(engine_save_norms(engine, files->norms), 0);
    model_unref(model);
}

/* The same scores by a new engine from the files. */
static void assert_same_again(const struct snapshot_files *files, struct small_city *city)
{
    struct question question =
        city_question(ASK_MATCH, KIND_ACHIEVEMENT | KIND_EXPERT | KIND_PAPER, QUESTION);
    const char *why = "";
    struct index *index = index_load(files->index, &why);

    assert_non_null(index);
    index_read(index);
    struct model *model = model_load(files->model, index, &why);
    index_done(index);
    struct engine *again = engine_from(index, model, NULL, 0);
    assert_non_null(again);
    assert_int_equal(engine_load_norms(again, files->norms), 0);
    struct worker *worker = worker_new(again);
    struct arena arena = { 0 };
    struct answer answer = { 0 };

    assert_int_equal(city_ask(city, &question), ENGINE_OK);
    assert_int_equal(engine_ask(again, worker, &arena, &question, &answer), ENGINE_OK);
    assert_true(answer.n > 2);
    assert_int_equal(answer.n, city->answer.n);
    for (size_t i = 0; i < answer.n; i++)
        assert_true(fabs(answer.list[i].score - city->answer.list[i].score) < 1e-6);
    arena_release(&arena);
    worker_free(worker);
    engine_free(again);
}

static void scores_are_the_same_after_a_restart(void **state)
{
    struct small_city *city = *state;
    struct snapshot_files files;

    city_fill(city);
    city_learn(city);
    files_make(&files);
    save(&files, city->engine);
    assert_same_again(&files, city);
    files_remove(&files);
}

static void norms_that_are_lost_or_damaged_are_worked_out(void **state)
{
    struct small_city *city = *state;
    struct snapshot_files files;

    city_fill(city);
    city_learn(city);
    files_make(&files);
    save(&files, city->engine);
    assert_int_equal(truncate(files.norms, 40), 0);
    assert_same_again(&files, city);
    assert_int_equal(unlink(files.norms), 0);
    assert_same_again(&files, city);
    files_remove(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(scores_are_the_same_after_a_restart),
        CITY_TEST(norms_that_are_lost_or_damaged_are_worked_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
