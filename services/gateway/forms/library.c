/* library.c - what a record of each library may hold, imports, code lists and calendars. What a
 * code must be, and which members a kind requires, stands in lib.field; the database checks it. */
#include "forms.h"

#define CODES_MAX 10

const struct field form_expert[] = {
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { "gender", F_CODE, OPT, 1, 2, NULL, NULL },
    { "birth_month", F_CODE, OPT, 7, 7, NULL, NULL },
    { "unit_name", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "unit_code", F_USCC, OPT, 0, 0, NULL, NULL },
    { "unit_nature", F_CODE, OPT, 1, 4, NULL, NULL },
    { "department", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "duty", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "post", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "title_level", F_CODE, REQ, 1, 20, NULL, NULL },
    { "education", F_TEXT, OPT, 1, 20, NULL, NULL },
    { "degree", F_CODE, OPT, 1, 20, NULL, NULL },
    { "school", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "expert_class", F_CODE, OPT, 1, 20, NULL, NULL },
    { "strategic", F_WORDS, OPT, 1, CODES_MAX, NULL, NULL },
    { "discipline", F_WORDS, OPT, 1, CODES_MAX, NULL, NULL },
    { "fields", F_WORDS, REQ, 1, 6, NULL, NULL },
    { "research", F_PROSE, OPT, 1, 500, NULL, NULL },
    { "keywords", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "record", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "papers", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "projects", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "intro", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "source", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "source_date", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_achievement[] = {
    { "title", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "industry", F_CODE, OPT, 1, 5, NULL, NULL },
    { "fields", F_WORDS, REQ, 1, 6, NULL, NULL },
    { "trl", F_INT, OPT, 1, 9, NULL, NULL },
    { "trl_scale", F_CODE, OPT, 1, 20, NULL, NULL },
    { "stage", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "application", F_PROSE, OPT, 1, 500, NULL, NULL },
    { "intro", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "innovation", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "prospect", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "benefit", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "cases", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "award", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "holder", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "unit_name", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "unit_code", F_USCC, OPT, 0, 0, NULL, NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "patents", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "cooperation", F_CODE, OPT, 1, 20, NULL, NULL },
    { "keywords", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "contact", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "source", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "source_date", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_patent[] = {
    { "number", F_TEXT, REQ, 13, 24, NULL, NULL },
    { "title", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "unit_name", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "unit_code", F_USCC, OPT, 0, 0, NULL, NULL },
    { "inventors", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "patent_state", F_CODE, OPT, 1, 20, NULL, NULL },
    { "licence_mode", F_CODE, OPT, 1, 20, NULL, NULL },
    { "licence_fee_wan", F_MONEY, OPT, 0, 0, NULL, NULL },
    { "filed_on", F_DATE, OPT, 0, 0, NULL, NULL },
    { "ipc", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "strategic", F_WORDS, OPT, 1, CODES_MAX, NULL, NULL },
    { "fields", F_WORDS, OPT, 1, 6, NULL, NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "keywords", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "intro", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "source", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "source_date", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_earlier_need[] = {
    { "title", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "nature", F_ENUM, REQ, 0, 0, "need project", NULL },
    { "requirement", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { "field_stated", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "fields", F_WORDS, OPT, 1, 6, NULL, NULL },
    { "industry", F_CODE, OPT, 1, 5, NULL, NULL },
    { "unit_name", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "claimant", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "province", F_TEXT, OPT, 1, 20, NULL, NULL },
    { "city", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "year", F_INT, REQ, 1980, 2100, NULL, NULL },
    { "budget_wan", F_MONEY, OPT, 0, 0, NULL, NULL },
    { "money_note", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "deadline", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "list_name", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "outcome", F_TEXT, OPT, 1, 500, NULL, NULL },
    { "keywords", F_WORDS, OPT, 1, 20, NULL, NULL },
    { "source", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "source_date", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_record_state[] = {
    { "state", F_ENUM, REQ, 0, 0, "pending active removed", NULL },
    { "reason", F_PROSE, OPT, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_expert_link[] = {
    { "person", F_UUID, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, OPT, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_library_search[] = {
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "field", F_CODE, OPT, 1, 20, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "trl_min", F_INT, OPT, 1, 9, NULL, NULL },
    { "trl_max", F_INT, OPT, 1, 9, NULL, NULL },
    { "title_level", F_CODE, OPT, 1, 20, NULL, NULL },
    { "year", F_INT, OPT, 1980, 2100, NULL, NULL },
    { "facets", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "newest", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { 0 },
};

const struct field form_similar[] = {
    { "title", F_TEXT, REQ, 2, 100, NULL, NULL },
    { 0 },
};

const struct field form_record_list[] = {
    { "state", F_ENUM, OPT, 0, 0, "pending active removed", NULL },
    { "page", F_INT, OPT, 1, 1000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { 0 },
};

const struct field form_import_list[] = {
    { "page", F_INT, OPT, 1, 1000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { 0 },
};

const struct field form_import_apply[] = {
    { "skip_bad", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_codes[] = {
    { "edition", F_CODE, OPT, 1, 20, NULL, NULL },
    { "parent", F_CODE, OPT, 1, 20, NULL, NULL },
    { 0 },
};

static const struct field code[] = {
    { "code", F_CODE, REQ, 1, 20, NULL, NULL },     { "name_zh", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "name_en", F_TEXT, OPT, 1, 100, NULL, NULL }, { "parent", F_CODE, OPT, 1, 20, NULL, NULL },
    { "valid_to", F_DATE, OPT, 0, 0, NULL, NULL },  { 0 },
};

const struct field form_code_list[] = {
    { "edition", F_CODE, REQ, 1, 20, NULL, NULL },
    { "standard", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "title_zh", F_TEXT, REQ, 2, 60, NULL, NULL },
    { "title_en", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "effective_from", F_DATE, OPT, 0, 0, NULL, NULL },
    { "source", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "codes", F_LIST, REQ, 1, 5000, NULL, code },
    { 0 },
};

static const struct field calendar_day[] = {
    { "day", F_DATE, REQ, 0, 0, NULL, NULL },
    { "off", F_BOOL, REQ, 0, 0, NULL, NULL },
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { 0 },
};

const struct field form_calendar[] = {
    { "source", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "days", F_LIST, REQ, 1, 120, NULL, calendar_day },
    { 0 },
};

#define TERM_RULES "keep synonym stop bridge"
/* clang-format off */
#define TERM_FIELDS \
    { "rule", F_ENUM, REQ, 0, 0, TERM_RULES, NULL }, \
    { "term", F_TEXT, REQ, 1, 60, NULL, NULL }, \
    { "other", F_TEXT, OPT, 1, 60, NULL, NULL }, \
    { "weight", F_NUMBER, OPT, 0, 1, NULL, NULL }, \
    { "note", F_PROSE, OPT, 1, 500, NULL, NULL }
/* clang-format on */

const struct field form_term[] = {
    TERM_FIELDS,
    { 0 },
};

const struct field form_term_edit[] = {
    TERM_FIELDS,
    { "state", F_ENUM, OPT, 0, 0, "on off", NULL },
    { 0 },
};

const struct field form_term_list[] = {
    { "q", F_TEXT, OPT, 1, 60, NULL, NULL },        { "rule", F_ENUM, OPT, 0, 0, TERM_RULES, NULL },
    { "state", F_ENUM, OPT, 0, 0, "on off", NULL }, { "page", F_INT, OPT, 1, 1000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },     { 0 },
};
