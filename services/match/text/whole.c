/* whole.c - numbers with their unit and codes of materials, whole.
 *
 * ICU cuts 4H-SiC, 8英寸, 99.99% and 10^-6 into pieces. The pieces stay words; the whole is one more.
 * A unit has one spelling: 350兆瓦 and 350 MW are both 350mw, 8-inch is 8英寸. */
#include <string.h>
#include <unicode/uchar.h>

#include "parts.h"

/* Spellings of one unit; the last column is the term's. Latin ones are folded. */
static const struct {
    const char *spelling, *term;
} units[] = {
    { "英寸", "英寸" },  { "inch", "英寸" }, { "inches", "英寸" }, { "米", "m" },
    { "毫米", "mm" },    { "厘米", "cm" },   { "微米", "μm" },     { "um", "μm" },
    { "纳米", "nm" },    { "公里", "km" },   { "千米", "km" },     { "平方米", "m2" },
    { "立方米", "m3" },  { "公斤", "kg" },   { "千克", "kg" },     { "克", "g" },
    { "毫克", "mg" },    { "微克", "μg" },   { "ug", "μg" },       { "吨", "t" },
    { "万吨", "万t" },   { "升", "l" },      { "毫升", "ml" },     { "瓦", "w" },
    { "千瓦", "kw" },    { "兆瓦", "mw" },   { "万千瓦", "万kw" }, { "吉瓦", "gw" },
    { "千瓦时", "kwh" }, { "瓦时", "wh" },   { "兆瓦时", "mwh" },  { "伏", "v" },
    { "千伏", "kv" },    { "安", "a" },      { "毫安", "ma" },     { "安时", "ah" },
    { "毫安时", "mah" }, { "赫兹", "hz" },   { "赫", "hz" },       { "千赫", "khz" },
    { "千赫兹", "khz" }, { "兆赫", "mhz" },  { "兆赫兹", "mhz" },  { "吉赫", "ghz" },
    { "吉赫兹", "ghz" }, { "帕", "pa" },     { "千帕", "kpa" },    { "兆帕", "mpa" },
    { "吉帕", "gpa" },   { "摄氏度", "°c" }, { "度", "度" },       { "元", "元" },
    { "万元", "万元" },  { "亿元", "亿元" }, { "亩", "亩" },       { "公顷", "公顷" },
    { "毫秒", "ms" },    { "微秒", "μs" },   { "us", "μs" },       { "纳秒", "ns" },
    { "小时", "h" },     { "分钟", "min" },  { "分贝", "db" },     { "马力", "马力" },
    { "目", "目" },      { "位", "位" },     { "m", "m" },         { "mm", "mm" },
    { "cm", "cm" },      { "nm", "nm" },     { "μm", "μm" },       { "km", "km" },
    { "m2", "m2" },      { "m3", "m3" },     { "kg", "kg" },       { "g", "g" },
    { "mg", "mg" },      { "μg", "μg" },     { "t", "t" },         { "l", "l" },
    { "ml", "ml" },      { "w", "w" },       { "kw", "kw" },       { "mw", "mw" },
    { "gw", "gw" },      { "wh", "wh" },     { "kwh", "kwh" },     { "mwh", "mwh" },
    { "v", "v" },        { "kv", "kv" },     { "ma", "ma" },       { "ah", "ah" },
    { "mah", "mah" },    { "hz", "hz" },     { "khz", "khz" },     { "mhz", "mhz" },
    { "ghz", "ghz" },    { "thz", "thz" },   { "pa", "pa" },       { "kpa", "kpa" },
    { "mpa", "mpa" },    { "gpa", "gpa" },   { "nm/s", "nm/s" },   { "k", "k" },
    { "ms", "ms" },      { "μs", "μs" },     { "ns", "ns" },       { "min", "min" },
    { "h", "h" },        { "db", "db" },     { "dbm", "dbm" },     { "ppm", "ppm" },
    { "ppb", "ppb" },    { "kn", "kn" },     { "nm³", "nm3" },     { "mol", "mol" },
    { "kj", "kj" },      { "ev", "ev" },     { "kev", "kev" },     { "mev", "mev" },
    { "gb", "gb" },      { "tb", "tb" },     { "tops", "tops" },   { "rpm", "rpm" },
};

static const char *unit_term(const char *spelling)
{
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (strcmp(units[i].spelling, spelling) == 0)
            return units[i].term;
    return NULL;
}

struct reader {
    const struct text_scratch *scratch;
    const UChar *u;
    size_t word;  /* the next one */
    uint32_t end; /* of what was taken */
    bool digit, letter, power;
    struct whole *out;
};

static bool put(struct whole *out, const char *bytes, size_t len)
{
    if (out->len + len > TEXT_TERM_MAX)
        return false;
    memcpy(out->term + out->len, bytes, len);
    out->len += len;
    out->term[out->len] = '\0';
    return true;
}

/* Of codes: Latin and Greek letters and digits. */
static bool is_code(UChar c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0x3b1 && c <= 0x3c9);
}

static bool is_digit(UChar c)
{
    return c >= '0' && c <= '9';
}

/* What joins two pieces of a code, and how the term writes it; NULL: it does not. */
static const char *joint(const UChar *u, size_t len)
{
    if (len == 1)
        return u[0] == '-'    ? "-"
               : u[0] == '.'  ? "."
               : u[0] == '/'  ? "/"
               : u[0] == 0xb7 ? "·"
               : u[0] == '^'  ? "^"
                              : NULL;
    return len == 2 && u[0] == '^' && u[1] == '-' ? "^-" : NULL;
}

static bool take_piece(struct reader *reader)
{
    const struct word *word = &reader->scratch->words[reader->word];
    char bytes[TEXT_TERM_MAX + 1];
    size_t len = scratch_utf8(reader->scratch, word->begin, word->end, bytes);

    if (!put(reader->out, bytes, len))
        return false;
    for (uint32_t i = word->begin; i < word->end; i++) {
        bool digit = is_digit(reader->u[i]);

        reader->digit |= digit;
        reader->letter |= !digit && is_code(reader->u[i]);
    }
    reader->end = word->end;
    reader->word++;
    return true;
}

/* 10⁻⁶ folds to 10-6: below 10 it is no range. */
static bool is_power(const struct reader *reader, const struct word *word, const char *with)
{
    return *with == '-' && strcmp(reader->out->term, "10") == 0 && word->end == word->begin + 1 &&
           is_digit(reader->u[word->begin]);
}

static bool is_unit(const struct text_scratch *scratch, const struct word *word)
{
    char bytes[TEXT_TERM_MAX + 1];

    scratch_utf8(scratch, word->begin, word->end, bytes);
    return unit_term(bytes) != NULL;
}

/* The run of pieces: letters and digits joined without a space. */
static bool take_code(struct reader *reader)
{
    const struct text_scratch *scratch = reader->scratch;

    if (!take_piece(reader))
        return false;
    while (reader->word < scratch->n_words) {
        const struct word *word = &scratch->words[reader->word];
        const char *with = joint(reader->u + reader->end, word->begin - reader->end);

        if (!with || !is_code(reader->u[word->begin]))
            break;
        if (!reader->letter && *with == '-' && is_unit(scratch, word))
            break; /* 8-inch */
        bool power = *with == '^' || is_power(reader, word, with);

        if (*with == '^')
            with++;
        if (!put(reader->out, with, strlen(with)) || !take_piece(reader))
            return false;
        reader->power |= power;
    }
    return true;
}

/* % ‰ ° °c behind a number. */
static bool take_sign(struct reader *reader)
{
    const struct folded *text = &reader->scratch->text;
    const UChar *u = reader->u;
    size_t at = reader->end + (reader->end < text->n && u[reader->end] == ' ');
    UChar sign = at < text->n ? u[at] : 0;

    if (sign != '%' && sign != 0x2030 && sign != 0xb0)
        return false;
    reader->end = (uint32_t)at + 1;
    if (sign != 0xb0)
        return put(reader->out, sign == '%' ? "%" : "‰", sign == '%' ? 1 : 3);
    if (reader->word == reader->scratch->n_words)
        return put(reader->out, "°", 2);
    const struct word *next = &reader->scratch->words[reader->word];

    if (next->begin != at + 1 || next->end != at + 2 || u[next->begin] != 'c')
        return put(reader->out, "°", 2);
    reader->end++;
    reader->word++;
    return put(reader->out, "°c", 3);
}

/* A unit of one or two words behind a number: 8英寸, 100万吨, 150 mm, 8-inch. */
static bool take_unit(struct reader *reader)
{
    const struct text_scratch *scratch = reader->scratch;
    const struct word *word = &scratch->words[reader->word];
    char bytes[TEXT_TERM_MAX + 1];

    if (reader->word >= scratch->n_words)
        return false;
    size_t gap = word->begin - reader->end;
    UChar between = gap == 1 ? reader->u[reader->end] : 0;

    if (gap > 1 || (gap == 1 && between != ' ' && between != '-'))
        return false;
    for (size_t n = 2; n > 0; n--) {
        if (reader->word + n > scratch->n_words || word[n - 1].end - word->begin > 12)
            continue;
        if (n == 2 && word[1].begin != word[0].end)
            continue;
        scratch_utf8(scratch, word->begin, word[n - 1].end, bytes);
        const char *term = unit_term(bytes);

        if (!term)
            continue;
        reader->end = word[n - 1].end;
        reader->word += n;
        return put(reader->out, term, strlen(term));
    }
    return false;
}

/* One word of digits and a unit whose term is spelled otherwise: 0.5um. */
static bool respell(struct whole *out)
{
    size_t digits = strspn(out->term, "0123456789.");
    const char *term = digits ? unit_term(out->term + digits) : NULL;

    if (!term || strcmp(term, out->term + digits) == 0)
        return false;
    out->len = digits;
    return put(out, term, strlen(term));
}

/* The comparator before a number belongs to its place, not to its term. */
static uint32_t with_comparator(const UChar *u, uint32_t begin)
{
    uint32_t at = begin > 1 && u[begin - 1] == ' ' ? begin - 1 : begin;
    UChar c = at > 0 ? u[at - 1] : 0;

    return c == '<' || c == '>' || c == 0xb1 || (c >= 0x2264 && c <= 0x2267) ? at - 1 : begin;
}

bool text_whole(const struct text_scratch *scratch, size_t word, struct whole *ret)
{
    const struct word *first = &scratch->words[word];
    struct reader reader = { .scratch = scratch, .u = scratch->text.u, .word = word, .out = ret };

    ret->len = 0;
    if (!is_code(reader.u[first->begin]) || !take_code(&reader) || !reader.digit)
        return false;
    bool sign = false;

    if (is_digit(reader.u[reader.end - 1]))
        sign = take_sign(&reader) || (!reader.letter && take_unit(&reader));
    ret->n_words = reader.word - word;
    ret->begin = with_comparator(reader.u, first->begin);
    ret->end = reader.end;
    if (ret->n_words == 1 && !sign)
        return respell(ret);
    return sign || reader.letter || reader.power;
}
