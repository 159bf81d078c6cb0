/* stmts.c - see stmts.def. */
#include "flows/stmts.h"

#include "flows/flow.h"

#define FLOW_STMT(name, reads, n_args, text)                                                       \
    const struct sql_stmt stmt_##name = { #name, text, n_args, false, reads };
#include "stmts.def"
#undef FLOW_STMT

const struct sql_stmt *const flow_stmts[] = {
#define FLOW_STMT(name, reads, n_args, text) &stmt_##name,
#include "stmts.def"
#undef FLOW_STMT
};
const size_t n_flow_stmts = COUNT_OF(flow_stmts);
