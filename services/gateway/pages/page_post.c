/* page_post.c - see page.h: which face a request has, and forms posted by browsers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch.h"
#include "flows/flow.h"
#include "flows/flows.h"
#include "gateway.h"
#include "http/urlencoded.h"
#include "pages/form_view.h"
#include "pages/page.h"
#include "pages/preferences.h"
#include "reply.h"
#include "req.h"
#include "router.h"
#include "str.h"

/* --- which face ------------------------------------------------------------------------------- */

bool page_is_wanted(struct span accept)
{
    return accept.len >= 9 && memmem(accept.at, accept.len, "text/html", 9);
}

static bool wants_html(struct req *req)
{
    const struct http_field *accept = http_head_field(&req->head, "Accept");

    return accept && page_is_wanted(accept->value);
}

static bool is_form_post(struct req *req)
{
    const struct http_field *type = http_head_field(&req->head, "Content-Type");
    static const char form[] = "application/x-www-form-urlencoded";

    return !req_is_safe(req) && (!type || (type->value.len >= sizeof(form) - 1 &&
                                           memcmp(type->value.at, form, sizeof(form) - 1) == 0));
}

static struct page_call *page_of(struct req *req)
{
    if (!req->page)
        req->page = arena_alloc(&req->arena, sizeof(*req->page));
    return req->page;
}

bool page_is_local(const char *target)
{
    return target && str_is_local(target, strlen(target));
}

/* ?_method=PUT&_version=7&_key=<uuid>: what a form's action says beside the path. */
static int read_action(struct req *req)
{
    struct page_call *page = page_of(req);
    json_t *query = NULL;
    const char *slug = NULL, *method, *version;

    if (!page)
        return req_refuse(req, "internal", NULL);
    if (form_from_urlencoded(&req->arena, req->head.query.at, req->head.query.len, &query, &slug) <
        0)
        return req_refuse(req, strcmp(slug, "no_memory") == 0 ? "internal" : slug, NULL);
    method = json_string_value(json_object_get(query, "_method"));
    version = json_string_value(json_object_get(query, "_version"));
    page->next = json_string_value(json_object_get(query, "_next"));
    req->key = json_string_value(json_object_get(query, "_key"));
    if (method && (strcmp(method, "PUT") == 0 || strcmp(method, "DELETE") == 0))
        req->head.method = (struct span){ method, strlen(method) };
    if (version && strlen(version) < 10 && version[strspn(version, "0123456789")] == '\0')
        req->if_version = version;
    static const char *const ours[] = { "_method", "_version", "_key", "_next" };
    size_t n_ours = 0;
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        n_ours += json_object_get(query, ours[i]) != NULL;
    if (json_object_size(query) == n_ours) /* left in it: the request points at their texts */
        req->head.query.len = 0;           /* anything else is refused as ever */
    return 0;
}

static void read_language(struct req *req)
{
    const char *lang = req_cookie(req, "lang");

    if (lang && (strcmp(lang, "zh") == 0 || strcmp(lang, "en") == 0))
        req->lang = *lang == 'z' ? "zh" : "en";
}

static int find_page(struct req *req)
{
    const struct site *site = req->gw->site;
    struct route_match match = { 0 };
    struct page_call *page;

    if (router_find(site->router, &req->arena, (struct span){ "GET", 3 }, req->head.path, &match) <
        0)
        return req_refuse(req, "internal", NULL);
    if (!match.route)
        return 0;
    page = page_of(req);
    if (!page)
        return req_refuse(req, "internal", NULL);
    page->page = &site->list[match.index];
    memcpy(page->params, match.params, sizeof(page->params));
    req->route = match.route;
    req->route_index = match.index;
    req->head_only = req_is(req, "HEAD");
    return 0;
}

int page_check_face(struct req *req)
{
    if (!req->gw->site || !wants_html(req))
        return 0;
    req->html = true;
    read_language(req);
    if (req_is(req, "GET") || req_is(req, "HEAD"))
        return preferences_take(req) ? -1 : find_page(req);
    return is_form_post(req) ? read_action(req) : 0;
}

bool page_defers(struct req *req)
{
    if (!req->html || !req->page || !is_form_post(req) ||
        req->gw->site->by_form[req->route_index] < 0)
        return false;
    req->page->refused = "session_missing";
    return true;
}

/* --- a posted form ---------------------------------------------------------------------------- */

static const char *take_text(struct req *req, json_t *input, const char *name)
{
    const char *text = json_string_value(json_object_get(input, name));
    const char *copy = text ? arena_dup(&req->arena, text, strlen(text)) : NULL;

    json_object_del(input, name);
    return copy && *copy ? copy : NULL;
}

int page_take_input(struct req *req, json_t *input)
{
    struct page_call *page = page_of(req);
    int form = page ? req->gw->site->by_form[req->route_index] : -1;

    if (!page)
        return -1;
    page->state = PAGE_ACTING;
    if (form >= 0) {
        page->page = &req->gw->site->list[form];
        memcpy(page->params, req->params, sizeof(page->params));
    }
    page->more = take_text(req, input, "_more");
    page->drop = take_text(req, input, "_drop");
    page->up = take_text(req, input, "_up");
    page->password = take_text(req, input, "_password");
    page->code = take_text(req, input, "_code");
    const char *next = take_text(req, input, "_next");
    page->next = next ? next : page->next;
    page->typed = req_keep_json(req, json_deep_copy(input));
    if (!page->typed || form_from_browser(req->route->form, input) < 0)
        return -1;
    json_object_del(page->typed, "csrf");
    return 0;
}

/* The list at "indicators", "partners[0].people" or "rules.criteria.need" in what was typed. */
static json_t *typed_list(json_t *typed, const char *name, bool make)
{
    json_t *at = typed;

    while (at && *name) {
        size_t len = strcspn(name, ".[");
        char member[80], *end;

        if (*name == '[') {
            at = json_array_get(at, strtoul(name + 1, &end, 10));
            name = *end == ']' ? end + 1 : "";
        } else if (len == 0 || len >= sizeof(member)) {
            return NULL;
        } else {
            snprintf(member, sizeof(member), "%.*s", (int)len, name);
            if (make && !name[len] && json_is_object(at) && !json_object_get(at, member))
                json_object_set_new(at, member, json_array());
            at = json_object_get(at, member);
            name += len;
        }
        name += *name == '.';
    }
    return json_is_array(at) ? at : NULL;
}

static void lengthen(struct page_call *page)
{
    json_t *list = typed_list(page->typed, page->more, true);

    if (!list)
        return;
    if (json_array_size(list) == 0) /* the blank row that was shown stays */
        json_array_append_new(list, json_object());
    if (json_array_size(list) < 200)
        json_array_append_new(list, json_object());
}

/* "indicators.2": the list and the place in it of a row that a button names. */
static json_t *typed_row(struct page_call *page, const char *what, size_t *ret)
{
    const char *dot = strrchr(what, '.');
    char name[160];
    long index;
    json_t *list;

    if (!dot || (size_t)(dot - what) >= sizeof(name) || str_to_long(dot + 1, 0, 999, &index) < 0)
        return NULL;
    snprintf(name, sizeof(name), "%.*s", (int)(dot - what), what);
    list = typed_list(page->typed, name, false);
    *ret = (size_t)index;
    return (size_t)index < json_array_size(list) ? list : NULL;
}

static void shorten(struct page_call *page)
{
    size_t index = 0;
    json_t *list = typed_row(page, page->drop, &index);

    if (list)
        json_array_remove(list, index);
}

/* The row changes places with the one above it. */
static void raise_row(struct page_call *page)
{
    size_t index = 0;
    json_t *list = typed_row(page, page->up, &index), *row = json_array_get(list, index);

    if (!row || index == 0)
        return;
    json_incref(row);
    if (json_array_remove(list, index) == 0)
        json_array_insert(list, index - 1, row);
    json_decref(row);
}

bool page_asks_for_rows(const struct req *req)
{
    const struct page_call *page = req->page;

    return req->html && page && page->page && (page->more || page->drop || page->up);
}

bool page_before_act(struct req *req)
{
    struct page_call *page = req->page;

    if (!req->html || !page || page->state != PAGE_ACTING)
        return false;
    if (page->refused) {
        req_refuse(req, page->refused, NULL);
        return true;
    }
    if (page_asks_for_rows(req)) {
        if (page->more)
            lengthen(page);
        if (page->drop)
            shorten(page);
        if (page->up)
            raise_row(page);
        page_ask(req);
        return true;
    }
    /* also where the route is not always weighty: an event of its machine may be */
    if (!page->password || req->credential != CRED_COOKIE)
        return false;
    page->body = req->body;
    req->body = req_keep_json(
        req, json_pack("{s:s, s:s?}", "password", page->password, "code", page->code));
    if (!req->body)
        req_refuse(req, "internal", NULL);
    else
        flow_start(req, flow_reauth_then_act);
    return true;
}

/* --- afterwards ------------------------------------------------------------------------------- */

void page_redirect(struct req *req, const char *target)
{
    if (!req->page && !page_of(req)) {
        reply_empty(req, 500);
        return;
    }
    req->page->state = PAGE_SENDING;
    reply_header(req, "Location", target);
    reply_empty(req, 303);
}

static const char *location_of(struct req *req)
{
    static const char name[] = "Location: ";
    const char *at = req->extra.data ? strstr(req->extra.data, name) : NULL;

    if (!at)
        return NULL;
    at += sizeof(name) - 1;
    return arena_dup(&req->arena, at, strcspn(at, "\r"));
}

/* The new thing's own page, where there is one. */
static bool has_page(struct req *req, const char *target)
{
    struct route_match match = { 0 };
    struct span path = { target, strcspn(target, "?") };

    return router_find(req->gw->site->router, &req->arena, (struct span){ "GET", 3 }, path,
                       &match) == 0 &&
           match.route;
}

const char *page_next(const struct req *req)
{
    const char *next = req->page->next;

    if (!next)
        next = json_string_value(json_object_get(req->page->query, "_next"));
    return page_is_local(next) ? next : NULL;
}

/* Of a new thing the page for those who work on it, where there is one: nobody else sees it yet. */
static const char *page_of_new(struct req *req, const char *location)
{
    const char *work = arena_printf(&req->arena, "%s/work", location);

    if (work && has_page(req, work))
        return work;
    return has_page(req, location) ? location : NULL;
}

/* Up from the form's path to the next page. */
static const char *page_above(struct req *req, const char *path)
{
    char *up = arena_dup(&req->arena, path, strlen(path)), *slash;

    while (up && (slash = strrchr(up, '/')) && slash != up) {
        *slash = '\0';
        if (has_page(req, up))
            return up;
    }
    return "/";
}

/* What was asked for in the form, what the row says, the new thing, the page above. */
static const char *next_target(struct req *req)
{
    struct page_call *page = req->page;
    const char *location = location_of(req), *next = NULL;

    if (page_next(req))
        return page_next(req);
    if (page->page && page->page->next)
        next = site_expand(page->page, page->page->next, page->params, page->typed, &req->arena);
    if (next)
        return next;
    if (location)
        next = page_of_new(req, location);
    return next ? next
                : page_above(req, arena_dup(&req->arena, req->head.path.at, req->head.path.len));
}

static void drop_location(struct req *req)
{
    char *at = req->extra.data ? strstr(req->extra.data, "Location: ") : NULL;
    char *end = at ? strstr(at, "\r\n") : NULL;

    if (!end)
        return;
    memmove(at, end + 2, req->extra.len - (size_t)(end + 2 - req->extra.data) + 1);
    req->extra.len -= (size_t)(end + 2 - at);
}

/* The form has done its work: 303, with the key of the sentence that says so. */
bool page_done(struct req *req, const struct reply *reply)
{
    struct page_call *page = req->page;
    const char *target, *done;

    if (page->page && page->page->shows && reply->body) {
        page->shown = req_keep_json(req, json_loadb(reply->body, reply->len, 0, NULL));
        if (!(req->route->flags & ROUTE_NO_KEY)) /* a question stays, to be asked in other words */
            page->typed = NULL;
        drop_location(req);
        page_ask(req);
        return true;
    }
    target = next_target(req);
    drop_location(req);
    done = page->page ? page->page->done ? page->page->done : page->page->leaf : "";
    if (*done && !strchr(target, '#'))
        target = arena_printf(&req->arena, "%s%c_done=%s", target, strchr(target, '?') ? '&' : '?',
                              done);
    page_redirect(req, target ? target : "/");
    return true;
}

/* A refusal: the form again with all that was typed, or a page that says what the matter is. */
bool page_refused(struct req *req, const struct reply *reply)
{
    struct page_call *page = page_of(req);

    if (!page)
        return false;
    page->problem = req_keep_json(req, json_loadb(reply->body, reply->len, 0, NULL));
    page->status = reply->status;
    if (!page->problem)
        return false;
    if (page->status == 401 && req_is_safe(req)) {
        page_to_sign_in(req);
        return true;
    }
    if (!page->typed)
        page->page = NULL;
    page_ask(req);
    return true;
}

/* --- the flow of a GET ------------------------------------------------------------------------ */

static enum flow_next page_start(struct req *req)
{
    page_ask(req);
    return FLOW_PARKED;
}

const struct flow_step flow_page[] = {
    FLOW_STEP(page_start),
    FLOW_END,
};
