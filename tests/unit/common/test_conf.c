/* test_conf.c - settings and secrets. What is said on stderr goes to /dev/null here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"

struct settings {
    long port;
    const char *listen_on;
    bool plain;
    struct conf_secret seal_key;
};

static const struct conf_row rows[] = {
    CONF_ROW(struct settings, port, INT, "8443", "TLS port"),
    CONF_ROW(struct settings, listen_on, TEXT, "127.0.0.1", "address"),
    CONF_ROW(struct settings, plain, BOOL, "no", "without TLS"),
    CONF_ROW(struct settings, seal_key, SECRET, "", "file with the key"),
};

static struct arena arena;
static struct settings set;

static enum conf_result load(int argc, const char *const *words, int *ret_left)
{
    static char copies[8][128];
    char *argv[9] = { 0 };

    for (int i = 0; i < argc; i++) {
        snprintf(copies[i], sizeof(copies[i]), "%s", words[i]);
        argv[i] = copies[i];
    }
    set = (struct settings){ 0 };
    *ret_left = argc;

    enum conf_result rc = conf_load(rows, COUNT_OF(rows), &set, &arena, ret_left, argv);

    if (rc == CONF_OK && *ret_left == 2)
        assert_string_equal(argv[1], "word");
    return rc;
}

#define LOAD(left, ...)                                                                            \
    load((int)COUNT_OF(((const char *[]){ "program", __VA_ARGS__ })),                              \
         (const char *[]){ "program", __VA_ARGS__ }, left)

static void defaults_hold_when_nothing_is_said(void **state)
{
    int left;

    (void)state;
    assert_int_equal(load(1, (const char *[]){ "program" }, &left), CONF_OK);
    assert_int_equal(set.port, 8443);
    assert_string_equal(set.listen_on, "127.0.0.1");
    assert_false(set.plain);
    assert_null(set.seal_key.bytes);
}

static void options_win_over_environment_over_defaults(void **state)
{
    int left;

    (void)state;
    setenv("JIEBANG_PORT", "1", 1);
    setenv("JIEBANG_LISTEN_ON", "::1", 1);
    assert_int_equal(LOAD(&left, "--port=2", "word", "--plain"), CONF_OK);
    assert_int_equal(set.port, 2);
    assert_string_equal(set.listen_on, "::1");
    assert_true(set.plain);
    assert_int_equal(left, 2);
    assert_int_equal(LOAD(&left, "--listen-on", "0.0.0.0", "--plain=no"), CONF_OK);
    assert_string_equal(set.listen_on, "0.0.0.0");
    assert_int_equal(set.port, 1);
    assert_false(set.plain);
    unsetenv("JIEBANG_PORT");
    unsetenv("JIEBANG_LISTEN_ON");
}

static void what_cannot_be_understood_is_refused(void **state)
{
    int left;

    (void)state;
    assert_int_equal(LOAD(&left, "--prot=2"), CONF_BAD);
    assert_int_equal(LOAD(&left, "--port"), CONF_BAD);
    assert_int_equal(LOAD(&left, "--port=2x"), CONF_BAD);
    assert_int_equal(LOAD(&left, "--plain=maybe"), CONF_BAD);
    assert_int_equal(LOAD(&left, "--help"), CONF_HELP);
}

static void two_dashes_end_the_options(void **state)
{
    int left;

    (void)state;
    assert_int_equal(LOAD(&left, "--port=3", "--", "word"), CONF_OK);
    assert_int_equal(left, 2);
    assert_int_equal(set.port, 3);
}

static char *secret_file(const char *content, mode_t mode)
{
    static char path[64];

    snprintf(path, sizeof(path), "/tmp/jb-conf-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

static void a_secret_is_the_content_of_a_private_file(void **state)
{
    char option[96];
    char *path = secret_file("s3cret\n", 0400);
    int left;

    (void)state;
    snprintf(option, sizeof(option), "--seal-key=%s", path);
    assert_int_equal(LOAD(&left, option), CONF_OK);
    assert_int_equal(set.seal_key.len, 6);
    assert_string_equal((const char *)set.seal_key.bytes, "s3cret");
    unlink(path);
}

static void a_secret_that_others_can_read_is_refused(void **state)
{
    static const mode_t bad[] = { 0440, 0404, 0644, 0420 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct conf_secret secret = { 0 };
        const char *why = NULL;
        char *path = secret_file("s3cret", bad[i]);

        assert_int_equal(conf_read_secret(path, &arena, &secret, &why), -1);
        assert_non_null(strstr(why, "others"));
        assert_null(secret.bytes);
        unlink(path);
    }
}

static void a_secret_must_be_a_file_and_hold_something(void **state)
{
    struct conf_secret secret = { 0 };
    const char *why = NULL;
    char *path = secret_file("\n", 0400);

    (void)state;
    assert_int_equal(conf_read_secret(path, &arena, &secret, &why), -1);
    assert_string_equal(why, "is empty");
    unlink(path);
    assert_int_equal(conf_read_secret(path, &arena, &secret, &why), -1);
    assert_string_equal(why, "cannot be opened");
    assert_int_equal(conf_read_secret("/tmp", &arena, &secret, &why), -1);
    assert_string_equal(why, "is not a regular file");
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(defaults_hold_when_nothing_is_said, release),
        cmocka_unit_test_teardown(options_win_over_environment_over_defaults, release),
        cmocka_unit_test_teardown(what_cannot_be_understood_is_refused, release),
        cmocka_unit_test_teardown(two_dashes_end_the_options, release),
        cmocka_unit_test_teardown(a_secret_is_the_content_of_a_private_file, release),
        cmocka_unit_test_teardown(a_secret_that_others_can_read_is_refused, release),
        cmocka_unit_test_teardown(a_secret_must_be_a_file_and_hold_something, release),
    };

    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
