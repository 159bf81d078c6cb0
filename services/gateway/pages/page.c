/* page.c - see page.h: the documents of a page, asked for together. */
#include "pages/page.h"

#include <string.h>

#include "args.h"
#include "flows/flow.h"
#include "flows/stmts.h"
#include "gateway.h"
#include "http/cache.h"
#include "http/urlencoded.h"
#include "log.h"
#include "reply.h"
#include "req.h"
#include "router.h"
#include "str.h"

#define FRAME_KEY "page frame"

static void finish(struct req *req);

static void settle(struct req *req)
{
    if (--req->page->waiting == 0)
        finish(req);
}

static json_t *read_document(struct req *req, const char *text, size_t len)
{
    return text ? req_keep_json(req, json_loadb(text, len, 0, NULL)) : NULL;
}

/* --- what a statement brought ----------------------------------------------------------------- */

static void keep_public(const struct page_slot *slot, const struct sql_result *row)
{
    struct gateway *gw = slot->req->gw;
    const char *body = sql_get(row, "body");
    struct cache_entry *entry;

    if (!slot->target || !body || gw->conf.cache_mb == 0)
        return;
    entry =
        cache_put(gw->cache, slot->generation, (struct span){ slot->target, strlen(slot->target) },
                  "application/json", sql_get(row, "version"), body, sql_len(row, "body"));
    if (entry)
        cache_release(entry);
}

/* The page's own document was refused: the refusal is written as for a program, and taken. */
static void refuse_main(struct page_slot *slot, const struct sql_result *result)
{
    struct req *req = slot->req;

    req->page->taking = slot;
    if (result->outcome == SQL_ROW)
        req_refuse(req, "not_found", NULL);
    else
        reply_no_row(req, result);
}

static bool is_main(const struct page_slot *slot)
{
    return slot->doc && slot->doc == &slot->req->page->page->docs[0];
}

static void on_document(void *arg, const struct sql_result *result)
{
    struct page_slot *slot = arg;
    struct req *req = slot->req;

    slot->call = NULL;
    if (result->outcome == SQL_ROW) {
        slot->json = read_document(req, sql_get(result, "body"), sql_len(result, "body"));
        keep_public(slot, result);
    }
    if (!slot->json && slot->doc && !slot->doc->optional && is_main(slot)) {
        refuse_main(slot, result);
        return;
    }
    if (!slot->json && slot->doc && !slot->doc->optional && result->outcome != SQL_REFUSED)
        log_warn(req->gw->log, "a document of a page is missing", LOG_S("rid", req->rid),
                 LOG_S("document", slot->doc->name), LOG_S("why", result->message));
    settle(req);
}

/* --- asking ----------------------------------------------------------------------------------- */

static json_t *kept_public(struct req *req, const char *target)
{
    struct cache_entry *entry = cache_find(req->gw->cache, (struct span){ target, strlen(target) });

    return entry ? read_document(req, entry->form[CACHE_PLAIN].body,
                                 entry->form[CACHE_PLAIN].body_len)
                 : NULL;
}

static void send_statement(struct page_slot *slot, const struct sql_stmt *stmt,
                           const struct sql_args *args)
{
    struct req *req = slot->req;

    slot->generation = cache_generation(req->gw->cache);
    slot->call = sql_pool_run(req->gw->pool, stmt, args, on_document, slot);
    slot->counted = slot->call != NULL;
    req->page->waiting += slot->counted;
}

/* The request stands for the document's own while its arguments are bound. */
struct standing {
    const struct route *route;
    size_t index;
    const char *params[REQ_PARAMS_MAX];
    int n_params;
    json_t *query;
    struct span method;
};

static struct standing stand_for(struct req *req, const struct route_match *match, json_t *query)
{
    struct standing before = { req->route,    req->route_index, { 0 },
                               req->n_params, req->query,       req->head.method };

    memcpy(before.params, req->params, sizeof(before.params));
    req->route = match->route;
    req->route_index = match->index;
    req->n_params = match->n_params;
    memcpy(req->params, match->params, sizeof(match->params));
    req->query = query;
    req->head.method = (struct span){ "GET", 3 };
    return before;
}

static void stand_back(struct req *req, const struct standing *before)
{
    req->route = before->route;
    req->route_index = before->index;
    req->n_params = before->n_params;
    memcpy(req->params, before->params, sizeof(before->params));
    req->query = before->query;
    req->head.method = before->method;
}

static void ask_statement(struct page_slot *slot, const struct route_match *match, json_t *query)
{
    struct req *req = slot->req;
    struct standing before = stand_for(req, match, query);
    struct sql_args args = { 0 };
    int rc = args_bind(req, match->route->args, &args);

    stand_back(req, &before);
    if (rc == 0)
        send_statement(slot, router_stmt(req->gw->router, match->index), &args);
}

/* The page's own document comes from a flow: the request stands for it until it answers. */
static void ask_flow(struct page_slot *slot, const struct route_match *match, json_t *query)
{
    struct req *req = slot->req;

    (void)stand_for(req, match, query);
    req->page->taking = slot;
    slot->counted = true;
    req->page->waiting++;
    flow_start(req, match->route->flow);
}

/* The document's query: what the row says, and the page's own where it hands it on. Not what
 * begins with '_': that is for the page. */
static int query_of(struct req *req, const struct site_doc *doc, const char *target, json_t **ret)
{
    const char *mark = strchr(target, '?'), *slug = NULL, *name;
    json_t *input = NULL, *clean = NULL, *errors = NULL, *value;
    static const struct field nothing[] = { { 0 } };

    if (form_from_urlencoded(&req->arena, mark ? mark + 1 : "", mark ? strlen(mark + 1) : 0, &input,
                             &slug) < 0)
        return -1;
    if (doc->own_query)
        json_object_foreach(req->page->query, name, value)
        {
            if (name[0] != '_')
                json_object_set(input, name, value);
        }
    if (form_check(&req->arena, doc->route->form ? doc->route->form : nothing, input, &clean,
                   &errors) == FORM_GOOD) {
        *ret = json_object_size(clean) > 0 || doc->route->form ? clean : NULL;
        return 0;
    }
    if (!doc->own_query || doc->optional || !errors)
        return -1;
    json_t *params = json_pack("{s:O}", "errors", errors);
    req->page->taking = &req->page->slots[0];
    req_refuse(req, "invalid", params);
    json_decref(params);
    return 1;
}

/* A public document's place among the kept answers is its target, as a program asks for it. */
static const char *kept_target(struct req *req, const struct site_doc *doc, const char *target)
{
    if (!(doc->route->flags & ROUTE_CACHED) || (doc->own_query && req->head.query.len > 0))
        return NULL;
    return arena_dup(&req->arena, target, strlen(target));
}

static void ask_document(struct page_slot *slot)
{
    struct req *req = slot->req;
    const struct site_doc *doc = slot->doc;
    const struct page_call *page = req->page;
    const char *target = site_expand(page->page, doc->target, page->params,
                                     page->typed ? page->typed : page->query, &req->arena);
    struct route_match match = { 0 };
    struct span path = { target, target ? strcspn(target, "?") : 0 };
    json_t *query = NULL;

    if (!target)
        return;
    slot->target = kept_target(req, doc, target);
    if (slot->target && (slot->json = kept_public(req, slot->target)))
        return;
    int rc = query_of(req, doc, target, &query);
    if (rc != 0 ||
        router_find(req->gw->router, &req->arena, (struct span){ "GET", 3 }, path, &match) < 0)
        return;
    if (!match.route) {
        if (is_main(slot)) {
            req->page->taking = slot;
            req_refuse(req, "not_found", NULL);
        }
        return;
    }
    if (match.route->flow)
        ask_flow(slot, &match, query);
    else
        ask_statement(slot, &match, query);
}

static struct page_slot *add_slot(struct req *req, const struct site_doc *doc)
{
    struct page_slot *slot = &req->page->slots[req->page->n_slots++];

    *slot = (struct page_slot){ .req = req, .doc = doc };
    return slot;
}

static void ask_frame(struct req *req)
{
    struct page_slot *slot = add_slot(req, NULL);
    struct sql_args args = { 0 };

    if (req->credential == CRED_NONE) {
        slot->target = FRAME_KEY;
        slot->json = kept_public(req, slot->target);
        if (slot->json)
            return;
        sql_text(&args, NULL);
    } else {
        sql_bytes(&args, &req->arena, req->session, sizeof(req->session));
    }
    const struct route *route = req->route;
    req->route = NULL; /* its roles are not asked for */
    sql_text(&args, req_context(req));
    req->route = route;
    send_statement(slot, &stmt_page_frame, &args);
}

/* The words for codes are asked for once and after each announcement of a change. */
static void ask_codes(struct req *req)
{
    struct page_slot *slot = add_slot(req, NULL);
    struct sql_args args = { 0 };

    if (!req->gw->site->codes)
        send_statement(slot, &stmt_page_codes, &args);
}

static void look_again(struct gateway *gw)
{
    char why[4000];

    if (!site_refresh(gw->site, why, sizeof(why)))
        log_error(gw->log, "templates cannot be read", LOG_S("why", why));
}

void page_ask(struct req *req)
{
    struct page_call *page = req->page;

    if (req->gw->conf.web_watch)
        look_again(req->gw);
    page->state = PAGE_ASKING;
    page->generation = cache_generation(req->gw->cache);
    page->waiting = 1; /* nothing is finished while we ask */
    for (size_t i = 0; page->page && i < page->page->n_docs; i++)
        add_slot(req, &page->page->docs[i]);
    ask_frame(req);
    ask_codes(req);
    for (size_t i = 0; page->page && i < page->page->n_docs && !page->main_refused; i++)
        ask_document(&page->slots[i]);
    settle(req);
}

/* --- when all is here ------------------------------------------------------------------------- */

static void keep_codes(struct req *req)
{
    struct page_call *page = req->page;
    json_t *codes = page->slots[page->n_slots - 1].json;
    json_t *frame = page->slots[page->n_slots - 2].json;
    struct site *site = req->gw->site;

    if (codes && !site->codes)
        site->codes = json_incref(codes);
    if (frame && req->credential == CRED_NONE) {
        json_decref(site->frame);
        site->frame = json_incref(frame);
    }
}

/* Nobody is signed in where somebody must be: on to the sign-in, and back afterwards. */
void page_to_sign_in(struct req *req)
{
    struct buf target;

    buf_init(&target, 8192);
    buf_adds(&target, "/sign-in?_next=");
    buf_add_percent(&target, req->head.target.at, req->head.target.len, "-./");
    page_redirect(req, target.failed ? "/sign-in" : target.data);
    buf_release(&target);
}

static bool has_role(const json_t *roles, const struct route *route)
{
    if (route->perm & (PERM_PUBLIC | PERM_SIGNED))
        return true;
    for (size_t i = 0; i < n_perm_names; i++)
        if (route->perm & perm_names[i].bit && json_object_get(roles, perm_names[i].name))
            return true;
    return false;
}

/* A form that the reader may not send is not shown: the refusal is. */
static void check_form_role(struct req *req)
{
    struct page_call *page = req->page;
    const json_t *frame = page->slots[page->n_slots - 2].json, *me = json_object_get(frame, "me");
    const struct route *route;

    if (!page->page || page->page->form < 0 || page->problem || page->shown)
        return;
    route = router_route(req->gw->router, (size_t)page->page->form);
    if (!frame &&
        req->credential != CRED_NONE) /* the database is busy: that is nobody's sign-out */
        req_refuse(req, "unavailable", NULL);
    else if (!json_is_object(me) && !(route->perm & PERM_PUBLIC))
        req_refuse(req, "session_missing", NULL);
    else if (!has_role(json_object_get(me, "role"), route))
        req_refuse(req, "role_missing", NULL);
}

static void finish(struct req *req)
{
    struct page_call *page = req->page;
    const char *name = page->page ? page->page->row->template : "problem";

    keep_codes(req);
    if (req->gone)
        return;
    check_form_role(req);
    if (page->main_refused && page->status == 401 && !page->typed) {
        page_to_sign_in(req);
        return;
    }
    if (page->main_refused || !page->page)
        name = page->typed && page->page ? "again" : "problem";
    if (page_render(req, name, page->status ? page->status : 200) < 0) {
        page->state = PAGE_SENDING;
        reply_empty(req, 500);
    }
}

/* --- what a flow, or a refusal, answered ------------------------------------------------------ */

static void take_document(struct req *req, const struct reply *reply, bool problem)
{
    struct page_call *page = req->page;
    struct page_slot *slot = page->taking;
    json_t *json = read_document(req, reply->body, reply->len);

    page->taking = NULL;
    if (problem) {
        /* what was refused to the form before is the more important one */
        if (!page->problem) {
            page->problem = json;
            page->status = reply->status;
        }
        page->main_refused = true;
    } else if (slot) {
        slot->json = json;
    }
    if (slot && slot->counted)
        settle(req);
}

bool page_take(struct req *req, const struct reply *reply)
{
    bool problem = reply->type && str_starts(reply->type, "application/problem+json");

    if (!req->html || !req->gw->site)
        return false;
    if (req->page && req->page->state == PAGE_SENDING)
        return false;
    if (req->page && req->page->state == PAGE_ASKING) {
        take_document(req, reply, problem);
        return true;
    }
    if (problem)
        return page_refused(req, reply);
    return req->page && req->page->state == PAGE_ACTING && page_done(req, reply);
}

void page_leave(struct req *req)
{
    if (!req->page)
        return;
    for (size_t i = 0; i < req->page->n_slots; i++)
        if (req->page->slots[i].call)
            sql_call_detach(req->page->slots[i].call);
    req->page->n_slots = 0;
}
