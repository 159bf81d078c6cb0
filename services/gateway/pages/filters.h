/* filters.h - the filters: a table, and one small function each. */
#ifndef JB_FILTERS_H
#define JB_FILTERS_H

#include "render.h"

typedef struct value filter_run(struct render *render, struct value in, const struct value *args,
                                size_t count);

struct filter {
    const char *name;
    filter_run *run;
    unsigned char least, most; /* arguments */
};

const struct filter *filter_find(struct span name);

/* filter_list.c */
filter_run filter_count, filter_first, filter_rest, filter_at, filter_last, filter_join,
    filter_lines, filter_entries, filter_group, filter_find_member, filter_has;
/* filter_number.c */
filter_run filter_money, filter_wan, filter_fen, filter_num, filter_pct, filter_share, filter_gt,
    filter_of;
/* filter_time.c */
filter_run filter_date, filter_datetime, filter_time, filter_iso, filter_local, filter_left,
    filter_urgency, filter_ago;
/* filter_text.c */
filter_run filter_say, filter_code, filter_class, filter_href, filter_url, filter_query,
    filter_default, filter_upper, filter_short, filter_json, filter_under;
/* filter_read.c */
filter_run filter_browser, filter_fours;
/* filter_field.c */
filter_run filter_field, filter_option, filter_spot;

#endif
