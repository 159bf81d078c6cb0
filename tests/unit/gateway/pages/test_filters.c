/* The filters, each with what it is for and with what it cannot use. */
#include "set.h"

static void say_finds_the_sentence_or_leaves_the_value(void **state)
{
    (void)state;
    gives("{{a | say kind}} {{b | say kind}} {{s | say kind}}",
          "{\"a\":\"open\",\"b\":\"odd\",\"s\":{\"code\":\"open\",\"zh\":\"x\"}}", "张榜 odd 张榜");
}

static void code_and_class_look_into_the_tables(void **state)
{
    (void)state;
    gives("{{d | code division}} {{e | code division}} {{e | code none}}[{{s | class need}}]"
          "[{{s | class $m}}][{{e | class need}}]",
          "{\"d\":\"210700\",\"e\":\"9\",\"s\":\"returned\",\"m\":\"need\"}",
          "锦州市 9 9[soon][soon][]");
}

static void truths(void **state)
{
    (void)state;
    gives("{{a | is x y}} {{a | is $b}} {{t | is true}} {{n | is 5}} {{a | not}} {{none | not}}",
          "{\"a\":\"y\",\"b\":\"y\",\"t\":true,\"n\":5}", "true true true true false true");
    gives("{{l | has x}} {{l | has z}} {{a | has y}} {{n | gt 4}} {{n | gt $m}} {{a | gt 1}}",
          "{\"l\":[\"x\",{\"code\":\"z\"}],\"a\":\"y\",\"n\":5,\"m\":\"5\"}",
          "true true false true false false");
    gives("{{a | some}} {{b | some}} {{z | some}} {{o | some}} {{a | none}} {{none | none}}",
          "{\"a\":[],\"b\":[1],\"z\":0,\"o\":{}}", "false true true false true true");
}

static void parts_of_lists(void **state)
{
    (void)state;
    gives("{{l | count}}{{#l | first 2}}{{.}}{{/l}} {{#l | rest 2}}{{.}}{{/l}} {{l | at 1}}"
          "{{l | last}}[{{l | at 9}}{{e | last}}{{t | count}}{{#t | first 1}}x{{/t}}]",
          "{\"l\":[\"a\",\"b\",\"c\"],\"e\":[],\"t\":\"text\"}", "3ab c bc[0]");
}

static void join_leaves_the_empty_out(void **state)
{
    (void)state;
    gives("{{l | join}} {{l | join ' / '}} {{o | join '+' u.n}}",
          "{\"l\":[\"a\",\"\",\"b\",null,{\"zh\":\"丙\"}],\"o\":[{\"u\":{\"n\":1}},{\"u\":{\"n\":2}"
          "}]}",
          "a、b、丙 a / b / 丙 1+2");
    gives_en("{{l | join}}", "{\"l\":[\"a\",\"b\"]}", "a, b");
}

static void lines_are_paragraphs(void **state)
{
    (void)state;
    gives("{{#t | lines}}<{{.}}>{{/t}}{{#none | lines}}x{{/none}}", "{\"t\":\"a\\r\\n \\nb\\n\"}",
          "<a><b>");
}

static void objects_have_entries(void **state)
{
    (void)state;
    gives("{{#o | entries}}{{key}}={{value}};{{/o}}{{#t | entries}}x{{/t}}",
          "{\"o\":{\"b\":1,\"a\":{\"zh\":\"甲\"}},\"t\":1}", "b=1;a=甲;");
    gives("{{#l | entries}}{{key}}={{value.n}};{{/l}}{{#none | entries}}x{{/none}}",
          "{\"l\":[{\"n\":\"a\"},{\"n\":\"b\"}],\"none\":[]}", "0=a;1=b;");
}

static void places_have_controls(void **state)
{
    (void)state;
    gives("{{p | spot}} {{q | spot}} {{none | spot}}",
          "{\"p\":\"indicators[1].test_method\",\"q\":\"title\"}",
          "f-indicators-1--test_method f-title f-");
}

static void group_keeps_the_order_of_appearance(void **state)
{
    (void)state;
    gives("{{#l | group s.c}}{{key}}:{{#items}}{{n}}{{/items}} {{/l}}",
          "{\"l\":[{\"s\":{\"c\":\"x\"},\"n\":1},{\"s\":{\"c\":\"y\"},\"n\":2},"
          "{\"s\":{\"c\":\"x\"},\"n\":3},{\"n\":4}]}",
          "x:13 y:2 :4 ");
}

static void find_gives_the_first_that_fits(void **state)
{
    (void)state;
    gives("{{#l | find id $w}}{{n}}{{/l}}{{^l | find id z}}-{{/l}}",
          "{\"w\":2,\"l\":[{\"id\":1,\"n\":\"a\"},{\"id\":2,\"n\":\"b\"},{\"id\":2,\"n\":\"c\"}]}",
          "b-");
}

static void money_is_grouped_and_exact(void **state)
{
    (void)state;
    gives(
        "{{a | money}} {{b | money}} {{c | money}} {{d | money}} {{e | fen}} {{f | fen}} {{g | "
        "fen}}",
        "{\"a\":1600,\"b\":\"12345678.50\",\"c\":120.5,\"d\":\"面议\",\"e\":1600000000,\"f\":\"1\","
        "\"g\":-123456789}",
        "1,600 12,345,678.5 120.5 面议 1,600 0.000001 -123.456789");
}

static void a_sum_says_its_unit_in_the_language(void **state)
{
    static const char page[] = "{{a | wan}}; {{b | wan}}; {{c | wan}}; {{d | wan}}; {{e | wan}}";
    static const char sums[] =
        "{\"a\":1600,\"b\":\"50\",\"c\":1600.5,\"d\":\"面议\",\"e\":0.000001}";

    (void)state;
    check(true, page, NULL, sums, "1,600万元; 50万元; 1,600.5万元; 面议; 0.000001万元");
    check(false, page, NULL, sums,
          "16 million yuan; 500,000 yuan; 16.005 million yuan; 面议; 0.01 yuan");
}

static void numbers_and_shares(void **state)
{
    (void)state;
    gives(
        "{{a | num}} {{b | num}} {{c | num}} {{p | pct}} {{s | share}} {{t | pct}}{{none | num}} "
        "{{z | num}}",
        "{\"a\":12345,\"b\":-999.25,\"c\":1e15,\"p\":5.84,\"s\":0.058,\"t\":\"x\",\"z\":-0.00001}",
        "12,345 -999.25 1,000,000,000,000,000 5.8% 5.8% x 0");
}

static void only_safe_links_pass(void **state)
{
    static const char *const safe[] = { "/a?b=c#d", "#x", "?a=1", "https://example.cn/", "/" };
    static const char *const unsafe[] = { "javascript:alert(1)",
                                          "//evil.cn",
                                          "/\\evil.cn",
                                          "http://a.cn",
                                          "data:,x",
                                          "https://",
                                          "/a b",
                                          "\x01/a",
                                          " /a",
                                          "JAVASCRIPT:x",
                                          "mailto:a@b",
                                          "a/b" };
    char data[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(safe); i++) {
        snprintf(data, sizeof(data), "{\"a\":\"%s\"}", safe[i]);
        gives("{{a | href}}", data, safe[i]);
    }
    for (size_t i = 0; i < COUNT_OF(unsafe); i++) {
        json_t *root = json_pack("{s:s}", "a", unsafe[i]);
        char *text = json_dumps(root, 0);

        gives("{{a | href}}", text, "");
        free(text);
        json_decref(root);
    }
}

static void queries_are_changed_and_encoded(void **state)
{
    static const char data[] = "{\"q\":{\"a\":\"x y\",\"page\":\"1\",\"u\":[\"k\",\"l\"]},\"n\":2}";

    (void)state;
    gives("{{q | query}}", data, "a=x%20y&amp;page=1&amp;u=k&amp;u=l");
    gives("{{q | query page $n u ''}}", data, "a=x%20y&amp;page=2");
    gives("{{{q | query page '' b '甲&'}}}", data, "a=x%20y&u=k&u=l&b=%E7%94%B2%26");
    gives("{{n | query}}{{none | query a 1}}", data, "a=1");
}

static void text_filters(void **state)
{
    (void)state;
    gives("{{a | url}} {{a | upper}} {{z | short 2}} {{z | short 3}} {{e | default 'no one'}} "
          "{{z | default x}} {{none | default $z | short 1}}",
          "{\"a\":\"a/é\",\"z\":\"甲乙丙\",\"e\":\"\"}",
          "a%2F%C3%A9 A/é 甲乙… 甲乙丙 no one 甲乙丙 甲…");
}

static void what_programs_say_is_made_readable(void **state)
{
    (void)state;
    gives("{{a | browser}} {{b | browser}} {{c | browser}} {{none | browser}}",
          "{\"a\":\"Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120\","
          "\"b\":\"Mozilla/5.0 (iPhone) Safari/604 MicroMessenger/8\",\"c\":\"report/1\"}",
          "Edge，Windows 微信，iPhone report/1 ");
    gives("{{a | fours}} {{b | fours}} {{none | fours}}", "{\"a\":\"ABCDEFGHI\",\"b\":\"ABCD\"}",
          "ABCD EFGH I ABCD ");
}

static void json_cannot_end_its_script(void **state)
{
    (void)state;
    gives("{{o | json}} {{t | json}} {{none | json}}", "{\"o\":{\"a\":\"</script>&\"},\"t\":\"<\"}",
          "{\"a\":\"\\u003c/script\\u003e\\u0026\"} \"\\u003c\" \"\"");
}

static void every_filter_bears_every_kind_of_value(void **state)
{
    static const char *const filters[] = {
        "ago",        "at 0",      "class a",    "code a",   "count",      "date",     "datetime",
        "default x",  "entries",   "fen",        "find a b", "first 1",    "group a",  "gt 1",
        "has a",      "href",      "is a",       "iso",      "join",       "json",     "last",
        "left",       "lines",     "local",      "money",    "none",       "not",      "num",
        "pct",        "query a b", "rest 1",     "say a",    "share",      "short 1",  "some",
        "time",       "upper",     "urgency",    "url",      "first $o",   "short $l", "say $l",
        "code $none", "at $t",     "join $l $o", "query $o", "find $n $l", "of $n",    "under a",
        "field",      "option $t", "under $o",   "spot",     "wan",        "browser",  "fours",
    };
    static const char *const names[] = { "none", "n", "r", "t", "e", "o", "l", "yes", "no", "nil" };
    struct buf page, out;

    (void)state;
    buf_init(&page, 0);
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        for (size_t k = 0; k < COUNT_OF(names); k++)
            buf_addf(&page, "{{%s | %s}}{{#%s | %s}}{{.}}{{/%s}}", names[k], filters[i], names[k],
                     filters[i], names[k]);
    }

    struct mustache *set = set_new(page.data, NULL);
    json_t *root = json_loads("{\"n\":7,\"r\":1.5,\"t\":\"x\",\"e\":\"\",\"o\":{\"a\":[1]},"
                              "\"l\":[1,\"a\",null,{\"a\":\"b\"},[2]],\"yes\":true,\"no\":false,"
                              "\"nil\":null}",
                              0, NULL);
    struct page_env env = { .now = NOW };

    if (!mustache_link(set))
        fail_msg("%s", mustache_faults(set)->text.data);
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, root, &out), 0);
    assert_true(out.len > 500);
    buf_release(&out);
    buf_release(&page);
    json_decref(root);
    mustache_free(set);
}

static void under_is_a_place_or_below(void **state)
{
    (void)state;
    gives("{{a | under /items}} {{b | under /items}} {{c | under /x /items}} {{none | under /}}",
          "{\"a\":\"/items/5\",\"b\":\"/itemsets\",\"c\":\"/items\"}", "true false true false");
    gives("{{a | under $l}} {{b | under $l}} {{a | under $e /items}}",
          "{\"a\":\"/items/5\",\"b\":\"/x\",\"l\":[\"/lists\",\"/items\"],\"e\":[]}",
          "true false true");
}

static void of_is_hundredths_of_the_whole(void **state)
{
    (void)state;
    gives("{{a | of $b}} {{b | of $a}} {{a | of $none}} {{t | of $b}} {{a | of 15}}",
          "{\"a\":2,\"b\":8,\"t\":\"x\"}", "25 100 0 0 13");
}

static void at_finds_members_by_name(void **state)
{
    (void)state;
    gives("{{o | at $k}}[{{o | at none}}{{o | at ''}}]", "{\"o\":{\"b.c\":7},\"k\":\"b.c\"}",
          "7[]");
}

static void places_of_a_document_have_words(void **state)
{
    (void)state;
    gives("{{a | field}}，{{b | field}}，{{c | field}}，{{d | field}}[{{none | field}}]",
          "{\"a\":\"x.value\",\"b\":\"rows[1].value\",\"c\":\"odd[0]\",\"d\":\"rows[2]\"}",
          "数值，考核指标 2 数值，odd[0]，考核指标 3[]");
    gives("{{v | option $p}} {{w | option $p}}[{{none | option $p}}]",
          "{\"v\":\"joint\",\"w\":\"30\",\"p\":\"content.ip\"}", "共有 30[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(say_finds_the_sentence_or_leaves_the_value),
        cmocka_unit_test(code_and_class_look_into_the_tables),
        cmocka_unit_test(truths),
        cmocka_unit_test(parts_of_lists),
        cmocka_unit_test(join_leaves_the_empty_out),
        cmocka_unit_test(lines_are_paragraphs),
        cmocka_unit_test(objects_have_entries),
        cmocka_unit_test(places_have_controls),
        cmocka_unit_test(group_keeps_the_order_of_appearance),
        cmocka_unit_test(find_gives_the_first_that_fits),
        cmocka_unit_test(money_is_grouped_and_exact),
        cmocka_unit_test(a_sum_says_its_unit_in_the_language),
        cmocka_unit_test(numbers_and_shares),
        cmocka_unit_test(only_safe_links_pass),
        cmocka_unit_test(queries_are_changed_and_encoded),
        cmocka_unit_test(text_filters),
        cmocka_unit_test(what_programs_say_is_made_readable),
        cmocka_unit_test(json_cannot_end_its_script),
        cmocka_unit_test(under_is_a_place_or_below),
        cmocka_unit_test(of_is_hundredths_of_the_whole),
        cmocka_unit_test(at_finds_members_by_name),
        cmocka_unit_test(places_of_a_document_have_words),
        cmocka_unit_test(every_filter_bears_every_kind_of_value),
    };

    return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
