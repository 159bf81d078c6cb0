/* preferences.c - GET /preferences?lang=en&theme=dark&text=large&_next=/items: how a reader wants
 * pages to be. Kept in cookies, so that it works for everybody and without scripts. */
#include "pages/preferences.h"

#include <stdio.h>
#include <string.h>

#include "http/urlencoded.h"
#include "pages/page.h"
#include "reply.h"
#include "req.h"
#include "str.h"

/* Only what is not the default is kept: any other word takes the cookie away. */
static const struct {
    const char *name;
    const char *words[3];
} wishes[] = {
    { "lang", { "zh", "en" } },
    { "theme", { "light", "dark" } },
    { "text", { "large" } },
};

static void set_cookie(struct req *req, const char *name, const char *word)
{
    char line[160];

    snprintf(line, sizeof(line), "%s=%s; Path=/; Max-Age=%s; SameSite=Lax%s", name, word,
             *word ? "31536000" : "0", req->secure ? "; Secure" : "");
    reply_header(req, "Set-Cookie", line);
}

static void take_wish(struct req *req, size_t index, const char *word)
{
    const char *const *known = wishes[index].words;

    if (!word)
        return;
    while (*known && strcmp(*known, word) != 0)
        known++;
    set_cookie(req, wishes[index].name, *known ? *known : "");
}

bool preferences_take(struct req *req)
{
    json_t *query = NULL;
    const char *slug = NULL, *next;

    if (!span_eq(req->head.path, "/preferences"))
        return false;
    if (form_from_urlencoded(&req->arena, req->head.query.at, req->head.query.len, &query, &slug) <
        0) {
        req_refuse(req, strcmp(slug, "no_memory") == 0 ? "internal" : slug, NULL);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(wishes); i++)
        take_wish(req, i, json_string_value(json_object_get(query, wishes[i].name)));
    next = json_string_value(json_object_get(query, "_next"));
    page_redirect(req, page_is_local(next) ? next : "/");
    return true;
}
