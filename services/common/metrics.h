/* metrics.h - counters, gauges and histograms, written as Prometheus text.
 *
 * A metric has up to three label names; a series is one choice of their values. Look a series up
 * once and keep it: adding to it is then a few instructions. One thread only. */
#ifndef JB_METRICS_H
#define JB_METRICS_H

#include <stddef.h>

struct buf;
struct metrics;
struct metric;
struct series;

#define METRIC_LABELS_MAX 3
#define METRIC_SERIES_MAX 1000 /* of one metric; later ones all count as the series "other" */

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* `labels`: names separated by blanks, or NULL. `bounds`: rising upper bounds of a histogram (kept
 * by reference). Names and help must be static. NULL when memory is out; a NULL metric gives a NULL
 * series, and a NULL series swallows everything. */
struct metric *metrics_add(struct metrics *metrics, enum metric_kind kind, const char *name,
                           const char *help, const char *labels, const double *bounds,
                           size_t n_bounds);
/* As many values as there are label names; the rest NULL. */
struct series *metric_series(struct metric *metric, const char *v1, const char *v2, const char *v3);

void series_add(struct series *series, double value);     /* counter, gauge */
void series_set(struct series *series, double value);     /* gauge */
void series_observe(struct series *series, double value); /* histogram */

void metrics_write(const struct metrics *metrics, struct buf *out);

#endif
