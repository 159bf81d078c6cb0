/* test_log.c - what a log line looks like, whoever wrote its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

struct file {
    char path[64], moved[72];
    struct log *log;
};

static int open_log(void **state)
{
    static struct file file;

    snprintf(file.path, sizeof(file.path), "/tmp/jb-log-XXXXXX");
    int fd = mkstemp(file.path);
    if (fd < 0)
        return -1;
    close(fd);
    snprintf(file.moved, sizeof(file.moved), "%s.1", file.path);
    file.log = log_new(file.path, LOG_LEVEL_INFO, "test");
    *state = &file;
    return file.log ? 0 : -1;
}

static int close_log(void **state)
{
    struct file *file = *state;

    log_free(file->log);
    unlink(file->path);
    unlink(file->moved);
    return 0;
}

/* The lines of the file as JSON; each must be an object. */
static json_t *lines(const char *path)
{
    json_t *all = json_array();
    char line[20000];
    FILE *in = fopen(path, "r");

    assert_non_null(in);
    while (fgets(line, sizeof(line), in)) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

        assert_true(json_is_object(object));
        json_array_append_new(all, object);
    }
    fclose(in);
    return all;
}

static void a_line_is_one_json_object(void **state)
{
    struct file *file = *state;
    const char *event, *process, *level, *text, *part;
    json_int_t number;
    int flag;
    double real;

    log_warn(file->log, "something", LOG_S("text", "揭\"榜"), LOG_I("n", -3), LOG_B("flag", true),
             LOG_F("ms", 1.5), LOG_N("part", "abcdef", 3), LOG_S("none", NULL));
    json_t *all = lines(file->path);
    assert_int_equal(json_array_size(all), 1);
    assert_int_equal(json_unpack(json_array_get(all, 0), "{s:s,s:s,s:s,s:s,s:I,s:b,s:f,s:s,s:n}",
                                 "event", &event, "process", &process, "level", &level, "text",
                                 &text, "n", &number, "flag", &flag, "ms", &real, "part", &part,
                                 "none"),
                     0);
    assert_string_equal(event, "something");
    assert_string_equal(process, "test");
    assert_string_equal(level, "warn");
    assert_string_equal(text, "揭\"榜");
    assert_int_equal(number, -3);
    assert_true(flag);
    assert_true(real == 1.5);
    assert_string_equal(part, "abc");
    json_decref(all);
}

static void a_value_cannot_start_a_line_of_its_own(void **state)
{
    struct file *file = *state;
    static const char evil[] = "x\"}\n{\"level\":\"info\",\"event\":\"forged\"}\r\n\x1b[2J\x7f";

    log_info(file->log, "request", LOG_S("path", evil));
    json_t *all = lines(file->path);
    assert_int_equal(json_array_size(all), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(all, 0), "path")), evil);
    json_decref(all);

    char raw[4096];
    FILE *in = fopen(file->path, "r");
    size_t n = fread(raw, 1, sizeof(raw), in);

    fclose(in);
    for (size_t i = 0; i + 1 < n; i++)
        assert_true((unsigned char)raw[i] >= 0x20 && raw[i] != 0x7f);
}

static void lower_levels_are_left_out(void **state)
{
    struct file *file = *state;

    log_debug(file->log, "quiet");
    log_info(file->log, "loud");
    json_t *all = lines(file->path);
    assert_int_equal(json_array_size(all), 1);
    json_decref(all);
}

static void a_line_that_is_too_long_still_says_its_event(void **state)
{
    struct file *file = *state;
    static char big[20000];

    memset(big, 'x', sizeof(big) - 1);
    log_info(file->log, "huge", LOG_S("value", big));
    json_t *all = lines(file->path);
    assert_string_equal(json_string_value(json_object_get(json_array_get(all, 0), "event")),
                        "huge");
    assert_true(json_is_true(json_object_get(json_array_get(all, 0), "cut")));
    json_decref(all);
}

static void after_reopen_lines_go_to_the_new_file(void **state)
{
    struct file *file = *state;

    log_info(file->log, "old");
    assert_int_equal(rename(file->path, file->moved), 0);
    assert_int_equal(log_reopen(file->log), 0);
    log_info(file->log, "new");
    json_t *old = lines(file->moved), *new = lines(file->path);
    assert_int_equal(json_array_size(old), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(new, 0), "event")), "new");
    json_decref(old);
    json_decref(new);
}

static void lost_lines_are_told_later(void **state)
{
    struct file *file = *state;

    /* A link that first leads to a full disk, then to a file. */
    assert_int_equal(symlink("/dev/full", file->moved), 0);
    struct log *log = log_new(file->moved, LOG_LEVEL_INFO, "test");
    assert_non_null(log);
    log_info(log, "one");
    log_info(log, "two");
    assert_int_equal(unlink(file->moved), 0);
    assert_int_equal(symlink(file->path, file->moved), 0);
    assert_int_equal(log_reopen(log), 0);
    log_info(log, "three");
    log_free(log);
    json_t *all = lines(file->path);
    assert_int_equal(json_array_size(all), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(all, 0), "lines")), 2);
    json_decref(all);
}

/* A pipe takes what its buffer holds: as a disk that is full takes a part of a line. */
static void a_torn_line_is_ended_before_the_next(void **state)
{
    (void)state;
    static char big[1 << 20], got[1 << 20];
    int ends[2];
    bool torn = false;

    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    memset(big, 'x', sizeof(big));
    assert_int_equal(log_append(ends[1], &torn, big, sizeof(big)), -1);
    assert_true(torn);
    assert_int_equal(log_append(ends[1], &torn, "lost\n", 5), -1); /* still no room */
    assert_true(torn);
    assert_true(read(ends[0], got, sizeof(got)) > 0);
    assert_int_equal(log_append(ends[1], &torn, "whole\n", 6), 0);
    assert_false(torn);

    ssize_t n = read(ends[0], got, sizeof(got));

    assert_int_equal(n, 7);
    assert_memory_equal(got, "\nwhole\n", 7);
    assert_int_equal(log_append(ends[1], &torn, "next\n", 5), 0);
    n = read(ends[0], got, sizeof(got));
    assert_int_equal(n, 5);
    close(ends[0]);
    close(ends[1]);
}

static void no_log_swallows_everything(void **state)
{
    (void)state;
    assert_false(log_wants(NULL, LOG_LEVEL_ERROR));
    log_error(NULL, "nobody hears");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_log, close_log)
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_one_json_object),
        TEST(a_value_cannot_start_a_line_of_its_own),
        TEST(lower_levels_are_left_out),
        TEST(a_line_that_is_too_long_still_says_its_event),
        TEST(after_reopen_lines_go_to_the_new_file),
        TEST(lost_lines_are_told_later),
        TEST(a_torn_line_is_ended_before_the_next),
        TEST(no_log_swallows_everything),
    };

    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
