/* flow.h - a request that waits several times: a table of named steps.
 *
 * Steps run in order. flow_sql, flow_verify and flow_hash park the request and the next step finds
 * the result in it; a statement that was refused has already been answered. A step that answers
 * returns FLOW_DONE. */
#ifndef JB_FLOW_H
#define JB_FLOW_H

#include "reply.h"
#include "req.h"

enum flow_next {
    FLOW_ON,     /* the next step, at once */
    FLOW_PARKED, /* the next step, when the result is here */
    FLOW_DONE,   /* the request has been answered */
};

struct flow_step {
    const char *name;
    enum flow_next (*run)(struct req *req);
};

#define FLOW_STEP(fn)                                                                              \
    {                                                                                              \
#fn, fn                                                                                    \
    }
#define FLOW_END                                                                                   \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

void flow_start(struct req *req, const struct flow_step *steps);
/* The row is then in req->row; no row at all is an empty result, not an answer. */
enum flow_next flow_sql(struct req *req, const struct sql_stmt *stmt, const struct sql_args *args);
/* The outcome is then in req->verified and req->rehash. */
enum flow_next flow_verify(struct req *req, const char *hash, const char *password);
/* The hash is then in req->hash. */
enum flow_next flow_hash(struct req *req, const char *password);
/* The first step of what costs a password hash: takes one of the address's tries, else 429. */
enum flow_next flow_throttle(struct req *req);
/* The next step, for what a step has parked for by itself. */
void flow_resume(struct req *req);
/* Refuses and ends. */
enum flow_next flow_refuse(struct req *req, const char *slug);

/* Statements that the flows use, for the pool to prepare. */
extern const struct sql_stmt *const flow_stmts[];
extern const size_t n_flow_stmts;

#endif
