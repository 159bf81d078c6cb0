/* match.c - what the match engine can be asked: filters that exclude, and wishes that are shown in
 * the reasons (near, trl). Codes are checked by nobody: an unknown one finds nothing. */
#include "forms.h"

#define FILTERS                                                                                    \
    { "field", F_CODE, OPT, 1, 20, NULL, NULL }, { "industry", F_CODE, OPT, 1, 20, NULL, NULL },   \
        { "discipline", F_CODE, OPT, 1, 20, NULL, NULL },                                          \
        { "division", F_CODE, OPT, 6, 6, NULL, NULL },                                             \
        { "title_level", F_CODE, OPT, 1, 20, NULL, NULL },                                         \
        { "trl_min", F_INT, OPT, 1, 9, NULL, NULL }, { "trl_max", F_INT, OPT, 1, 9, NULL, NULL },  \
        { "year_min", F_INT, OPT, 1980, 2100, NULL, NULL },                                        \
        { "year_max", F_INT, OPT, 1980, 2100, NULL, NULL },                                        \
        { "near", F_CODE, OPT, 6, 6, NULL, NULL },                                                 \
        { "near_weight", F_INT, OPT, 1, 100, NULL, NULL },                                         \
    {                                                                                              \
        "trl", F_INT, OPT, 1, 9, NULL, NULL                                                        \
    }

#define KINDS "item need expert unit achievement patent earlier"

const struct field form_match[] = {
    FILTERS,
    { "page", F_INT, OPT, 1, 100, NULL, NULL },
    { "size", F_INT, OPT, 1, 50, NULL, NULL },
    { 0 },
};

const struct field form_match_text[] = {
    { "text", F_PROSE, REQ, 2, 5000, NULL, NULL },
    { "title", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "keywords", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "kind", F_ENUM, OPT, 0, 0, KINDS, NULL },
    FILTERS,
    { "size", F_INT, OPT, 1, 50, NULL, NULL },
    { 0 },
};

/* likeness: from how many hundredths two texts are told; without it, the engine's own measure */
const struct field form_alike[] = {
    { "likeness", F_INT, OPT, 5, 100, NULL, NULL },
    { "page", F_INT, OPT, 1, 100, NULL, NULL },
    { "size", F_INT, OPT, 1, 50, NULL, NULL },
    { 0 },
};

const struct field form_groups[] = {
    { "likeness", F_INT, OPT, 5, 100, NULL, NULL },
    { 0 },
};

const struct field form_search[] = {
    { "q", F_TEXT, REQ, 1, 100, NULL, NULL },
    { "kind", F_ENUM, OPT, 0, 0, "item expert unit achievement patent earlier", NULL },
    { "facets", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "newest", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "page", F_INT, OPT, 1, 100, NULL, NULL },
    { "size", F_INT, OPT, 1, 50, NULL, NULL },
    { 0 },
};

const struct field form_team[] = {
    { "by", F_ENUM, OPT, 0, 0, "expert unit", NULL },
    FILTERS,
    { 0 },
};

const struct field form_match_report[] = {
    { "outcome", F_ENUM, OPT, 0, 0, "contact claim choice signature", NULL },
    { "from", F_DATE, OPT, 0, 0, NULL, NULL },
    { "until", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};
