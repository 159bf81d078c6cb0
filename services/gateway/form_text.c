/* form_text.c - the kinds whose value is a text. */
#include <string.h>

#include "form_check.h"
#include "http/parse_chars.h"
#include "uscc.h"
#include "utf8.h"

#define TEXT_MAX 200
#define PROSE_MAX 20000
#define CODE_MAX 64

/* The text of a value without blanks around it; false after noting that it is no text. */
static bool take_text(struct form_check *check, const struct form_place *place, const json_t *value,
                      struct span *ret)
{
    if (!json_is_string(value)) {
        form_refuse(check, place, "not_a_text");
        return false;
    }
    *ret = form_trimmed(value);
    return true;
}

static json_t *new_text(struct form_check *check, const char *at, size_t len)
{
    json_t *text = json_stringn(at, len);

    check->no_memory = check->no_memory || !text;
    return text;
}

static json_t *clean_span(struct form_check *check, struct span text)
{
    return new_text(check, text.at, text.len);
}

/* Counts code points against the bounds; `own_max` where the table gives none. */
static bool length_is_right(struct form_check *check, const struct form_place *place,
                            const struct field *field, long own_max, struct span text)
{
    long max = field->min || field->max ? field->max : own_max;
    long count = (long)utf8_count(text.at, text.len);

    if (count < field->min)
        form_refuse_with(check, place, "too_short", "min", json_integer(field->min));
    else if (count > max)
        form_refuse_with(check, place, "too_long", "max", json_integer(max));
    else
        return true;
    return false;
}

static bool has_control(struct span text, const char *allowed)
{
    uint32_t code;

    for (size_t at = 0; at < text.len;) {
        size_t step = utf8_next(text.at + at, text.len - at, &code);

        if (step == 0)
            return true;
        if (utf8_is_control(code) && !(code > 0 && code < 0x80 && strchr(allowed, (int)code)))
            return true;
        at += step;
    }
    return false;
}

json_t *form_text(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    struct span text;

    if (!take_text(check, place, value, &text))
        return NULL;
    if (has_control(text, ""))
        return form_refuse(check, place, "bad_character");
    if (!length_is_right(check, place, field, TEXT_MAX, text))
        return NULL;
    return clean_span(check, text);
}

json_t *form_secret(struct form_check *check, const struct form_place *place,
                    const struct field *field, const json_t *value)
{
    struct span text = { json_string_value(value), json_string_length(value) };

    if (!json_is_string(value))
        return form_refuse(check, place, "not_a_text");
    if (has_control(text, ""))
        return form_refuse(check, place, "bad_character");
    if (!length_is_right(check, place, field, TEXT_MAX, text))
        return NULL;
    return clean_span(check, text);
}

json_t *form_prose(struct form_check *check, const struct form_place *place,
                   const struct field *field, const json_t *value)
{
    struct span text;

    if (!take_text(check, place, value, &text))
        return NULL;

    char *lines = arena_dup(check->arena, text.at, text.len);
    size_t len = 0;

    if (!lines) {
        check->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\r' || i + 1 == text.len || text.at[i + 1] != '\n')
            lines[len++] = text.at[i];
    }
    text = (struct span){ lines, len };
    if (has_control(text, "\n\t"))
        return form_refuse(check, place, "bad_character");
    if (!length_is_right(check, place, field, PROSE_MAX, text))
        return NULL;
    return clean_span(check, text);
}

json_t *form_code(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    struct span text;

    if (!take_text(check, place, value, &text))
        return NULL;
    for (size_t i = 0; i < text.len; i++) {
        if (!char_is(text.at[i], CH_HOST))
            return form_refuse(check, place, "bad_code");
    }
    if (!length_is_right(check, place, field, CODE_MAX, text))
        return NULL;
    return clean_span(check, text);
}

/* The next word of a space-separated list, or false at its end. */
static bool next_word(const char **rest, struct span *ret)
{
    *rest += strspn(*rest, " ");
    *ret = (struct span){ *rest, strcspn(*rest, " ") };
    *rest += ret->len;
    return ret->len > 0;
}

json_t *form_enum(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    struct span text, word;
    json_t *choices;

    if (!take_text(check, place, value, &text))
        return NULL;
    for (const char *rest = field->words; next_word(&rest, &word);) {
        if (word.len == text.len && memcmp(word.at, text.at, text.len) == 0)
            return clean_span(check, text);
    }
    choices = json_array();
    for (const char *rest = field->words; next_word(&rest, &word);)
        json_array_append_new(choices, json_stringn(word.at, word.len));
    return form_refuse_with(check, place, "bad_choice", "choices", choices);
}

json_t *form_uuid(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    char uuid[sizeof(shape)] = "";
    struct span text;

    (void)field;
    if (!take_text(check, place, value, &text))
        return NULL;
    if (text.len != sizeof(shape) - 1)
        return form_refuse(check, place, "not_a_uuid");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (shape[i] == '-' ? c != '-' : !char_is(c, CH_HEX))
            return form_refuse(check, place, "not_a_uuid");
        uuid[i] = c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c;
    }
    return new_text(check, uuid, text.len);
}

json_t *form_uscc(struct form_check *check, const struct form_place *place,
                  const struct field *field, const json_t *value)
{
    char code[USCC_LENGTH + 1];
    struct span text;

    (void)field;
    if (!take_text(check, place, value, &text))
        return NULL;
    switch (uscc_read(text.at, text.len, code)) {
    case USCC_GOOD:
        return new_text(check, code, USCC_LENGTH);
    case USCC_BAD_CHECK:
        return form_refuse(check, place, "bad_check_digit");
    default:
        return form_refuse(check, place, "bad_credit_code");
    }
}

/* Labels of letters, digits and inner hyphens, at least two of them. */
static bool is_domain(struct span text)
{
    size_t label = 0, labels = 1;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == '.') {
            if (label == 0 || text.at[i - 1] == '-')
                return false;
            labels++;
            label = 0;
            continue;
        }
        if (!char_is(c, CH_HOST) || c == '_' || (c == '-' && label == 0) || ++label > 63)
            return false;
    }
    return labels > 1 && label > 0 && text.at[text.len - 1] != '-';
}

/* A dot-atom; quoted local parts are legal and nobody has one. */
static bool is_local_part(struct span text)
{
    if (text.len == 0 || text.len > 64 || text.at[0] == '.' || text.at[text.len - 1] == '.')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!char_is(text.at[i], CH_TOKEN) || (text.at[i] == '.' && text.at[i + 1] == '.'))
            return false;
    }
    return true;
}

json_t *form_email(struct form_check *check, const struct form_place *place,
                   const struct field *field, const json_t *value)
{
    struct span text;
    const char *sign;

    (void)field;
    if (!take_text(check, place, value, &text))
        return NULL;
    sign = memchr(text.at, '@', text.len);
    if (!sign || text.len > 254)
        return form_refuse(check, place, "bad_email");

    struct span local = { text.at, (size_t)(sign - text.at) };
    struct span domain = { sign + 1, text.len - local.len - 1 };

    if (!is_local_part(local) || domain.len == 0 || !is_domain(domain))
        return form_refuse(check, place, "bad_email");
    return clean_span(check, text);
}

/* Takes min..max digits from the front. */
static bool eat_digits(struct span *text, size_t min, size_t max)
{
    size_t n = 0;

    while (n < text->len && n < max && char_is(text->at[n], CH_DIGIT))
        n++;
    text->at += n;
    text->len -= n;
    return n >= min;
}

static bool eat_hyphen(struct span *text)
{
    if (text->len == 0 || text->at[0] != '-')
        return false;
    text->at++;
    text->len--;
    return true;
}

/* 0416-2345678, 024-12345678-801: the area code and its hyphen are required, or the two parts of
 * the number could not be told apart. */
static bool is_landline(struct span text)
{
    if (text.len == 0 || text.at[0] != '0' || !eat_digits(&text, 3, 4) || !eat_hyphen(&text) ||
        !eat_digits(&text, 7, 8))
        return false;
    return text.len == 0 || (eat_hyphen(&text) && eat_digits(&text, 1, 6) && text.len == 0);
}

static bool is_mobile(struct span text)
{
    return text.len == 11 && text.at[0] == '1' && text.at[1] >= '3' && eat_digits(&text, 11, 11);
}

json_t *form_phone(struct form_check *check, const struct form_place *place,
                   const struct field *field, const json_t *value)
{
    struct span text;

    (void)field;
    if (!take_text(check, place, value, &text))
        return NULL;
    if (!is_mobile(text) && !is_landline(text))
        return form_refuse(check, place, "bad_phone");
    return clean_span(check, text);
}
