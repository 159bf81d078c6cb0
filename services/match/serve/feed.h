/* feed.h - keeps the engine as the database is.
 *
 * What the database promises (role jb_match, schema feed):
 *
 *   feed.changes(p_after text, p_limit int)
 *     -> (position text, kind text, id uuid, version bigint, doc jsonb)
 *     In order; doc null: removed; the last row's position is where to go on. Told at least once.
 *     Kind 'terms' says that the term list has changed. SQLSTATE WF410: the position is of another
 *     time; then everything is compared anew.
 *   feed.rescan(p_kind text, p_after uuid, p_limit int) -> (id uuid, version bigint, doc jsonb)
 *     All of a kind, by id; p_after null begins.
 *   feed.digest() -> (kind text, n bigint, hash bigint)
 *     hash: the sum of digest.h over the kind, wrapped into a bigint.
 *   feed.terms(p_known bigint) -> (version bigint, rows jsonb)
 *     See term_list.h; rows null when the list is still that of p_known.
 *   feed.position() -> text                          Where changes from now on begin.
 *   notify feed_changed                              Payload 'terms' for the term list.
 *
 * Beside the notifications it asks every `poll_ms`, so a lost one costs no more than that. At the
 * start and every `compare_ms` it compares digests, and rescans the kinds that differ. */
#ifndef JM_FEED_H
#define JM_FEED_H

#include "engine.h"
#include "sql_pool.h"
#include "term_list.h"

struct feed;
struct log;
struct loop;

struct feed_conf {
    struct loop *loop;
    struct log *log;
    const char *conninfo;
    struct engine *engine;
    struct terms *terms; /* that the engine was made with; kept up to date; borrowed */
    int threads, batch, poll_ms, compare_ms, statement_timeout_ms;
    /* The index holds all that the database had when the feed began; once. */
    void (*ready)(void *arg);
    /* So many records were put or removed. */
    void (*changed)(void *arg, unsigned long long n);
    void *arg;
};

struct feed *feed_new(const struct feed_conf *conf); /* NULL: memory, or a malformed conninfo */
void feed_free(struct feed *feed);                   /* waits for the batch that is being applied */

struct feed_counts {
    bool ready;
    char position[64]; /* all before it is in the index */
    double behind_s;   /* since the database last said that there is no more; -1: never yet */
    unsigned long long put, same, removed, bad, rescans;
};
void feed_counts(const struct feed *feed, struct feed_counts *ret);

#endif
