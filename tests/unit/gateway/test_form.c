/* What each kind of field takes and refuses; a row is an input and the whole answer to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "form.h"

static const struct field text_form[] = { { .name = "a", .kind = F_TEXT, .min = 2, .max = 4 },
                                          { 0 } };
static const struct field required_form[] = { { .name = "a", .kind = F_TEXT, .required = REQ },
                                              { 0 } };
static const struct field prose_form[] = { { .name = "a", .kind = F_PROSE, .min = 0, .max = 9 },
                                           { 0 } };
static const struct field secret_form[] = { { .name = "a", .kind = F_SECRET, .min = 2, .max = 4 },
                                            { 0 } };
static const struct field int_form[] = { { .name = "a", .kind = F_INT, .min = -5, .max = 10 },
                                         { 0 } };
static const struct field any_int_form[] = { { .name = "a", .kind = F_INT }, { 0 } };
static const struct field money_form[] = {
    { .name = "a", .kind = F_MONEY, .min = 10000, .max = 100000000 }, { 0 }
};
static const struct field any_money_form[] = { { .name = "a", .kind = F_MONEY }, { 0 } };
static const struct field number_form[] = { { .name = "a", .kind = F_NUMBER, .min = 0, .max = 9 },
                                            { 0 } };
static const struct field any_number_form[] = { { .name = "a", .kind = F_NUMBER }, { 0 } };
static const struct field bool_form[] = { { .name = "a", .kind = F_BOOL }, { 0 } };
static const struct field uuid_form[] = { { .name = "a", .kind = F_UUID }, { 0 } };
static const struct field date_form[] = { { .name = "a", .kind = F_DATE }, { 0 } };
static const struct field time_form[] = { { .name = "a", .kind = F_TIME }, { 0 } };
static const struct field enum_form[] = {
    { .name = "a", .kind = F_ENUM, .words = "poster claimant" }, { 0 }
};
static const struct field uscc_form[] = { { .name = "a", .kind = F_USCC }, { 0 } };
static const struct field email_form[] = { { .name = "a", .kind = F_EMAIL }, { 0 } };
static const struct field phone_form[] = { { .name = "a", .kind = F_PHONE }, { 0 } };
static const struct field code_form[] = { { .name = "a", .kind = F_CODE, .min = 2, .max = 5 },
                                          { 0 } };
static const struct field row_form[] = { { .name = "x", .kind = F_TEXT, .required = REQ },
                                         { .name = "y", .kind = F_INT },
                                         { 0 } };
static const struct field object_form[] = { { .name = "a", .kind = F_OBJECT, .sub = row_form },
                                            { 0 } };
static const struct field list_form[] = {
    { .name = "a", .kind = F_LIST, .min = 1, .max = 2, .sub = row_form }, { 0 }
};
static const struct field words_form[] = { { .name = "a", .kind = F_WORDS, .min = 1, .max = 3 },
                                           { 0 } };
static const struct field ids_form[] = { { .name = "a", .kind = F_IDS, .max = 2 }, { 0 } };
static const struct field json_form[] = { { .name = "a", .kind = F_JSON, .max = 10 }, { 0 } };
static const struct field two_form[] = { { .name = "a", .kind = F_TEXT, .required = REQ },
                                         { .name = "b", .kind = F_INT },
                                         { 0 } };

#define CODE(code) "[{'field':'a','code':'" code "'}]"
#define BOUND(code, name, value) "[{'field':'a','code':'" code "','" name "':" value "}]"
#define U "6f1c0d52-8b1f-4c0e-9a55-3c2e7f1d0a9b"
#define V "11111111-2222-3333-4444-555555555555"

struct form_case {
    const char *name;
    const struct field *form;
    const char *input, *wanted; /* JSON with ' for "; an array is the errors */
};

static const struct form_case cases[] = {
    { "a text is trimmed of any blank", text_form, "{'a':' \\u3000甲乙\\u00a0\\n'}",
      "{'a':'甲乙'}" },
    { "a text is counted in characters, at its shortest", text_form, "{'a':'揭榜'}",
      "{'a':'揭榜'}" },
    { "a text is counted in characters, at its longest", text_form, "{'a':'揭榜挂帅'}",
      "{'a':'揭榜挂帅'}" },
    { "a text is too short", text_form, "{'a':'揭'}", BOUND("too_short", "min", "2") },
    { "a text is too long", text_form, "{'a':'揭榜挂帅了'}", BOUND("too_long", "max", "4") },
    { "a text has one line", text_form, "{'a':'x\\ny'}", CODE("bad_character") },
    { "a text has no escape", text_form, "{'a':'x\\u001b'}", CODE("bad_character") },
    { "a text has no C1 control", text_form, "{'a':'x\\u0085y'}", CODE("bad_character") },
    { "a text does not turn its direction", text_form, "{'a':'x\\u202ey'}", CODE("bad_character") },
    { "a number is no text", text_form, "{'a':12}", CODE("not_a_text") },
    { "an object is no text", text_form, "{'a':{}}", CODE("not_a_text") },
    { "an optional text may be absent", text_form, "{}", "{}" },
    { "an optional text may be emptied", text_form, "{'a':''}", "{'a':null}" },
    { "an optional text may be null", text_form, "{'a':null}", "{'a':null}" },
    { "a required text may not be absent", required_form, "{}", CODE("required") },
    { "a required text may not be empty", required_form, "{'a':''}", CODE("required") },
    { "a required text may not be blank", required_form, "{'a':' \\u3000 '}", CODE("required") },
    { "a required text may not be null", required_form, "{'a':null}", CODE("required") },

    { "prose has lines, ended by LF alone", prose_form, "{'a':'x\\r\\ny\\tz\\n'}",
      "{'a':'x\\ny\\tz'}" },
    { "prose has no bare CR", prose_form, "{'a':'x\\ry'}", CODE("bad_character") },
    { "prose has its length counted after line ends", prose_form, "{'a':'12345\\r\\n789'}",
      "{'a':'12345\\n789'}" },
    { "prose is too long", prose_form, "{'a':'1234567890'}", BOUND("too_long", "max", "9") },

    { "a secret keeps its blanks", secret_form, "{'a':' x '}", "{'a':' x '}" },
    { "a secret of blanks is a secret", secret_form, "{'a':'   '}", "{'a':'   '}" },
    { "a secret is too short", secret_form, "{'a':'x'}", BOUND("too_short", "min", "2") },
    { "a secret is one line", secret_form, "{'a':'x\\ny'}", CODE("bad_character") },

    { "an integer at its least", int_form, "{'a':-5}", "{'a':-5}" },
    { "an integer at its most", int_form, "{'a':10}", "{'a':10}" },
    { "an integer may come as text", int_form, "{'a':' 7 '}", "{'a':7}" },
    { "an integer is too small", int_form, "{'a':-6}", BOUND("too_small", "min", "-5") },
    { "an integer is too large", int_form, "{'a':11}", BOUND("too_large", "max", "10") },
    { "an integer past 64 bits is too large", int_form, "{'a':'99999999999999999999'}",
      BOUND("too_large", "max", "10") },
    { "an integer past 64 bits is none without bounds", any_int_form,
      "{'a':'99999999999999999999'}", CODE("not_a_number") },
    { "an integer has no fraction", int_form, "{'a':1.5}", CODE("not_an_integer") },
    { "an integer has no fraction in text", int_form, "{'a':'1.5'}", CODE("not_an_integer") },
    { "an integer has no exponent", int_form, "{'a':'1e1'}", CODE("not_an_integer") },
    { "letters are no integer", int_form, "{'a':'abc'}", CODE("not_a_number") },
    { "a hexadecimal number is no integer", int_form, "{'a':'0x1'}", CODE("not_a_number") },
    { "a plus sign is no part of an integer", int_form, "{'a':'+1'}", CODE("not_a_number") },
    { "true is no integer", int_form, "{'a':true}", CODE("not_a_number") },

    { "money is given in fen", money_form, "{'a':12.34}", "{'a':12340000}" },
    { "money may come as text", money_form, "{'a':'12.3'}", "{'a':12300000}" },
    { "money that floats badly is exact", money_form, "{'a':0.29}", "{'a':290000}" },
    { "money at its least", money_form, "{'a':0.01}", "{'a':10000}" },
    { "money at its most", money_form, "{'a':100}", "{'a':100000000}" },
    { "money is too small, told in 万元", money_form, "{'a':0}",
      BOUND("too_small", "min", "'0.01'") },
    { "money is too large, told in 万元", money_form, "{'a':100.01}",
      BOUND("too_large", "max", "100") },
    { "money of 14 digits is too large", money_form, "{'a':'99999999999999'}",
      BOUND("too_large", "max", "100") },
    { "money of minus 14 digits is too small", money_form, "{'a':'-99999999999999'}",
      BOUND("too_small", "min", "'0.01'") },
    { "money of 13 digits does not overflow", any_money_form, "{'a':'9511155155555'}",
      BOUND("too_large", "max", "1000000000000") },
    { "money of minus 13 digits does not overflow", any_money_form, "{'a':'-9999999999999.99'}",
      BOUND("too_small", "min", "0") },
    { "money has two decimals", money_form, "{'a':'1.234'}",
      BOUND("too_many_decimals", "max", "2") },
    { "money has two decimals as a number", money_form, "{'a':1.005}",
      BOUND("too_many_decimals", "max", "2") },
    { "money has no exponent", money_form, "{'a':'1e2'}", CODE("not_a_number") },
    { "money has no separators", money_form, "{'a':'1,000'}", CODE("not_a_number") },
    { "money is not negative without bounds", any_money_form, "{'a':-0.01}",
      BOUND("too_small", "min", "0") },
    { "money has an end without bounds", any_money_form, "{'a':1000000000000}",
      "{'a':1000000000000000000}" },
    { "money past its end without bounds", any_money_form, "{'a':'1000000000000.01'}",
      BOUND("too_large", "max", "1000000000000") },

    { "a decimal is kept as written", any_number_form, "{'a':'1.500'}", "{'a':'1.500'}" },
    { "a decimal that came as a number is the shortest text for it", any_number_form, "{'a':0.1}",
      "{'a':'0.1'}" },
    { "a decimal of 17 digits keeps them", any_number_form, "{'a':0.30000000000000004}",
      "{'a':'0.30000000000000004'}" },
    { "a decimal may be whole", any_number_form, "{'a':-3}", "{'a':'-3'}" },
    { "a decimal may have an exponent", any_number_form, "{'a':1e-7}", "{'a':'1e-07'}" },
    { "a decimal needs digits before its point", any_number_form, "{'a':'.5'}",
      CODE("not_a_number") },
    { "a decimal needs digits after its point", any_number_form, "{'a':'5.'}",
      CODE("not_a_number") },
    { "a decimal of three exponent digits is none", any_number_form, "{'a':'1e999'}",
      CODE("not_a_number") },
    { "infinity is no number", any_number_form, "{'a':'inf'}", CODE("not_a_number") },
    { "a decimal is too small", number_form, "{'a':'-0.1'}", BOUND("too_small", "min", "0") },
    { "a decimal is too large", number_form, "{'a':9.5}", BOUND("too_large", "max", "9") },
    { "a list is no number", any_number_form, "{'a':[]}", CODE("not_a_number") },

    { "true is true", bool_form, "{'a':true}", "{'a':true}" },
    { "a check box says on", bool_form, "{'a':'on'}", "{'a':true}" },
    { "a query says 0", bool_form, "{'a':'0'}", "{'a':false}" },
    { "yes is no boolean", bool_form, "{'a':'yes'}", CODE("not_a_boolean") },
    { "1 is no boolean", bool_form, "{'a':1}", CODE("not_a_boolean") },

    { "a UUID is made lower case", uuid_form, "{'a':'6F1C0D52-8B1F-4C0E-9A55-3C2E7F1D0A9B'}",
      "{'a':'" U "'}" },
    { "a UUID one digit short", uuid_form, "{'a':'6f1c0d52-8b1f-4c0e-9a55-3c2e7f1d0a9'}",
      CODE("not_a_uuid") },
    { "a UUID with a letter past f", uuid_form, "{'a':'6f1c0d52-8b1f-4c0e-9a55-3c2e7f1d0a9g'}",
      CODE("not_a_uuid") },
    { "a UUID without hyphens", uuid_form, "{'a':'6f1c0d5208b1f04c0e09a5503c2e7f1d0a9b'}",
      CODE("not_a_uuid") },

    { "a date exists", date_form, "{'a':'2026-11-22'}", "{'a':'2026-11-22'}" },
    { "a leap day exists", date_form, "{'a':'2024-02-29'}", "{'a':'2024-02-29'}" },
    { "a leap day of 2000 exists", date_form, "{'a':'2000-02-29'}", "{'a':'2000-02-29'}" },
    { "a leap day of 1900 does not", date_form, "{'a':'1900-02-29'}", CODE("not_a_date") },
    { "a leap day of 2025 does not", date_form, "{'a':'2025-02-29'}", CODE("not_a_date") },
    { "31 April does not exist", date_form, "{'a':'2026-04-31'}", CODE("not_a_date") },
    { "month 13 does not exist", date_form, "{'a':'2026-13-01'}", CODE("not_a_date") },
    { "month 0 does not exist", date_form, "{'a':'2026-00-01'}", CODE("not_a_date") },
    { "day 0 does not exist", date_form, "{'a':'2026-01-00'}", CODE("not_a_date") },
    { "a date has two digits a part", date_form, "{'a':'2026-1-01'}", CODE("not_a_date") },
    { "slashes make no date", date_form, "{'a':'2026/01/01'}", CODE("not_a_date") },
    { "the year 1899 is a slip", date_form, "{'a':'1899-12-31'}", CODE("not_a_date") },
    { "the year 2201 is a slip", date_form, "{'a':'2201-01-01'}", CODE("not_a_date") },
    { "a number is no date", date_form, "{'a':20260101}", CODE("not_a_date") },

    { "a moment has an offset", time_form, "{'a':'2026-11-22T09:30:00+08:00'}",
      "{'a':'2026-11-22T09:30:00+08:00'}" },
    { "a moment may be UTC with a fraction", time_form, "{'a':'2026-11-22T09:30:59.123456Z'}",
      "{'a':'2026-11-22T09:30:59.123456Z'}" },
    { "a moment without offset is refused", time_form, "{'a':'2026-11-22T09:30:00'}",
      CODE("not_a_time") },
    { "hour 24 is refused", time_form, "{'a':'2026-11-22T24:00:00Z'}", CODE("not_a_time") },
    { "minute 60 is refused", time_form, "{'a':'2026-11-22T09:60:00Z'}", CODE("not_a_time") },
    { "a leap second is refused", time_form, "{'a':'2026-11-22T09:59:60Z'}", CODE("not_a_time") },
    { "a moment on no date is refused", time_form, "{'a':'2026-02-30T09:30:00Z'}",
      CODE("not_a_time") },
    { "an offset of 16 hours is refused", time_form, "{'a':'2026-11-22T09:30:00+16:00'}",
      CODE("not_a_time") },
    { "seven decimals of a second are refused", time_form, "{'a':'2026-11-22T09:30:00.1234567Z'}",
      CODE("not_a_time") },
    { "an empty fraction is refused", time_form, "{'a':'2026-11-22T09:30:00.Z'}",
      CODE("not_a_time") },
    { "a date is no moment", time_form, "{'a':'2026-11-22'}", CODE("not_a_time") },

    { "a choice is one of the words", enum_form, "{'a':'claimant'}", "{'a':'claimant'}" },
    { "a part of a word is no choice", enum_form, "{'a':'claim'}",
      BOUND("bad_choice", "choices", "['poster','claimant']") },
    { "two words are no choice", enum_form, "{'a':'poster claimant'}",
      BOUND("bad_choice", "choices", "['poster','claimant']") },
    { "a choice has its case", enum_form, "{'a':'Poster'}",
      BOUND("bad_choice", "choices", "['poster','claimant']") },

    { "a credit code is normalised", uscc_form, "{'a':'９１110000-600037341 l'}",
      "{'a':'91110000600037341L'}" },
    { "a credit code has its check digit", uscc_form, "{'a':'91110000600037341N'}",
      CODE("bad_check_digit") },
    { "a credit code has 18 characters", uscc_form, "{'a':'91110000600037341'}",
      CODE("bad_credit_code") },
    { "a credit code has no letter I", uscc_form, "{'a':'9111000060003734IL'}",
      CODE("bad_credit_code") },

    { "a mail address", email_form, "{'a':'jia.yi+1@mail.example.cn'}",
      "{'a':'jia.yi+1@mail.example.cn'}" },
    { "a mail address needs a domain of two labels", email_form, "{'a':'jia@localhost'}",
      CODE("bad_email") },
    { "a mail address has one at sign", email_form, "{'a':'a@b@c.cn'}", CODE("bad_email") },
    { "a mail address has no line end", email_form, "{'a':'a@b.cn\\nBcc: c@d.cn'}",
      CODE("bad_email") },
    { "a mail address has no two dots in a row", email_form, "{'a':'a..b@c.cn'}",
      CODE("bad_email") },
    { "a mail address has no dot at an end", email_form, "{'a':'a.@c.cn'}", CODE("bad_email") },
    { "a mail domain has no hyphen at an end", email_form, "{'a':'a@c-.cn'}", CODE("bad_email") },
    { "a mail domain has no empty label", email_form, "{'a':'a@c..cn'}", CODE("bad_email") },
    { "a mail address has both its parts", email_form, "{'a':'@c.cn'}", CODE("bad_email") },
    { "a mail address has no end without domain", email_form, "{'a':'a@'}", CODE("bad_email") },

    { "a mobile number", phone_form, "{'a':'13800000000'}", "{'a':'13800000000'}" },
    { "a number with its area code", phone_form, "{'a':'0416-2345678'}", "{'a':'0416-2345678'}" },
    { "a number with an extension", phone_form, "{'a':'024-12345678-801'}",
      "{'a':'024-12345678-801'}" },
    { "a mobile number of 10 digits", phone_form, "{'a':'1380000000'}", CODE("bad_phone") },
    { "a mobile number of 12 digits", phone_form, "{'a':'138000000001'}", CODE("bad_phone") },
    { "a mobile number begins with 13 to 19", phone_form, "{'a':'12800000000'}",
      CODE("bad_phone") },
    { "a number without area code", phone_form, "{'a':'2345678'}", CODE("bad_phone") },
    { "an extension without digits", phone_form, "{'a':'0416-2345678-'}", CODE("bad_phone") },

    { "a code of a list", code_form, "{'a':'C3.9'}", "{'a':'C3.9'}" },
    { "a code is too short", code_form, "{'a':'C'}", BOUND("too_short", "min", "2") },
    { "a code is too long", code_form, "{'a':'C12345'}", BOUND("too_long", "max", "5") },
    { "a code has no slash", code_form, "{'a':'C/9'}", CODE("bad_code") },

    { "an object is checked inside", object_form, "{'a':{'x':'v','y':'3'}}",
      "{'a':{'x':'v','y':3}}" },
    { "a fault inside an object is told by its path", object_form, "{'a':{'y':'z'}}",
      "[{'field':'a.x','code':'required'},{'field':'a.y','code':'not_a_number'}]" },
    { "a text is no object", object_form, "{'a':'x'}", CODE("not_an_object") },
    { "an unknown member inside is told by its path", object_form, "{'a':{'x':'v','z':1}}",
      "[{'field':'a.z','code':'unknown_field'}]" },
    { "an object given empty is left out", object_form, "{'a':null}", "{}" },

    { "a list is checked entry by entry", list_form, "{'a':[{'x':'1'},{'x':'2','y':2}]}",
      "{'a':[{'x':'1'},{'x':'2','y':2}]}" },
    { "a fault in a list is told by its place", list_form, "{'a':[{'x':'1'},{'x':'2','y':'q'}]}",
      "[{'field':'a[1].y','code':'not_a_number'}]" },
    { "a list has too few entries", list_form, "{'a':[]}", BOUND("too_few_items", "min", "1") },
    { "a list has too many entries", list_form, "{'a':[{},{},{}]}",
      BOUND("too_many_items", "max", "2") },
    { "blank rows of a form are skipped", list_form,
      "{'a':[{'x':'','y':''},{'x':'1','y':''},{'x':' '}]}", "{'a':[{'x':'1','y':null}]}" },
    { "an empty object is no blank row", list_form, "{'a':[{}]}",
      "[{'field':'a[0].x','code':'required'}]" },
    { "a null entry is refused", list_form, "{'a':[null]}",
      "[{'field':'a[0]','code':'required'}]" },
    { "a text entry is no object", list_form, "{'a':['x']}",
      "[{'field':'a[0]','code':'not_an_object'}]" },
    { "an object is no list", list_form, "{'a':{}}", CODE("not_a_list") },
    { "a list given empty is emptied", list_form, "{'a':null}", "{'a':[]}" },

    { "words are a list", words_form, "{'a':['甲','乙']}", "{'a':['甲','乙']}" },
    { "words may come as one text", words_form, "{'a':'甲、 乙，丙;\\n'}",
      "{'a':['甲','乙','丙']}" },
    { "words are limited in number", words_form, "{'a':'甲、乙、丙、丁'}",
      BOUND("too_many_items", "max", "3") },
    { "a word has at most 40 characters", words_form,
      "{'a':['一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一']"
      "}",
      "[{'field':'a[0]','code':'too_long','max':40}]" },
    { "a word comes once", words_form, "{'a':['甲','甲']}", CODE("repeated_item") },
    { "a number is no word", words_form, "{'a':[1]}", "[{'field':'a[0]','code':'not_a_text'}]" },

    { "ids are a list", ids_form, "{'a':['" U "','" V "']}", "{'a':['" U "','" V "']}" },
    { "ids may come as one text", ids_form, "{'a':'" U "," V "'}", "{'a':['" U "','" V "']}" },
    { "one id is wrong", ids_form, "{'a':['" U "','x']}",
      "[{'field':'a[1]','code':'not_a_uuid'}]" },
    { "an id comes once", ids_form, "{'a':['" U "','" U "']}", CODE("repeated_item") },
    { "ids are limited in number", ids_form, "{'a':['a','b','c']}",
      BOUND("too_many_items", "max", "2") },

    { "an object of any shape", json_form, "{'a':{'b':[1]}}", "{'a':{'b':[1]}}" },
    { "an object of any shape at its longest", json_form, "{'a':{'b':1234}}", "{'a':{'b':1234}}" },
    { "an object of any shape is too long", json_form, "{'a':{'b':12345}}",
      BOUND("too_long", "max", "10") },
    { "an array is no object of any shape", json_form, "{'a':[1]}", CODE("not_an_object") },

    { "every fault is told, unknown members last", two_form, "{'z':1,'b':'x'}",
      "[{'field':'a','code':'required'},{'field':'b','code':'not_a_number'},"
      "{'field':'z','code':'unknown_field'}]" },
    { "a body that is an array is refused", two_form, "[]",
      "[{'field':'','code':'not_an_object'}]" },
};

static json_t *load(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;

    assert_non_null(copy);
    for (char *at = copy; *at; at++) {
        if (*at == '\'')
            *at = '"';
    }

    json_t *value = json_loads(copy, 0, &error);
    if (!value)
        fail_msg("%s: %s", text, error.text);
    free(copy);
    return value;
}

static void check_case(void **state)
{
    const struct form_case *one = *state;
    struct arena arena = { 0 };
    json_t *input = load(one->input), *wanted = load(one->wanted);
    json_t *clean = NULL, *errors = NULL;
    enum form_result result = form_check(&arena, one->form, input, &clean, &errors);
    json_t *seen = result == FORM_GOOD ? clean : errors;

    assert_int_equal(result, json_is_array(wanted) ? FORM_BAD : FORM_GOOD);
    if (!json_equal(seen, wanted)) {
        char *text = json_dumps(seen, 0);

        print_error("%s\n", text);
        free(text);
        fail();
    }
    for (size_t i = 0; i < json_array_size(errors); i++) {
        const char *zh = form_error_text(&arena, json_array_get(errors, i), true);
        const char *en = form_error_text(&arena, json_array_get(errors, i), false);

        assert_true(zh && en && !strchr(zh, '{') && !strchr(en, '{') && strcmp(zh, en) != 0);
    }
    arena_release(&arena);
    json_decref(input);
    json_decref(wanted);
}

static void no_input_is_an_empty_object(void **state)
{
    struct arena arena = { 0 };
    json_t *clean = NULL, *errors = NULL;

    (void)state;
    assert_int_equal(form_check(&arena, two_form, NULL, &clean, &errors), FORM_BAD);
    assert_int_equal(json_array_size(errors), 1);
    assert_null(clean);
    arena_release(&arena);
}

static void errors_are_at_most_a_hundred(void **state)
{
    struct arena arena = { 0 };
    json_t *clean = NULL, *errors = NULL, *input = json_object();
    char name[1200];

    (void)state;
    for (int i = 0; i < 150; i++) {
        /* Long names, whose characters must not be cut apart in the error. */
        snprintf(name, sizeof(name), "%d", i);
        for (int k = 0; k < 300; k++)
            strcat(name, "名");
        json_object_set_new(input, name, json_true());
    }
    assert_int_equal(form_check(&arena, text_form, input, &clean, &errors), FORM_BAD);
    assert_int_equal(json_array_size(errors), 100);

    const char *field = json_string_value(json_object_get(json_array_get(errors, 0), "field"));
    assert_true(field && strlen(field) <= 80 && strlen(field) > 70);
    arena_release(&arena);
    json_decref(input);
}

static void a_sentence_names_bounds_and_choices(void **state)
{
    struct arena arena = { 0 };
    json_t *error = load("{'code':'bad_choice','choices':['a','b']}");
    json_t *bound = load("{'code':'too_small','min':'0.01'}");
    json_t *unknown = load("{'code':'of_the_database'}");

    (void)state;
    assert_string_equal(form_error_text(&arena, error, true), "只能取下列值之一：a, b");
    assert_string_equal(form_error_text(&arena, bound, false), "this must not be less than 0.01");
    assert_string_equal(form_error_text(&arena, unknown, false), "of_the_database");
    arena_release(&arena);
    json_decref(error);
    json_decref(bound);
    json_decref(unknown);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int kind = F_TEXT; kind <= F_JSON; kind++)
        assert_true(strlen(form_kind_name((enum field_kind)kind)) > 2);
    assert_string_equal(form_kind_name(F_END), "");
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(no_input_is_an_empty_object),
        cmocka_unit_test(errors_are_at_most_a_hundred),
        cmocka_unit_test(a_sentence_names_bounds_and_choices),
        cmocka_unit_test(every_kind_has_a_name),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(others)] = { 0 };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i].name = cases[i].name;
        tests[i].test_func = check_case;
        tests[i].initial_state = (void *)(uintptr_t)&cases[i];
    }
    memcpy(tests + COUNT_OF(cases), others, sizeof(others));
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
