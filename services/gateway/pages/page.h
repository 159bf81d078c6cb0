/* page.h - what a browser asks for: a page instead of a document, and forms posted to the routes.
 *
 * A request that prefers text/html has a second face. Its GET finds a page (site.h), whose
 * documents are asked for at once and rendered together. Its POST of a form goes to the route
 * itself, with what HTML cannot say in the query: ?_method=PUT&_version=7&_key=<uuid>. After that
 * the browser is sent on (303); after a refusal the form's page is shown again with the reason and
 * all that was typed. reply.c hands every answer to page_take first, so neither routes nor flows
 * know of pages. */
#ifndef JB_PAGES_PAGE_H
#define JB_PAGES_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "http/parse.h"
#include "must.h"
#include "sql.h"
#include "pages/site.h"

#define HTML_TYPE "text/html; charset=utf-8"

struct page_call;
struct reply;
struct req;
struct sql_call;

enum page_state {
    PAGE_WAITING, /* for its turn: the checks are under way */
    PAGE_ACTING,  /* a posted form: the route's answer is to come */
    PAGE_ASKING,  /* the documents are to come */
    PAGE_SENDING, /* what is answered now goes to the browser */
};

/* One document under way. */
struct page_slot {
    struct req *req;
    const struct site_doc *doc; /* NULL: the frame, the codes */
    const char *target;         /* where it is kept, for a public one; or NULL */
    struct sql_call *call;
    uint64_t generation;
    bool counted; /* the page waits for it */
    json_t *json; /* belongs to the request; NULL: not there */
};

struct page_call {
    enum page_state state;
    const struct site_page *page; /* NULL: a problem without a page of its own */
    const char *params[4];
    json_t *query; /* as sent, texts; or NULL */

    json_t *typed;    /* of a posted form; or NULL */
    json_t *body;     /* its checked body, while the password is asked */
    const char *next; /* where the browser wants to be afterwards */
    /* a list to lengthen, a row to take out or to raise: nothing is sent */
    const char *more, *drop, *up;
    const char *password, *code;
    const char *refused; /* a slug to say once the body is here */

    json_t *problem;
    json_t *shown; /* an answer that is shown once */
    int status;
    bool main_refused;
    uint64_t generation; /* of the kept answers, when the documents were asked for */
    struct page_slot slots[SITE_DOCS_MAX + 2];
    size_t n_slots;
    size_t waiting;
    struct page_slot *taking; /* whose answer a flow is about to give */
};

/* Is this Accept a browser's? It names text/html; programs name JSON, or take anything. */
bool page_is_wanted(struct span accept);
/* One of the checks: is this a browser, in which language, what does its query say about a
 * form? Then the page of a GET. 0; -1 when it was answered. */
int MUST_CHECK page_check_face(struct req *req);
/* A form posted without a session is read first, so that nothing typed is lost; then refused. */
bool page_defers(struct req *req);
/* After the body of a posted form was read into `input`: takes out what is ours (csrf is not). 0;
 * -1 when memory is out. */
int MUST_CHECK page_take_input(struct req *req, json_t *input);
/* A posted form that wants a row more, fewer or moved, and no more than that. */
bool page_asks_for_rows(const struct req *req);
/* True: the request goes another way than to its route. */
bool page_before_act(struct req *req);

/* Every answer passes here. True: it has been taken, the page goes on by itself. */
bool page_take(struct req *req, const struct reply *reply);
/* The request ends before its documents have come. */
void page_leave(struct req *req);

/* Parts of the whole, in files of their own. */
void page_ask(struct req *req); /* page.c: asks for the documents, then renders */
int MUST_CHECK page_render(struct req *req, const char *name, int status); /* page_render.c */
/* The local target that the browser asked to be sent to afterwards, or NULL. */
const char *page_next(const struct req *req);
/* A place of this service: a path, not "//elsewhere". */
bool page_is_local(const char *target);
void page_redirect(struct req *req, const char *target); /* page_post.c */
void page_to_sign_in(struct req *req);
bool page_done(struct req *req, const struct reply *reply);
bool page_refused(struct req *req, const struct reply *reply);

#endif
