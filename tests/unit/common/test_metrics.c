/* test_metrics.c - the Prometheus text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "metrics.h"

static void assert_text(const struct metrics *metrics, const char *text)
{
    struct buf out;

    buf_init(&out, 0);
    metrics_write(metrics, &out);
    assert_string_equal(out.data, text);
    buf_release(&out);
}

static void counters_count_by_label(void **state)
{
    struct metrics *metrics = metrics_new();
    struct metric *metric = metrics_add(metrics, METRIC_COUNTER, "jb_requests_total", "Requests.",
                                        "route status", NULL, 0);

    (void)state;
    series_add(metric_series(metric, "/items", "200", NULL), 2);
    series_add(metric_series(metric, "/items", "200", NULL), 1);
    assert_text(metrics, "# HELP jb_requests_total Requests.\n# TYPE jb_requests_total counter\n"
                         "jb_requests_total{route=\"/items\",status=\"200\"} 3\n");
    metrics_free(metrics);
}

static void label_values_are_escaped(void **state)
{
    struct metrics *metrics = metrics_new();
    struct metric *metric = metrics_add(metrics, METRIC_GAUGE, "g", "G.", "l", NULL, 0);

    (void)state;
    series_set(metric_series(metric, "a\"b\\c\nd", NULL, NULL), 0.5);
    assert_text(metrics, "# HELP g G.\n# TYPE g gauge\ng{l=\"a\\\"b\\\\c\\nd\"} 0.5\n");
    metrics_free(metrics);
}

static void histograms_cumulate(void **state)
{
    static const double bounds[] = { 0.1, 1 };
    struct metrics *metrics = metrics_new();
    struct series *series = metric_series(
        metrics_add(metrics, METRIC_HISTOGRAM, "h", "H.", NULL, bounds, 2), NULL, NULL, NULL);

    (void)state;
    series_observe(series, 0.1);
    series_observe(series, 0.5);
    series_observe(series, 7);
    assert_text(metrics, "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"0.1\"} 1\n"
                         "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 7.6\nh_count 3\n");
    metrics_free(metrics);
}

static void labels_that_clients_choose_do_not_fill_the_memory(void **state)
{
    struct metrics *metrics = metrics_new();
    struct metric *metric = metrics_add(metrics, METRIC_COUNTER, "c", "C.", "l", NULL, 0);
    struct series *first = NULL, *last = NULL;
    char value[16];

    (void)state;
    for (int i = 0; i < METRIC_SERIES_MAX + 10; i++) {
        snprintf(value, sizeof(value), "%d", i);
        last = metric_series(metric, value, NULL, NULL);
        if (i == METRIC_SERIES_MAX)
            first = last;
    }
    assert_non_null(last);
    assert_ptr_equal(first, last);
    metrics_free(metrics);
}

static void what_is_missing_swallows(void **state)
{
    (void)state;
    assert_null(metric_series(NULL, NULL, NULL, NULL));
    series_add(NULL, 1);
    series_set(NULL, 1);
    series_observe(NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_count_by_label),
        cmocka_unit_test(label_values_are_escaped),
        cmocka_unit_test(histograms_cumulate),
        cmocka_unit_test(labels_that_clients_choose_do_not_fill_the_memory),
        cmocka_unit_test(what_is_missing_swallows),
    };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
