/* speed_make.c - the items and questions of the speed bench, and their words for its rivals. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "corpus.h"
#include "speed.h"
#include "text.h"

struct maker {
    const char *folder;
    const struct corpus *corpus;
    const struct analyser *analyser;
    char **texts; /* real ones */
    size_t n_texts;
    uint32_t items;
    unsigned half;
    pthread_t thread;
};

/* The words of space W, each behind a tab. */
static void write_words(FILE *file, const struct analyser *analyser, struct text_scratch *scratch,
                        const char *text)
{
    struct arena arena = { 0 };
    struct tokens tokens;

    if (text_analyse(analyser, scratch, &arena, text, strlen(text), &tokens) < 0)
        speed_die("memory", "out");
    for (size_t i = 0; i < tokens.n[SPACE_W]; i++)
        fprintf(file, "\t%s", tokens.list[SPACE_W][i].term);
    fputc('\n', file);
    arena_release(&arena);
}

static void *make_half(void *arg)
{
    struct maker *maker = arg;
    char name[16];
    struct buf text;
    struct text_scratch *scratch = speed_must(text_scratch_new());

    snprintf(name, sizeof(name), "items.%u", maker->half);
    FILE *items = speed_open(maker->folder, name, "w");

    snprintf(name, sizeof(name), "tokens.%u", maker->half);
    FILE *words = speed_open(maker->folder, name, "w");

    buf_init(&text, 1 << 20);
    for (uint32_t i = maker->half; i < maker->items; i += HALVES) {
        const char *from = i < maker->n_texts ? maker->texts[i] : NULL;

        if (!from) {
            buf_clear(&text);
            corpus_write(maker->corpus, i, &text);
            from = text.data;
        }
        fprintf(items, "%u\t%s\n", i, from);
        fprintf(words, "%u", i);
        write_words(words, maker->analyser, scratch, from);
    }
    if (text.failed || fclose(items) != 0 || fclose(words) != 0)
        speed_die("items", "cannot be written");
    buf_release(&text);
    text_scratch_free(scratch);
    return NULL;
}

/* Cuts a text behind so many words; 0: not at all. */
static void cut_words(UBreakIterator *breaks, char *text, int words)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (int32_t)strlen(text) + 1, n = 0, end, len = 0;
    UChar *u = speed_must(malloc((size_t)room * sizeof(*u)));

    u_strFromUTF8WithSub(u, room, &n, text, -1, 0xfffd, NULL, &error);
    ubrk_setText(breaks, u, n, &error);
    if (U_FAILURE(error))
        speed_die("a question", u_errorName(error));
    while (words > 0 && (end = ubrk_next(breaks)) != UBRK_DONE) {
        words -= ubrk_getRuleStatus(breaks) >= UBRK_WORD_NONE_LIMIT;
        if (words > 0)
            continue;
        u_strToUTF8WithSub(NULL, 0, &len, u, end, 0xfffd, NULL, &error);
        text[len] = '\0';
    }
    free(u);
}

static void make_questions(const char *folder, const struct analyser *analyser)
{
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator *breaks = ubrk_open(UBRK_WORD, "zh", NULL, 0, &error);
    struct text_scratch *scratch = speed_must(text_scratch_new());
    struct lines in = { .file = speed_open(folder, "questions.in", "r") };
    FILE *out = speed_open(folder, "questions.tsv", "w");

    if (U_FAILURE(error))
        speed_die("ICU", u_errorName(error));
    while (lines_next(&in)) {
        cut_words(breaks, in.cell[3], atoi(in.cell[2]));
        fprintf(out, "%s\t%s\t%s", in.cell[0], in.cell[1], in.cell[3]);
        write_words(out, analyser, scratch, in.cell[3]);
    }
    lines_close(&in);
    if (fclose(out) != 0)
        speed_die("questions.tsv", "cannot be written");
    text_scratch_free(scratch);
    ubrk_close(breaks);
}

static char **read_texts(const char *folder, size_t *ret_n)
{
    struct lines in = { .file = speed_open(folder, "texts.txt", "r") };
    char **texts = NULL;
    size_t n = 0, room = 0;

    while (lines_next(&in)) {
        if (!in.cell[0][0])
            continue;
        if (n == room)
            texts = speed_must(realloc(texts, (room = room * 2 + 1024) * sizeof(*texts)));
        texts[n++] = speed_must(strdup(in.cell[0]));
    }
    lines_close(&in);
    if (n == 0)
        speed_die("texts.txt", "holds no text");
    *ret_n = n;
    return texts;
}

int speed_make(const char *folder, uint32_t items)
{
    const char *why = "";
    struct analyser *analyser = analyser_new(NULL, 0, &why);
    struct maker makers[HALVES];
    size_t n;

    if (!analyser)
        speed_die("the analyser", why);
    char **texts = read_texts(folder, &n);
    struct corpus *corpus = corpus_learn((const char *const *)texts, n);

    for (unsigned i = 0; i < HALVES; i++) {
        makers[i] = (struct maker){ folder, corpus, analyser, texts, n, items, i, 0 };
        if (pthread_create(&makers[i].thread, NULL, make_half, &makers[i]) != 0)
            speed_die("a thread", "cannot start");
    }
    for (unsigned i = 0; i < HALVES; i++)
        pthread_join(makers[i].thread, NULL);
    make_questions(folder, analyser);
    for (size_t i = 0; i < n; i++)
        free(texts[i]);
    free(texts);
    corpus_free(corpus);
    analyser_free(analyser);
    return 0;
}
