/* catalogue.h - the files of sentences and of state classes. */
#ifndef JB_CATALOGUE_H
#define JB_CATALOGUE_H

#include "mustache.h"

/* {"key": {"zh": "…", "en": "…"}, …} into the set; what is wrong goes to its faults. */
void catalogue_read(struct mustache *set, const char *file, struct span text);
/* {"machine.state": "class"}: a new reference, or NULL and a fault. */
json_t *catalogue_classes(struct mustache *set, const char *file, struct span text);

#endif
