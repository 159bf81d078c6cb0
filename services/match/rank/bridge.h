/* bridge.h - from industries (GB/T 4754) to disciplines (GB/T 13745) and back: rows of the term
 * list. */
#ifndef JM_BRIDGE_H
#define JM_BRIDGE_H

#include "text.h"

struct bridge;

/* Takes the TERM_BRIDGE rows, copied; the others are skipped. NULL: memory is out. */
struct bridge *bridge_new(const struct term_row *rows, size_t n);
void bridge_free(struct bridge *bridge);
/* How near two fields are, 0..1. A row stands for all codes that begin with its own, in both
 * directions ("industry:C26" for C2614). Two codes of one list are as near as the share of what
 * they begin with; equal ones 1. */
double bridge_between(const struct bridge *bridge, const char *a, const char *b);

#endif
