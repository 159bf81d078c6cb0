/* The files: what is compiled, what is wrong with them, when they have changed; and that the
 * service's own templates and sentences are sound. */
#include "set.h"

#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[64];
};

static void put(const struct folder *folder, const char *name, const char *text)
{
    char path[200];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    static const char *const folders[] = { "templates", "templates/public", "messages" };
    struct folder *folder = calloc(1, sizeof(*folder));
    char path[200];

    snprintf(folder->path, sizeof(folder->path), "/tmp/jb-pages-XXXXXX");
    if (!mkdtemp(folder->path))
        return -1;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder->path, folders[i]);
        if (mkdir(path, 0700) < 0)
            return -1;
    }
    put(folder, "templates/layout.html", "<{{$main}}{{/main}}>");
    put(folder, "templates/public/item.html",
        "{{<layout}}{{$main}}{{@hello}} {{s | class need}}{{/main}}{{/layout}}");
    put(folder, "messages/core.json", "{\"hello\": {\"zh\": \"你好\", \"en\": \"Hello\"}}");
    put(folder, "messages/_classes.json", "{\"need.open\": \"go\"}");
    *state = folder;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const all[] = { "templates/layout.html",
                                       "templates/public/item.html",
                                       "templates/public/new.html",
                                       "templates/public/.swp.html",
                                       "messages/core.json",
                                       "messages/more.json",
                                       "messages/_classes.json",
                                       "templates/public",
                                       "templates",
                                       "messages",
                                       "" };
    struct folder *folder = *state;
    char path[200];

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder->path, all[i]);
        (void)remove(path);
    }
    free(folder);
    return 0;
}

static struct pages *compiled(const struct folder *folder)
{
    char error[4096] = "";
    struct pages *pages = pages_new(folder->path, error, sizeof(error));

    if (!pages)
        fail_msg("%s", error);
    return pages;
}

static void a_page_is_named_by_its_file(void **state)
{
    struct pages *pages = compiled(*state);
    struct page_env env = { .zh = true, .now = NOW };
    json_t *root = json_pack("{s:s}", "s", "open");
    struct buf out;

    buf_init(&out, 0);
    assert_true(pages_has(pages, "public/item"));
    assert_false(pages_has(pages, "public/item.html"));
    assert_int_equal(pages_render(pages, "public/item", &env, root, &out), 0);
    assert_string_equal(out.data, "<你好 go>");
    assert_int_equal(pages_render(pages, "public/none", &env, root, &out), -1);
    buf_release(&out);
    json_decref(root);
    pages_free(pages);
}

static void sentences_are_found_in_both_languages(void **state)
{
    struct pages *pages = compiled(*state);

    assert_string_equal(pages_sentence(pages, true, "hello"), "你好");
    assert_string_equal(pages_sentence(pages, false, "hello"), "Hello");
    assert_null(pages_sentence(pages, true, "hell"));
    pages_free(pages);
}

static void a_new_file_is_a_change_and_an_editors_is_not(void **state)
{
    struct pages *pages = compiled(*state);

    assert_false(pages_changed(pages));
    put(*state, "templates/public/.swp.html", "{{");
    assert_false(pages_changed(pages));
    put(*state, "templates/public/new.html", "new");
    assert_true(pages_changed(pages));
    pages_free(pages);
}

static void all_that_is_wrong_is_said_at_once(void **state)
{
    char error[4096] = "";

    put(*state, "templates/public/new.html", "{{@one}}\n {{@two}}{{> gone}}");
    put(*state, "messages/more.json",
        "{\"a\": {\"zh\": \"甲\"}, \"b\": {}, \"hello\": {\"zh\": \"x\", \"en\": \"y\"}}");
    assert_null(pages_new(((struct folder *)*state)->path, error, sizeof(error)));
    assert_string_equal(error, "messages/more.json: 'a' lacks en\n"
                               "messages/more.json: 'b' lacks zh and en\n"
                               "templates/public/new.html:1:1: there is no sentence 'one'\n"
                               "templates/public/new.html:2:2: there is no sentence 'two'\n"
                               "templates/public/new.html:2:10: there is no template 'gone'\n"
                               "messages: 'hello' is there twice\n");
}

static void bad_json_is_named_with_its_line(void **state)
{
    char error[4096] = "";

    put(*state, "messages/more.json", "{\n\"a\": }");
    assert_null(pages_new(((struct folder *)*state)->path, error, sizeof(error)));
    assert_memory_equal(error, "messages/more.json:2:", strlen("messages/more.json:2:"));
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    char error[4096] = "";

    (void)state;
    assert_null(pages_new("/nonexistent", error, sizeof(error)));
    assert_non_null(strstr(error, "/nonexistent/templates/: cannot be read: No such file"));
}

static void the_services_own_templates_and_sentences_are_sound(void **state)
{
    const char *source = getenv("JB_SOURCE");
    char dir[2048], error[16384] = "";
    struct pages *pages;

    (void)state;
    snprintf(dir, sizeof(dir), "%s/services/web", source ? source : ".");
    pages = pages_new(dir, error, sizeof(error));
    if (!pages)
        fail_msg("%s", error);
    pages_free(pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_is_named_by_its_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sentences_are_found_in_both_languages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_file_is_a_change_and_an_editors_is_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(all_that_is_wrong_is_said_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_json_is_named_with_its_line, set_up, tear_down),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
        cmocka_unit_test(the_services_own_templates_and_sentences_are_sound),
    };

    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
