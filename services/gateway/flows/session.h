/* session.h - the answer that shows a session, with its CSRF token. */
#ifndef JB_FLOW_SESSION_H
#define JB_FLOW_SESSION_H

#include "flows/flow.h"

/* Answers with the row's document and the token that belongs to `session`. */
enum flow_next session_reply(struct req *req, const unsigned char session[32]);

#endif
