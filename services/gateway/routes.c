/* routes.c - the whole HTTP surface, in reading order: who you are, the libraries, the five steps.
 *
 * A row is one ROUTE(...) of a file below; see route.h for what the letters mean. A name is in the
 * path once; the longest literal match wins, so /items/{id}/choice never hides /items/{id}. */
#include "route.h"

#include "forms.h"
#include "flows/flows.h"

#define ROUTE(method, path, perm, sql, args, form, flags, summary)                                 \
    { method, path, perm, sql, args, form, flags, NULL, summary, NULL },
#define FLOW(method, path, perm, flow, form, flags, summary)                                       \
    { method, path, perm, NULL, "", form, flags, flow, summary, NULL },
/* Asks the match engine the question of that name: flows/match.c. */
#define MATCH(method, path, perm, question, form, flags, summary)                                  \
    { method, path, perm, NULL, "s", form, flags, flow_match, summary, question },

const struct route routes[] = {
#include "routes/account.def"   /* sign-in, session, account, tokens, users, roles */
#include "routes/party.def"     /* units, members, relations, credit */
#include "routes/library.def"   /* codes, calendar, experts, achievements, patents, imports */
#include "routes/programme.def" /* programmes, batches, needs, recommendations, panels, lists */
#include "routes/item.def"  /* challenges, claims, choice, approval, notice, objection, contract */
#include "routes/match.def" /* suggestions, search, groups, duplicates, teams */
};

#undef ROUTE
#undef FLOW
#undef MATCH

const size_t n_routes = COUNT_OF(routes);
