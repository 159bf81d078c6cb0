/* search.c - search in the libraries: every word must occur, itself or by a synonym of the bureau's
 * list; names are found by their beginning, in Chinese or pinyin. Best first, or newest first;
 * counts and facets over everything that matches, up to ten thousand.
 *
 * A word of several characters is looked for by its pairs, so that a cut of the dictionary that
 * falls differently in the record does not hide it. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "params.h"

#define COUNT_MAX 10000
#define GROUPS_MAX 64

struct bitmap {
    uint64_t *words;
};

struct search {
    struct ask_state *ask;
    struct asked asked;
    struct group groups[GROUPS_MAX];
    size_t n_groups;
    bool hopeless; /* a word that nothing in the library has */
    uint32_t *slots;
    size_t n, total;
};

static int add_group(struct search *search, const struct lookup *terms, size_t n)
{
    struct lookup *list = arena_alloc(search->ask->arena, (n + 1) * sizeof(*list));
    size_t known = 0;

    if (!list)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (terms[i].term != NO_TERM)
            list[known++] = terms[i];
    search->hopeless |= known == 0;
    if (known > 0 && search->n_groups < GROUPS_MAX)
        search->groups[search->n_groups++] = (struct group){ list, known };
    return 0;
}

/* The word or what the bureau says it also means; a two-character word by its pair as well. */
static int add_synonyms(struct search *search, uint32_t word, const struct synonym *synonyms,
                        size_t n)
{
    const struct index *index = search->ask->index;
    const struct asked *asked = &search->asked;
    struct lookup *terms = arena_alloc(search->ask->arena, (n + 2) * sizeof(*terms));
    size_t n_terms = 0;

    if (!terms)
        return -1;
    terms[n_terms++] = (struct lookup){ SPACE_W, asked->words[word].term, 1 };
    for (size_t i = 0; i < asked->pairs.n; i++)
        if (asked->pairs.list[i].word == word && n_terms < 2)
            terms[n_terms++] = (struct lookup){ SPACE_B, asked->pairs.list[i].term, 1 };
    for (size_t i = 0; i < n; i++)
        terms[n_terms++] = (struct lookup){
            SPACE_W, index_term(index, SPACE_W, synonyms[i].term, strlen(synonyms[i].term)), 1
        };
    return add_group(search, terms, n_terms);
}

static int add_grams(struct search *search, const struct grams *grams, enum space space,
                     uint32_t word, size_t *ret_n)
{
    for (size_t i = 0; i < grams->n; i++) {
        const struct lookup term = { space, grams->list[i].term, 1 };

        if (grams->list[i].word != word)
            continue;
        ++*ret_n;
        if (add_group(search, &term, 1) < 0)
            return -1;
    }
    return 0;
}

/* Is the token a part of a longer term that stands for itself by synonyms? "钛白粉" found as 二氧化钛
 * needs no 白粉. */
static bool is_inside(const struct search *search, const struct tokens *tokens,
                      const struct token *token)
{
    for (size_t i = 0; i < tokens->n[SPACE_W]; i++) {
        const struct token *other = &tokens->list[SPACE_W][i];
        const struct synonym *synonyms;

        if (other->from <= token->from && token->to <= other->to &&
            other->to - other->from > token->to - token->from &&
            analyser_synonyms(search->ask->analyser, other->term, &synonyms) > 0)
            return true;
    }
    return false;
}

static bool stands_alone(const struct search *search, const char *word)
{
    for (int f = 0; f < N_FIELDS; f++) {
        const struct tokens *tokens = &search->ask->tokens[f];

        for (size_t i = 0; i < tokens->n[SPACE_W]; i++)
            if (strcmp(tokens->list[SPACE_W][i].term, word) == 0 &&
                !is_inside(search, tokens, &tokens->list[SPACE_W][i]))
                return true;
    }
    return false;
}

static int collect_groups(struct search *search)
{
    const struct asked *asked = &search->asked;

    for (uint32_t i = 0; i < asked->n_words; i++) {
        const struct synonym *synonyms;
        size_t n = analyser_synonyms(search->ask->analyser, asked->words[i].text, &synonyms);
        size_t grams = 0;
        const struct lookup word = { SPACE_W, asked->words[i].term, 1 };

        if (!stands_alone(search, asked->words[i].text))
            continue;
        int rc = n > 0 ? add_synonyms(search, i, synonyms, n)
                       : add_grams(search, &asked->pairs, SPACE_B, i, &grams);

        if (rc == 0 && n == 0 && grams == 0)
            rc = add_grams(search, &asked->units, SPACE_U, i, &grams);
        if (rc == 0 && n == 0 && grams == 0)
            rc = add_group(search, &word, 1);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static bool is_marked(const void *arg, const struct index *index, uint32_t slot)
{
    const struct bitmap *marks = arg;

    (void)index;
    return marks->words[slot / 64] >> slot % 64 & 1;
}

/* The best thousand of what matches, scored in full; what is further behind keeps its order by age.
 * */
static enum engine_result order_by_score(struct search *search)
{
    struct ask_state *ask = search->ask;
    size_t k = (size_t)params.top_k, n_words = index_slots(ask->index) / 64 + 1;
    struct bitmap marks = { arena_alloc(ask->arena, n_words * sizeof(uint64_t)) };
    struct hit *hits = arena_alloc(ask->arena, k * sizeof(*hits));
    struct found *found = arena_alloc(ask->arena, k * sizeof(*found));
    struct scorer *scorer = scorer_new(&search->asked, ask->norms, ask->arena);
    struct lookup *lookups;
    size_t n_lookups = asked_lookups(&search->asked, ask->arena, &lookups);

    if (!marks.words || !hits || !found || !scorer || !lookups)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < search->n; i++)
        marks.words[search->slots[i] / 64] |= 1ULL << search->slots[i] % 64;
    long n = index_top(ask->index, lookups, n_lookups, search->asked.average, is_marked, &marks, k,
                       hits);
    if (n < 0)
        return ENGINE_NO_MEMORY;
    for (long i = 0; i < n; i++) {
        double s = score(scorer, hits[i].slot, NULL);

        if (s < 0)
            return ENGINE_NO_MEMORY;
        found[i] = (struct found){ hits[i].slot, s };
        marks.words[hits[i].slot / 64] &= ~(1ULL << hits[i].slot % 64);
    }
    found_sort(found, (size_t)n);
    size_t behind = search->n;
    for (size_t i = search->n; i-- > 0;) /* the rest moves to the end, keeping its order */
        if (is_marked(&marks, ask->index, search->slots[i]))
            search->slots[--behind] = search->slots[i];
    for (long i = 0; i < n; i++)
        search->slots[i] = found[i].slot;
    return ENGINE_OK;
}

/* ---- facets ---- */

enum { BY_KIND, BY_FIELD, BY_DIVISION, BY_TRL, BY_LEVEL, BY_YEAR, BY_STATE, N_FACETS };
static const char *const facet_names[N_FACETS] = {
    [BY_KIND] = "kind",         [BY_FIELD] = "field", [BY_DIVISION] = "division", [BY_TRL] = "trl",
    [BY_LEVEL] = "title_level", [BY_YEAR] = "year",   [BY_STATE] = "state"
};

struct tally {
    struct table at;
    struct facet_count *list;
    size_t n, room;
    struct ask_state *ask;
};

static void count_one(struct tally *tally, int facet, uint32_t value)
{
    uint64_t key = (uint64_t)facet << 32 | value;
    uint32_t place = table_get(&tally->at, key);

    if (place == TABLE_NONE) {
        const struct index *index = tally->ask->index;
        bool named = facet == BY_FIELD || facet == BY_LEVEL || facet == BY_STATE;
        const char *text =
            named ? index_name_text(index, value)
                  : arena_printf(tally->ask->arena, facet == BY_DIVISION ? "%06u" : "%u", value);

        if (tally->n == tally->room || !text)
            return;
        place = (uint32_t)tally->n++;
        *table_at(&tally->at, key) = place;
        tally->list[place] =
            (struct facet_count){ .facet = facet_names[facet], .value = text, .n = 0 };
    }
    tally->list[place].n++;
}

static enum engine_result count_facets(struct search *search, struct answer *ret)
{
    struct ask_state *ask = search->ask;
    struct tally tally = { .room = 4096, .ask = ask };

    tally.list = arena_alloc(ask->arena, tally.room * sizeof(*tally.list));
    if (!tally.list || table_init(&tally.at, ask->arena, tally.room) < 0)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < search->n; i++) {
        const struct facts *facts = index_facts(ask->index, search->slots[i]);
        const uint32_t *fields;
        size_t n = index_set(ask->index, facts->fields, &fields);

        count_one(&tally, BY_KIND, facts->kind);
        for (size_t j = 0; j < n; j++)
            count_one(&tally, BY_FIELD, fields[j]);
        if (facts->division)
            count_one(&tally, BY_DIVISION, facts->division);
        if (facts->trl)
            count_one(&tally, BY_TRL, facts->trl);
        if (index_name_text(ask->index, facts->level)[0])
            count_one(&tally, BY_LEVEL, facts->level);
        if (facts->year)
            count_one(&tally, BY_YEAR, (uint32_t)facts->year);
        if (index_name_text(ask->index, facts->state)[0])
            count_one(&tally, BY_STATE, facts->state);
    }
    ret->facets = tally.list;
    ret->n_facets = tally.n;
    return ENGINE_OK;
}

/* ---- names ---- */

/* Experts and units whose name begins with what was typed stand before everything else. */
static enum engine_result put_names_first(struct search *search)
{
    struct ask_state *ask = search->ask;
    const char *typed = text_normalise(ask->scratch, ask->arena, ask->text[FIELD_TITLE],
                                       strlen(ask->text[FIELD_TITLE]));
    uint32_t *names = arena_alloc(ask->arena, COUNT_MAX * sizeof(*names));
    size_t added = 0;

    if (!typed || !names)
        return ENGINE_NO_MEMORY;
    if (!typed[0] || !(ask->question->filter.kinds & (KIND_EXPERT | KIND_UNIT)))
        return ENGINE_OK;
    passes_kinds(ask->passes, KIND_EXPERT | KIND_UNIT);
    size_t n = index_names(ask->index, typed, passes_accept, ask->passes, names, COUNT_MAX);
    uint32_t *all = arena_alloc(ask->arena, (n + search->n + 1) * sizeof(*all));
    struct table seen;
    if (!all || table_init(&seen, ask->arena, n) < 0)
        return ENGINE_NO_MEMORY;
    n = n < COUNT_MAX ? n : COUNT_MAX;
    for (size_t i = 0; i < n; i++) {
        *table_at(&seen, names[i]) = 1;
        all[added++] = names[i];
    }
    size_t before = added, twice = 0;
    for (size_t i = 0; i < search->n; i++) {
        if (table_get(&seen, search->slots[i]) == TABLE_NONE)
            all[added++] = search->slots[i];
        else
            twice++;
    }
    search->slots = all;
    search->n = added;
    search->total += before - twice;
    return ENGINE_OK;
}

static enum engine_result tell(struct search *search, struct answer *ret)
{
    struct ask_state *ask = search->ask;
    const struct question *question = ask->question;
    struct scorer *scorer = scorer_new(&search->asked, ask->norms, ask->arena);

    ret->list = arena_alloc(ask->arena, (question->limit + 1) * sizeof(*ret->list));
    if (!ret->list || !scorer)
        return ENGINE_NO_MEMORY;
    for (size_t i = question->offset; i < search->n && ret->n < question->limit; i++) {
        const struct facts *facts = index_facts(ask->index, search->slots[i]);
        struct candidate *to = &ret->list[ret->n++];

        memcpy(to->id, facts->id, sizeof(to->id));
        to->kind = (enum kind)facts->kind;
        to->version = facts->version;
        to->score = search->asked.n_words ? score(scorer, search->slots[i], NULL) : 0;
        if (ret->n <= question->reasons && search->asked.n_words &&
            passages_of(ask, &search->asked, search->slots[i], &to->passages, &to->n_passages) < 0)
            return ENGINE_NO_MEMORY;
    }
    ret->total = search->total < COUNT_MAX ? search->total : COUNT_MAX;
    ret->more = search->total > COUNT_MAX;
    return ENGINE_OK;
}

static enum engine_result find_all(struct search *search)
{
    struct ask_state *ask = search->ask;

    search->slots = arena_alloc(ask->arena, COUNT_MAX * sizeof(*search->slots));
    if (!search->slots ||
        asked_make(&search->asked, ask->arena, ask->analyser, ask->index, ask->model, ask->tokens) <
            0 ||
        collect_groups(search) < 0)
        return ENGINE_NO_MEMORY;
    asked_aim(&search->asked, ask->question->filter.kinds);
    passes_kinds(ask->passes, ask->question->filter.kinds);
    if (!search->hopeless)
        search->total = index_all(ask->index, search->groups, search->n_groups, passes_accept,
                                  ask->passes, search->slots, COUNT_MAX, COUNT_MAX + 1);
    search->n = search->total < COUNT_MAX ? search->total : COUNT_MAX;
    return ask_is_late(ask) ? ENGINE_LATE : ENGINE_OK;
}

enum engine_result ask_search(struct ask_state *ask, struct answer *ret)
{
    struct search *search = arena_alloc(ask->arena, sizeof(*search));

    if (!search)
        return ENGINE_NO_MEMORY;
    search->ask = ask;
    enum engine_result rc = find_all(search);
    if (rc == ENGINE_OK && search->n_groups > 0 && !ask->question->newest)
        rc = order_by_score(search);
    if (rc == ENGINE_OK && ask->text[FIELD_TITLE] && ask->text[FIELD_TITLE][0])
        rc = put_names_first(search);
    if (rc == ENGINE_OK && ask->question->facets)
        rc = count_facets(search, ret);
    return rc == ENGINE_OK ? tell(search, ret) : rc;
}
