/* cut.c - normalised text -> words, as ICU's dictionary for Chinese has them, and their units. */
#include <string.h>

#include "parts.h"

/* Words of Latin letters are stemmed; those with digits or other letters stand as they are. */
static bool is_english(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((word[i] < 'a' || word[i] > 'z') && word[i] != '\'')
            return false;
    return true;
}

/* What stands between two words: does it end the segment? */
static bool ends_segment(const UChar *u, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (u[i] != ' ' && u[i] != '-' && u[i] != '\'')
            return true;
    return false;
}

static int add_unit(struct text_scratch *scratch, size_t begin, size_t end, bool han,
                    struct term_at term, uint32_t pos)
{
    if (scratch_grow(&scratch->units, &scratch->room_units, scratch->n_units + 1,
                     sizeof(*scratch->units)) < 0)
        return -1;
    scratch->units[scratch->n_units++] = (struct unit){
        .begin = (uint32_t)begin,
        .end = (uint32_t)end,
        .term = term,
        .pos = pos,
        .han = han,
        .hash = text_hash(scratch->bytes + term.at, term.len),
    };
    return 0;
}

/* The units of u[begin..end): each Han character, and each run of others. */
static int cut_units(struct text_scratch *scratch, size_t begin, size_t end, uint32_t pos)
{
    const UChar *u = scratch->text.u;
    char bytes[TEXT_TERM_MAX + 1];

    for (size_t at = begin; at < end;) {
        size_t next = at, after;
        struct term_at term;
        bool han = text_is_han(text_next(u, &next, end));

        for (after = next; !han && next < end; next = after)
            if (text_is_han(text_next(u, &after, end)))
                break;
        if (scratch_term(scratch, bytes, scratch_utf8(scratch, at, next, bytes), &term) < 0 ||
            add_unit(scratch, at, next, han, term, pos++) < 0)
            return -1;
        at = next;
    }
    return 0;
}

static int add_word(struct text_scratch *scratch, size_t begin, size_t end, uint32_t pos)
{
    char bytes[TEXT_TERM_MAX + 1];
    struct word word = { (uint32_t)begin, (uint32_t)end, (uint32_t)scratch->n_units, 1, { 0 }, 0 };
    const char *term = bytes;
    size_t len = scratch_utf8(scratch, begin, end, bytes);
    UChar first = scratch->text.u[begin];

    word.stop = text_is_stop(bytes, len);
    if (first < 0x80 && is_english(bytes, len)) {
        term = (const char *)sb_stemmer_stem(scratch->english, (const sb_symbol *)bytes, (int)len);
        if (!term)
            return -1;
        len = (size_t)sb_stemmer_length(scratch->english);
    }
    if (scratch_term(scratch, term, len, &word.term) < 0)
        return -1;
    if (first < 0x80 || end == begin + 1) { /* one unit: it shares the word's term */
        if (add_unit(scratch, begin, end, text_is_han(first), word.term, pos) < 0)
            return -1;
    } else if (cut_units(scratch, begin, end, pos) < 0) {
        return -1;
    }
    word.n_units = (uint32_t)scratch->n_units - word.unit;
    if (scratch_grow(&scratch->words, &scratch->room_words, scratch->n_words + 1, sizeof(word)) < 0)
        return -1;
    scratch->words[scratch->n_words++] = word;
    return 0;
}

static bool is_digit(UChar c)
{
    return c >= '0' && c <= '9';
}

/* 1,000 is one number; 20,30 are two. */
static bool is_thousands(const UChar *u, size_t comma, size_t end)
{
    size_t n = 0;

    while (comma + 1 + n < end && is_digit(u[comma + 1 + n]))
        n++;
    return n == 3 && comma > 0 && is_digit(u[comma - 1]);
}

/* Where the first word of u[begin..end) ends. ICU takes "6,0.5um", "ai:gpu" and "bp.rbf" for one
 * word; Chinese texts, whose stops fold to those of ASCII, mean two. */
static size_t first_end(const UChar *u, size_t begin, size_t end)
{
    for (size_t i = begin + 1; i + 1 < end; i++) {
        if (u[i] == ':' || u[i] == ';' || (u[i] == ',' && !is_thousands(u, i, end)))
            return i;
        if (u[i] == '.' && !is_digit(u[i - 1]) && i - begin > 1)
            return i;
    }
    return end;
}

/* A word of ICU, which may be several. `*spoken` is where the last word ended. */
static int cut_word(struct text_scratch *scratch, size_t begin, size_t end, size_t *spoken)
{
    const UChar *u = scratch->text.u;

    while (begin < end) {
        size_t stop = u[begin] < 0x80 ? first_end(u, begin, end) : end;
        uint32_t pos = 0;

        if (scratch->n_units > 0)
            pos = scratch->units[scratch->n_units - 1].pos + 1 + ends_segment(u, *spoken, begin);
        if (add_word(scratch, begin, stop, pos) < 0)
            return -1;
        *spoken = stop;
        begin = stop + (stop < end);
    }
    return 0;
}

int text_cut(struct text_scratch *scratch)
{
    const struct folded *text = &scratch->text;
    UErrorCode error = U_ZERO_ERROR;
    size_t spoken = 0; /* where the last word ended */
    int32_t begin = 0;

    scratch->n_units = scratch->n_words = scratch->n_bytes = 0;
    if (text->n == 0)
        return 0;
    ubrk_setText(scratch->breaks, text->u, (int32_t)text->n, &error);
    if (U_FAILURE(error))
        return -1;
    for (int32_t end = ubrk_next(scratch->breaks); end != UBRK_DONE;
         begin = end, end = ubrk_next(scratch->breaks)) {
        if (ubrk_getRuleStatus(scratch->breaks) < UBRK_WORD_NONE_LIMIT)
            continue;
        if (cut_word(scratch, (size_t)begin, (size_t)end, &spoken) < 0)
            return -1;
    }
    return 0;
}
