/* The table of pages: that the service's own rows are sound, and what is made of a row's words. */
#include "set.h"

#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "flows/flows.h"
#include "pages/site.h"
#include "pages/ways.h"
#include "router.h"

struct all {
    struct router *api;
    struct site *site;
};

static int set_up(void **state)
{
    struct all *all = calloc(1, sizeof(*all));
    const char *source = getenv("JB_SOURCE");
    char error[4096] = "", web[400];

    snprintf(web, sizeof(web), "%s/services/web", source ? source : ".");
    all->api = router_new(routes, n_routes, error, sizeof(error));
    all->site =
        all->api ? site_new(web, "", all->api, flow_page, false, error, sizeof(error)) : NULL;
    if (!all->site)
        print_error("%s\n", error);
    *state = all;
    return all->site ? 0 : -1;
}

static int tear_down(void **state)
{
    struct all *all = *state;

    site_free(all->site);
    router_free(all->api);
    free(all);
    return 0;
}

static const struct site_page *page_at(const struct all *all, const char *path, struct arena *arena,
                                       const char *params[4])
{
    struct route_match match = { 0 };

    assert_int_equal(router_find(all->site->router, arena, (struct span){ "GET", 3 },
                                 (struct span){ path, strlen(path) }, &match),
                     0);
    if (!match.route)
        fail_msg("no page at %s", path);
    memcpy(params, match.params, sizeof(match.params));
    return &all->site->list[match.index];
}

static void every_row_is_well_formed_and_has_its_template(void **state)
{
    const struct all *all = *state;

    assert_true(all->site->n > 0);
    for (size_t i = 0; i < all->site->n; i++)
        assert_ptr_equal(all->site->list[i].row, &page_rows[i]);
}

static void no_path_has_two_pages(void **state)
{
    const struct all *all = *state;

    for (size_t i = 0; i < all->site->n; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(page_rows[i].path, page_rows[j].path) == 0)
                fail_msg("two pages at %s", page_rows[i].path);
}

static void a_form_leads_to_its_page(void **state)
{
    const struct all *all = *state;

    for (size_t i = 0; i < all->site->n; i++)
        if (all->site->list[i].form >= 0)
            assert_int_equal(all->site->by_form[all->site->list[i].form], i);
}

static void names_in_braces_are_the_parameters_of_the_path(void **state)
{
    const struct all *all = *state;
    const char *params[4] = { 0 };
    struct arena arena = { 0 };
    const struct site_page *page =
        page_at(all, "/items/0d07e0c1-546e-cf3e-d190-0da7e40c1260", &arena, params);

    assert_string_equal(site_expand(page, "/notices?item={id}", params, NULL, &arena),
                        "/notices?item=0d07e0c1-546e-cf3e-d190-0da7e40c1260");
    assert_null(site_expand(page, "/notices/{other}", params, NULL, &arena));
    arena_release(&arena);
}

static void a_name_that_the_path_has_not_is_the_forms(void **state)
{
    const struct all *all = *state;
    const char *params[4] = { 0 };
    struct arena arena = { 0 };
    const struct site_page *page =
        page_at(all, "/items/0d07e0c1-546e-cf3e-d190-0da7e40c1260", &arena, params);
    json_t *typed = json_pack("{s:s, s:s, s:i}", "other", "a/b", "empty", "", "number", 1);

    assert_string_equal(site_expand(page, "/x/{other}", params, typed, &arena), "/x/a%2Fb");
    assert_null(site_expand(page, "/x/{empty}", params, typed, &arena));
    assert_null(site_expand(page, "/x/{number}", params, typed, &arena));
    assert_null(site_expand(page, "/x/{absent}", params, typed, &arena));
    json_decref(typed);
    arena_release(&arena);
}

static void a_parameter_is_percent_encoded(void **state)
{
    const struct all *all = *state;
    const char *params[4] = { "a/b?c=\xe4\xbd\xa0", NULL, NULL, NULL };
    struct arena arena = { 0 };
    const char *ignored[4] = { 0 };
    const struct site_page *page =
        page_at(all, "/items/0d07e0c1-546e-cf3e-d190-0da7e40c1260", &arena, ignored);

    assert_string_equal(site_expand(page, "/x/{id}", params, NULL, &arena),
                        "/x/a%2Fb%3Fc%3D%E4%BD%A0");
    arena_release(&arena);
}

/* The keys of the ways of `me`, joined by blanks. */
static void ways_are(const struct all *all, const char *me, const char *wanted)
{
    json_t *object = me ? json_loads(me, 0, NULL) : NULL, *ways, *way;
    char keys[200] = "";
    size_t i;

    ways = ways_of(all->site->ways, object);
    json_array_foreach(ways, i, way)
    {
        const char *key = json_string_value(json_object_get(way, "key"));

        snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys), "%s%s", i > 0 ? " " : "", key);
    }
    assert_string_equal(keys, wanted);
    json_decref(object);
}

static void the_first_role_that_fits_has_its_ways(void **state)
{
    const struct all *all = *state;

    ways_are(all, NULL, "front items notices projects libraries search help");
    ways_are(all, "{\"any\": {\"bureau\": true}, \"role\": {\"officer\": true, \"expert\": true}}",
             "desk programmes needs panels lists notices projects libraries");
    ways_are(all, "{\"any\": {\"bureau\": false}, \"role\": {\"expert\": true, \"member\": true}}",
             "desk panels items notices");
    ways_are(all, "{\"role\": {}}", "desk items notices projects libraries");
}

static void ways_that_are_not_as_they_must_be_are_told(void **state)
{
    static const char *const bad[] = { "{", "{\"of\": [[\"nobody\", [\"front\"]]]}",
                                       "{\"ways\": {}, \"of\": [[1, []]]}", "{\"of\": [7]}" };
    char folder[] = "/tmp/jb-ways-XXXXXX", path[100], why[200];

    (void)state;
    assert_non_null(mkdtemp(folder));
    json_t *none = ways_read(folder, why, sizeof(why));

    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    snprintf(path, sizeof(path), "%s/templates", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/templates/parts", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/templates/parts/nav.json", folder);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        FILE *out = fopen(path, "w");

        assert_non_null(out);
        fputs(bad[i], out);
        fclose(out);
        why[0] = '\0';
        assert_null(ways_read(folder, why, sizeof(why)));
        assert_non_null(strstr(why, "nav.json"));
    }
    unlink(path);
    snprintf(path, sizeof(path), "%s/templates/parts", folder);
    rmdir(path);
    snprintf(path, sizeof(path), "%s/templates", folder);
    rmdir(path);
    rmdir(folder);
}

static void the_table_is_told_as_json(void **state)
{
    json_t *list = site_json();

    (void)state;
    assert_int_equal(json_array_size(list), n_page_rows);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "path")),
                        page_rows[0].path);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_well_formed_and_has_its_template),
        cmocka_unit_test(no_path_has_two_pages),
        cmocka_unit_test(a_form_leads_to_its_page),
        cmocka_unit_test(names_in_braces_are_the_parameters_of_the_path),
        cmocka_unit_test(a_name_that_the_path_has_not_is_the_forms),
        cmocka_unit_test(a_parameter_is_percent_encoded),
        cmocka_unit_test(the_table_is_told_as_json),
        cmocka_unit_test(the_first_role_that_fits_has_its_ways),
        cmocka_unit_test(ways_that_are_not_as_they_must_be_are_told),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
