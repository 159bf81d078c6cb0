/* collection.c - see collection.h. A bench: whatever goes wrong ends it with a message. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEEP 1000

void eval_die(const char *what, const char *why)
{
    fprintf(stderr, "match-eval: %s: %s\n", what, why);
    exit(1);
}

static void *must(void *memory)
{
    if (!memory)
        eval_die("memory", "out");
    return memory;
}

/* ---- tables ---- */

void rows_open(struct rows *rows, const char *path)
{
    *rows = (struct rows){ .path = path, .file = gzopen(path, "rb") };
    if (!rows->file)
        eval_die(path, "cannot open");
    gzbuffer(rows->file, 1u << 17);
}

bool rows_next_line(struct rows *rows)
{
    size_t len = 0;

    for (;;) {
        if (rows->room - len < 4096)
            rows->line = must(realloc(rows->line, rows->room = rows->room * 2 + 8192));
        if (!gzgets(rows->file, rows->line + len, (int)(rows->room - len)))
            break;
        len += strlen(rows->line + len);
        if (len > 0 && rows->line[len - 1] == '\n')
            break;
    }
    while (len > 0 && (rows->line[len - 1] == '\n' || rows->line[len - 1] == '\r'))
        len--;
    if (len == 0 && gzeof(rows->file))
        return false;
    rows->line[len] = '\0';
    return true;
}

bool rows_next(struct rows *rows)
{
    static char nothing[1];
    char *at;

    do {
        if (!rows_next_line(rows))
            return false;
    } while (rows->line[0] == '\0');
    at = rows->line;
    for (int i = 0; i < ROW_CELLS; i++) {
        rows->cell[i] = at ? at : nothing;
        at = at && i + 1 < ROW_CELLS ? strchr(at, '\t') : NULL;
        if (at)
            *at++ = '\0';
    }
    return true;
}

void rows_close(struct rows *rows)
{
    int error;
    const char *why = gzerror(rows->file, &error);

    if (error < 0)
        eval_die(rows->path, why);
    gzclose(rows->file);
    free(rows->line);
}

/* ---- names and ids ---- */

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

static uint64_t hash_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325ULL;

    while (*name)
        hash = (hash ^ (unsigned char)*name++) * 0x100000001b3ULL;
    return hash;
}

static void rehash(struct eval *eval)
{
    eval->n_buckets = eval->room * 2;
    eval->buckets = must(realloc(eval->buckets, eval->n_buckets * sizeof(*eval->buckets)));
    memset(eval->buckets, 0xff, eval->n_buckets * sizeof(*eval->buckets));
    for (uint32_t i = 0; i < eval->n_items; i++) {
        size_t at = hash_of(eval->items[i].name) % eval->n_buckets;

        while (eval->buckets[at] != UINT32_MAX)
            at = (at + 1) % eval->n_buckets;
        eval->buckets[at] = i;
    }
}

/* The number of a name; a new one gets the next. */
static uint32_t name_number(struct eval *eval, const char *name)
{
    if (eval->n_items == eval->room) {
        eval->room = eval->room ? eval->room * 2 : 1024;
        eval->items = must(realloc(eval->items, eval->room * sizeof(*eval->items)));
        rehash(eval);
    }
    size_t at = hash_of(name) % eval->n_buckets;
    for (; eval->buckets[at] != UINT32_MAX; at = (at + 1) % eval->n_buckets)
        if (strcmp(eval->items[eval->buckets[at]].name, name) == 0)
            return eval->buckets[at];
    eval->buckets[at] = (uint32_t)eval->n_items;
    eval->items[eval->n_items] =
        (struct eval_item){ .name = must(arena_dup(&eval->arena, name, strlen(name))) };
    return (uint32_t)eval->n_items++;
}

/* ---- filling ---- */

void eval_open(struct eval *eval, const char *from, const char *to)
{
    *eval = (struct eval){ .from = from, .to = to };
    eval->engine = must(engine_new());
    eval->worker = must(worker_new(eval->engine));
}

void eval_link(struct eval *eval, const char *doc, const char *person)
{
    if (eval->n_edges == eval->edge_room)
        eval->edges = must(realloc(eval->edges, (eval->edge_room = eval->edge_room * 2 + 1024) *
                                                    sizeof(*eval->edges)));
    uint32_t from = name_number(eval, doc), to = name_number(eval, person);
    eval->edges[eval->n_edges++] = (struct eval_edge){ from, to };
}

void eval_put(struct eval *eval, enum kind kind, const char *name, const char *scope,
              const char *const field[N_FIELDS], const char *const *people, size_t n_people)
{
    uint32_t number = name_number(eval, name);
    const char **scopes = must(arena_alloc(&eval->arena, sizeof(*scopes)));
    struct item *item = &eval->items[number].item;

    scopes[0] = must(arena_dup(&eval->arena, scope, strlen(scope)));
    *item = (struct item){ .kind = kind,
                           .version = 1,
                           .name = "",
                           .division = "",
                           .state = "",
                           .level = "",
                           .scopes = scopes,
                           .n_scopes = 1 };
    id_of(number, item->id);
    for (int f = 0; f < N_FIELDS; f++)
        item->field[f] = must(arena_dup(&eval->arena, field[f], strlen(field[f])));
    for (size_t i = 0; i < n_people; i++)
        eval_link(eval, name, people[i]);
}

static int by_doc(const void *a, const void *b)
{
    const struct eval_edge *left = a, *right = b;

    return (left->doc > right->doc) - (left->doc < right->doc);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void eval_loaded(struct eval *eval)
{
    double began = seconds();
    size_t edge = 0;
    const volatile bool cancel = false;

    qsort(eval->edges, eval->n_edges, sizeof(*eval->edges), by_doc);
    for (uint32_t i = 0; i < eval->n_items; i++) {
        struct item *item = &eval->items[i].item;
        struct link links[1024];
        size_t n = 0;

        while (edge < eval->n_edges && eval->edges[edge].doc < i)
            edge++;
        for (; edge < eval->n_edges && eval->edges[edge].doc == i && n < 1024; edge++) {
            id_of(eval->edges[edge].person, links[n].to);
            links[n++].weight = 1;
        }
        item->links = links;
        item->n_links = n;
        if (i >= eval->n_put && item->kind && engine_put(eval->engine, eval->worker, item) < 0)
            eval_die(eval->items[i].name, "cannot be put");
        item->links = NULL;
        item->n_links = 0;
    }
    eval->n_put = eval->n_items;
    double put = seconds();
    if (engine_learn(eval->engine, (int)sysconf(_SC_NPROCESSORS_ONLN), &cancel) < 0)
        eval_die("learning", "failed");
    fprintf(stderr, "%zu records in %.1f s, learned in %.1f s\n", eval->n_items, put - began,
            seconds() - put);
}

/* ---- asking ---- */

FILE *eval_run_open(struct eval *eval, const char *name)
{
    const char *path = must(arena_printf(&eval->arena, "%s/%s.run", eval->to, name));
    FILE *run = fopen(path, "w");

    if (!run)
        eval_die(path, "cannot write");
    return run;
}

void eval_ask(struct eval *eval, FILE *run, const char *qid, const struct eval_question *asked)
{
    struct arena arena = { 0 };
    const char *scopes[2] = { asked->scope, asked->second_scope };
    struct answer answer;
    struct question question = {
        .ask = asked->ask,
        .limit = DEEP,
        .filter = { .kinds = asked->kind,
                    .evidence = asked->evidence,
                    .scopes = scopes,
                    .n_scopes = asked->second_scope ? 2 : 1,
                    .division = "" },
        .near = "",
    };

    for (int f = 0; f < N_FIELDS; f++)
        question.subject.field[f] = asked->field[f];
    if (engine_ask(eval->engine, eval->worker, &arena, &question, &answer) != ENGINE_OK)
        eval_die(qid, "no answer");
    for (size_t i = 0; i < answer.n; i++) {
        const char *name = eval->items[number_of(answer.list[i].id)].name + asked->cut;

        fprintf(run, "%s Q0 %s %zu %.9g jiebang\n", asked->turned ? name : qid,
                asked->turned ? qid : name, i + 1, answer.list[i].score);
    }
    arena_release(&arena);
}

void eval_close(struct eval *eval)
{
    worker_free(eval->worker);
    engine_free(eval->engine);
    free(eval->items);
    free(eval->edges);
    free(eval->buckets);
    arena_release(&eval->arena);
}
