/* asked.h - a question made ready to be held against a thousand records.
 *
 * Everything that depends on the question alone is worked out once: its words with their weights,
 * the words of the library that may stand for them (credits), its units and pairs, its pieces, its
 * folded vectors. Lives in the arena of the question; asked_make once, then asked_aim at what is
 * looked for: only the lengths that it is measured by differ. */
#ifndef JM_ASKED_H
#define JM_ASKED_H

#include "index.h"
#include "model.h"
#include "scored.h"
#include "table.h"

struct embeds;

#define PIECE_UNITS 8
#define NO_WORD UINT32_MAX

enum via { VIA_SAME, VIA_SYNONYM, VIA_ALIKE };

struct asked_word {
    const char *text;
    uint32_t term; /* NO_TERM: nowhere in the library */
    float times, idf;
    float weight; /* times x idf */
    float cosine; /* its part of the unit vector of the question */
};
/* A library's word that may stand for a word of the question. */
struct credit {
    uint32_t word : 30; /* of the question */
    uint32_t via : 2;
    float worth; /* 0..1 */
};
/* Sixty-four words of the library: which of them have credits, and how many have in front. */
struct credited {
    uint64_t bits;
    uint32_t before;
};
/* A unit, or a pair of neighbouring units. */
struct asked_gram {
    uint32_t term, word; /* the word of the question that it is a part of, or NO_WORD */
    float times, idf;
    float weight; /* damped times x idf */
    float cosine;
};
struct grams {
    struct asked_gram *list;
    size_t n;
    double weights;       /* sum of weight */
    struct table by_term; /* units: term; pairs: two terms */
};
/* Up to eight units in a row, to be found close together. */
struct piece {
    uint32_t unit[PIECE_UNITS]; /* places in units.list, each once */
    size_t n, span;
    double idf;
};

struct asked {
    const struct index *index;
    struct model *model;
    double texts;             /* in the library */
    double average[N_SPACES]; /* lengths of the kinds that are asked for */
    double average_words, length;
    struct asked_word *words;
    size_t n_words;
    double words_weight;    /* sum of weight */
    struct credit *credits; /* those of one library word together */
    size_t n_credits;
    struct credited *credited; /* by term / 64 */
    uint32_t *credit_from;     /* of the n-th library word that has any; one more ends the last */
    struct grams units, pairs;
    uint32_t *unit_at; /* library unit -> place in units.list + 1; 0: not asked for */
    uint32_t n_unit_at;
    struct piece *pieces;
    size_t n_pieces;
    double pieces_idf;
    float *wv, *lsa; /* unit vectors or zeros */
    bool has_wv, has_lsa;
    const struct embeds *embeds; /* of an endpoint; NULL: without. Set by who asks */
    const float *embed;
    struct scored scored; /* people.c: records that were scored at this aim */
};

/* `fields`: the question's texts, already analysed. -1: memory is out. The index must be open for
 * reading until the last use. */
int MUST_CHECK asked_make(struct asked *asked, struct arena *arena, const struct analyser *analyser,
                          const struct index *index, struct model *model,
                          const struct tokens fields[N_FIELDS]);
/* At records of these kinds (bits; 0: all). Before any scoring. */
void asked_aim(struct asked *asked, unsigned kinds);
/* What the library's word may stand for. */
static inline const struct credit *asked_credits(const struct asked *asked, uint32_t term,
                                                 size_t *ret_n)
{
    const struct credited *word = &asked->credited[term / 64];
    uint64_t bit = 1ull << term % 64;

    if (!(word->bits & bit)) {
        *ret_n = 0;
        return NULL;
    }
    const uint32_t *from =
        &asked->credit_from[word->before + (uint32_t)__builtin_popcountll(word->bits & (bit - 1))];
    *ret_n = from[1] - from[0];
    return &asked->credits[from[0]];
}

/* The question's terms for stage one, the heaviest at most; returns how many. */
size_t asked_lookups(const struct asked *asked, struct arena *arena, struct lookup **ret);

/* `texts`: index_texts of all kinds, which costs more to ask than the rest. */
double idf_of(const struct index *index, double texts, enum space space, uint32_t term);

#endif
