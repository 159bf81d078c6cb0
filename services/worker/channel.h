/* channel.h - where an outbox row goes, by its kind. */
#ifndef JB_CHANNEL_H
#define JB_CHANNEL_H

#include "sql.h"

struct worker;

extern const struct sql_stmt stmt_outbox_done, stmt_deliver_inbox;

/* Delivers row `row` of job.take_outbox and reports to job.outbox_done; then, never before this
 * returns, calls worker_delivered. -1 when memory is out: the row comes back
 * when its lease ends. */
int MUST_CHECK channel_deliver(struct worker *worker, const struct sql_result *rows, int row);

#endif
