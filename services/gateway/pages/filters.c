/* filters.c - the table of filters, and those that ask for a truth. */
#include "filters.h"

#include <string.h>

#include "str.h"

static struct value filter_is(struct render *render, struct value in, const struct value *args,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (value_is(render, in, value_text(render, args[i])))
            return value_bool(true);
    }
    return value_bool(false);
}

static struct value filter_not(struct render *render, struct value in, const struct value *args,
                               size_t count)
{
    (void)render;
    (void)args;
    (void)count;
    return value_bool(!value_true(in));
}

static struct value filter_some(struct render *render, struct value in, const struct value *args,
                                size_t count)
{
    (void)render;
    (void)args;
    (void)count;
    if (json_is_object(in.json))
        return value_bool(json_object_size(in.json) > 0);
    return value_bool(json_is_number(in.json) || value_true(in));
}

static struct value filter_none(struct render *render, struct value in, const struct value *args,
                                size_t count)
{
    return value_bool(json_is_false(filter_some(render, in, args, count).json));
}

static const struct filter filters[] = {
    { "ago", filter_ago, 0, 0 },
    { "at", filter_at, 1, 1 },
    { "browser", filter_browser, 0, 0 },
    { "class", filter_class, 1, 1 },
    { "code", filter_code, 1, 1 },
    { "count", filter_count, 0, 0 },
    { "date", filter_date, 0, 1 },
    { "datetime", filter_datetime, 0, 0 },
    { "default", filter_default, 1, 1 },
    { "entries", filter_entries, 0, 0 },
    { "fen", filter_fen, 0, 0 },
    { "field", filter_field, 0, 0 },
    { "find", filter_find_member, 2, 2 },
    { "first", filter_first, 1, 1 },
    { "fours", filter_fours, 0, 0 },
    { "group", filter_group, 1, 1 },
    { "gt", filter_gt, 1, 1 },
    { "has", filter_has, 1, 1 },
    { "href", filter_href, 0, 0 },
    { "is", filter_is, 1, ARGS_MAX },
    { "iso", filter_iso, 0, 0 },
    { "join", filter_join, 0, 2 },
    { "json", filter_json, 0, 0 },
    { "last", filter_last, 0, 0 },
    { "left", filter_left, 0, 0 },
    { "lines", filter_lines, 0, 0 },
    { "local", filter_local, 0, 0 },
    { "money", filter_money, 0, 0 },
    { "none", filter_none, 0, 0 },
    { "not", filter_not, 0, 0 },
    { "num", filter_num, 0, 0 },
    { "of", filter_of, 1, 1 },
    { "option", filter_option, 1, 1 },
    { "pct", filter_pct, 0, 0 },
    { "query", filter_query, 0, ARGS_MAX },
    { "rest", filter_rest, 1, 1 },
    { "say", filter_say, 1, 1 },
    { "share", filter_share, 0, 0 },
    { "short", filter_short, 1, 1 },
    { "some", filter_some, 0, 0 },
    { "spot", filter_spot, 0, 0 },
    { "time", filter_time, 0, 0 },
    { "upper", filter_upper, 0, 0 },
    { "urgency", filter_urgency, 0, 0 },
    { "under", filter_under, 1, ARGS_MAX },
    { "url", filter_url, 0, 0 },
    { "wan", filter_wan, 0, 0 },
};

const struct filter *filter_find(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        if (span_eq(name, filters[i].name))
            return &filters[i];
    }
    return NULL;
}
