/* page_render.c - see page.h: what a template finds, and the answer. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "auth/credential.h"
#include "crypto.h"
#include "gateway.h"
#include "pages/form_view.h"
#include "moment.h"
#include "pages/page.h"
#include "pages/page_cache.h"
#include "pages/pages.h"
#include "pages/ways.h"
#include "reply.h"
#include "req.h"
#include "router.h"
#include "str.h"

#define HTML_MAX (8u << 20)
#define PAGES_AROUND 2 /* the present one in the list of pages */

/* --- the object `page` ------------------------------------------------------------------------ */

static const char *path_of(struct req *req)
{
    return arena_dup(&req->arena, req->head.path.at ? req->head.path.at : "/",
                     req->head.path.at ? req->head.path.len : 1);
}

/* Of the page, also where a posted form shows it again. */
static const char *page_path(struct req *req)
{
    const struct page_call *page = req->page;

    if (page->page && !req_is_safe(req))
        return site_expand(page->page, page->page->row->path, page->params, NULL, &req->arena);
    return path_of(req);
}

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

/* A wish of the reader's, kept in a cookie; only what is known. */
static void set_wish(struct req *req, json_t *page, const char *name, const char *const *known)
{
    const char *wish = req_cookie(req, name);

    for (; wish && *known; known++)
        if (strcmp(wish, *known) == 0)
            set_text(page, name, wish);
}

static json_t *frame_of(struct req *req)
{
    struct page_call *page = req->page;
    json_t *frame = page->n_slots >= 2 ? page->slots[page->n_slots - 2].json : NULL;

    return frame ? frame : req->gw->site->frame;
}

static void add_frame(struct req *req, json_t *page)
{
    json_t *frame = frame_of(req), *me = json_object_get(frame, "me");

    json_object_set(page, "site", json_object_get(frame, "site"));
    if (!json_is_object(me) || req->credential == CRED_NONE)
        me = NULL;
    json_object_set(page, "ways", ways_of(req->gw->site->ways, me));
    if (me) {
        json_object_set(page, "me", me);
        json_object_set(page, "role_any", json_object_get(me, "any"));
        set_text(page, "csrf", credential_csrf(req, req->session));
    }
}

static void add_number(json_t *list, json_int_t n, json_int_t current)
{
    json_array_append_new(list, json_pack("{s:I, s:b}", "n", n, "current", n == current));
}

/* First, last and those around the present one; a gap is an entry without n. */
static json_t *page_numbers(json_int_t current, json_int_t last)
{
    json_t *list = json_array();
    json_int_t shown = 0;

    for (json_int_t n = 1; n <= last; n++) {
        if (n != 1 && n != last && (n < current - PAGES_AROUND || n > current + PAGES_AROUND))
            continue;
        if (n > shown + 1)
            json_array_append_new(list, json_pack("{s:b}", "gap", 1));
        add_number(list, n, current);
        shown = n;
    }
    return list;
}

/* The engine ranks and does not count: after a full page of it there may be another. */
static json_int_t counted(const json_t *main_doc, json_int_t current, json_int_t size)
{
    const json_t *total = json_object_get(main_doc, "total");
    json_int_t here = (json_int_t)json_array_size(json_object_get(main_doc, "items"));

    if (total)
        return json_integer_value(total);
    return (current - 1) * size + here + (here >= size);
}

static void add_paging(json_t *page, const json_t *main_doc)
{
    json_int_t size = json_integer_value(json_object_get(main_doc, "size"));
    json_int_t current = json_integer_value(json_object_get(main_doc, "page"));
    json_int_t total = size > 0 && current > 0 ? counted(main_doc, current, size) : 0;
    json_int_t last = total > 0 ? (total + size - 1) / size : 0;

    if (last < 1)
        return;
    if (current > 1)
        json_object_set_new(page, "prev_page", json_integer(current - 1));
    if (current < last)
        json_object_set_new(page, "next_page", json_integer(current + 1));
    json_object_set_new(page, "from", json_integer((current - 1) * size + 1));
    json_object_set_new(page, "to", json_integer(current < last ? current * size : total));
    if (last > 1)
        json_object_set_new(page, "pages", page_numbers(current, last < 5000 ? last : 5000));
}

/* Only the keys of sentences, never text of somebody else's. */
static void add_flash(struct req *req, json_t *page)
{
    const char *done = json_string_value(json_object_get(req->page->query, "_done"));
    char key[100];

    if (!done || strlen(done) > 60)
        return;
    snprintf(key, sizeof(key), "done.%s", done);
    set_text(page, "done", pages_sentence(req->gw->site->pages, true, key) ? done : "default");
}

/* What stands in the places of {names} in the page's path. */
static void add_params(struct req *req, json_t *page)
{
    const struct page_call *call = req->page;
    const char *open = call->page ? strchr(call->page->row->path, '{') : NULL;
    json_t *params = json_object();
    char name[64];

    for (size_t i = 0; open && i < COUNT_OF(call->params); i++, open = strchr(open + 1, '{')) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(open + 1, "}"), open + 1);
        set_text(params, name, call->params[i]);
    }
    json_object_set_new(page, "params", params);
}

static json_t *page_object(struct req *req, const json_t *main_doc)
{
    static const char *const themes[] = { "light", "dark", NULL }, *const texts[] = { "large",
                                                                                      NULL };
    bool zh = strcmp(req->lang, "zh") == 0;
    json_t *page = json_pack("{s:s, s:b, s:b}", "lang", zh ? "zh-CN" : "en", "zh", zh, "en", !zh);
    char url[2048];

    if (!page)
        return NULL;
    const char *path = page_path(req);
    bool query = req_is_safe(req) && req->head.query.len > 0 && req->head.query.len < 1500;
    snprintf(url, sizeof(url), "%s%s%.*s", path ? path : "/", query ? "?" : "",
             query ? (int)req->head.query.len : 0, req->head.query.at);
    set_text(page, "path", path);
    set_text(page, "url", url);
    set_text(page, "registration", req->gw->conf.registration);
    json_object_set_new(page, "query", json_object());
    if (req->page->query)
        json_object_set(page, "query", req->page->query);
    if (req->page->page)
        set_text(page, "template", req->page->page->row->template);
    json_object_set(page, "assets", req->gw->site->assets);
    set_wish(req, page, "theme", themes);
    set_wish(req, page, "text", texts);
    set_text(page, "base", req_site(req));
    add_params(req, page);
    add_frame(req, page);
    add_paging(page, main_doc);
    add_flash(req, page);
    return page;
}

/* --- the object `form` ------------------------------------------------------------------------ */

/* The version that the form was made from: what the row names, or the page's own document where
 * the form changes that. */
static long long version_of(struct req *req, const json_t *root, const json_t *main_doc,
                            const char *path)
{
    const struct site_page *page = req->page->page;
    const json_t *version = json_object_get(main_doc, "version");
    const char *main_path = NULL;

    if (page->version)
        return json_integer_value(form_value_at(root, page->version));
    if (page->n_docs > 0)
        main_path = site_expand(page, page->docs[0].target, req->page->params, NULL, &req->arena);
    if (!main_path)
        return 0;
    size_t len = strcspn(main_path, "?");
    if (len > 5 && memcmp(main_path + len - 5, "/work", 5) == 0)
        len -= 5;
    return strncmp(path, main_path, len) == 0 ? json_integer_value(version) : 0;
}

static void add_action(struct req *req, json_t *form, const json_t *root, const json_t *main_doc)
{
    const struct site_page *page = req->page->page;
    const struct route *route = router_route(req->gw->router, (size_t)page->form);
    const char *path = site_expand(page, page->form_path, req->page->params, NULL, &req->arena);
    long long version = path ? version_of(req, root, main_doc, path) : 0;
    char key[CRYPTO_UUID];
    struct buf out;

    buf_init(&out, 8192);
    out.failed = crypto_uuid(key) < 0;
    buf_addf(&out, "%s?_key=%s", path ? path : "", key);
    if (strcmp(route->method, "POST") != 0)
        buf_addf(&out, "&_method=%s", route->method);
    if (version > 0)
        buf_addf(&out, "&_version=%lld", version);
    if (!out.failed)
        set_text(form, "action", out.data);
    buf_release(&out);
}

/* Values given in the query of the page win over what is stored: links may fill in a field. */
static json_t *start_values(struct req *req, const json_t *root)
{
    const struct site_page *page = req->page->page;
    const char *path =
        page->values ? site_expand(page, page->values, req->page->params, NULL, &req->arena) : NULL;
    const json_t *from = path ? form_value_at(root, path) : NULL;
    json_t *values = json_is_object(from) ? json_copy((json_t *)(uintptr_t)from) : json_object();
    const char *name;
    json_t *value;

    json_object_foreach(req->page->query, name, value)
    {
        if (name[0] != '_')
            json_object_set(values, name, value);
    }
    return values;
}

/* Does the step that the form asks for, as the document offers it, take the password again? */
static bool is_weighty(const json_t *main_doc, const json_t *form)
{
    const char *event = json_string_value(form_value_at(form, "field.event.value"));
    const json_t *action;
    size_t i;

    json_array_foreach(json_object_get(main_doc, "actions"), i, action)
    {
        const char *name = json_string_value(json_object_get(action, "event"));

        if (event && name && strcmp(event, name) == 0)
            return json_is_true(json_object_get(action, "weighty"));
    }
    return false;
}

/* Nobody is signed in any more: not the 401 of a wrong password or code. */
static bool session_is_over(const struct page_call *page)
{
    const char *slug = json_string_value(json_object_get(page->problem, "slug"));

    return slug && (strcmp(slug, "session_missing") == 0 || strcmp(slug, "session_expired") == 0);
}

/* -1: memory is out. */
static int add_form(struct req *req, json_t *root, const json_t *page_json, const json_t *main_doc)
{
    struct page_call *page = req->page;
    const struct route *route = router_route(req->gw->router, (size_t)page->page->form);
    const char *slug = json_string_value(json_object_get(page->problem, "slug"));
    bool conflict = page->typed && slug && strcmp(slug, "version_conflict") == 0;
    json_t *values = start_values(req, root);
    struct form_view in = {
        .site = req->gw->site,
        .page = page->page,
        .form = route->form,
        .zh = strcmp(req->lang, "zh") == 0,
        .values = values,
        .typed = page->typed,
        .errors = json_object_get(page->problem, "errors"),
        .root = root,
        .conflict = conflict,
    };
    json_t *form = form_view(&in);

    json_decref(values);
    if (!form)
        return -1;
    add_action(req, form, root, main_doc);
    json_object_set_new(form, "weighty",
                        json_boolean((route->flags & ROUTE_REAUTH) || is_weighty(main_doc, form)));
    json_object_set_new(form, "upload", json_boolean(route->flags & ROUTE_UPLOAD));
    json_object_set_new(form, "failed", json_boolean(page->problem != NULL));
    json_object_set_new(form, "conflict", json_boolean(conflict));
    json_object_set_new(form, "again", json_boolean(session_is_over(page)));
    if (page->typed)
        json_object_set(form, "values", page->typed);
    set_text(form, "next", page_next(req));
    set_text(form, "csrf", json_string_value(json_object_get(page_json, "csrf")));
    return json_object_set_new(root, "form", form);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The problem's slug beside its type, for templates to tell by. */
static void add_problem(struct page_call *page, json_t *root)
{
    const char *type = json_string_value(json_object_get(page->problem, "type"));
    const char *slash = type ? strrchr(type, '/') : NULL;

    if (!page->problem)
        return;
    json_object_del(page->problem, "detail"); /* the same in the other language */
    set_text(page->problem, "slug", slash ? slash + 1 : type);
    json_object_set(root, "problem", page->problem);
}

/* The documents by their names, what stands beside the template, what is shown once. */
static void add_documents(const struct page_call *page, json_t *root)
{
    for (size_t i = 0; i < page->n_slots; i++)
        if (page->slots[i].doc && page->slots[i].json)
            json_object_set(root, page->slots[i].doc->name, page->slots[i].json);
    if (page->page && page->page->own)
        json_object_update_missing(root, page->page->own);
    if (page->shown && page->page)
        json_object_set(root, page->page->shows, page->shown);
}

/* -1: memory is out. */
static int fill_context(struct req *req, json_t *root)
{
    struct page_call *page = req->page;
    const json_t *main_doc = page->page && page->page->n_docs > 0 ? page->slots[0].json : NULL;
    json_t *object = page_object(req, main_doc);

    add_documents(page, root);
    if (!object || json_object_set_new(root, "page", object) < 0)
        return -1;
    add_problem(page, root);
    if (!page->page || page->page->form < 0)
        return 0;
    return add_form(req, root, object, main_doc);
}

static json_t *context_of(struct req *req)
{
    json_t *root = json_object();

    if (root && fill_context(req, root) < 0) {
        json_decref(root);
        return NULL;
    }
    return root;
}

/* The database's clock, which tests move. */
static int64_t now_of(struct req *req)
{
    const char *text = json_string_value(form_value_at(frame_of(req), "site.now"));
    struct moment now;

    return text && moment_read(text, strlen(text), &now) ? now.unix_time : time(NULL);
}

static void send_html(struct req *req, const struct buf *html, int status)
{
    if (!req->extra.data || !strstr(req->extra.data, "Content-Language:"))
        reply_header(req, "Content-Language", req->lang);
    reply_send(req, &(struct reply){ .status = status,
                                     .type = HTML_TYPE,
                                     .body = html->data ? html->data : "",
                                     .len = html->len,
                                     .compress = true });
}

int page_render(struct req *req, const char *name, int status)
{
    struct site *site = req->gw->site;
    json_t *root = req_keep_json(req, context_of(req));
    struct page_env env = { .zh = strcmp(req->lang, "zh") == 0,
                            .now = now_of(req),
                            .codes = site->codes };
    struct buf html;
    int rc;

    if (!root)
        return -1;
    req->page->state = PAGE_SENDING;
    buf_init(&html, HTML_MAX);
    rc = pages_render(site->pages, name, &env, root, &html);
    if (rc == 0 && !(status == 200 && page_cache_answer(req, &html)))
        send_html(req, &html, status);
    buf_release(&html);
    return rc;
}
