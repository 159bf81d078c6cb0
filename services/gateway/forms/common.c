/* common.c - the forms that many routes share. */
#include "forms.h"

static const struct field check[] = {
    { "name", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "ok", F_BOOL, REQ, 0, 0, NULL, NULL },
    { "note", F_PROSE, OPT, 0, 500, NULL, NULL },
    { 0 },
};

const struct field form_event[] = {
    { "event", F_CODE, REQ, 2, 40, NULL, NULL },
    { "reason", F_PROSE, OPT, 2, 2000, NULL, NULL },
    { "checks", F_LIST, OPT, 1, 30, NULL, check },
    { 0 },
};

const struct field form_page[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL }, { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },      { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },    { 0 },
};

const struct field form_empty[] = { { 0 } };
