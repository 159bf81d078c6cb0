/* same.c - has this been asked, listed or funded before? Near-duplicates of a record or text, each
 * with the sentences that agree, side by side (不重复支持: nothing is supported twice). */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "pair.h"
#include "params.h"
#include "sentence.h"

#define SENTENCES_MAX 24
#define AGREEING_MAX 3
#define SENTENCE_UNITS_MIN 4 /* shorter ones agree by accident */

struct sentence {
    const char *text;
    enum field field;
    struct side *side;
    size_t units;
};

static int side_of_slot(struct ask_state *ask, uint32_t slot, struct record_side *ret)
{
    struct tokens fields[N_FIELDS];

    for (int f = 0; f < N_FIELDS; f++) {
        const char *text = index_text(ask->index, ask->arena, slot, (enum field)f);

        if (!text || text_analyse(ask->analyser, ask->scratch, ask->arena, text, strlen(text),
                                  &fields[f]) < 0)
            return -1;
    }
    return record_side_make(ask->arena, ask->index, ask->model, fields, ret);
}

/* ---- passages side by side ---- */

static int add_sentence(struct ask_state *ask, enum field field, const char *text, size_t len,
                        struct sentence *list, size_t *n)
{
    struct tokens tokens;
    struct sentence *to = &list[*n];

    if (len == 0 || *n == SENTENCES_MAX)
        return 0;
    to->text = arena_dup(ask->arena, text, len);
    to->field = field;
    if (!to->text ||
        text_analyse(ask->analyser, ask->scratch, ask->arena, to->text, len, &tokens) < 0)
        return -1;
    to->units = tokens.n[SPACE_U];
    to->side = side_new(ask->arena, ask->index, ask->model, &tokens, 1);
    if (!to->side)
        return -1;
    *n += to->units >= SENTENCE_UNITS_MIN;
    return 0;
}

static int cut_sentences(struct ask_state *ask, const char *const text[N_FIELDS],
                         struct sentence *list, size_t *ret_n)
{
    *ret_n = 0;
    for (int f = 0; f < N_FIELDS; f++) {
        const char *whole = text[f] ? text[f] : "";

        for (size_t from = 0, end; whole[from]; from = end) {
            end = sentence_end(whole, from);
            if (add_sentence(ask, (enum field)f, whole + from, end - from, list, ret_n) < 0)
                return -1;
        }
    }
    return 0;
}

/* Marks in `text` the words that the other sentence has too. */
static int mark_shared(struct ask_state *ask, const struct sentence *of,
                       const struct sentence *other, struct passage *ret)
{
    const char *shared[64];
    struct tokens tokens;
    size_t n = side_shared(ask->arena, of->side, other->side, shared, 64);

    *ret = (struct passage){ .field = of->field, .text = of->text };
    if (text_analyse(ask->analyser, ask->scratch, ask->arena, of->text, strlen(of->text), &tokens) <
        0)
        return -1;
    for (size_t i = 0; i < tokens.n[SPACE_W]; i++)
        for (size_t j = 0; j < n; j++)
            if (strcmp(tokens.list[SPACE_W][i].term, shared[j]) == 0 &&
                ret->n_marks < sizeof(ret->marks) / sizeof(ret->marks[0])) {
                ret->marks[ret->n_marks].from = tokens.list[SPACE_W][i].from;
                ret->marks[ret->n_marks++].to = tokens.list[SPACE_W][i].to;
                break;
            }
    return 0;
}

struct agreement {
    bool used[2][SENTENCES_MAX]; /* mine, theirs */
    double like[SENTENCES_MAX][SENTENCES_MAX];
};

/* The likeliest two that were not shown yet. False: no two agree any more. */
static bool best_pair(struct agreement *agree, size_t n_mine, size_t n_theirs, size_t *ret_mine,
                      size_t *ret_theirs)
{
    double best = params.same_sentence;
    bool found = false;

    for (size_t i = 0; i < n_mine; i++)
        for (size_t j = 0; j < n_theirs; j++)
            if (!agree->used[0][i] && !agree->used[1][j] && agree->like[i][j] >= best) {
                best = agree->like[i][j];
                *ret_mine = i;
                *ret_theirs = j;
                found = true;
            }
    if (found)
        agree->used[0][*ret_mine] = agree->used[1][*ret_theirs] = true;
    return found;
}

/* The sentences that agree most, each with its counterpart; a sentence is shown once. */
static int side_by_side(struct ask_state *ask, const struct sentence *mine, size_t n_mine,
                        uint32_t slot, struct candidate *ret)
{
    struct sentence *theirs = arena_alloc(ask->arena, SENTENCES_MAX * sizeof(*theirs));
    struct agreement *agree = arena_alloc(ask->arena, sizeof(*agree));
    const char *text[N_FIELDS];
    size_t n, a, b;

    ret->passages = arena_alloc(ask->arena, AGREEING_MAX * sizeof(*ret->passages));
    ret->asked = arena_alloc(ask->arena, AGREEING_MAX * sizeof(*ret->asked));
    if (!theirs || !agree || !ret->passages || !ret->asked)
        return -1;
    for (int f = 0; f < N_FIELDS; f++)
        text[f] = index_text(ask->index, ask->arena, slot, (enum field)f);
    if (cut_sentences(ask, text, theirs, &n) < 0)
        return -1;
    for (size_t i = 0; i < n_mine; i++)
        for (size_t j = 0; j < n; j++)
            agree->like[i][j] = side_likeness(ask->arena, mine[i].side, theirs[j].side);
    while (ret->n_passages < AGREEING_MAX && best_pair(agree, n_mine, n, &a, &b))
        if (mark_shared(ask, &theirs[b], &mine[a], &ret->passages[ret->n_passages++]) < 0 ||
            mark_shared(ask, &mine[a], &theirs[b], &ret->asked[ret->n_asked++]) < 0)
            return -1;
    return 0;
}

/* ---- which records ---- */

/* The best of stage one for these texts. Returns how many, or -1: memory is out. */
static long look_for(struct ask_state *ask, const struct tokens fields[N_FIELDS], struct hit *ret)
{
    struct asked *asked = arena_alloc(ask->arena, sizeof(*asked));
    struct lookup *lookups;

    if (!asked || asked_make(asked, ask->arena, ask->analyser, ask->index, ask->model, fields) < 0)
        return -1;
    asked_aim(asked, ask->question->filter.kinds);
    size_t n = asked_lookups(asked, ask->arena, &lookups);
    passes_kinds(ask->passes, ask->question->filter.kinds);
    return lookups ? index_top(ask->index, lookups, n, asked->average, passes_accept, ask->passes,
                               (size_t)params.same_look, ret)
                   : -1;
}

/* What is near to the whole text, and what is near to its title. */
static enum engine_result find_alike(struct ask_state *ask, struct found *list, size_t *ret_n)
{
    struct hit *hits = arena_alloc(ask->arena, 2 * (size_t)params.same_look * sizeof(*hits));
    struct tokens title[N_FIELDS] = { [FIELD_TITLE] = ask->tokens[FIELD_TITLE] };
    double least = ask->question->threshold > 0 ? ask->question->threshold : params.same_least;
    struct record_side mine;
    struct table seen;
    size_t kept = 0;

    if (!hits || table_init(&seen, ask->arena, 2 * (size_t)params.same_look) < 0 ||
        record_side_make(ask->arena, ask->index, ask->model, ask->tokens, &mine) < 0)
        return ENGINE_NO_MEMORY;
    long n = look_for(ask, ask->tokens, hits);
    long more = n < 0 ? -1 : look_for(ask, title, hits + n);
    if (more < 0)
        return ENGINE_NO_MEMORY;
    for (long i = 0; i < n + more; i++) {
        uint32_t *at = table_at(&seen, hits[i].slot);
        struct record_side theirs;

        if (*at != TABLE_NONE)
            continue;
        *at = 1;
        if (side_of_slot(ask, hits[i].slot, &theirs) < 0)
            return ENGINE_NO_MEMORY;
        double like = record_likeness(ask->arena, &mine, &theirs);
        if (like < 0)
            return ENGINE_NO_MEMORY;
        if (ask_is_late(ask))
            return ENGINE_LATE;
        if (like >= least)
            list[kept++] = (struct found){ hits[i].slot, like };
    }
    found_sort(list, kept);
    *ret_n = kept;
    return ENGINE_OK;
}

enum engine_result ask_same(struct ask_state *ask, struct answer *ret)
{
    const struct question *question = ask->question;
    struct found *list = arena_alloc(ask->arena, 2 * (size_t)params.same_look * sizeof(*list));
    struct sentence *mine = arena_alloc(ask->arena, SENTENCES_MAX * sizeof(*mine));
    size_t n, n_mine;

    ret->list = arena_alloc(ask->arena, (question->limit + 1) * sizeof(*ret->list));
    if (!list || !mine || !ret->list || cut_sentences(ask, ask->text, mine, &n_mine) < 0)
        return ENGINE_NO_MEMORY;
    enum engine_result rc = find_alike(ask, list, &n);
    if (rc != ENGINE_OK)
        return rc;
    for (size_t i = question->offset; i < n && ret->n < question->limit; i++) {
        const struct facts *facts = index_facts(ask->index, list[i].slot);
        struct candidate *to = &ret->list[ret->n++];

        memcpy(to->id, facts->id, sizeof(to->id));
        to->kind = (enum kind)facts->kind;
        to->version = facts->version;
        to->score = list[i].score;
        to->strength = list[i].score >= params.same_strong     ? STRENGTH_STRONG
                       : list[i].score >= params.same_possible ? STRENGTH_POSSIBLE
                                                               : STRENGTH_WEAK;
        if (ret->n <= question->reasons && side_by_side(ask, mine, n_mine, list[i].slot, to) < 0)
            return ENGINE_NO_MEMORY;
    }
    ret->total = n;
    return ENGINE_OK;
}
