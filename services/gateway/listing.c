/* listing.c - see listing.h. */
#include "listing.h"

#include <jansson.h>
#include <stdlib.h>

#include "problem.h"
#include "route.h"

static const struct {
    unsigned bit;
    const char *name;
} flags[] = {
    { ROUTE_REAUTH, "reauth" }, { ROUTE_CACHED, "cached" }, { ROUTE_NO_KEY, "no_key" },
    { ROUTE_TEXT, "text" },     { ROUTE_UPLOAD, "upload" }, { ROUTE_SHARED, "shared" },
};

static json_t *form_list(const struct field *form)
{
    json_t *list = json_array(), *one;

    for (; form->kind != F_END; form++) {
        one = json_pack("{s:s,s:s,s:b,s:I,s:I}", "name", form->name, "kind",
                        form_kind_name(form->kind), "required", form->required, "min",
                        (json_int_t)form->min, "max", (json_int_t)form->max);
        if (form->words)
            json_object_set_new(one, "words", json_string(form->words));
        if (form->sub)
            json_object_set_new(one, "fields", form_list(form->sub));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *route_object(const struct route *route)
{
    json_t *who = json_array(), *marks = json_array();

    for (size_t i = 0; i < n_perm_names; i++)
        if (route->perm & perm_names[i].bit)
            json_array_append_new(who, json_string(perm_names[i].name));
    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (route->flags & flags[i].bit)
            json_array_append_new(marks, json_string(flags[i].name));
    return json_pack("{s:s,s:s,s:o,s:o,s:s?,s:s?,s:o?,s:b,s:s?}", "method", route->method, "path",
                     route->path, "perm", who, "flags", marks, "sql", route->sql, "args",
                     route->args, "form", route->form ? form_list(route->form) : NULL, "flow",
                     route->flow != NULL, "summary", route->summary);
}

static json_t *problem_list(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n_problems; i++)
        json_array_append_new(list, json_pack("{s:s,s:i,s:s,s:s}", "slug", problems[i].slug,
                                              "status", problems[i].status, "zh", problems[i].zh,
                                              "en", problems[i].en));
    return list;
}

int listing_print(FILE *out)
{
    json_t *list = json_array(), *all;
    int rc;

    for (size_t i = 0; i < n_routes; i++)
        json_array_append_new(list, route_object(&routes[i]));
    all = json_pack("{s:o,s:o}", "routes", list, "problems", problem_list());
    rc = all ? json_dumpf(all, out, JSON_INDENT(1)) : -1;
    if (fputc('\n', out) == EOF)
        rc = -1;
    json_decref(all);
    return rc;
}
