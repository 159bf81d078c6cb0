/* match_json.h - the engine's questions and answers as the database writes and reads them.
 *
 * question {"ask":"match", "subject":{"id"} or {"title","keywords":[],"body"}, "filter":{...},
 *   "offset","limit","reasons","near","near_weight","want_trl","parts":[],"cover_kind","threshold",
 *   "newest","facets","context"}: members as in proto/match.proto; kinds are words, ids UUIDs.
 *   Whatever is missing is off; context is the database's own.
 *
 * answer   {"engine":{"available":true,"version","vectors"},"known","total","more",
 *   "list":[{"id","kind","version","score","strength",
 *     "reasons":[{"kind","share","term","other","weight","id","parts"}],
 *     "passages":[{"field","text","marks":[[from,to]]}],"asked":[like passages],"missing":[]}],
 *   "facets":[{"facet","value","n"}],"groups":[{"members","shared","likeness"}],
 *   "cover":{"chosen","covered":[{"part","by","score"}],"uncovered"}}
 *   members, chosen and by are places in the list; marks count characters, not bytes. "known" is
 *   false when the record asked about is not (yet) in the index. "vectors", beside an embedding
 *   endpoint: "used", or why not ("late", "down", "filling").
 *
 * none     {"engine":{"available":false,"why":"off"|"down"|"late"|"overloaded"|"starting"|"bad"}}
 */
#ifndef JB_MATCH_JSON_H
#define JB_MATCH_JSON_H

#include <jansson.h>

#include "must.h"
#include "rpc.h"

/* Everything lives in the arena. NULL with a static text in *ret_why: the database asks badly. */
Jb__Request *match_json_question(const json_t *question, struct arena *arena, const char **ret_why);
/* A new reference. NULL: no memory. `response` NULL: there is none, because of `why`. */
json_t *match_json_answer(const Jb__Response *response, const char *why);

#endif
