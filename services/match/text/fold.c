/* fold.c - the normal form of a text: NFKC, case folded, traditional characters simplified.
 *
 * Nearly every character folds by itself, so its result is remembered in a table; only where the
 * next one may join it (a combining mark, a jamo) the run is given to ICU as a whole.
 * Simplification goes character by character: ICU's few rules for whole words would need the text
 * twice. */
#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <string.h>

#include "parts.h"

#define RUN_MAX 64 /* characters of a joined run: bounds what a text made of marks can cost */

/* Correct simplified characters that ICU takes for traditional ones: 专著, 俱乐部, 慰藉, 苎麻, 阪神. */
static const UChar also_simplified[] = { 0x8457, 0x4ff1, 0x85c9, 0x82ce, 0x5412,
                                         0x8de4, 0x962a, 0x59ca, 0 };

/* The dashes and the apostrophe that mean the one of ASCII. */
static UChar plain(UChar c)
{
    static const UChar dashes[] = { 0x2010, 0x2012, 0x2013, 0x2212, 0 };

    if (c < 0x2010 || c > 0x2212)
        return c;
    return c == 0x2019 ? '\'' : u_strchr(dashes, c) ? '-' : c;
}

static UChar simplified(struct text_scratch *scratch, UChar c)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar buffer[8] = { c };
    int32_t len = 1, limit = 1;

    if (!text_is_han(c) || u_strchr(also_simplified, c))
        return c;
    utrans_transUChars(scratch->simplify, buffer, &len, 8, 0, &limit, &error);
    return U_SUCCESS(error) && len == 1 ? buffer[0] : c;
}

static const struct bmp *bmp_look(struct text_scratch *scratch, UChar32 c)
{
    struct bmp *row = &scratch->bmp[c];
    UErrorCode error = U_ZERO_ERROR;
    UChar in = (UChar)c, out[8];

    if (row->known)
        return row;
    int32_t len = unorm2_normalize(scratch->nfkc_cf, &in, 1, out, 8, &error);

    row->starts = unorm2_hasBoundaryBefore(scratch->nfkc_cf, c) != 0;
    if (U_SUCCESS(error) && len == 1) {
        row->simple = row->starts;
        row->to = simplified(scratch, plain(out[0]));
    }
    row->known = 1;
    return row;
}

static bool starts(struct text_scratch *scratch, UChar32 c)
{
    return c < 0x10000 ? bmp_look(scratch, c)->starts
                       : unorm2_hasBoundaryBefore(scratch->nfkc_cf, c) != 0;
}

static int room_for(struct folded *out, size_t more)
{
    size_t need = out->n + more, room = out->room;

    if (need <= room)
        return 0;
    size_t a = room, b = room;

    if (scratch_grow(&out->u, &a, need, sizeof(*out->u)) < 0)
        return -1;
    if (scratch_grow(&out->from, &b, need, sizeof(*out->from)) < 0)
        return -1;
    if (scratch_grow(&out->to, &room, need, sizeof(*out->to)) < 0)
        return -1;
    out->room = room; /* only now: all three have grown */
    return 0;
}

/* One unit of the normal form. */
static int fold_one(struct folded *out, UChar c, int32_t from, int32_t to)
{
    if (room_for(out, 1) < 0)
        return -1;
    out->u[out->n] = c;
    out->from[out->n] = (uint32_t)from;
    out->to[out->n++] = (uint32_t)to;
    return 0;
}

/* Folds the run text[from..to) as a whole. */
static int fold_run(struct text_scratch *scratch, const uint8_t *text, int32_t from, int32_t to)
{
    UChar in[RUN_MAX * 2], small[RUN_MAX * 2], *result = small;
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = 0, at = from;

    while (at < to) {
        UChar32 c;

        U8_NEXT_OR_FFFD(text, at, to, c);
        U16_APPEND_UNSAFE(in, n, c);
    }
    int32_t len = unorm2_normalize(scratch->nfkc_cf, in, n, small, COUNT_OF(small), &error);

    if (error == U_BUFFER_OVERFLOW_ERROR) {
        result = malloc((size_t)len * sizeof(*result));
        if (!result)
            return -1;
        error = U_ZERO_ERROR;
        len = unorm2_normalize(scratch->nfkc_cf, in, n, result, len, &error);
    }
    int rc = U_SUCCESS(error) ? 0 : -1;

    for (int32_t i = 0; rc == 0 && i < len; i++) {
        UChar c = text_is_han(result[i]) ? bmp_look(scratch, result[i])->to : plain(result[i]);

        rc = fold_one(&scratch->text, c, from, to);
    }
    if (result != small)
        free(result);
    return rc;
}

/* The length that is read: at most TEXT_MAX, not in the middle of a character. */
static int32_t readable(const uint8_t *text, size_t len)
{
    int32_t end = TEXT_MAX;

    if (len <= TEXT_MAX)
        return (int32_t)len;
    U8_SET_CP_START(text, 0, end);
    return end;
}

/* The text's characters one after the other, with one to look ahead. */
struct walk {
    const uint8_t *text;
    int32_t end, next; /* of the text; of `after` */
    UChar32 after;
};

static void step(struct walk *walk)
{
    if (walk->next < walk->end)
        U8_NEXT_OR_FFFD(walk->text, walk->next, walk->end, walk->after);
}

int text_fold(struct text_scratch *scratch, const char *bytes, size_t len)
{
    struct walk walk = { .text = (const uint8_t *)bytes };
    struct folded *out = &scratch->text;
    int32_t at = 0;

    out->n = 0;
    walk.end = readable(walk.text, len);
    step(&walk);
    while (at < walk.end && out->n < TEXT_MAX) {
        UChar32 c = walk.after;
        int32_t stop = walk.next; /* the run is [at, stop) */

        step(&walk);
        const struct bmp *row = c < 0x10000 ? bmp_look(scratch, c) : NULL;

        if (row && row->simple && (stop == walk.end || starts(scratch, walk.after))) {
            if (fold_one(out, row->to, at, stop) < 0)
                return -1;
        } else {
            for (int n = 1; stop < walk.end && n < RUN_MAX && !starts(scratch, walk.after); n++) {
                stop = walk.next;
                step(&walk);
            }
            if (fold_run(scratch, walk.text, at, stop) < 0)
                return -1;
        }
        at = stop;
    }
    return 0;
}

const char *text_normalise(struct text_scratch *scratch, struct arena *arena, const char *text,
                           size_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = 0;

    if (text_fold(scratch, text, len) < 0)
        return NULL;
    if (scratch->text.n == 0)
        return arena_dup(arena, "", 0);
    char *out = arena_alloc(arena, scratch->text.n * 3 + 1);

    if (!out)
        return NULL;
    u_strToUTF8WithSub(out, (int32_t)scratch->text.n * 3 + 1, &n, scratch->text.u,
                       (int32_t)scratch->text.n, 0xfffd, NULL, &error);
    return U_SUCCESS(error) ? out : NULL;
}
