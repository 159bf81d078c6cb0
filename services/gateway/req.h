/* req.h - one request, from its head to its answer. This and sql.h is all that a flow needs.
 *
 * A request and everything it allocates live in its arena. It is answered exactly once, by one of
 * the functions of reply.h; after that it may be gone at the end of the loop's turn. */
#ifndef JB_REQ_H
#define JB_REQ_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "http/parse.h"
#include "kdf.h"
#include "loop.h"
#include "route.h"
#include "sql_pool.h"

#define REQ_PARAMS_MAX 4
#define REQ_RID_MAX 48

struct cache_flight;
struct conn;
struct gateway;
struct match_call;
struct page_call;
struct peer;

enum credential { CRED_NONE, CRED_COOKIE, CRED_BEARER };

struct req {
    struct arena arena;
    struct loop_grave grave;
    struct gateway *gw;
    struct conn *conn;
    struct http_head head; /* spans point into the arena */
    const struct route *route;
    size_t route_index;
    bool head_only; /* HEAD: as GET, without the body */
    bool answered;
    bool gone; /* the client left: nobody is to be answered */
    char rid[REQ_RID_MAX];
    const char *params[REQ_PARAMS_MAX];
    int n_params;
    const char *ip; /* of the client, through trusted proxies */
    struct peer *peer;
    const char *lang; /* "zh" or "en" */
    bool html;        /* a browser: it gets pages */
    struct page_call *page;

    enum credential credential;
    unsigned char session[32]; /* SHA-256 of the credential */
    bool csrf_checked;
    bool secure;             /* TLS, here or at a trusted proxy */
    const char *fresh_token; /* of a session that is being opened */
    const char *key;         /* Idempotency-Key, or NULL */
    const char *if_version;  /* from If-Match, or NULL */

    struct buf raw; /* the body as it arrived */
    json_t *body;   /* checked; NULL when the route takes none */
    json_t *query;  /* checked; NULL when there is none */

    struct sql_call *call; /* under way */
    struct kdf_call *kdf;
    struct match_call *asked; /* of the match engine */
    const struct flow_step *step;
    void *self;            /* the flow's own memory */
    struct sql_result row; /* of the flow's last statement */
    enum kdf_outcome verified;
    bool rehash;
    const char *hash; /* of the flow's last flow_hash */

    struct cache_flight *flight; /* a public answer under way */
    struct req *flight_next;

    struct buf extra; /* header lines of the answer */
    int status;
    size_t sent;
    int64_t began_us;
};

/* Copies the head into a new request. NULL when memory is out. */
struct req *req_new(struct gateway *gw, struct conn *conn, const struct http_head *head,
                    const char *bytes, size_t len);
/* Detaches what is under way and buries the request. */
void req_end(struct req *req, bool gone);

/* A header's value as a C string in the arena, or NULL. */
const char *req_header(struct req *req, const char *name);
/* A cookie's value, or NULL. */
const char *req_cookie(struct req *req, const char *name);
/* Where people reach this service, as https://host: the setting public_url, else as they asked.
 * NULL: memory is out. */
const char *req_site(struct req *req);
bool req_is(const struct req *req, const char *method);
/* GET, HEAD and OPTIONS change nothing. */
bool req_is_safe(const struct req *req);
const char *req_body_text(const struct req *req, const char *name);
/* The request context for SQL: {"rid","ip","lang","version","query"}, for what may write also
 * "key","fp","agent". NULL: no memory. */
const char *req_context(struct req *req);
/* Keeps a JSON value as long as the request; takes the reference. NULL stays NULL. */
json_t *req_keep_json(struct req *req, json_t *value);

#endif
