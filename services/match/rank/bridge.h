/* bridge.h - from industries (GB/T 4754) to disciplines (GB/T 13745) and back. */
#ifndef JM_BRIDGE_H
#define JM_BRIDGE_H

/* How near two fields are, 0..1: "industry:C26" and "discipline:530" by the table, an industry and its
 * own class, a discipline and its own branch by the length of what they share. Unknown: 0. */
double bridge_between(const char *a, const char *b);

#endif
