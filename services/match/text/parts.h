/* parts.h - what the files of text/ share: the scratch memory of a thread and the stages over it.
 *
 *   fold.c     bytes -> normalised UTF-16, each unit knowing the bytes that it came from
 *   cut.c      normalised text -> words (ICU) and units, with their terms
 *   whole.c    several words that are one number or code (8英寸, 4H-SiC)
 *   terms.c    the bureau's list: kept terms, stop terms, synonyms (made in terms_make.c)
 *   analyse.c  all of it -> tokens
 *   stop.c, pinyin.c, scratch.c
 *
 * Places in the normalised text are indexes of UTF-16 units; terms are offsets into `bytes`. */
#ifndef JM_TEXT_PARTS_H
#define JM_TEXT_PARTS_H

#include <stdbool.h>
#include <unicode/ubrk.h>
#include <unicode/unorm2.h>
#include <unicode/utrans.h>
#include <libstemmer.h>

#include "text.h"

#define TEXT_MAX (1u << 20) /* bytes of a text, and UTF-16 units of its normal form */

struct folded { /* normalised text: u[i] stands for the bytes from[i]..to[i] of the original */
    UChar *u;
    uint32_t *from, *to;
    size_t n, room;
};

struct term_at { /* a term in scratch->bytes, NUL-terminated */
    uint32_t at, len;
};

struct unit { /* a Han character, or a run of other letters and digits inside one word */
    uint32_t begin, end;
    struct term_at term;
    uint32_t pos;
    bool han;
    uint64_t hash; /* of the term */
};

struct word { /* as ICU cut it */
    uint32_t begin, end;
    uint32_t unit, n_units;
    struct term_at term;
    bool stop;
};

struct draft { /* a token whose term still stands in the scratch */
    struct term_at term;
    uint32_t from, to, pos;
};

struct drafts {
    struct draft *list;
    size_t n, room;
};

struct bmp { /* how a character of the BMP folds; looked up once, then remembered */
    UChar to;
    uint8_t known, simple; /* simple: alone it becomes `to` and nothing else */
    uint8_t starts;        /* never joins what stands before it */
};

struct text_scratch {
    const UNormalizer2 *nfkc_cf;
    UTransliterator *simplify;
    UTransliterator *latin, *ascii; /* made at the first name */
    UBreakIterator *breaks;
    struct sb_stemmer *english;
    struct bmp *bmp;

    struct folded text;
    struct unit *units;
    size_t n_units, room_units;
    struct word *words;
    size_t n_words, room_words;
    char *bytes;
    size_t n_bytes, room_bytes;
    struct drafts drafts[N_SPACES];
};

/* Makes room for `need` elements; -1: memory is out. */
int MUST_CHECK scratch_grow(void *array, size_t *room, size_t need, size_t size);
/* Adds a term: at most TEXT_TERM_MAX bytes, cut at a character. */
int MUST_CHECK scratch_term(struct text_scratch *scratch, const char *bytes, size_t len,
                            struct term_at *ret);
/* u[begin..end) of the folded text, a word, as UTF-8, cut at TEXT_TERM_MAX; the length. A comma in
 * a word is that of thousands, which the term leaves out. */
size_t scratch_utf8(const struct text_scratch *scratch, size_t begin, size_t end,
                    char ret[TEXT_TERM_MAX + 1]);

/* All -1 when memory is out. */
int MUST_CHECK text_fold(struct text_scratch *scratch, const char *text, size_t len);
int MUST_CHECK text_cut(struct text_scratch *scratch);

/* The character at u[*at], which moves on; a lone surrogate reads as U+FFFD. */
uint32_t text_next(const UChar *u, size_t *at, size_t end);
bool text_is_han(uint32_t code);
bool text_is_stop(const char *word, size_t len);
uint64_t text_hash(const char *bytes, size_t len);

/* Writes the term of `n` units from `first` on: Han characters stand together, anything else keeps
 * a space. The length, at most TEXT_TERM_MAX. */
size_t text_join(const struct text_scratch *scratch, size_t first, size_t n,
                 char ret[TEXT_TERM_MAX + 1]);

struct whole {
    size_t n_words;      /* that it takes */
    uint32_t begin, end; /* with the comparator before it */
    char term[TEXT_TERM_MAX + 1];
    size_t len;
};
/* The number with its unit or the code that begins at a word; false: there is none. */
bool text_whole(const struct text_scratch *scratch, size_t word, struct whole *ret);

/* The longest kept term from a unit on: how many units, 0 none. */
size_t analyser_kept(const struct analyser *analyser, const struct text_scratch *scratch,
                     size_t unit, const char **ret_term, size_t *ret_len);
bool analyser_stops(const struct analyser *analyser, const char *term, size_t len);

#endif
