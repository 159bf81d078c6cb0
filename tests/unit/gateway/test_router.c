/* The routes table is compiled and found again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "router.h"

#define ONE(method, path)                                                                          \
    {                                                                                              \
        method, path, PERM_PUBLIC, "select 1", "", NULL, 0, NULL, "", NULL                         \
    }

static const struct route table[] = {
    ONE("GET", "/"),
    ONE("GET", "/items"),
    ONE("GET", "/items/{id}"),
    ONE("GET", "/items/{slug}/face"),
    ONE("GET", "/items/open"),
    ONE("POST", "/items/{id}/choice"),
    ONE("DELETE", "/items/{id}"),
};

struct fixture {
    struct router *router;
    struct arena arena;
};

static int make(void **state)
{
    static struct fixture fixture;
    char why[200];

    fixture.router = router_new(table, COUNT_OF(table), why, sizeof(why));
    *state = &fixture;
    return fixture.router ? 0 : -1;
}

static int unmake(void **state)
{
    struct fixture *fixture = *state;

    router_free(fixture->router);
    arena_release(&fixture->arena);
    return 0;
}

static struct route_match find(void **state, const char *method, const char *path)
{
    struct fixture *fixture = *state;
    struct route_match match;

    assert_int_equal(router_find(fixture->router, &fixture->arena,
                                 (struct span){ method, strlen(method) },
                                 (struct span){ path, strlen(path) }, &match),
                     0);
    return match;
}

#define ID "11111111-2222-3333-4444-555555555555"

static void a_path_finds_its_route(void **state)
{
    assert_string_equal(find(state, "GET", "/items").route->path, "/items");
    assert_string_equal(find(state, "GET", "/").route->path, "/");
}

static void a_parameter_is_handed_over(void **state)
{
    struct route_match match = find(state, "POST", "/items/" ID "/choice");

    assert_string_equal(match.route->path, "/items/{id}/choice");
    assert_int_equal(match.n_params, 1);
    assert_string_equal(match.params[0], ID);
}

static void a_literal_goes_before_a_parameter(void **state)
{
    assert_string_equal(find(state, "GET", "/items/open").route->path, "/items/open");
}

static void an_id_that_is_no_uuid_is_not_there(void **state)
{
    struct route_match match = find(state, "GET", "/items/7");

    assert_null(match.route);
    assert_int_equal(match.methods, 0);
}

static void a_percent_code_is_decoded(void **state)
{
    assert_string_equal(find(state, "GET", "/items/%e6%a6%9c/face").params[0], "榜");
}

static void bytes_that_no_name_has_are_not_there(void **state)
{
    assert_null(find(state, "GET", "/items/a%00b/face").route);
    assert_null(find(state, "GET", "/items/a%2fb/face").route);
    assert_null(find(state, "GET", "/items/%ff/face").route);
    assert_null(find(state, "GET", "/items/%4/face").route);
}

static void slashes_count(void **state)
{
    assert_null(find(state, "GET", "/items/").route);
    assert_null(find(state, "GET", "//items").route);
    assert_null(find(state, "GET", "/a/b/c/d/e/f/g/h/i/j/k").route);
}

static void head_finds_get(void **state)
{
    assert_string_equal(find(state, "HEAD", "/items").route->method, "GET");
}

static void another_method_names_the_allowed_ones(void **state)
{
    struct route_match match = find(state, "PUT", "/items/" ID);
    char allow[80];

    assert_null(match.route);
    router_allow(match.methods, allow, sizeof(allow));
    assert_string_equal(allow, "GET, HEAD, DELETE, OPTIONS");
}

static void a_route_without_permission_is_refused(void **state)
{
    const struct route bad[] = { { "GET", "/x", 0, "select 1", "", NULL, 0, NULL, "", NULL } };
    char why[200] = "";

    (void)state;
    assert_null(router_new(bad, 1, why, sizeof(why)));
    assert_non_null(strstr(why, "/x"));
}

static void a_kept_answer_may_not_know_who_asks(void **state)
{
    const struct route bad[] = {
        { "GET", "/x", PERM_PUBLIC, "select $1", "s", NULL, ROUTE_CACHED, NULL, "", NULL },
    };
    char why[200];

    (void)state;
    assert_null(router_new(bad, 1, why, sizeof(why)));
}

static void the_table_of_the_service_is_well_formed(void **state)
{
    char why[200] = "";
    struct router *router = router_new(routes, n_routes, why, sizeof(why));

    (void)state;
    assert_string_equal(why, "");
    assert_non_null(router);
    router_free(router);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_route),
        cmocka_unit_test(a_parameter_is_handed_over),
        cmocka_unit_test(a_literal_goes_before_a_parameter),
        cmocka_unit_test(an_id_that_is_no_uuid_is_not_there),
        cmocka_unit_test(a_percent_code_is_decoded),
        cmocka_unit_test(bytes_that_no_name_has_are_not_there),
        cmocka_unit_test(slashes_count),
        cmocka_unit_test(head_finds_get),
        cmocka_unit_test(another_method_names_the_allowed_ones),
        cmocka_unit_test(a_route_without_permission_is_refused),
        cmocka_unit_test(a_kept_answer_may_not_know_who_asks),
        cmocka_unit_test(the_table_of_the_service_is_well_formed),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
