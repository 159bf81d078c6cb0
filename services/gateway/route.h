/* route.h - the whole HTTP surface as a table. One row: method, path, who, which SQL call.
 *
 * Most routes need no C: `args` says what each $n is, `form` says what the body (or the query of a
 * GET) may hold, and the row's `body` is the answer. */
#ifndef JB_ROUTE_H
#define JB_ROUTE_H

#include "form.h"
#include "sql.h"

struct req;
struct flow_step;

/* Who may knock: a bit set of roles. Whoever has not signed in is refused without a round trip; the
 * roles go along in the request context ("roles") and whoever has none of them is refused as the
 * session is entered, before anything is looked at. The finer rule (own object, state, role on the
 * item) is each function's. The role x route matrix of the tests is generated from this. */
enum perm {
    PERM_PUBLIC = 1 << 0, /* anybody */
    PERM_SIGNED = 1 << 1, /* anybody who has signed in */
    PERM_MEMBER = 1 << 2, /* acts for a unit: poster, claimant, partner */
    PERM_COUNTY = 1 << 3,
    PERM_OFFICER = 1 << 4, /* bureau, 经办 */
    PERM_LEADER = 1 << 5,  /* bureau, 局领导 */
    PERM_CITY = 1 << 6,    /* city government */
    PERM_EXPERT = 1 << 7,
    PERM_BROKER = 1 << 8,
    PERM_SYSADMIN = 1 << 9,
    PERM_SECADMIN = 1 << 10,
    PERM_AUDITOR = 1 << 11,
};
#define PERM_BUREAU (PERM_OFFICER | PERM_LEADER)

struct perm_name {
    unsigned bit;
    const char *name;
};
extern const struct perm_name perm_names[];
extern const size_t n_perm_names;

enum route_flag {
    ROUTE_REAUTH = 1 << 0, /* a weighty act: the password (or code) must have been given lately */
    ROUTE_CACHED = 1 << 1, /* public read served from memory, dropped on notify 'public_changed' */
    ROUTE_NO_KEY = 1 << 2, /* a POST that needs no Idempotency-Key (sign-in, sign-out) */
    ROUTE_TEXT = 1 << 3,   /* body is text/csv or the like: column `text`, `media`, `filename` */
    ROUTE_UPLOAD = 1 << 4, /* the request body is text/csv, passed as argument 'u' */
    ROUTE_SHARED = 1 << 5, /* the statement uses no session: may share a Sync (see sql.h) */
};

/* What a $n of the statement is, one letter each:
 *   s  SHA-256 of the session or API token, bytea hex, or null
 *   r  request context as jsonb: {"rid","ip","lang","roles","key","fp","version","query":{...}}
 *      key: Idempotency-Key; fp: SHA-256 over method, path and body; version: from If-Match
 *   p  the next path parameter, as text (checked to be a UUID where the name ends in id)
 *   q  the checked query as jsonb          b  the checked body as jsonb
 *   u  the uploaded text                   k  seal key of the first path parameter, hex
 *   t  the key under which second factors are kept, hex
 *   T  256 fresh random bits, hex (a token to be shown once)
 *   h  where people reach this service, as https://host: for links that are followed elsewhere  */
struct route {
    const char *method;
    const char *path; /* "/items/{id}/choice"; a name ending in id must be a UUID */
    unsigned perm;
    const char *sql;          /* "select * from api.item_choose($1,$2,$3,$4)" or NULL with `flow` */
    const char *args;         /* "srpb" */
    const struct field *form; /* of the body, or of the query for GET; NULL: nothing is taken */
    unsigned flags;
    const struct flow_step *flow; /* several waits */
    const char *summary;          /* one line for openapi.yaml */
    const char *question;         /* of flow_match: its name for api.match_ask; else NULL */
};

extern const struct route routes[];
extern const size_t n_routes;

#endif
