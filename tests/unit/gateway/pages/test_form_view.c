/* A form's table with what is stored, typed and wrong, as a template finds it. */
#include "set.h"

#include "pages/form_view.h"
#include "pages/pages.h"

static const struct field row[] = { { .name = "zname", .kind = F_TEXT, .required = REQ },
                                    { .name = "zvalue", .kind = F_NUMBER },
                                    { 0 } };
static const struct field inner[] = { { .name = "zphone", .kind = F_PHONE }, { 0 } };
static const struct field form[] = {
    { .name = "ztitle", .kind = F_TEXT, .required = REQ, .min = 2, .max = 100 },
    { .name = "zsum", .kind = F_MONEY },
    { .name = "zopen", .kind = F_BOOL },
    { .name = "zat", .kind = F_TIME },
    { .name = "zkind", .kind = F_ENUM, .words = "one two" },
    { .name = "zunits", .kind = F_IDS },
    { .name = "zsecret", .kind = F_SECRET },
    { .name = "zcontact", .kind = F_OBJECT, .sub = inner },
    { .name = "zrows", .kind = F_LIST, .sub = row },
    { .name = "zrules", .kind = F_JSON },
    { 0 },
};

struct world {
    struct site site;
    struct site_page page;
};

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    const char *source = getenv("JB_SOURCE");
    char web[400], error[4096] = "";

    snprintf(web, sizeof(web), "%s/tests/unit/gateway/pages/web", source ? source : ".");
    world->site.pages = pages_new(web, error, sizeof(error));
    if (!world->site.pages)
        print_error("%s\n", error);
    world->page.leaf = "leaf";
    world->page.options[0] = (struct site_options){ "zunits", "docs.units", "id", "name" };
    world->page.n_options = 1;
    *state = world;
    return world->site.pages ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    pages_free(world->site.pages);
    free(world);
    return 0;
}

struct given {
    const char *values, *typed, *errors, *root;
    bool conflict, en;
};

static json_t *read(const char *text)
{
    json_t *json = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

    if (text)
        assert_non_null(json);
    return json;
}

static json_t *view_of(const struct world *world, const struct given *given)
{
    json_t *values = read(given->values), *typed = read(given->typed);
    json_t *errors = read(given->errors), *root = read(given->root);
    struct form_view in = { .site = &world->site,
                            .page = &world->page,
                            .form = form,
                            .zh = !given->en,
                            .values = values,
                            .typed = typed,
                            .errors = errors,
                            .root = root,
                            .conflict = given->conflict };
    json_t *view = form_view(&in);

    assert_non_null(view);
    json_decref(values);
    json_decref(typed);
    json_decref(errors);
    json_decref(root);
    return view;
}

/* The text at a path, an entry of an array by its number. */
static const char *text_at(const json_t *view, const char *path)
{
    const json_t *at = view;
    char part[80];

    while (at && *path) {
        size_t len = strcspn(path, ".");

        snprintf(part, sizeof(part), "%.*s", (int)len, path);
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(part)) : json_object_get(at, part);
        path += len + (path[len] == '.');
    }
    if (json_is_true(at))
        return "true";
    return json_is_false(at) ? "false" : json_string_value(at);
}

static void shows(const struct world *world, const struct given *given, const char *path,
                  const char *wanted)
{
    json_t *view = view_of(world, given);
    const char *text = text_at(view, path);

    if (!text || !wanted)
        assert_ptr_equal(text, wanted);
    else
        assert_string_equal(text, wanted);
    json_decref(view);
}

static void a_field_tells_its_name_kind_and_bounds(void **state)
{
    const struct given none = { 0 };

    shows(*state, &none, "field.ztitle.name", "ztitle");
    shows(*state, &none, "field.ztitle.id", "f-ztitle");
    shows(*state, &none, "field.ztitle.kind", "text");
    shows(*state, &none, "field.ztitle.is_text", "true");
    shows(*state, &none, "field.ztitle.required", "true");
    shows(*state, &none, "field.zsum.required", "false");
    shows(*state, &none, "fields.0.name", "ztitle");
}

static void what_is_stored_is_where_a_form_starts_from(void **state)
{
    const struct given given = {
        .values = "{\"ztitle\":\"甲\",\"zsum_wan\":12.5,\"zopen\":true,\"zat\":"
                  "\"2026-09-04T09:00:00+00:00\",\"zkind\":\"two\",\"zcontact\":{\"zphone\":\"1\"}}"
    };

    shows(*state, &given, "field.ztitle.value", "甲");
    shows(*state, &given, "field.zsum.value", "12.5");
    shows(*state, &given, "field.zopen.checked", "true");
    shows(*state, &given, "field.zat.value", "2026-09-04T17:00");
    shows(*state, &given, "field.zkind.options.0.selected", "false");
    shows(*state, &given, "field.zkind.options.1.selected", "true");
    shows(*state, &given, "field.zcontact.field.zphone.name", "zcontact.zphone");
    shows(*state, &given, "field.zcontact.field.zphone.value", "1");
}

static void what_was_typed_wins_and_what_was_emptied_stays_empty(void **state)
{
    const struct given given = { .values = "{\"ztitle\":\"old\",\"zopen\":true,\"zsum_wan\":3}",
                                 .typed = "{\"ztitle\":\"new\",\"zsum\":\"x\"}" };

    shows(*state, &given, "field.ztitle.value", "new");
    shows(*state, &given, "field.zsum.value", "x");
    shows(*state, &given, "field.zopen.checked", "false");
}

static void a_secret_never_comes_back(void **state)
{
    const struct given given = { .typed = "{\"zsecret\":\"open sesame\"}" };

    shows(*state, &given, "field.zsecret.value", NULL);
}

static void rows_are_numbered_and_an_empty_list_shows_one(void **state)
{
    const struct given none = { 0 };
    const struct given two = {
        .values = "{\"zrows\":[{\"zname\":\"a\"},{\"zname\":\"b\",\"zvalue\":2}]}"
    };

    shows(*state, &none, "field.zrows.rows.0.field.zname.name", "zrows[0].zname");
    shows(*state, &none, "field.zrows.rows.1.drop", NULL);
    shows(*state, &two, "field.zrows.rows.1.field.zvalue.value", "2");
    shows(*state, &two, "field.zrows.rows.1.drop", "zrows.1");
}

static void choices_come_from_a_document(void **state)
{
    const struct given given = {
        .root = "{\"docs\":{\"units\":[{\"id\":\"u1\",\"name\":{\"zh\":\"甲\",\"en\":\"A\"}},"
                "{\"id\":\"u2\",\"name\":\"乙\"}]}}",
        .typed = "{\"zunits\":[\"u2\"]}"
    };

    shows(*state, &given, "field.zunits.options.0.label", "甲");
    shows(*state, &given, "field.zunits.options.0.selected", "false");
    shows(*state, &given, "field.zunits.options.1.selected", "true");
    shows(*state, &given, "field.zunits.name_list", "zunits[]");
}

static void a_choice_without_an_english_name_has_its_chinese_one(void **state)
{
    const struct given given = {
        .root = "{\"docs\":{\"units\":[{\"id\":\"u1\",\"name\":{\"zh\":\"甲\",\"en\":\"A\"}},"
                "{\"id\":\"u2\",\"name\":{\"zh\":\"乙\"}}]}}",
        .en = true
    };

    shows(*state, &given, "field.zunits.options.0.label", "A");
    shows(*state, &given, "field.zunits.options.1.label", "乙");
}

static void an_error_stands_at_its_field_and_in_the_summary(void **state)
{
    const struct given given = { .typed = "{}",
                                 .errors = "[{\"field\":\"zrows[0].zname\",\"code\":\"required\","
                                           "\"message\":\"必填\"}]" };

    shows(*state, &given, "field.zrows.rows.0.field.zname.error", "必填");
    shows(*state, &given, "errors.0.message", "必填");
    shows(*state, &given, "errors.0.href", "#f-zrows-0--zname");
    shows(*state, &given, "errors.0.row", "1");
    shows(*state, &given, "field.zrows.rows.0.field.zname.id", "f-zrows-0--zname");
}

static void after_a_conflict_the_stored_value_stands_beside(void **state)
{
    const struct given given = { .values = "{\"ztitle\":\"theirs\",\"zsum_wan\":1}",
                                 .typed = "{\"ztitle\":\"mine\",\"zsum\":\"1\"}",
                                 .conflict = true };

    shows(*state, &given, "field.ztitle.theirs", "theirs");
    shows(*state, &given, "field.zsum.theirs", NULL);
}

static void mends(const char *before, const char *after)
{
    json_t *input = json_loads(before, 0, NULL), *wanted = json_loads(after, 0, NULL);

    assert_int_equal(form_from_browser(form, input), 0);
    assert_true(json_equal(input, wanted));
    json_decref(input);
    json_decref(wanted);
}

static void a_browsers_local_time_is_chinas(void **state)
{
    (void)state;
    mends("{\"zat\":\"2026-09-04T17:00\"}", "{\"zat\":\"2026-09-04T17:00:00+08:00\"}");
    mends("{\"zat\":\"2026-09-04\"}", "{\"zat\":\"2026-09-04\"}");
}

static void a_box_that_must_be_answered_and_is_not_ticked_is_no(void **state)
{
    static const struct field box[] = { { .name = "zyes", .kind = F_BOOL, .required = REQ },
                                        { .name = "zmaybe", .kind = F_BOOL },
                                        { 0 } };
    json_t *input = json_object();

    (void)state;
    assert_int_equal(form_from_browser(box, input), 0);
    assert_true(json_is_false(json_object_get(input, "zyes")));
    assert_null(json_object_get(input, "zmaybe"));
    json_decref(input);
}

static void an_object_may_come_as_text(void **state)
{
    (void)state;
    mends("{\"zrules\":\"{\\\"a\\\":1}\"}", "{\"zrules\":{\"a\":1}}");
    mends("{\"zrules\":\"no json\"}", "{\"zrules\":\"no json\"}");
}

static void parts_of_an_object_say_what_they_spell(void **state)
{
    (void)state;
    mends("{\"zrules\":{\"a\":{\"n\":\"2.5\",\"yes\":\"true\",\"no\":\"false\",\"none\":\"\","
          "\"word\":\"fixed\",\"code\":\"007\"}}}",
          "{\"zrules\":{\"a\":{\"n\":2.5,\"yes\":true,\"no\":false,\"none\":null,"
          "\"word\":\"fixed\",\"code\":\"007\"}}}");
}

static void lists_in_an_object_lose_what_is_blank_and_keep_their_texts(void **state)
{
    (void)state;
    mends("{\"zrules\":{\"codes\":[\"\",\"2107\",\"\"],\"none\":[\"\"],"
          "\"rows\":[{\"w\":\"40\"},{\"w\":\"\",\"name\":\"\"},{\"w\":\"60\"}]}}",
          "{\"zrules\":{\"codes\":[\"2107\"],\"none\":[],\"rows\":[{\"w\":40},{\"w\":60}]}}");
}

static void an_object_is_found_by_its_leaves(void **state)
{
    const struct given given = { .values = "{\"zrules\":{\"a\":{\"b\":\"c\"},\"d\":[\"e\"]}}" };
    json_t *view = view_of(*state, &given);
    json_t *leaves = form_value_at(view, "field.zrules.leaves");

    assert_string_equal(json_string_value(json_object_get(leaves, "a.b")), "c");
    assert_int_equal(json_array_size(json_object_get(leaves, "d")), 1);
    json_decref(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_tells_its_name_kind_and_bounds),
        cmocka_unit_test(what_is_stored_is_where_a_form_starts_from),
        cmocka_unit_test(what_was_typed_wins_and_what_was_emptied_stays_empty),
        cmocka_unit_test(a_secret_never_comes_back),
        cmocka_unit_test(rows_are_numbered_and_an_empty_list_shows_one),
        cmocka_unit_test(choices_come_from_a_document),
        cmocka_unit_test(a_choice_without_an_english_name_has_its_chinese_one),
        cmocka_unit_test(an_error_stands_at_its_field_and_in_the_summary),
        cmocka_unit_test(after_a_conflict_the_stored_value_stands_beside),
        cmocka_unit_test(a_browsers_local_time_is_chinas),
        cmocka_unit_test(a_box_that_must_be_answered_and_is_not_ticked_is_no),
        cmocka_unit_test(an_object_may_come_as_text),
        cmocka_unit_test(parts_of_an_object_say_what_they_spell),
        cmocka_unit_test(lists_in_an_object_lose_what_is_blank_and_keep_their_texts),
        cmocka_unit_test(an_object_is_found_by_its_leaves),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
