/* metrics.c - see metrics.h. Series of a metric are a list: looked up once, then held. */
#include "metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "str.h"

struct series {
    struct series *next;
    const struct metric *metric;
    char *values[METRIC_LABELS_MAX];
    double value; /* of a histogram: the sum */
    unsigned long long count;
    unsigned long long buckets[]; /* of a histogram: not cumulated, the last is +Inf */
};

struct metric {
    struct metric *next;
    enum metric_kind kind;
    const char *name, *help, *labels;
    const double *bounds;
    size_t n_bounds;
    struct series *series;
    size_t n_series;
};

struct metrics {
    struct metric *first;
    struct metric **end;
};

struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics));

    if (metrics)
        metrics->end = &metrics->first;
    return metrics;
}

static void series_free(struct series *series)
{
    if (!series)
        return;
    for (size_t i = 0; i < METRIC_LABELS_MAX; i++)
        free(series->values[i]);
    free(series);
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    while (metrics->first) {
        struct metric *metric = metrics->first;

        metrics->first = metric->next;
        while (metric->series) {
            struct series *series = metric->series;

            metric->series = series->next;
            series_free(series);
        }
        free(metric);
    }
    free(metrics);
}

struct metric *metrics_add(struct metrics *metrics, enum metric_kind kind, const char *name,
                           const char *help, const char *labels, const double *bounds,
                           size_t n_bounds)
{
    struct metric *metric = calloc(1, sizeof(*metric));

    if (!metric)
        return NULL;
    *metric = (struct metric){ .kind = kind,
                               .name = name,
                               .help = help,
                               .labels = labels,
                               .bounds = bounds,
                               .n_bounds = n_bounds };
    *metrics->end = metric;
    metrics->end = &metric->next;
    return metric;
}

static struct series *series_find(const struct metric *metric, const char *const *values)
{
    for (struct series *series = metric->series; series; series = series->next) {
        size_t same = 0;

        while (same < METRIC_LABELS_MAX && str_eq(series->values[same], values[same]))
            same++;
        if (same == METRIC_LABELS_MAX)
            return series;
    }
    return NULL;
}

static struct series *series_new(struct metric *metric, const char *const *values)
{
    struct series *series =
        calloc(1, sizeof(*series) + (metric->n_bounds + 1) * sizeof(series->buckets[0]));

    if (!series)
        return NULL;
    for (size_t i = 0; i < METRIC_LABELS_MAX && values[i]; i++) {
        series->values[i] = strdup(values[i]);
        if (!series->values[i]) {
            series_free(series);
            return NULL;
        }
    }
    series->metric = metric;
    series->next = metric->series;
    metric->series = series;
    metric->n_series++;
    return series;
}

struct series *metric_series(struct metric *metric, const char *v1, const char *v2, const char *v3)
{
    const char *values[METRIC_LABELS_MAX] = { v1, v2, v3 };

    if (!metric)
        return NULL;

    struct series *series = series_find(metric, values);

    if (!series && metric->n_series >= METRIC_SERIES_MAX) {
        /* A label that clients choose must not fill the memory. */
        for (size_t i = 0; i < METRIC_LABELS_MAX; i++)
            values[i] = values[i] ? "other" : NULL;
        series = series_find(metric, values);
    }
    return series ? series : series_new(metric, values);
}

void series_add(struct series *series, double value)
{
    if (series)
        series->value += value;
}

void series_set(struct series *series, double value)
{
    if (series)
        series->value = value;
}

void series_observe(struct series *series, double value)
{
    size_t i = 0;

    if (!series)
        return;
    while (i < series->metric->n_bounds && value > series->metric->bounds[i])
        i++;
    series->buckets[i]++;
    series->count++;
    series->value += value;
}

static void write_number(struct buf *out, double value)
{
    if (isinf(value))
        buf_adds(out, value > 0 ? "+Inf" : "-Inf");
    else if (value == floor(value) && fabs(value) < 1e15)
        buf_addf(out, "%.0f", value);
    else
        buf_addf(out, "%.9g", value);
}

static void write_label_value(struct buf *out, const char *value)
{
    for (; *value; value++) {
        if (*value == '\n')
            buf_adds(out, "\\n");
        else if (*value == '"' || *value == '\\')
            buf_addf(out, "\\%c", *value);
        else
            buf_addc(out, *value);
    }
}

/* {a="x",b="y",le="0.1"}; nothing when there are no labels and no bound. */
static void write_labels(struct buf *out, const struct series *series, const double *bound)
{
    const char *name = series->metric->labels ? series->metric->labels : "";
    char before = '{';

    for (size_t i = 0; i < METRIC_LABELS_MAX && *name && series->values[i]; i++) {
        size_t len = strcspn(name, " ");

        buf_addc(out, before);
        buf_add(out, name, len);
        buf_adds(out, "=\"");
        write_label_value(out, series->values[i]);
        buf_addc(out, '"');
        before = ',';
        name += len;
        name += strspn(name, " ");
    }
    if (bound) {
        buf_addf(out, "%cle=\"", before);
        write_number(out, *bound);
        buf_addc(out, '"');
        before = ',';
    }
    if (before == ',')
        buf_addc(out, '}');
}

static void write_sample(struct buf *out, const struct series *series, const char *suffix,
                         const double *bound, double value)
{
    buf_addf(out, "%s%s", series->metric->name, suffix);
    write_labels(out, series, bound);
    buf_addc(out, ' ');
    write_number(out, value);
    buf_addc(out, '\n');
}

static void write_histogram(struct buf *out, const struct series *series)
{
    const struct metric *metric = series->metric;
    const double infinite = INFINITY;
    unsigned long long sum = 0;

    for (size_t i = 0; i <= metric->n_bounds; i++) {
        sum += series->buckets[i];
        write_sample(out, series, "_bucket", i < metric->n_bounds ? &metric->bounds[i] : &infinite,
                     (double)sum);
    }
    write_sample(out, series, "_sum", NULL, series->value);
    write_sample(out, series, "_count", NULL, (double)series->count);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
    static const char *const kinds[] = { "counter", "gauge", "histogram" };

    for (const struct metric *metric = metrics->first; metric; metric = metric->next) {
        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
                 kinds[metric->kind]);
        for (const struct series *series = metric->series; series; series = series->next) {
            if (metric->kind == METRIC_HISTOGRAM)
                write_histogram(out, series);
            else
                write_sample(out, series, "", NULL, series->value);
        }
    }
}
