/* What templates mean: inheritance, sentences, escaping, odd data, and where it stops. The
 * specification's own cases are in test_spec.c. */
#include "set.h"

static const struct named layout[] = {
    { "layout", "[{{$title}}none{{/title}}|{{$main}}{{/main}}]" },
    { "desk", "{{<layout}}{{$main}}<{{$body}}empty{{/body}}>{{/main}}{{/layout}}" },
    { "card", "({{$title}}card{{/title}})" },
    { "row", "{{name}};" },
    { "lines", "a\n{{b}}\nc\n" },
    { "tree", "{{name}}({{#kids}}{{> tree}}{{/kids}})" },
    { "loop", "x{{> loop}}" },
    { 0 },
};

static void a_block_replaces_the_one_of_the_layout(void **state)
{
    (void)state;
    check(true, "{{<layout}} left out {{$title}}T{{/title}}{{/layout}}", layout, "{}", "[T|]");
}

static void the_innermost_page_decides_over_all_layouts(void **state)
{
    (void)state;
    check(true, "{{<desk}}{{$title}}T{{/title}}{{$body}}B{{/body}}{{/desk}}", layout, "{}",
          "[T|<B>]");
}

static void a_block_in_a_replacement_belongs_to_where_it_is_written(void **state)
{
    (void)state;
    check(true,
          "{{<layout}}{{$title}}page{{/title}}{{$main}}{{> card}}{{<card}}{{$title}}own{{/title}}"
          "{{/card}}{{/main}}{{/layout}}",
          layout, "{}", "[page|(card)(own)]");
}

static void a_partial_is_named_by_data(void **state)
{
    (void)state;
    check(true, "{{#rows}}{{>*kind}}{{/rows}}", layout,
          "{\"rows\":[{\"kind\":\"row\",\"name\":\"a\"},{\"kind\":\"none\"},{\"kind\":\"card\"}]}",
          "a;(card)");
}

static void a_standalone_partial_is_indented_line_by_line(void **state)
{
    (void)state;
    check(true, "  {{> lines}}\n.", layout, "{\"b\":\"x\\ny\"}", "  a\n  x\ny\n  c\n.");
}

static void a_tree_is_a_partial_in_itself(void **state)
{
    (void)state;
    check(true, "{{> tree}}", layout, "{\"name\":1,\"kids\":[{\"name\":2,\"kids\":[]}]}", "1(2())");
}

static void a_partial_without_end_stops(void **state)
{
    struct mustache *set = set_new("{{> loop}}", layout);
    struct page_env env = { .now = NOW };
    struct buf out;

    (void)state;
    assert_true(mustache_link(set));
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, NULL, &out), 0);
    assert_in_range(out.len, 100, 1000);
    buf_release(&out);
    mustache_free(set);
}

static void a_page_larger_than_the_limit_is_refused(void **state)
{
    struct mustache *set = set_new("{{#a}}{{#a}}{{#a}}{{text}}{{/a}}{{/a}}{{/a}}", NULL);
    struct page_env env = { .now = NOW };
    json_t *root = json_pack("{s:[], s:s}", "a", "text", "sixteen letters.");
    struct buf out;

    (void)state;
    for (int i = 0; i < 200; i++)
        assert_int_equal(json_array_append_new(json_object_get(root, "a"), json_integer(i)), 0);
    assert_true(mustache_link(set));
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, root, &out), -1);
    assert_in_range(out.len, 0, RENDER_MAX);
    assert_int_equal(out.limit, 0);
    buf_release(&out);
    json_decref(root);
    mustache_free(set);
}

static void loops_that_print_nothing_end_too(void **state)
{
    struct mustache *set =
        set_new("{{#a}}{{#a}}{{#a}}{{#a}}{{none}}{{/a}}{{/a}}{{/a}}{{/a}}", NULL);
    struct page_env env = { .now = NOW };
    json_t *root = json_pack("{s:[]}", "a");
    struct buf out;

    (void)state;
    for (int i = 0; i < 400; i++)
        assert_int_equal(json_array_append_new(json_object_get(root, "a"), json_integer(i)), 0);
    assert_true(mustache_link(set));
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, root, &out), -1);
    buf_release(&out);
    json_decref(root);
    mustache_free(set);
}

static void everything_printed_is_escaped(void **state)
{
    (void)state;
    gives("{{a}}|{{{a}}}|{{&a}}", "{\"a\":\"<&>\\\"'\"}", "&lt;&amp;&gt;&quot;&#39;|<&>\"'|<&>\"'");
}

static void a_sentence_speaks_the_pages_language(void **state)
{
    (void)state;
    gives("{{@total}}", "{\"n\":3}", "共 3 项");
    gives_en("{{@total}}", "{\"n\":\"<\"}", "&lt; in all");
}

static void a_sentence_is_text_and_no_markup(void **state)
{
    (void)state;
    gives("{{@plain}} {{none | default @plain}}", "{}", "甲&lt;乙 甲&lt;乙");
}

static void a_sentence_with_tags_survives_filters(void **state)
{
    (void)state;
    gives("{{none | default @total}} {{k | say kind}}", "{\"n\":3,\"k\":\"many\"}",
          "共 3 项 有 3 个");
}

static void a_label_prints_in_the_pages_language(void **state)
{
    static const char data[] = "{\"state\":{\"zh\":\"张榜\",\"en\":\"Open\",\"code\":\"open\"}}";

    (void)state;
    gives("{{state}} {{state.code}} {{#state}}{{zh}}{{/state}}", data, "张榜 open 张榜");
    gives_en("{{state}}", data, "Open");
}

static void odd_data_prints_nothing(void **state)
{
    (void)state;
    gives("[{{a}}{{b}}{{c}}{{d}}{{e.f.g}}{{none}}{{a.0.x}}]",
          "{\"a\":[1],\"b\":{},\"c\":null,\"d\":{\"zh\":[]},\"e\":{\"f\":1}}", "[]");
}

static void a_number_hides_no_members(void **state)
{
    (void)state;
    gives("{{#list}}{{page}} {{page.q}}{{/list}}", "{\"page\":{\"q\":\"x\"},\"list\":{\"page\":2}}",
          "2 x");
}

static void numbers_print_short(void **state)
{
    (void)state;
    gives("{{a}} {{b}} {{c}} {{d}}", "{\"a\":-7,\"b\":0.1,\"c\":1.21,\"d\":1e3}",
          "-7 0.1 1.21 1000");
}

static void zero_and_the_empty_text_are_false(void **state)
{
    (void)state;
    gives("{{#a}}a{{/a}}{{^b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}",
          "{\"a\":0,\"b\":\"\",\"c\":0.0,\"d\":{}}", "bd");
}

static void a_filters_truth_keeps_the_context(void **state)
{
    (void)state;
    gives("{{#rows}}{{#k | is a b}}{{k}}{{/k}}{{^k | is a}}-{{/k}}{{/rows}}",
          "{\"rows\":[{\"k\":\"a\"},{\"k\":\"b\"},{\"k\":\"c\"}]}", "ab--");
}

static void members_of_arrays_have_numbers(void **state)
{
    (void)state;
    gives("{{a.1.x}}{{a.9.x}}", "{\"a\":[{\"x\":1},{\"x\":2}]}", "2");
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    static const struct {
        const char *page, *wanted;
    } cases[] = {
        { "a\n  {{#b}}", "page.html:2:3: 'b' is not closed\n" },
        { "{{a", "page.html:1:1: a tag is not closed: '{{a'\n" },
        { "{{/a}}", "page.html:1:1: nothing is open that could be closed by 'a'\n" },
        { "{{#a}}{{#b}}{{/a}}",
          "page.html:1:13: this closes another section than the one last opened: 'a'\n" },
        { "{{a | nope}}", "page.html:1:1: there is no such filter in 'a | nope'\n" },
        { "{{a | say}}", "page.html:1:1: a filter lacks arguments in 'a | say'\n" },
        { "{{a | time 1}}", "page.html:1:1: a filter has too many arguments in 'a | time 1'\n" },
        { "{{a b}}", "page.html:1:1: a name holds a blank, or a `|` is missing: 'a b'\n" },
        { "{{a | say 'b}}", "page.html:1:1: a quote is not closed in 'a | say 'b'\n" },
        { "{{a |}}", "page.html:1:1: a filter is missing in 'a |'\n" },
        { "{{| date}}", "page.html:1:1: a name is missing in '| date'\n" },
        { "{{}}", "page.html:1:1: a tag is empty ''\n" },
        { "{{=<% %> x=}}", "page.html:1:1: these are no delimiters: '<% %> x'\n" },
        { "{{> nope}}", "page.html:1:1: there is no template 'nope'\n" },
        { "{{@a}} {{b | default @c}}", "page.html:1:1: there is no sentence 'a'\n"
                                       "page.html:1:8: there is no sentence 'c'\n" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mustache *set = set_new(cases[i].page, NULL);

        assert_false(mustache_link(set));
        assert_string_equal(mustache_faults(set)->text.data, cases[i].wanted);
        mustache_free(set);
    }
}

static void deep_nesting_is_a_defect(void **state)
{
    struct buf page;

    (void)state;
    buf_init(&page, 0);
    for (int i = 0; i < 100; i++)
        buf_adds(&page, "{{#a}}");

    struct mustache *set = set_new(page.data, NULL);

    assert_false(mustache_link(set));
    assert_non_null(strstr(mustache_faults(set)->text.data, "too deeply nested"));
    mustache_free(set);
    buf_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_replaces_the_one_of_the_layout),
        cmocka_unit_test(the_innermost_page_decides_over_all_layouts),
        cmocka_unit_test(a_block_in_a_replacement_belongs_to_where_it_is_written),
        cmocka_unit_test(a_partial_is_named_by_data),
        cmocka_unit_test(a_standalone_partial_is_indented_line_by_line),
        cmocka_unit_test(a_tree_is_a_partial_in_itself),
        cmocka_unit_test(a_partial_without_end_stops),
        cmocka_unit_test(a_page_larger_than_the_limit_is_refused),
        cmocka_unit_test(loops_that_print_nothing_end_too),
        cmocka_unit_test(everything_printed_is_escaped),
        cmocka_unit_test(a_sentence_speaks_the_pages_language),
        cmocka_unit_test(a_sentence_is_text_and_no_markup),
        cmocka_unit_test(a_sentence_with_tags_survives_filters),
        cmocka_unit_test(a_label_prints_in_the_pages_language),
        cmocka_unit_test(odd_data_prints_nothing),
        cmocka_unit_test(a_number_hides_no_members),
        cmocka_unit_test(numbers_print_short),
        cmocka_unit_test(zero_and_the_empty_text_are_false),
        cmocka_unit_test(a_filters_truth_keeps_the_context),
        cmocka_unit_test(members_of_arrays_have_numbers),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
        cmocka_unit_test(deep_nesting_is_a_defect),
    };

    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
