/* sql_answer.h - how the pool's PGresult travels inside struct sql_result. For sql*.c only. */
#ifndef JB_SQL_ANSWER_H
#define JB_SQL_ANSWER_H

#include <libpq-fe.h>

struct sql_result;

/* `rows` becomes NULL when sql_keep has taken it; otherwise the pool clears it. */
struct sql_answer {
    PGresult *rows;
};

/* Fills *ret from answer->rows; the texts live as long as the rows. */
void sql_answer_read(struct sql_answer *answer, struct sql_result *ret);

#endif
