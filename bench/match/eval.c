/* eval.c - loads public collections through the engine that serves and writes TREC runs.
 *
 *   match-eval COLLECTION_DIR RUN_DIR [LIBRARY]
 *
 * Layout and formats: README.md of the collections. Each collection has a scope of its own and is
 * asked within it; the Chinese papers of csl and csldcp share a library.
 * Nothing of queries or judgements is indexed, but in the classify mode of csldcp, where the
 * library to be labelled is what is asked about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collection.h"

static const char *file_of(struct eval *eval, const char *name)
{
    return arena_printf(&eval->arena, "%s/%s", eval->from, name);
}

static bool has(struct eval *eval, const char *name)
{
    struct stat st;

    return stat(file_of(eval, name), &st) == 0;
}

/* ---- csl: abstracts are achievements, titles are papers ---- */

static void load_csl(struct eval *eval)
{
    struct rows rows;

    rows_open(&rows, file_of(eval, "csl/corpus_abstracts.tsv.gz"));
    while (rows_next(&rows))
        eval_put(eval, KIND_ACHIEVEMENT, rows.cell[0], "csl",
                 (const char *[N_FIELDS]){ "", "", rows.cell[1] }, NULL, 0);
    rows_close(&rows);
    rows_open(&rows, file_of(eval, "csl/corpus_titles.tsv.gz"));
    while (rows_next(&rows))
        eval_put(eval, KIND_PAPER, rows.cell[0], "csl",
                 (const char *[N_FIELDS]){ rows.cell[1], "", "" }, NULL, 0);
    rows_close(&rows);
}

static const char *joined(struct eval *eval, const json_t *list)
{
    char *text = arena_dup(&eval->arena, "", 0);
    const json_t *value;
    size_t i;

    json_array_foreach(list, i, value) text =
        arena_printf(&eval->arena, "%s%s%s", text, i ? "\n" : "", json_string_value(value));
    return text;
}

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static void ask_csl(struct eval *eval, FILE *const run[5], const json_t *q)
{
    const char *qid = text_at(q, "qid"), *title = text_at(q, "title");
    const char *keywords = joined(eval, json_object_get(q, "keywords"));
    const char *absent = joined(eval, json_object_get(q, "keywords_absent"));
    const char *const fields[5][N_FIELDS] = { { title, keywords, "" },
                                              { "", keywords, "" },
                                              { title, "", "" },
                                              { "", "", text_at(q, "abstract") },
                                              { "", absent, "" } };

    for (int task = 0; task < 5; task++)
        if (task != 4 || absent[0])
            eval_ask(eval, run[task], qid,
                     &(struct eval_question){ .field = fields[task],
                                              .kind = task == 3 ? KIND_PAPER : KIND_ACHIEVEMENT,
                                              .scope = "csl" });
}

static void run_csl(struct eval *eval)
{
    static const char *const names[5] = { "csl-TK", "csl-KW", "csl-TI", "csl-AB", "csl-KM" };
    struct rows rows;
    FILE *run[5];

    for (int i = 0; i < 5; i++)
        run[i] = eval_run_open(eval, names[i]);
    rows_open(&rows, file_of(eval, "csl/queries.jsonl.gz"));
    while (rows_next_line(&rows)) {
        json_error_t error;
        json_t *q = json_loads(rows.line, 0, &error);

        if (!q)
            eval_die("csl/queries.jsonl.gz", error.text);
        ask_csl(eval, run, q);
        json_decref(q);
    }
    rows_close(&rows);
    for (int i = 0; i < 5; i++)
        fclose(run[i]);
}

/* ---- csldcp: a discipline is a label whose evidence are its eight abstracts; each fold a scope
 * ---- */

static void load_csldcp(struct eval *eval)
{
    struct rows rows;

    for (int fold = 0; fold < 5; fold++) {
        const char *scope = arena_printf(&eval->arena, "csldcp-%d", fold);
        int n = 0;

        rows_open(&rows, file_of(eval, "csldcp/labels.tsv.gz"));
        while (rows_next(&rows))
            eval_put(eval, KIND_LABEL, arena_printf(&eval->arena, "%d/%s", fold, rows.cell[0]),
                     scope, (const char *[N_FIELDS]){ rows.cell[1], "", "" }, NULL, 0);
        rows_close(&rows);
        rows_open(&rows,
                  file_of(eval, arena_printf(&eval->arena, "csldcp/profiles_%d.tsv.gz", fold)));
        while (rows_next(&rows)) {
            const char *label = arena_printf(&eval->arena, "%d/%s", fold, rows.cell[0]);

            eval_put(eval, KIND_EARLIER, arena_printf(&eval->arena, "P%d/%d", fold, n++), scope,
                     (const char *[N_FIELDS]){ "", "", rows.cell[1] }, &label, 1);
        }
        rows_close(&rows);
    }
}

static void run_csldcp(struct eval *eval, int fold, bool classify)
{
    FILE *run = eval_run_open(
        eval, arena_printf(&eval->arena, classify ? "csldcp-classify-%d" : "csldcp-%d", fold));
    const char *scope = arena_printf(&eval->arena, "csldcp-%d", fold);
    struct rows rows;

    rows_open(&rows, file_of(eval, "csldcp/queries.tsv.gz"));
    while (rows_next(&rows))
        eval_ask(eval, run, rows.cell[0],
                 &(struct eval_question){ .ask = classify ? ASK_CLASSIFY : ASK_MATCH,
                                          .field = (const char *[N_FIELDS]){ "", "", rows.cell[1] },
                                          .kind = KIND_LABEL,
                                          .evidence = KIND_EARLIER,
                                          .scope = scope,
                                          .cut = 2 });
    rows_close(&rows);
    fclose(run);
}

/* ---- dblp: papers speak for their authors ---- */

static void load_dblp(struct eval *eval)
{
    struct rows rows;

    rows_open(&rows, file_of(eval, "dblp/candidates.tsv.gz"));
    while (rows_next(&rows))
        eval_put(eval, KIND_EXPERT, rows.cell[0], "dblp", (const char *[N_FIELDS]){ "", "", "" },
                 NULL, 0);
    rows_close(&rows);
    rows_open(&rows, file_of(eval, "dblp/docs.tsv.gz"));
    while (rows_next(&rows)) {
        const char *authors[256];
        size_t n = 0;

        for (char *save = NULL, *name = strtok_r(rows.cell[2], " ", &save); name && n < 256;
             name = strtok_r(NULL, " ", &save))
            authors[n++] = arena_dup(&eval->arena, name, strlen(name));
        eval_put(eval, KIND_PATENT, rows.cell[0], "dblp",
                 (const char *[N_FIELDS]){ "", "", rows.cell[1] }, authors, n);
    }
    rows_close(&rows);
}

static void run_dblp(struct eval *eval)
{
    FILE *run = eval_run_open(eval, "dblp");
    struct rows rows;

    rows_open(&rows, file_of(eval, "dblp/queries.tsv.gz"));
    while (rows_next(&rows))
        eval_ask(eval, run, rows.cell[0],
                 &(struct eval_question){ .field = (const char *[N_FIELDS]){ "", "", rows.cell[2] },
                                          .kind = KIND_EXPERT,
                                          .evidence = KIND_PATENT,
                                          .scope = "dblp" });
    rows_close(&rows);
    fclose(run);
}

/* ---- gold: a researcher in one sample of ten is an expert; each sample a scope ---- */

static void load_gold(struct eval *eval)
{
    struct rows rows;

    rows_open(&rows, file_of(eval, "gold/profile_docs.tsv.gz"));
    while (rows_next(&rows))
        eval_put(eval, KIND_PROJECT, rows.cell[0], "gold",
                 (const char *[N_FIELDS]){ rows.cell[1], "", rows.cell[2] }, NULL, 0);
    rows_close(&rows);
    rows_open(&rows, file_of(eval, "gold/profiles.tsv.gz"));
    while (rows_next(&rows)) {
        const char *name = arena_printf(&eval->arena, "%s@%s", rows.cell[1], rows.cell[0]);

        for (char *save = NULL, *doc = strtok_r(rows.cell[2], " ", &save); doc;
             doc = strtok_r(NULL, " ", &save))
            eval_link(eval, doc, name);
        eval_put(eval, KIND_EXPERT, name, arena_printf(&eval->arena, "gold-%s", rows.cell[0]),
                 (const char *[N_FIELDS]){ "", "", "" }, NULL, 0);
    }
    rows_close(&rows);
}

static void run_gold(struct eval *eval)
{
    FILE *run = eval_run_open(eval, "gold");
    struct rows rows;

    rows_open(&rows, file_of(eval, "gold/papers.tsv.gz"));
    while (rows_next(&rows))
        for (int sample = 1; sample <= 10; sample++)
            eval_ask(eval, run, rows.cell[0],
                     &(struct eval_question){
                         .field = (const char *[N_FIELDS]){ rows.cell[1], "", rows.cell[2] },
                         .kind = KIND_EXPERT,
                         .evidence = KIND_PROJECT,
                         .scope = "gold",
                         .second_scope = arena_printf(&eval->arena, "gold-%d", sample),
                         .turned = true });
    rows_close(&rows);
    fclose(run);
}

/* ---- dup: both sentences of a pair are in the library, as questions that were asked before ----
 * */

static void load_dup(struct eval *eval, const char *which)
{
    struct rows rows;

    rows_open(&rows, file_of(eval, arena_printf(&eval->arena, "dup/%s.tsv.gz", which)));
    while (rows_next(&rows))
        for (int side = 1; side <= 2; side++)
            eval_put(eval, KIND_NEED, arena_printf(&eval->arena, "%s/%d", rows.cell[0], side),
                     which, (const char *[N_FIELDS]){ rows.cell[side], "", "" }, NULL, 0);
    rows_close(&rows);
}

static void run_dup(struct eval *eval, const char *which)
{
    FILE *run = eval_run_open(eval, arena_printf(&eval->arena, "dup-%s", which));
    struct rows rows;

    rows_open(&rows, file_of(eval, arena_printf(&eval->arena, "dup/%s.tsv.gz", which)));
    while (rows_next(&rows))
        fprintf(run, "%s Q0 p 1 %.9g jiebang\n", rows.cell[0],
                engine_pair(eval->engine, eval->worker, rows.cell[1], rows.cell[2]));
    rows_close(&rows);
    fclose(run);
}

/* What is asked about in csldcp is a library that waits for its labels: unlabelled records, which
 * the classify mode may learn from, as it does from all that a city has not sorted yet. They are
 * put after every other task has been run, and serve the labels alone. */
static void load_unlabelled(struct eval *eval)
{
    struct rows rows;

    rows_open(&rows, file_of(eval, "csldcp/queries.tsv.gz"));
    while (rows_next(&rows))
        eval_put(eval, KIND_EARLIER, arena_printf(&eval->arena, "U/%s", rows.cell[0]), "unlabelled",
                 (const char *[N_FIELDS]){ "", "", rows.cell[1] }, NULL, 0);
    rows_close(&rows);
}

/* One engine for each language and use, as one library each: a city's Chinese records do not set
 * the weights of English words. */
static void chinese(struct eval *eval)
{
    if (has(eval, "csl/corpus_abstracts.tsv.gz"))
        load_csl(eval);
    if (has(eval, "csldcp/labels.tsv.gz"))
        load_csldcp(eval);
    eval_loaded(eval);
    if (has(eval, "csl/queries.jsonl.gz"))
        run_csl(eval);
    if (!has(eval, "csldcp/queries.tsv.gz"))
        return;
    for (int fold = 0; fold < 5; fold++)
        run_csldcp(eval, fold, false);
    load_unlabelled(eval);
    eval_loaded(eval);
    for (int fold = 0; fold < 5; fold++)
        run_csldcp(eval, fold, true);
}

static void experts_by_papers(struct eval *eval)
{
    if (!has(eval, "dblp/docs.tsv.gz"))
        return;
    load_dblp(eval);
    eval_loaded(eval);
    run_dblp(eval);
}

static void experts_by_profiles(struct eval *eval)
{
    if (!has(eval, "gold/profiles.tsv.gz"))
        return;
    load_gold(eval);
    eval_loaded(eval);
    run_gold(eval);
}

static void duplicates(struct eval *eval, const char *which)
{
    if (!has(eval, arena_printf(&eval->arena, "dup/%s.tsv.gz", which)))
        return;
    load_dup(eval, which);
    eval_loaded(eval);
    run_dup(eval, which);
}

static void customers(struct eval *eval)
{
    duplicates(eval, "lcqmc");
}

static void captions(struct eval *eval)
{
    duplicates(eval, "stsb");
}

static void accounts(struct eval *eval)
{
    duplicates(eval, "afqmc");
}

static const struct {
    const char *name;
    void (*run)(struct eval *eval);
} libraries[] = {
    { "chinese", chinese }, { "dblp", experts_by_papers }, { "gold", experts_by_profiles },
    { "lcqmc", customers }, { "stsb", captions },          { "afqmc", accounts },
};

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: match-eval COLLECTION_DIR RUN_DIR [LIBRARY]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        struct eval eval;

        if (argc == 4 && strcmp(argv[3], libraries[i].name) != 0)
            continue;
        eval_open(&eval, argv[1], argv[2]);
        libraries[i].run(&eval);
        eval_close(&eval);
    }
    return 0;
}
