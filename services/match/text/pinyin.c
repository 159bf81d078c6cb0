/* pinyin.c - the pinyin of the names of people and units, for lookup.
 *
 * ICU reads character by character; where a name reads otherwise (surnames, places) a table knows.
 * */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "parts.h"

#define NAME_MAX_UNITS 256 /* of a name that are read */

struct reading {
    const char *han, *pinyin; /* syllables with a space between */
};

/* At the beginning of a name only. */
static const struct reading surnames[] = {
    { "单于", "chan yu" }, { "尉迟", "yu chi" }, { "万俟", "mo qi" },   { "长孙", "zhang sun" },
    { "澹台", "tan tai" }, { "宰父", "zai fu" }, { "令狐", "ling hu" }, { "单", "shan" },
    { "曾", "zeng" },      { "解", "xie" },      { "仇", "qiu" },       { "区", "ou" },
    { "查", "zha" },       { "任", "ren" },      { "朴", "piao" },      { "盖", "ge" },
    { "乐", "yue" },       { "缪", "miao" },     { "繁", "po" },        { "折", "she" },
    { "种", "chong" },     { "召", "shao" },     { "员", "yun" },       { "冼", "xian" },
    { "覃", "qin" },       { "翟", "zhai" },     { "褚", "chu" },       { "逄", "pang" },
    { "句", "gou" },       { "黑", "he" },       { "秘", "bi" },        { "尹", "yin" },
    { "晟", "cheng" },     { "谌", "chen" },     { "隗", "wei" },       { "燕", "yan" },
    { "葛", "ge" },        { "车", "che" },      { "哈", "ha" },        { "撒", "sa" },
    { "宁", "ning" },      { "牟", "mou" },      { "洗", "xian" },      { "訾", "zi" },
    { "郇", "xun" },       { "祭", "zhai" },     { "纪", "ji" },        { "华", "hua" },
};

/* Anywhere. */
static const struct reading words[] = {
    { "重庆", "chong qing" },
    { "长春", "chang chun" },
    { "长沙", "chang sha" },
    { "长江", "chang jiang" },
    { "长安", "chang an" },
    { "长城", "chang cheng" },
    { "长治", "chang zhi" },
    { "长虹", "chang hong" },
    { "长兴", "chang xing" },
    { "长征", "chang zheng" },
    { "长三角", "chang san jiao" },
    { "长白", "chang bai" },
    { "银行", "yin hang" },
    { "行业", "hang ye" },
    { "厦门", "xia men" },
    { "蚌埠", "beng bu" },
    { "六安", "lu an" },
    { "音乐", "yin yue" },
    { "番禺", "pan yu" },
    { "朝阳", "chao yang" },
    { "重工", "zhong gong" },
    { "绿色", "lv se" },
    { "台州", "tai zhou" },
    { "东莞", "dong guan" },
    { "乐清", "yue qing" },
    { "会计", "kuai ji" },
    { "重构", "chong gou" },
};

static const char *reading_at(const struct reading *table, size_t n, const char *at,
                              size_t *ret_len)
{
    for (size_t i = 0; i < n; i++) {
        *ret_len = strlen(table[i].han);
        if (strncmp(table[i].han, at, *ret_len) == 0)
            return table[i].pinyin;
    }
    return NULL;
}

static UTransliterator *open_named(const char *name)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar id[32];

    u_uastrcpy(id, name);
    UTransliterator *made = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);

    return U_SUCCESS(error) ? made : NULL;
}

static int open_both(struct text_scratch *scratch)
{
    if (!scratch->latin)
        scratch->latin = open_named("Han-Latin");
    if (!scratch->ascii)
        scratch->ascii = open_named("Latin-ASCII");
    return scratch->latin && scratch->ascii ? 0 : -1;
}

/* One folded character as ASCII letters; "" when it is none. */
static void read_character(struct text_scratch *scratch, UChar32 c, char ret[32])
{
    UErrorCode error = U_ZERO_ERROR;
    UChar u[32];
    int32_t len = 0, limit;
    size_t n = 0;

    U16_APPEND_UNSAFE(u, len, c);
    limit = len;
    utrans_transUChars(scratch->latin, u, &len, COUNT_OF(u), 0, &limit, &error);
    limit = len;
    utrans_transUChars(scratch->ascii, u, &len, COUNT_OF(u), 0, &limit, &error);
    for (int32_t i = 0; U_SUCCESS(error) && i < len && n < 31; i++)
        if (u[i] < 0x80 && u_isalnum(u[i]))
            ret[n++] = (char)u_tolower(u[i]);
    ret[n] = '\0';
}

struct spelling {
    char *full, *initials;
    size_t n, n_initials;
    bool inside; /* a Latin word whose initial has been taken */
};

static void spell(struct spelling *out, const char *syllables)
{
    bool first = true;

    for (; *syllables; syllables++) {
        if (*syllables == ' ') {
            first = true;
            continue;
        }
        if (first && !out->inside)
            out->initials[out->n_initials++] = *syllables;
        first = false;
        out->full[out->n++] = *syllables;
    }
}

static void spell_name(struct text_scratch *scratch, const char *name, struct spelling *out)
{
    for (size_t at = 0; name[at];) {
        size_t len = 0;
        const char *known = reading_at(words, COUNT_OF(words), name + at, &len);
        char read[32];

        if (!known && at == 0)
            known = reading_at(surnames, COUNT_OF(surnames), name, &len);
        if (!known) {
            int32_t next = 0;
            UChar32 c;

            U8_NEXT_UNSAFE(name + at, next, c);
            len = (size_t)next;
            read_character(scratch, c, read);
            known = read;
            bool letter = !text_is_han((uint32_t)c) && read[0];

            out->inside &= letter;
            spell(out, known);
            out->inside = letter;
        } else {
            out->inside = false;
            spell(out, known);
        }
        at += len;
    }
}

const char *text_pinyin(struct text_scratch *scratch, struct arena *arena, const char *name,
                        const char **ret_initials)
{
    struct spelling out = { 0 };

    if (open_both(scratch) < 0 || text_fold(scratch, name, strlen(name)) < 0)
        return NULL;
    if (scratch->text.n > NAME_MAX_UNITS)
        scratch->text.n = NAME_MAX_UNITS;
    size_t n = scratch->text.n;
    UErrorCode error = U_ZERO_ERROR;
    char *folded = arena_alloc(arena, n * 3 + 1);

    out.full = arena_alloc(arena, n * 32 + 1);
    out.initials = arena_alloc(arena, n * 32 + 1);
    if (!folded || !out.full || !out.initials)
        return NULL;
    if (n > 0)
        u_strToUTF8WithSub(folded, (int32_t)n * 3 + 1, NULL, scratch->text.u, (int32_t)n, 0xfffd,
                           NULL, &error);
    spell_name(scratch, U_SUCCESS(error) ? folded : "", &out);
    *ret_initials = out.initials;
    return out.full;
}
