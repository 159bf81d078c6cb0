/* body.c - see body.h. */
#include "body.h"

#include <string.h>

#include "auth/credential.h"
#include "form.h"
#include "gateway.h"
#include "http/urlencoded.h"
#include "json.h"
#include "pages/page.h"
#include "reply.h"
#include "req.h"
#include "str.h"
#include "utf8.h"

static const struct field nothing[] = { { 0 } };

enum media { MEDIA_JSON, MEDIA_FORM, MEDIA_TEXT, MEDIA_OTHER };

/* Content-Type without its parameters. */
static enum media media_of(const char *type)
{
    struct span name = { type, strcspn(type, "; \t") };

    if (span_eq_nocase(name, "application/json"))
        return MEDIA_JSON;
    if (span_eq_nocase(name, "application/x-www-form-urlencoded"))
        return MEDIA_FORM;
    if (span_eq_nocase(name, "text/csv"))
        return MEDIA_TEXT;
    return MEDIA_OTHER;
}

static enum media media_of_req(struct req *req)
{
    const char *type = req_header(req, "Content-Type");

    return type ? media_of(type) : MEDIA_OTHER;
}

static bool takes_upload(const struct req *req)
{
    return (req->route->flags & ROUTE_UPLOAD) != 0;
}

static uint64_t limit_of(const struct req *req)
{
    return (uint64_t)(takes_upload(req) ? req->gw->conf.upload_kb : req->gw->conf.json_kb) * 1024;
}

int body_expect(struct req *req, uint64_t *ret_limit)
{
    bool has_body = req->head.chunked || req->head.content_length > 0;
    enum media media;

    *ret_limit = 0;
    if (!has_body)
        return 0;
    media = media_of_req(req);
    if (takes_upload(req) && req->html && media == MEDIA_FORM)
        media = MEDIA_TEXT; /* pasted into a form's field */
    if (takes_upload(req) ? media != MEDIA_TEXT : media != MEDIA_JSON && media != MEDIA_FORM)
        return req_refuse_with(
            req, "bad_media_type", "accepted",
            takes_upload(req) ? "text/csv" : "application/json, application/x-www-form-urlencoded");
    *ret_limit = limit_of(req);
    if (req->head.content_length > *ret_limit)
        return req_refuse(req, "body_too_large", NULL);
    buf_init(&req->raw, (size_t)*ret_limit);
    return 0;
}

static int refuse_fields(struct req *req, json_t *errors)
{
    json_t *params = json_pack("{s:O}", "errors", errors);
    int rc = req_refuse(req, "invalid", params);

    json_decref(params);
    return rc;
}

static int check_form(struct req *req, const struct field *form, const json_t *input, json_t **ret)
{
    json_t *errors = NULL;

    switch (form_check(&req->arena, form ? form : nothing, input, ret, &errors)) {
    case FORM_GOOD:
        return 0;
    case FORM_BAD:
        return refuse_fields(req, errors);
    default:
        return req_refuse(req, "internal", NULL);
    }
}

static int read_json(struct req *req, json_t **ret)
{
    struct json_fault fault = { 0 };
    json_t *params;

    if (json_read(req->raw.data, req->raw.len, (size_t)limit_of(req), ret, &fault) == 0) {
        *ret = req_keep_json(req, *ret);
        if (*ret && json_is_object(*ret))
            return 0;
        return req_refuse(req, *ret ? "json_not_object" : "internal", NULL);
    }
    params = json_pack("{s:i,s:I}", "line", fault.line, "offset", (json_int_t)fault.offset);
    req_refuse(req, fault.slug, params);
    json_decref(params);
    return -1;
}

static int read_pairs(struct req *req, const char *bytes, size_t len, json_t **ret)
{
    const char *slug = NULL;

    if (form_from_urlencoded(&req->arena, bytes, len, ret, &slug) == 0)
        return 0;
    return req_refuse(req, strcmp(slug, "no_memory") == 0 ? "internal" : slug, NULL);
}

/* The form's own `csrf` field is ours, not the route's. */
static int take_csrf_field(struct req *req, json_t *input)
{
    const char *token = json_string_value(json_object_get(input, "csrf"));

    if (!req->csrf_checked && credential_check_csrf(req, token) < 0)
        return -1;
    json_object_del(input, "csrf");
    return 0;
}

/* A table pasted into the field `text` of a form, in place of a file. */
static int read_pasted(struct req *req)
{
    json_t *input = NULL;
    const json_t *text;

    if (read_pairs(req, req->raw.data, req->raw.len, &input) < 0 || take_csrf_field(req, input) < 0)
        return -1;
    if (page_take_input(req, input) < 0)
        return req_refuse(req, "internal", NULL);
    text = json_object_get(input, "text");
    buf_clear(&req->raw);
    buf_add(&req->raw, json_is_string(text) ? json_string_value(text) : "",
            json_string_length(text));
    return req->raw.failed ? req_refuse(req, "internal", NULL) : 0;
}

static int read_upload(struct req *req)
{
    if (req->html && media_of_req(req) == MEDIA_FORM && read_pasted(req) < 0)
        return -1;

    struct span text = { req->raw.data ? req->raw.data : "", req->raw.len };
    if (memchr(text.at, '\0', text.len) || utf8_valid(text.at, text.len) != text.len)
        return req_refuse(req, "upload_bad_text", NULL);
    return 0;
}

static int read_table(struct req *req)
{
    if (!req->csrf_checked && !(req->html && media_of_req(req) == MEDIA_FORM))
        return req_refuse(req, "no_csrf", NULL);
    return read_upload(req);
}

/* What was typed is kept before anything can be refused. */
static int keep_typed(struct req *req, json_t **input)
{
    if (!req->html || !req->page)
        return 0;
    if (!*input)
        *input = req_keep_json(req, json_object());
    if (!*input || page_take_input(req, *input) < 0)
        return req_refuse(req, "internal", NULL);
    return 0;
}

static int read_members(struct req *req, enum media media, json_t **ret)
{
    if (req->raw.len == 0)
        return 0;
    return media == MEDIA_JSON ? read_json(req, ret)
                               : read_pairs(req, req->raw.data, req->raw.len, ret);
}

static int read_body(struct req *req)
{
    json_t *input = NULL;
    enum media media;

    if (req_is_safe(req))
        return req->raw.len ? req_refuse(req, "body_unwanted", NULL) : 0;
    if (takes_upload(req))
        return read_table(req);
    media = media_of_req(req);
    if (read_members(req, media, &input) < 0 || keep_typed(req, &input) < 0 ||
        (media == MEDIA_FORM && take_csrf_field(req, input) < 0))
        return -1;
    if (!req->csrf_checked)
        return req_refuse(req, "no_csrf", NULL);
    if (page_asks_for_rows(req)) /* nothing is sent on: what is there may be half done */
        return 0;
    return check_form(req, req->route->form, input, &req->body);
}

static int read_query(struct req *req)
{
    bool has_form = req_is(req, "GET") || req_is(req, "HEAD");
    json_t *input = NULL;

    if (req->head.query.len == 0 && !(has_form && req->route->form))
        return 0;
    if (read_pairs(req, req->head.query.at, req->head.query.len, &input) < 0)
        return -1;
    if (req->html && req->page && has_form) { /* a page's query is anybody's: kept as texts */
        req->page->query = input;
        return 0;
    }
    return check_form(req, has_form ? req->route->form : NULL, input, &req->query);
}

int body_check(struct req *req)
{
    if (read_query(req) < 0)
        return -1;
    return read_body(req);
}
