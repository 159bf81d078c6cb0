/* speed_run.c - the engine filled with all items, and how fast it then is at what. */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine.h"
#include "speed.h"

#define LOAD_SECONDS 15.0 /* of full load, and of updates beside questions */
#define FIRST 20          /* candidates that an answer lists */
#define REASONS 3         /* of which so many are explained */

struct question_text {
    char *id, *class, *text;
};
struct bench {
    const char *folder;
    struct engine *engine;
    struct question_text *questions;
    size_t n_questions, room;
    uint32_t items;
    FILE *report; /* a JSON object */
};

static void id_of(uint32_t number, uint8_t ret[16])
{
    memset(ret, 0, 16);
    ret[0] = 1; /* zeros mean "none" */
    for (int i = 0; i < 4; i++)
        ret[12 + i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint32_t number_of(const uint8_t id[16])
{
    return (uint32_t)id[12] << 24 | (uint32_t)id[13] << 16 | (uint32_t)id[14] << 8 | id[15];
}

static struct item item_of(uint32_t number, int64_t version, const char *text)
{
    static const char *const scopes[] = { "public" };
    struct item item = {
        .kind = KIND_ACHIEVEMENT,
        .version = version,
        .field = { "", "", text },
        .name = "",
        .division = "",
        .state = "",
        .level = "",
        .scopes = scopes,
        .n_scopes = 1,
    };

    id_of(number, item.id);
    return item;
}

static void put(struct engine *engine, struct worker *worker, uint32_t number, int64_t version,
                const char *text)
{
    struct item item = item_of(number, version, text);

    if (engine_put(engine, worker, &item) < 0)
        speed_die("an item", "cannot be put");
}

static void ask(struct engine *engine, struct worker *worker, struct arena *arena, const char *text,
                struct answer *ret)
{
    static const char *const scopes[] = { "public" };
    struct question question = {
        .ask = ASK_MATCH,
        .subject.field = { "", "", text },
        .filter = { .kinds = KIND_ACHIEVEMENT, .scopes = scopes, .n_scopes = 1, .division = "" },
        .limit = FIRST,
        .reasons = REASONS,
        .near = "",
    };

    if (engine_ask(engine, worker, arena, &question, ret) != ENGINE_OK)
        speed_die("a question", "is not answered");
}

/* ---- numbers ---- */

static int ascending(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

struct times {
    double *ms;
    size_t n, room;
};

static void times_add(struct times *times, double seconds)
{
    if (times->n == times->room)
        times->ms = speed_must(
            realloc(times->ms, (times->room = times->room * 2 + 1024) * sizeof(*times->ms)));
    times->ms[times->n++] = seconds * 1e3;
}

/* Reports p50, p99, the longest and, when the time is told, questions a second; empties the
 * list. */
static void times_report(struct bench *bench, struct times *times, const char *name, double seconds)
{
    if (times->n == 0)
        return;
    qsort(times->ms, times->n, sizeof(*times->ms), ascending);
    fprintf(bench->report, ", \"p50_ms_%s\": %.3f, \"p99_ms_%s\": %.3f, \"max_ms_%s\": %.3f", name,
            times->ms[times->n / 2], name, times->ms[times->n * 99 / 100], name,
            times->ms[times->n - 1]);
    if (seconds > 0)
        fprintf(bench->report, ", \"qps_%s\": %.2f", name, (double)times->n / seconds);
    fflush(bench->report); /* a run that ends early has told what it knew */
    free(times->ms);
    *times = (struct times){ 0 };
}

/* Of all threads: what is said of a machine that others use too. */
static double processor_seconds(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static double resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    malloc_trim(0);
    if (!file || fscanf(file, "%*s %ld", &pages) != 1)
        speed_die("/proc/self/statm", "cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* ---- filling ---- */

struct filler {
    struct bench *bench;
    unsigned half;
    pthread_t thread;
};

static void *fill_half(void *arg)
{
    struct filler *filler = arg;
    struct worker *worker = speed_must(worker_new(filler->bench->engine));
    char name[16];

    snprintf(name, sizeof(name), "items.%u", filler->half);
    struct lines in = { .file = speed_open(filler->bench->folder, name, "r") };

    while (lines_next(&in))
        put(filler->bench->engine, worker, (uint32_t)strtoul(in.cell[0], NULL, 10), 1, in.cell[1]);
    lines_close(&in);
    worker_free(worker);
    return NULL;
}

static void fill(struct bench *bench)
{
    struct filler fillers[HALVES];
    double before = resident_bytes(), began = speed_now(), used = processor_seconds();
    const volatile bool cancel = false;

    for (unsigned i = 0; i < HALVES; i++) {
        fillers[i] = (struct filler){ bench, i, 0 };
        if (pthread_create(&fillers[i].thread, NULL, fill_half, &fillers[i]) != 0)
            speed_die("a thread", "cannot start");
    }
    for (unsigned i = 0; i < HALVES; i++)
        pthread_join(fillers[i].thread, NULL);
    double filled = speed_now(), fill_used = processor_seconds() - used;

    fprintf(stderr, "%u items in %.1f s\n", bench->items, filled - began);
    if (engine_learn(bench->engine, (int)sysconf(_SC_NPROCESSORS_ONLN), &cancel) < 0)
        speed_die("learning", "failed");
    double learned = speed_now();

    fprintf(stderr, "learned in %.1f s\n", learned - filled);
    fprintf(bench->report, "\"build_s\": %.1f, \"index_s\": %.1f, \"learn_s\": %.1f",
            learned - began, filled - began, learned - filled);
    fprintf(bench->report, ", \"index_cpu_s\": %.1f, \"learn_cpu_s\": %.1f", fill_used,
            processor_seconds() - used - fill_used);
    struct model *model = engine_model(bench->engine);
    double counted = (double)index_bytes(engine_index(bench->engine)) + (double)model_bytes(model);

    model_unref(model);
    fprintf(bench->report, ", \"bytes_per_item\": %.0f, \"bytes_per_item_counted\": %.0f",
            (resident_bytes() - before) / bench->items, counted / bench->items);
}

/* ---- asking ---- */

static void read_questions(struct bench *bench)
{
    struct lines in = { .file = speed_open(bench->folder, "questions.tsv", "r") };

    while (lines_next(&in)) {
        if (bench->n_questions == bench->room)
            bench->questions =
                speed_must(realloc(bench->questions, (bench->room = bench->room * 2 + 1024) *
                                                         sizeof(*bench->questions)));
        bench->questions[bench->n_questions++] = (struct question_text){
            speed_must(strdup(in.cell[0])),
            speed_must(strdup(in.cell[1])),
            speed_must(strdup(in.cell[2])),
        };
    }
    lines_close(&in);
}

/* One question after the other, all of a class; the run is what the rivals' is compared with. */
static void ask_class(struct bench *bench, const char *class, FILE *run)
{
    struct worker *worker = speed_must(worker_new(bench->engine));
    struct times times = { 0 };
    double began = speed_now(), used = processor_seconds();

    for (size_t i = 0; i < bench->n_questions; i++) {
        struct arena arena = { 0 };
        struct answer answer;

        if (strcmp(bench->questions[i].class, class) != 0)
            continue;
        double start = speed_now();

        ask(bench->engine, worker, &arena, bench->questions[i].text, &answer);
        times_add(&times, speed_now() - start);
        for (size_t k = 0; k < answer.n; k++)
            fprintf(run, "%s\t%s\t%u\t%.9g\n", bench->questions[i].id, class,
                    number_of(answer.list[k].id), answer.list[k].score);
        arena_release(&arena);
    }
    if (times.n > 0)
        fprintf(bench->report, ", \"cpu_ms_%s\": %.3f", class,
                (processor_seconds() - used) * 1e3 / (double)times.n);
    times_report(bench, &times, class, speed_now() - began);
    worker_free(worker);
}

struct asker {
    struct bench *bench;
    const char *class;
    size_t from, step;
    atomic_bool *stop;
    struct times times;
    pthread_t thread;
};

/* Asks the questions of a class around and around until told to stop. */
static void *ask_on(void *arg)
{
    struct asker *asker = arg;
    const struct bench *bench = asker->bench;
    struct worker *worker = speed_must(worker_new(bench->engine));

    for (size_t i = asker->from; !atomic_load(asker->stop);
         i = (i + asker->step) % bench->n_questions) {
        struct arena arena = { 0 };
        struct answer answer;

        if (strcmp(bench->questions[i].class, asker->class) != 0)
            continue;
        double start = speed_now();

        ask(bench->engine, worker, &arena, bench->questions[i].text, &answer);
        times_add(&asker->times, speed_now() - start);
        arena_release(&arena);
    }
    worker_free(worker);
    return NULL;
}

static void start_asking(struct bench *bench, struct asker *asker, size_t from, atomic_bool *stop)
{
    *asker =
        (struct asker){ .bench = bench, .class = "150", .from = from, .step = 1, .stop = stop };
    if (pthread_create(&asker->thread, NULL, ask_on, asker) != 0)
        speed_die("a thread", "cannot start");
}

/* As many threads as the machine has processors, each with the next question at once. */
static void full_load(struct bench *bench)
{
    enum { MANY = 64 };
    struct asker askers[MANY];
    struct times all = { 0 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = cores > MANY ? MANY : (size_t)cores;
    atomic_bool stop = false;
    double began = speed_now();

    for (size_t i = 0; i < n; i++)
        start_asking(bench, &askers[i], i * bench->n_questions / n, &stop);
    usleep((useconds_t)(LOAD_SECONDS * 1e6));
    atomic_store(&stop, true);
    for (size_t i = 0; i < n; i++) {
        pthread_join(askers[i].thread, NULL);
        for (size_t k = 0; k < askers[i].times.n; k++)
            times_add(&all, askers[i].times.ms[k] / 1e3);
        free(askers[i].times.ms);
    }
    times_report(bench, &all, "150_full_load", speed_now() - began);
}

/* Items get their neighbour's text, one after the other, around and around, as many together as the
 * feed puts; how many a second. */
static double update_some(struct bench *bench, struct lines *in, int64_t *version)
{
    struct worker *worker = speed_must(worker_new(bench->engine));
    struct item items[ENGINE_PUT_TOGETHER];
    struct arena arena = { 0 };
    double began = speed_now(), seconds = 0;
    size_t n = 0, waiting = 0;

    for (; seconds < LOAD_SECONDS; seconds = speed_now() - began) {
        if (!lines_next(in)) {
            rewind(in->file);
            ++*version;
            continue;
        }
        items[waiting++] = item_of((uint32_t)strtoul(in->cell[0], NULL, 10) - 1, *version,
                                   speed_must(arena_dup(&arena, in->cell[1], strlen(in->cell[1]))));
        if (waiting < ENGINE_PUT_TOGETHER)
            continue;
        if (engine_put_all(bench->engine, worker, items, waiting) < 0)
            speed_die("items", "cannot be put");
        n += waiting;
        waiting = 0;
        arena_release(&arena);
    }
    arena_release(&arena);
    worker_free(worker);
    return (double)n / seconds;
}

/* By one thread: alone, and while another asks without a pause. */
static void updates(struct bench *bench)
{
    struct lines in = { .file = speed_open(bench->folder, "items.1", "r") };
    struct asker asker;
    atomic_bool stop = false;
    int64_t version = 2;

    fprintf(bench->report, ", \"updates_per_s\": %.0f", update_some(bench, &in, &version));
    start_asking(bench, &asker, 0, &stop);
    double busy = update_some(bench, &in, &version);

    atomic_store(&stop, true);
    pthread_join(asker.thread, NULL);
    fprintf(bench->report, ", \"updates_per_s_while_asking\": %.0f", busy);
    times_report(bench, &asker.times, "150_while_updating", 0);
    lines_close(&in);
}

/* The vectors are learned anew beside the questions, with one thread as in service. */
static void relearn(struct bench *bench)
{
    struct asker asker;
    atomic_bool stop = false;
    const volatile bool cancel = false;
    double began = speed_now();

    start_asking(bench, &asker, 0, &stop);
    if (engine_learn(bench->engine, 1, &cancel) < 0)
        speed_die("learning", "failed");
    atomic_store(&stop, true);
    pthread_join(asker.thread, NULL);
    fprintf(bench->report, ", \"relearn_s\": %.1f", speed_now() - began);
    times_report(bench, &asker.times, "150_while_learning", 0);
}

/* ---- keeping ---- */

static const char *path_of(const char *folder, const char *name, char ret[4096])
{
    snprintf(ret, 4096, "%s/%s", folder, name);
    return ret;
}

static void save(struct bench *bench)
{
    struct model *model = engine_model(bench->engine);
    const char *why = "";
    char path[4096];
    double began = speed_now();

    if (index_save(engine_index(bench->engine), path_of(bench->folder, "index", path), &why) < 0 ||
        model_save(model, path_of(bench->folder, "model", path), &why) < 0)
        speed_die("the snapshot", why);
    if (engine_save_norms(bench->engine, path_of(bench->folder, "norms", path)) < 0)
        speed_die("the norms", "cannot be written");
    fprintf(bench->report, ", \"save_s\": %.1f", speed_now() - began);
    model_unref(model);
}

int speed_run(const char *folder, uint32_t items)
{
    static const char *const classes[] = { "30", "150", "500", "TK", "KM" };
    struct bench bench = { .folder = folder, .items = items };
    FILE *run = speed_open(folder, "engine.run", "w");

    bench.report = speed_open(folder, "engine.json", "w");
    bench.engine = speed_must(engine_new());
    read_questions(&bench);
    fprintf(bench.report, "{\"items\": %u, ", items);
    fill(&bench);
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        ask_class(&bench, classes[i], run);
        fprintf(stderr, "asked %s\n", classes[i]);
    }
    save(&bench);
    full_load(&bench);
    updates(&bench);
    relearn(&bench);
    fprintf(bench.report, "}\n");
    if (fclose(bench.report) != 0 || fclose(run) != 0)
        speed_die("the report", "cannot be written");
    engine_free(bench.engine);
    for (size_t i = 0; i < bench.n_questions; i++) {
        free(bench.questions[i].id);
        free(bench.questions[i].class);
        free(bench.questions[i].text);
    }
    free(bench.questions);
    return 0;
}

/* A process of its own: from nothing to the first answer. */
int speed_restart(const char *folder)
{
    struct bench bench = { .folder = folder };
    struct arena arena = { 0 };
    struct answer answer;
    const char *why = "";
    char path[4096];
    double began = speed_now();
    struct index *index = index_load(path_of(folder, "index", path), &why);

    if (!index)
        speed_die("the index", why);
    struct model *model = model_load(path_of(folder, "model", path), index, &why);

    if (!model)
        speed_die("the model", why);
    bench.engine = speed_must(engine_from(index, model, NULL, 0));
    if (engine_load_norms(bench.engine, path_of(folder, "norms", path)) < 0)
        speed_die("the norms", "cannot be read");
    struct worker *worker = speed_must(worker_new(bench.engine));

    read_questions(&bench);
    if (bench.n_questions == 0)
        speed_die("questions.tsv", "is empty");
    ask(bench.engine, worker, &arena, bench.questions[0].text, &answer);
    printf("{\"restart_s\": %.2f}\n", speed_now() - began);
    arena_release(&arena);
    worker_free(worker);
    engine_free(bench.engine);
    return answer.n > 0 ? 0 : 1;
}
