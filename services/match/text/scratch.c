/* scratch.c - what a thread needs to read texts: ICU's objects and arrays that grow. */
#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "parts.h"

struct text_scratch *text_scratch_new(void)
{
    struct text_scratch *scratch = calloc(1, sizeof(*scratch));
    UErrorCode error = U_ZERO_ERROR;
    UChar id[32];

    if (!scratch)
        return NULL;
    scratch->bmp = calloc(0x10000, sizeof(*scratch->bmp));
    scratch->nfkc_cf = unorm2_getNFKCCasefoldInstance(&error);
    u_uastrcpy(id, "Traditional-Simplified");
    scratch->simplify = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
    scratch->breaks = ubrk_open(UBRK_WORD, "zh", NULL, 0, &error);
    scratch->english = sb_stemmer_new("english", NULL);
    if (!scratch->bmp || U_FAILURE(error) || !scratch->english) {
        text_scratch_free(scratch);
        return NULL;
    }
    return scratch;
}

void text_scratch_free(struct text_scratch *scratch)
{
    if (!scratch)
        return;
    if (scratch->breaks)
        ubrk_close(scratch->breaks);
    if (scratch->english)
        sb_stemmer_delete(scratch->english);
    UTransliterator *const made[] = { scratch->simplify, scratch->latin, scratch->ascii };

    for (size_t i = 0; i < COUNT_OF(made); i++)
        if (made[i])
            utrans_close(made[i]);
    for (size_t i = 0; i < N_SPACES; i++)
        free(scratch->drafts[i].list);
    free(scratch->bmp);
    free(scratch->text.u);
    free(scratch->text.from);
    free(scratch->text.to);
    free(scratch->units);
    free(scratch->words);
    free(scratch->bytes);
    free(scratch);
}

int scratch_grow(void *array, size_t *room, size_t need, size_t size)
{
    void *old;

    if (need <= *room)
        return 0;
    size_t wanted = *room ? *room : 256;

    while (wanted < need)
        wanted *= 2;
    memcpy(&old, array, sizeof(old));
    void *grown = realloc(old, wanted * size);

    if (!grown)
        return -1;
    memcpy(array, &grown, sizeof(grown));
    *room = wanted;
    return 0;
}

int scratch_term(struct text_scratch *scratch, const char *bytes, size_t len, struct term_at *ret)
{
    if (len > TEXT_TERM_MAX) {
        int32_t cut = TEXT_TERM_MAX;

        U8_SET_CP_START((const uint8_t *)bytes, 0, cut);
        len = (size_t)cut;
    }
    if (scratch_grow(&scratch->bytes, &scratch->room_bytes, scratch->n_bytes + len + 1, 1) < 0)
        return -1;
    memcpy(scratch->bytes + scratch->n_bytes, bytes, len);
    scratch->bytes[scratch->n_bytes + len] = '\0';
    *ret = (struct term_at){ (uint32_t)scratch->n_bytes, (uint32_t)len };
    scratch->n_bytes += len + 1;
    return 0;
}

uint32_t text_next(const UChar *u, size_t *at, size_t end)
{
    uint32_t c = u[(*at)++];

    if (!U16_IS_SURROGATE(c))
        return c;
    if (!U16_IS_SURROGATE_LEAD(c) || *at == end || !U16_IS_TRAIL(u[*at]))
        return 0xfffd;
    return 0x10000 + ((c - 0xd800) << 10) + (u[(*at)++] - 0xdc00u);
}

static size_t encode(uint32_t code, uint8_t *ret)
{
    static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t len = U8_LENGTH(code);

    if (len == 1) {
        ret[0] = (uint8_t)code;
        return 1;
    }
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        ret[i] = (uint8_t)(0x80 | (code & 0x3f));
    ret[0] = (uint8_t)(lead[len] | code);
    return len;
}

size_t scratch_utf8(const struct text_scratch *scratch, size_t begin, size_t end,
                    char ret[TEXT_TERM_MAX + 1])
{
    const UChar *u = scratch->text.u;
    size_t at = begin, len = 0;

    while (at < end) {
        uint32_t code = text_next(u, &at, end);

        if (code == ',')
            continue;
        if (len + U8_LENGTH(code) > TEXT_TERM_MAX)
            break;
        len += encode(code, (uint8_t *)ret + len);
    }
    ret[len] = '\0';
    return len;
}

uint64_t text_hash(const char *bytes, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

bool text_is_han(uint32_t code)
{
    return (code >= 0x3400 && code <= 0x9fff && !(code >= 0x4dc0 && code < 0x4e00)) ||
           code == 0x3005 || code == 0x3007 || (code >= 0xf900 && code <= 0xfaff) ||
           (code >= 0x20000 && code <= 0x323af);
}

size_t text_join(const struct text_scratch *scratch, size_t first, size_t n,
                 char ret[TEXT_TERM_MAX + 1])
{
    size_t len = 0;

    for (size_t i = first; i < first + n; i++) {
        const struct unit *unit = &scratch->units[i];
        bool space = i > first && !(unit->han && unit[-1].han);

        if (len + space + unit->term.len > TEXT_TERM_MAX)
            break;
        if (space)
            ret[len++] = ' ';
        memcpy(ret + len, scratch->bytes + unit->term.at, unit->term.len);
        len += unit->term.len;
    }
    ret[len] = '\0';
    return len;
}
