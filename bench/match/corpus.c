/* corpus.c - see corpus.h. */
#include "corpus.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#define NEAR 16    /* texts of the same matter, with the text itself */
#define RARE 3     /* seen no oftener, a code is coined anew */
#define TRIES 4    /* texts that are looked through for the word */
#define CHANGE 0.3 /* how likely a word is the last that is taken from a text */
#define STRAY 0.05 /* how likely the next text is of any matter */

struct piece { /* a word, or what stands between two */
    char *text;
    uint32_t count, texts; /* how often it is there, and in how many texts */
    uint32_t last_text;
    bool word, code;
};
struct real {
    uint32_t begin, end; /* in corpus->walk */
    uint32_t near[NEAR];
};
struct corpus {
    struct piece *pieces;
    size_t n_pieces, room_pieces;
    uint32_t *buckets;
    size_t n_buckets;
    uint32_t *walk; /* all texts as pieces */
    size_t n_walk, room_walk;
    struct real *texts;
    size_t n_texts;
};

static void *must(void *memory)
{
    if (!memory) {
        fprintf(stderr, "match-speed: memory is out\n");
        exit(1);
    }
    return memory;
}

/* ---- learning ---- */

static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u;

    while (*text)
        hash = (hash ^ (unsigned char)*text++) * 16777619u;
    return hash;
}

static void rehash(struct corpus *corpus)
{
    corpus->n_buckets = corpus->room_pieces * 2;
    free(corpus->buckets);
    corpus->buckets = must(malloc(corpus->n_buckets * sizeof(*corpus->buckets)));
    memset(corpus->buckets, 0xff, corpus->n_buckets * sizeof(*corpus->buckets));
    for (uint32_t i = 0; i < corpus->n_pieces; i++) {
        size_t at = hash_of(corpus->pieces[i].text) % corpus->n_buckets;

        while (corpus->buckets[at] != UINT32_MAX)
            at = (at + 1) % corpus->n_buckets;
        corpus->buckets[at] = i;
    }
}

static uint32_t piece_of(struct corpus *corpus, const char *text, bool word)
{
    if (corpus->n_pieces == corpus->room_pieces) {
        corpus->room_pieces = corpus->room_pieces ? corpus->room_pieces * 2 : 4096;
        corpus->pieces =
            must(realloc(corpus->pieces, corpus->room_pieces * sizeof(*corpus->pieces)));
        rehash(corpus);
    }
    size_t at = hash_of(text) % corpus->n_buckets;

    for (; corpus->buckets[at] != UINT32_MAX; at = (at + 1) % corpus->n_buckets)
        if (strcmp(corpus->pieces[corpus->buckets[at]].text, text) == 0)
            return corpus->buckets[at];
    corpus->buckets[at] = (uint32_t)corpus->n_pieces;
    corpus->pieces[corpus->n_pieces] = (struct piece){
        .text = must(strdup(text)),
        .last_text = UINT32_MAX,
        .word = word,
        .code = word && (unsigned char)text[0] < 0x80 && strpbrk(text, "0123456789"),
    };
    return (uint32_t)corpus->n_pieces++;
}

static void add_piece(struct corpus *corpus, uint32_t text, uint32_t number)
{
    struct piece *piece = &corpus->pieces[number];

    if (corpus->n_walk == corpus->room_walk) {
        corpus->room_walk = corpus->room_walk ? corpus->room_walk * 2 : 1 << 16;
        corpus->walk = must(realloc(corpus->walk, corpus->room_walk * sizeof(*corpus->walk)));
    }
    corpus->walk[corpus->n_walk++] = number;
    piece->count++;
    piece->texts += piece->last_text != text;
    piece->last_text = text;
}

static void cut_text(struct corpus *corpus, UBreakIterator *breaks, const char *text,
                     uint32_t number)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (int32_t)strlen(text) + 1, n = 0;
    UChar *u = must(malloc((size_t)room * sizeof(*u)));
    char bytes[1024];

    u_strFromUTF8WithSub(u, room, &n, text, -1, 0xfffd, NULL, &error);
    ubrk_setText(breaks, u, n, &error);
    corpus->texts[number].begin = (uint32_t)corpus->n_walk;
    for (int32_t at = 0, end; U_SUCCESS(error) && (end = ubrk_next(breaks)) != UBRK_DONE;
         at = end) {
        bool word = ubrk_getRuleStatus(breaks) >= UBRK_WORD_NONE_LIMIT;

        u_strToUTF8WithSub(bytes, sizeof(bytes), NULL, u + at, end - at < 300 ? end - at : 300,
                           0xfffd, NULL, &error);
        add_piece(corpus, number, piece_of(corpus, bytes, word));
    }
    corpus->texts[number].end = (uint32_t)corpus->n_walk;
    free(u);
}

/* Which texts a piece stands in: postings[from[p]] .. postings[from[p + 1]]. */
struct postings {
    uint32_t *from, *list;
};

static struct postings invert(const struct corpus *corpus)
{
    struct postings made;
    size_t n = 0;
    uint32_t *last = must(malloc(corpus->n_pieces * sizeof(*last)));
    uint32_t *at = must(malloc((corpus->n_pieces + 1) * sizeof(*at)));

    made.from = must(malloc((corpus->n_pieces + 1) * sizeof(*made.from)));
    for (size_t i = 0; i < corpus->n_pieces; i++) {
        made.from[i] = at[i] = (uint32_t)n;
        n += corpus->pieces[i].texts;
        last[i] = UINT32_MAX;
    }
    made.from[corpus->n_pieces] = (uint32_t)n;
    made.list = must(malloc((n + 1) * sizeof(*made.list)));
    for (uint32_t text = 0; text < corpus->n_texts; text++)
        for (uint32_t i = corpus->texts[text].begin; i < corpus->texts[text].end; i++) {
            uint32_t piece = corpus->walk[i];

            if (last[piece] == text)
                continue;
            last[piece] = text;
            made.list[at[piece]++] = text;
        }
    free(last);
    free(at);
    return made;
}

/* The texts that share most rare words with this one; itself comes first. */
static void find_near(struct corpus *corpus, const struct postings *postings, uint32_t text,
                      float *likeness)
{
    struct real *real = &corpus->texts[text];
    size_t common = corpus->n_texts / 50 + 2;

    memset(likeness, 0, corpus->n_texts * sizeof(*likeness));
    for (uint32_t i = real->begin; i < real->end; i++) {
        const struct piece *piece = &corpus->pieces[corpus->walk[i]];
        uint32_t p = corpus->walk[i];

        if (!piece->word || piece->texts > common)
            continue;
        float weight = logf((float)corpus->n_texts / (float)piece->texts);

        for (uint32_t k = postings->from[p]; k < postings->from[p + 1]; k++)
            likeness[postings->list[k]] += weight;
    }
    likeness[text] = INFINITY;
    for (int i = 0; i < NEAR; i++) {
        uint32_t best = 0;

        for (uint32_t k = 1; k < corpus->n_texts; k++)
            if (likeness[k] > likeness[best])
                best = k;
        real->near[i] = likeness[best] > 0 ? best : text;
        likeness[best] = 0;
    }
}

struct corpus *corpus_learn(const char *const *texts, size_t n)
{
    struct corpus *corpus = must(calloc(1, sizeof(*corpus)));
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator *breaks = ubrk_open(UBRK_WORD, "zh", NULL, 0, &error);
    float *likeness = must(malloc((n + 1) * sizeof(*likeness)));

    if (U_FAILURE(error))
        must(NULL);
    corpus->texts = must(calloc(n, sizeof(*corpus->texts)));
    corpus->n_texts = n;
    for (size_t i = 0; i < n; i++)
        cut_text(corpus, breaks, texts[i], (uint32_t)i);
    ubrk_close(breaks);

    struct postings postings = invert(corpus);

    for (size_t i = 0; i < n; i++)
        find_near(corpus, &postings, (uint32_t)i, likeness);
    free(postings.from);
    free(postings.list);
    free(likeness);
    return corpus;
}

void corpus_free(struct corpus *corpus)
{
    if (!corpus)
        return;
    for (size_t i = 0; i < corpus->n_pieces; i++)
        free(corpus->pieces[i].text);
    free(corpus->pieces);
    free(corpus->buckets);
    free(corpus->walk);
    free(corpus->texts);
    free(corpus);
}

/* ---- writing ---- */

struct dice {
    uint64_t state;
};

static uint64_t roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(struct dice *dice, size_t n)
{
    return (uint32_t)((roll(dice) >> 32) * n >> 32);
}

static bool happens(struct dice *dice, double share)
{
    return (double)(roll(dice) >> 11) * 0x1p-53 < share;
}

/* 3.72 becomes 5.18, AZ91D becomes AZ47D. */
static void coin(struct dice *dice, const char *text, struct buf *ret)
{
    for (; *text; text++) {
        if (*text >= '0' && *text <= '9')
            buf_addc(ret, (char)('0' + below(dice, 10)));
        else
            buf_addc(ret, *text);
    }
}

/* The place of a word in a text; the end of the text when it is not there. */
static uint32_t find(const struct corpus *corpus, const struct real *text, uint32_t piece)
{
    uint32_t at = text->begin;

    while (at < text->end && corpus->walk[at] != piece)
        at++;
    return at;
}

/* From a word to the same word in another text of the matter; or nowhere else. */
static void change(const struct corpus *corpus, struct dice *dice, const struct real *matter,
                   const struct real **text, uint32_t *at)
{
    for (int i = 0; i < TRIES; i++) {
        uint32_t other =
            happens(dice, STRAY) ? below(dice, corpus->n_texts) : matter->near[below(dice, NEAR)];
        uint32_t place = find(corpus, &corpus->texts[other], corpus->walk[*at]);

        if (&corpus->texts[other] == *text || place == corpus->texts[other].end)
            continue;
        *text = &corpus->texts[other];
        *at = place;
        return;
    }
}

void corpus_write(const struct corpus *corpus, uint64_t number, struct buf *ret)
{
    struct dice dice = { number * 0x2545f4914f6cdd1du + 1 };
    const struct real *matter = &corpus->texts[below(&dice, corpus->n_texts)], *text = matter;
    size_t length = matter->end - matter->begin;
    uint32_t at = text->begin;

    for (size_t i = 0; i < length; i++, at++) {
        if (at >= text->end) { /* on to the beginning of another */
            text = &corpus->texts[matter->near[below(&dice, NEAR)]];
            at = text->begin;
        }
        const struct piece *piece = &corpus->pieces[corpus->walk[at]];

        if (piece->code && piece->count <= RARE)
            coin(&dice, piece->text, ret);
        else
            buf_adds(ret, piece->text);
        if (piece->word && happens(&dice, CHANGE))
            change(corpus, &dice, matter, &text, &at);
    }
}
