/* page_cache.c - see page_cache.h. */
#include "pages/page_cache.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "checks.h"
#include "gateway.h"
#include "http/cache.h"
#include "must.h"
#include "pages/page.h"
#include "reply.h"
#include "req.h"
#include "str.h"

#define TARGET_MAX 512
#define HEADER_MAX 512

/* Copies a header's value; false when it is too long to be looked at. */
static bool value_of(const struct http_head *head, const char *name, char ret[HEADER_MAX])
{
    const struct http_field *field = http_head_field(head, name);
    size_t len = field ? field->value.len : 0;

    if (len >= HEADER_MAX)
        return false;
    memcpy(ret, field ? field->value.at : "", len);
    ret[len] = '\0';
    return true;
}

/* The first letter of a wish in the cookie that is one of `letters`, else '-'. */
static char wish(const char *cookie, const char *name, const char *letters)
{
    size_t len = strlen(name);

    for (const char *at = cookie; *at; at += strcspn(at, ";")) {
        at += strspn(at, "; ");
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return at[len + 1] && strchr(letters, at[len + 1]) ? at[len + 1] : '-';
    }
    return '-';
}

size_t page_cache_key(const struct http_head *head, char *ret, size_t size)
{
    char cookie[HEADER_MAX], accept[HEADER_MAX], lang;
    int len;

    if (head->target.len > TARGET_MAX || http_head_field(head, "Authorization") ||
        !value_of(head, "Cookie", cookie) || !value_of(head, "Accept-Language", accept) ||
        strstr(cookie, "jb="))
        return 0;
    lang = wish(cookie, "lang", "ze");
    if (lang == '-')
        lang = checks_prefers_english(accept) ? 'e' : 'z';
    len = snprintf(ret, size, "page %c%c%c %.*s", lang, wish(cookie, "theme", "ld"),
                   wish(cookie, "text", "l"), (int)head->target.len, head->target.at);
    return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

/* Made of public documents alone, and without a form: a form's key is for one sender. */
static bool is_for_everybody(const struct req *req)
{
    const struct site_page *page = req->page->page;

    if (!page || page->form >= 0 || req->page->problem || req->credential != CRED_NONE ||
        req->gw->conf.cache_mb == 0 || req->gw->conf.web_watch)
        return false;
    for (size_t i = 0; i < page->n_docs; i++)
        if (!(page->docs[i].route->flags & ROUTE_CACHED))
            return false;
    return true;
}

bool page_cache_answer(struct req *req, const struct buf *html)
{
    char key[TARGET_MAX + 32];
    size_t len = is_for_everybody(req) ? page_cache_key(&req->head, key, sizeof(key)) : 0;
    struct cache_entry *entry;

    if (len == 0)
        return false;
    entry = cache_put(req->gw->cache, req->page->generation, (struct span){ key, len }, HTML_TYPE,
                      NULL, html->data ? html->data : "", html->len);
    if (!entry)
        return false;
    reply_kept(req, entry);
    cache_release(entry);
    return true;
}
