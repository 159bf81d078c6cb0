/* grams.c - see grams.h. A unit belongs to the word that covers it, so that what it brings can be
 * told as that word's. */
#include "grams.h"

#include <math.h>
#include <string.h>

#include "params.h"

double grams_damped(double times)
{
    return times * 9 / (times + 8);
}

uint64_t gram_key(const char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3ULL;
    return hash;
}

static int grams_room(struct grams *grams, struct arena *arena, size_t n)
{
    grams->list = arena_alloc(arena, (n + 1) * sizeof(*grams->list));
    return !grams->list || table_init(&grams->by_term, arena, n) < 0 ? -1 : 0;
}

static void weigh(struct grams *grams, const struct asked *asked, enum space space)
{
    double norm = 0;

    for (size_t i = 0; i < grams->n; i++) {
        struct asked_gram *gram = &grams->list[i];

        gram->idf = (float)idf_of(asked->index, asked->texts, space, gram->term);
        gram->weight = (float)(grams_damped(gram->times) * gram->idf);
        gram->cosine = (1 + logf(gram->times)) * gram->idf;
        grams->weights += gram->weight;
        norm += (double)gram->cosine * gram->cosine;
    }
    for (size_t i = 0; norm > 0 && i < grams->n; i++)
        grams->list[i].cosine = (float)(grams->list[i].cosine / sqrt(norm));
}

/* The word that covers token `at`: words and units both run in order of the text. */
static uint32_t covering(const struct tokens *tokens, const uint32_t *word_of, size_t *word,
                         const struct token *unit)
{
    const struct token *words = tokens->list[SPACE_W];

    while (*word < tokens->n[SPACE_W] && words[*word].to <= unit->from)
        ++*word;
    if (*word < tokens->n[SPACE_W] && words[*word].from <= unit->from &&
        unit->to <= words[*word].to)
        return word_of[*word];
    return NO_WORD;
}

static uint32_t note(struct grams *grams, struct table *seen, const struct token *token,
                     uint32_t term, uint32_t word)
{
    uint32_t *at = table_at(seen, gram_key(token->term, token->len));

    if (*at == TABLE_NONE) {
        *at = (uint32_t)grams->n;
        grams->list[grams->n++] = (struct asked_gram){ .term = term, .word = word };
    }
    grams->list[*at].times += 1;
    return *at;
}

static int collect_units(struct asked *asked, struct arena *arena,
                         const struct tokens fields[N_FIELDS], uint32_t *const word_of[N_FIELDS],
                         uint32_t *unit_of[N_FIELDS])
{
    struct grams *units = &asked->units;
    struct table seen;
    size_t n = 0;

    for (int f = 0; f < N_FIELDS; f++)
        n += fields[f].n[SPACE_U];
    asked->n_unit_at = index_terms(asked->index, SPACE_U);
    asked->unit_at = arena_alloc(arena, (asked->n_unit_at + 1) * sizeof(uint32_t));
    if (grams_room(units, arena, n) < 0 || table_init(&seen, arena, n) < 0 || !asked->unit_at)
        return -1;
    for (int f = 0; f < N_FIELDS; f++) {
        size_t word = 0;

        unit_of[f] = arena_alloc(arena, (fields[f].n[SPACE_U] + 1) * sizeof(uint32_t));
        if (!unit_of[f])
            return -1;
        for (size_t i = 0; i < fields[f].n[SPACE_U]; i++) {
            const struct token *token = &fields[f].list[SPACE_U][i];
            uint32_t term = index_term(asked->index, SPACE_U, token->term, token->len);

            unit_of[f][i] =
                note(units, &seen, token, term, covering(&fields[f], word_of[f], &word, token));
            if (term != NO_TERM)
                asked->unit_at[term] = unit_of[f][i] + 1;
        }
    }
    weigh(units, asked, SPACE_U);
    return 0;
}

static int collect_pairs(struct asked *asked, struct arena *arena,
                         const struct tokens fields[N_FIELDS], uint32_t *const unit_of[N_FIELDS])
{
    struct grams *pairs = &asked->pairs;
    struct table seen;
    size_t n = 0;

    for (int f = 0; f < N_FIELDS; f++)
        n += fields[f].n[SPACE_B];
    if (grams_room(pairs, arena, n) < 0 || table_init(&seen, arena, n) < 0)
        return -1;
    for (int f = 0; f < N_FIELDS; f++) {
        const struct token *units = fields[f].list[SPACE_U];
        size_t unit = 0;

        for (size_t i = 0; i < fields[f].n[SPACE_B]; i++) {
            const struct token *token = &fields[f].list[SPACE_B][i];
            uint32_t term = index_term(asked->index, SPACE_B, token->term, token->len);

            while (unit + 1 < fields[f].n[SPACE_U] && units[unit].pos < token->pos)
                unit++;
            if (unit + 1 >= fields[f].n[SPACE_U])
                break;
            const struct asked_gram *first = &asked->units.list[unit_of[f][unit]];
            const struct asked_gram *second = &asked->units.list[unit_of[f][unit + 1]];
            uint32_t at = note(pairs, &seen, token, term,
                               first->word == second->word ? first->word : NO_WORD);

            if (first->term != NO_TERM && second->term != NO_TERM)
                *table_at(&pairs->by_term, pair_key(first->term, second->term)) = at;
        }
    }
    weigh(pairs, asked, SPACE_B);
    return 0;
}

static void piece_add(struct piece *piece, uint32_t unit, const struct asked *asked)
{
    piece->span++;
    for (size_t i = 0; i < piece->n; i++)
        if (piece->unit[i] == unit)
            return;
    piece->unit[piece->n++] = unit;
    piece->idf += asked->units.list[unit].idf;
}

/* Each segment in pieces of at most eight units; long questions have no phrase to look for. */
static int collect_pieces(struct asked *asked, struct arena *arena,
                          const struct tokens fields[N_FIELDS], uint32_t *const unit_of[N_FIELDS])
{
    size_t n = 0;

    for (int f = 0; f < N_FIELDS; f++)
        n += fields[f].n[SPACE_U];
    if (asked->length > params.win_words)
        return 0;
    asked->pieces = arena_alloc(arena, (n + 1) * sizeof(*asked->pieces));
    if (!asked->pieces)
        return -1;
    for (int f = 0; f < N_FIELDS; f++) {
        const struct token *units = fields[f].list[SPACE_U];

        for (size_t i = 0; i < fields[f].n[SPACE_U]; i++) {
            bool joined = i > 0 && units[i].pos == units[i - 1].pos + 1;

            if (!joined || asked->pieces[asked->n_pieces - 1].span == PIECE_UNITS)
                asked->n_pieces++;
            piece_add(&asked->pieces[asked->n_pieces - 1], unit_of[f][i], asked);
        }
    }
    for (size_t i = 0; i < asked->n_pieces; i++)
        asked->pieces_idf += asked->pieces[i].idf;
    return 0;
}

int grams_collect(struct asked *asked, struct arena *arena, const struct tokens fields[N_FIELDS],
                  uint32_t *const word_of[N_FIELDS])
{
    uint32_t *unit_of[N_FIELDS];

    if (collect_units(asked, arena, fields, word_of, unit_of) < 0 ||
        collect_pairs(asked, arena, fields, unit_of) < 0)
        return -1;
    return collect_pieces(asked, arena, fields, unit_of);
}
