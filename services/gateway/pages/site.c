/* site.c - see site.h. */
#include "pages/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pages/pages.h"
#include "pages/ways.h"
#include "router.h"
#include "str.h"

#define PAGE(path, template, docs, form, more) { path, template, docs, form, more },
const struct page_row page_rows[] = {
#include "pages/account.def" /* sign-in, registration, my account, units */
#include "pages/bureau.def"  /* programmes, batches, needs, panels, lists, notices, objections */
#include "pages/case.def"    /* one challenge through its steps: claims, choice, contract */
#include "pages/expert.def"  /* experts' own work, administrators */
#include "pages/library.def" /* libraries, search, imports, codes, calendars, matching */
#include "pages/need.def"    /* needs: enterprise and county */
#include "pages/public.def"  /* what anybody may read */
#include "pages/style.def"   /* the parts that pages are made of */
};
const size_t n_page_rows = COUNT_OF(page_rows);
#undef PAGE

/* --- names in braces ------------------------------------------------------------------------- */

/* The index of a {name} among the parameters of the page's path, -1: it has none. */
static int param_index(const char *path, const char *name, size_t len)
{
    int index = 0;

    for (const char *at = strchr(path, '{'); at; at = strchr(at + 1, '{'), index++)
        if (strncmp(at + 1, name, len) == 0 && at[1 + len] == '}')
            return index;
    return -1;
}

const char *site_expand(const struct site_page *page, const char *pattern,
                        const char *const *params, const json_t *more, struct arena *arena)
{
    const char *open, *close, *value, *text = NULL;
    struct buf out;

    buf_init(&out, 8192);
    for (; (open = strchr(pattern, '{')) && (close = strchr(open, '}')); pattern = close + 1) {
        int index = param_index(page->row->path, open + 1, (size_t)(close - open) - 1);

        buf_add(&out, pattern, (size_t)(open - pattern));
        value =
            index >= 0
                ? params[index]
                : json_string_value(json_object_getn(more, open + 1, (size_t)(close - open) - 1));
        if (!value || !*value)
            out.failed = true;
        else
            buf_add_percent(&out, value, strlen(value), "-._~");
    }
    buf_adds(&out, pattern);
    if (!out.failed)
        text = arena_dup(arena, out.data, out.len);
    buf_release(&out);
    return text;
}

/* --- taking a row apart ----------------------------------------------------------------------- */

/* The next word of a row's text, in the arena; NULL at the end. */
static const char *next_word(struct arena *arena, const char **at)
{
    size_t len;
    const char *word;

    *at += strspn(*at, " ");
    len = strcspn(*at, " ");
    if (len == 0)
        return NULL;
    word = arena_dup(arena, *at, len);
    *at += len;
    return word;
}

/* The route of a pattern, its {names} standing for anything. */
static int find_route(const struct site *site, const char *method, const char *pattern)
{
    static const char id[] = "00000000-0000-0000-0000-000000000000";
    struct arena arena = { 0 };
    struct route_match match = { 0 };
    const char *open, *close;
    struct buf path;
    int rc = -1;

    buf_init(&path, 4096);
    for (const char *at = pattern; *at && *at != '?'; at = close) {
        open = at + strcspn(at, "{?");
        buf_add(&path, at, (size_t)(open - at));
        close = open;
        if (*open != '{')
            continue;
        close = strchr(open, '}');
        if (!close)
            break;
        close++;
        buf_adds(&path, id);
    }
    if (!path.failed && path.len > 0 &&
        router_find(site->api, &arena, (struct span){ method, strlen(method) },
                    (struct span){ path.data, path.len }, &match) == 0 &&
        match.route)
        rc = (int)match.index;
    buf_release(&path);
    arena_release(&arena);
    return rc;
}

/* Every {name} of the text is one of the page's path. */
static bool names_known(const struct page_row *row, const char *text)
{
    const char *close;

    for (const char *at = strchr(text, '{'); at; at = strchr(close, '{')) {
        close = strchr(at, '}');
        if (!close || param_index(row->path, at + 1, (size_t)(close - at) - 1) < 0)
            return false;
    }
    return true;
}

/* "name?=/path?query" */
static int take_doc(struct site *site, struct site_page *page, const char *word)
{
    const char *equals = strchr(word, '=');
    struct site_doc *doc = &page->docs[page->n_docs];
    size_t name = equals ? (size_t)(equals - word) : 0, len;
    int route;

    if (name == 0 || page->n_docs == SITE_DOCS_MAX)
        return -1;
    doc->optional = word[name - 1] == '?';
    if (!doc->optional && !names_known(page->row, equals))
        return -1;
    doc->name = arena_dup(&site->arena, word, name - doc->optional);
    len = strlen(equals + 1);
    doc->own_query = len > 2 && (strcmp(equals + 1 + len - 2, "?*") == 0 ||
                                 strcmp(equals + 1 + len - 2, "&*") == 0);
    doc->target = arena_dup(&site->arena, equals + 1, doc->own_query ? len - 2 : len);
    route = doc->target ? find_route(site, "GET", doc->target) : -1;
    if (route < 0 || !doc->name)
        return -1;
    doc->route = router_route(site->api, (size_t)route);
    if (doc->route->flow && page->n_docs > 0)
        return -1; /* a request waits in one flow only */
    page->n_docs++;
    return 0;
}

static int take_form(struct site *site, struct site_page *page, size_t index)
{
    const char *form = page->row->form, *blank = strchr(form, ' ');
    char *method = blank ? arena_dup(&site->arena, form, (size_t)(blank - form)) : NULL;

    if (!method || !names_known(page->row, blank))
        return -1;
    page->form_path = blank + 1;
    page->form = find_route(site, method, page->form_path);
    if (page->form < 0 || strcmp(method, "GET") == 0)
        return -1;
    if (site->by_form[page->form] >= 0)
        return -1; /* one form, one page */
    site->by_form[page->form] = (int)index;
    return 0;
}

/* "field:doc.list:value:label" */
static int take_options(struct site *site, struct site_page *page, const char *word)
{
    const char *parts[4];
    struct site_options *options = &page->options[page->n_options];

    if (page->n_options == SITE_OPTIONS_MAX)
        return -1;
    for (int i = 0; i < 4; i++) {
        size_t len = strcspn(word, ":");

        if (len == 0 || (i < 3) != (word[len] == ':'))
            return -1;
        parts[i] = arena_dup(&site->arena, word, len);
        if (!parts[i])
            return -1;
        word += len + (i < 3);
    }
    *options = (struct site_options){ parts[0], parts[1], parts[2], parts[3] };
    page->n_options++;
    return 0;
}

static int take_more(struct site *site, struct site_page *page, const char *word)
{
    const struct {
        const char *name;
        const char **to;
    } words[] = {
        { "next=", &page->next }, { "values=", &page->values }, { "version=", &page->version },
        { "done=", &page->done }, { "shows=", &page->shows },
    };

    if (str_starts(word, "options="))
        return take_options(site, page, word + 8);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!str_starts(word, words[i].name))
            continue;
        *words[i].to = word + strlen(words[i].name);
        return names_known(page->row, word) ? 0 : -1;
    }
    return -1;
}

static json_t *read_json(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return json_load_file(path, 0, NULL);
}

static int take_row(struct site *site, const char *web, size_t index)
{
    struct site_page *page = &site->list[index];
    const struct page_row *row = &page_rows[index];
    const char *at = row->docs, *word, *slash = strrchr(row->template, '/');
    char own[256];

    page->row = row;
    page->leaf = slash ? slash + 1 : row->template;
    page->form = -1;
    snprintf(own, sizeof(own), "templates/%s.json", row->template);
    page->own = read_json(web, own);
    if (!pages_has(site->pages, row->template))
        return -1;
    while ((word = next_word(&site->arena, &at)))
        if (take_doc(site, page, word) < 0)
            return -1;
    if (row->form && take_form(site, page, index) < 0)
        return -1;
    for (at = row->more ? row->more : ""; (word = next_word(&site->arena, &at));)
        if (take_more(site, page, word) < 0)
            return -1;
    return 0;
}

/* --- the whole -------------------------------------------------------------------------------- */

static int take_rows(struct site *site, const char *web, const struct flow_step *flow, bool lenient,
                     char *ret_error, size_t size)
{
    size_t n_routes_all = router_count(site->api);

    site->n = n_page_rows;
    site->list = arena_alloc(&site->arena, site->n * sizeof(*site->list));
    site->routes = arena_alloc(&site->arena, site->n * sizeof(*site->routes));
    site->by_form = arena_alloc(&site->arena, n_routes_all * sizeof(*site->by_form));
    if (!site->list || !site->routes || !site->by_form)
        return -1;
    for (size_t i = 0; i < n_routes_all; i++)
        site->by_form[i] = -1;
    for (size_t i = 0; i < site->n; i++) {
        if (take_row(site, web, i) < 0) {
            snprintf(ret_error, size, "page '%s' (%s) is not well-formed", page_rows[i].path,
                     page_rows[i].template);
            if (!lenient)
                return -1;
            fprintf(stderr, "%s\n", ret_error);
        }
        site->routes[i] = (struct route){ .method = "GET",
                                          .path = page_rows[i].path,
                                          .perm = PERM_PUBLIC,
                                          .args = "",
                                          .flow = flow,
                                          .summary = page_rows[i].template };
    }
    site->router = router_new(site->routes, site->n, ret_error, size);
    return site->router ? 0 : -1;
}

struct site *site_new(const char *web, const char *assets, const struct router *api,
                      const struct flow_step *flow, bool lenient, char *ret_error, size_t size)
{
    struct site *site = calloc(1, sizeof(*site));

    if (!site)
        return NULL;
    site->api = api;
    site->web = web;
    site->assets = *assets ? read_json(assets, "manifest.json") : NULL;
    if (!site->assets)
        site->assets = json_object();
    site->pages = pages_new(web, ret_error, size);
    site->ways = site->pages ? ways_read(web, ret_error, size) : NULL;
    if (!site->pages || !site->assets || !site->ways)
        goto out;
    if (!pages_has(site->pages, "problem") || !pages_has(site->pages, "again")) {
        snprintf(ret_error, size, "the templates 'problem' and 'again' are missing");
        goto out;
    }
    snprintf(ret_error, size, "memory is out");
    if (take_rows(site, web, flow, lenient, ret_error, size) == 0)
        return site;
out:
    site_free(site);
    return NULL;
}

bool site_refresh(struct site *site, char *ret_error, size_t size)
{
    struct pages *pages;
    json_t *ways;

    if (!pages_changed(site->pages))
        return true;
    pages = pages_new(site->web, ret_error, size);
    ways = pages ? ways_read(site->web, ret_error, size) : NULL;
    if (!ways) {
        pages_free(pages);
        return false;
    }
    pages_free(site->pages);
    site->pages = pages;
    json_decref(site->ways);
    site->ways = ways;
    return true;
}

void site_free(struct site *site)
{
    if (!site)
        return;
    for (size_t i = 0; site->list && i < site->n; i++)
        json_decref(site->list[i].own);
    router_free(site->router);
    pages_free(site->pages);
    json_decref(site->assets);
    json_decref(site->codes);
    json_decref(site->frame);
    json_decref(site->ways);
    arena_release(&site->arena);
    free(site);
}

json_t *site_json(void)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < n_page_rows; i++) {
        const struct page_row *row = &page_rows[i];

        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s?, s:s?}", "path", row->path,
                                                  "template", row->template, "docs", row->docs,
                                                  "form", row->form, "more", row->more)) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
