/* text.h - from text to terms: the only place that knows what a word is.
 *
 * NFKC, case fold, traditional to simplified; then three term spaces over the same text:
 *   SPACE_W  words: ICU's dictionary for Chinese, Snowball stems for Latin, numbers with their unit
 *            and codes of materials whole (8英寸, T1100, 350MW, 4H-SiC, ZrCl4, ≥99.99%); stop words
 *            and stop terms of the bureau are counted in `words` but are no tokens
 *   SPACE_U  single Han characters; a Latin or number word as one unit, stemmed like in W
 *   SPACE_B  neighbouring pairs of units inside one segment: punctuation ends a segment; space,
 *            hyphen and apostrophe do not
 * A number with its unit, a code and a kept term are tokens of W in addition to the words that ICU
 * cut them into, so that neither way of matching is lost: `words` counts the words alone, a length
 * summed over tokens counts both. ≥ ≤ > < belong to a number's place, not to its term. A term has
 * one spelling: 350兆瓦 and 350 MW are 350mw, 8-inch is 8英寸, 1,000 is 1000.
 * An analyser is immutable once made: a changed term list makes a new one. Safe for many threads,
 * but each thread brings its own text_scratch (ICU's iterators are not shared). */
#ifndef JM_TEXT_H
#define JM_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "must.h"

enum space { SPACE_W, SPACE_U, SPACE_B, N_SPACES };

#define TEXT_TERM_MAX 64 /* bytes; a longer run is cut */

struct token {
    const char *term; /* normalised, NUL-terminated, in the arena */
    uint32_t len;
    uint32_t from, to; /* the bytes of the original that it stands for */
    uint32_t pos;      /* ordinal of its first unit; a segment's end leaves a gap of one */
};

struct tokens {
    struct token *list[N_SPACES]; /* each in order of the text */
    size_t n[N_SPACES];
    size_t words; /* of space W with stop words: the text's length in the formulas */
};

/* One row of the bureau's term list (api of the term page; fed by the database). */
enum term_rule {
    TERM_KEEP,    /* a domain term: one word of space W even where ICU would cut it */
    TERM_SYNONYM, /* `term` also means `other` (both ways); translations too */
    TERM_STOP,    /* never a token of space W */
    /* no word: `term` and `other` are codes of fields, "industry:C26", "discipline:530" */
    TERM_BRIDGE,
};
struct term_row {
    enum term_rule rule;
    const char *term;
    const char *other; /* of TERM_SYNONYM */
    double weight;     /* of TERM_SYNONYM, 0..1: how much a match by it counts */
};

struct analyser;
struct text_scratch;

/* NULL: memory or ICU data missing (said on `ret_why`, a static text). Rows are copied. */
struct analyser *analyser_new(const struct term_row *rows, size_t n, const char **ret_why);
void analyser_free(struct analyser *analyser);

struct text_scratch *text_scratch_new(void); /* NULL when memory is out */
void text_scratch_free(struct text_scratch *scratch);

/* Bad UTF-8 is read as U+FFFD; text beyond 1 MiB is cut. Tokens live in the arena.
 * -1: memory is out. */
int MUST_CHECK text_analyse(const struct analyser *analyser, struct text_scratch *scratch,
                            struct arena *arena, const char *text, size_t len, struct tokens *ret);

/* Synonyms of a word of space W (normalised form), as *ret in the analyser's memory; the count. */
struct synonym {
    const char *term; /* normalised; may be several words: `n_words` > 1 */
    size_t n_words;
    const char *const *words;
    double weight;
};
size_t analyser_synonyms(const struct analyser *analyser, const char *word,
                         const struct synonym **ret);

/* The pinyin of a name for lookup: full ("zhangsan") and initials ("zs"), lower case, no tones.
 * NULL when memory is out. */
const char *text_pinyin(struct text_scratch *scratch, struct arena *arena, const char *name,
                        const char **ret_initials);

/* The normal form alone (NFKC, folded, simplified), in the arena; NULL when memory is out. */
const char *text_normalise(struct text_scratch *scratch, struct arena *arena, const char *text,
                           size_t len);

#endif
