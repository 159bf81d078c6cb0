/* reread.h - analyses what is indexed anew after the term list has changed. */
#ifndef JM_REREAD_H
#define JM_REREAD_H

#include "engine.h"

/* Puts every live record again from its own text and facts. Questions go on meanwhile. -1: no
 * memory. */
int MUST_CHECK reread_all(struct engine *engine, struct worker *worker);

#endif
