/* flows.h - every flow by name, for the routes table. */
#ifndef JB_FLOWS_H
#define JB_FLOWS_H

#include "flows/flow.h"

/* service.c */
extern const struct flow_step flow_health[];
extern const struct flow_step flow_ready[];
extern const struct flow_step flow_metrics[];
extern const struct flow_step flow_problem[];

/* sign_in.c */
extern const struct flow_step flow_sign_in[];

/* session.c */
extern const struct flow_step flow_session[];
extern const struct flow_step flow_sign_out[];
extern const struct flow_step flow_reauth[];
extern const struct flow_step flow_reauth_then_act[]; /* page.h */

/* password.c */
extern const struct flow_step flow_password[];
extern const struct flow_step flow_register[];
extern const struct flow_step flow_first_admin[];
extern const struct flow_step flow_password_reset[];

/* pages/page_post.c: the GET of a page */
extern const struct flow_step flow_page[];

/* match.c */
extern const struct flow_step flow_match[];

/* live.c */
extern const struct flow_step flow_live[];

#endif
