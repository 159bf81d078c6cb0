/* stmts.h - the statements of the flows. */
#ifndef JB_FLOW_STMTS_H
#define JB_FLOW_STMTS_H

#include "sql.h"

#define FLOW_STMT(name, reads, n_args, text) extern const struct sql_stmt stmt_##name;
#include "stmts.def"
#undef FLOW_STMT

#endif
