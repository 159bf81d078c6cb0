/* What compiling and rendering do when memory runs out: the n-th allocation fails, for every n.
 * Nothing leaks (the sanitizer looks), no half page passes for a whole one. */
#include "set.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static long left = -1; /* allocations that still succeed; negative: all do */
static bool met;

static bool fails_now(void)
{
    if (left < 0 || left-- > 0)
        return false;
    met = true; /* this one only: who goes on after it has to remember it */
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails_now() ? NULL : __real_realloc(memory, size);
}

static void *json_malloc_counted(size_t size)
{
    return __wrap_malloc(size);
}

static const char page[] =
    "{{<layout}}{{$main}}{{#l | group k}}{{key}}{{#items | first 9}}{{n | num}}{{d | left}}"
    "{{/items}}{{/l}}{{#t | lines}}{{.}}{{/t}}{{#o | entries}}{{key}}{{value | join}}{{/o}}"
    "{{o | json}}{{t | url}}{{t | upper}}{{t | short 1}}{{o | query x 1}}{{@total}}{{l | count}}"
    "{{/main}}{{/layout}}";
static const struct named others[] = { { "layout", "<p>{{$main}}{{/main}}</p>" }, { 0 } };
static const char data[] = "{\"n\":5,\"t\":\"a\\nb\",\"o\":{\"x\":[\"1\",\"2\"]},"
                           "\"l\":[{\"k\":1,\"n\":2.5,\"d\":\"2026-12-01\"},{\"k\":2},{\"k\":1}]}";

static struct mustache *build(void)
{
    struct mustache *set = mustache_new();

    if (!set)
        return NULL;
    mustache_add(set, "page", "page.html", (struct span){ page, strlen(page) });
    mustache_add(set, "layout", "layout", (struct span){ others[0].text, strlen(others[0].text) });
    mustache_add_sentence(set, "core.json", "total", "共 {{n}} 项", "{{n}} in all");
    return set;
}

static void a_set_is_whole_or_says_that_memory_is_out(void **state)
{
    long n = 0;

    (void)state;
    do {
        met = false;
        left = n++;

        struct mustache *set = build();
        bool linked = set && mustache_link(set);

        left = -1;
        if (met)
            assert_false(linked);
        else
            assert_true(linked);
        if (set && met)
            assert_true(mustache_faults(set)->no_memory);
        mustache_free(set);
    } while (met);
    assert_true(n > 5);
}

static void a_page_is_whole_or_refused(void **state)
{
    struct mustache *set = set_new(page, others);
    json_t *root = json_loads(data, 0, NULL);
    struct page_env env = { .zh = true, .now = NOW };
    struct buf whole, out;
    long n = 0;

    (void)state;
    assert_true(mustache_link(set));
    buf_init(&whole, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, root, &whole), 0);
    json_set_alloc_funcs(json_malloc_counted, free);
    do {
        met = false;
        left = n++;
        buf_init(&out, 0);

        int rc = mustache_render(set, mustache_find(set, "page", 4), &env, root, &out);

        left = -1;
        assert_int_equal(rc, met ? -1 : 0);
        if (!met)
            assert_string_equal(out.data, whole.data);
        buf_release(&out);
    } while (met);
    json_set_alloc_funcs(malloc, free);
    assert_true(n > 30);
    buf_release(&whole);
    json_decref(root);
    mustache_free(set);
}

static void files_are_read_whole_or_not_at_all(void **state)
{
    const char *source = getenv("JB_SOURCE");
    char dir[2048], error[4096];
    struct pages *pages = NULL;

    (void)state;
    snprintf(dir, sizeof(dir), "%s/tests/unit/gateway/pages/web", source ? source : ".");
    json_set_alloc_funcs(json_malloc_counted, free);
    for (long n = 0; !pages; n++) {
        error[0] = '\0';
        met = false;
        left = n;
        pages = pages_new(dir, error, sizeof(error));
        left = -1;
        assert_int_equal(met, pages == NULL);
        assert_int_equal(pages == NULL, error[0] != '\0');
    }
    json_set_alloc_funcs(malloc, free);
    pages_free(pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_whole_or_says_that_memory_is_out),
        cmocka_unit_test(a_page_is_whole_or_refused),
        cmocka_unit_test(files_are_read_whole_or_not_at_all),
    };

    return cmocka_run_group_tests_name("pages oom", tests, NULL, NULL);
}
