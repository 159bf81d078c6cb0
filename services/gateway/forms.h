/* forms.h - every form by name. The arrays stand in forms/<area>.c; a name is form_<what>. */
#ifndef JB_FORMS_H
#define JB_FORMS_H

#include "form.h"

/* forms/common.c */
extern const struct field form_event[]; /* POST .../events: event, reason, checks */
extern const struct field form_page[];  /* GET lists: page, size, sort, q */
extern const struct field form_empty[]; /* a POST without content */

/* forms/session.c */
extern const struct field form_sign_in[];        /* POST /session: login, password, code */
extern const struct field form_reauth[];         /* POST /session/reauth: password, code */
extern const struct field form_password[];       /* POST /account/password */
extern const struct field form_register[];       /* POST /accounts */
extern const struct field form_first_admin[];    /* POST /first-admin */
extern const struct field form_password_reset[]; /* POST /password-reset */

/* forms/account.c */

/* forms/party.c */

/* forms/library.c */

/* forms/programme.c */

/* forms/item.c */

#endif
