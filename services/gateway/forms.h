/* forms.h - every form by name. The arrays stand in forms/<area>.c; a name is form_<what>. */
#ifndef JB_FORMS_H
#define JB_FORMS_H

#include "form.h"

/* forms/common.c */
extern const struct field form_event[];  /* POST .../events: event, reason, checks */
extern const struct field form_page[];   /* GET lists: page, size, sort, q */
extern const struct field form_empty[];  /* a POST without content */

/* forms/account.c */

/* forms/party.c */

/* forms/library.c */

/* forms/programme.c */

/* forms/item.c */

#endif
