/* party.c - units, members, relations, recommenders, credit. */
#include "forms.h"

#define UNIT_KINDS "enterprise university institute government social other"

static const struct field contact[] = {
    { "person", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "address", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "postcode", F_CODE, OPT, 6, 6, NULL, NULL },
    { "site", F_TEXT, OPT, 4, 200, NULL, NULL },
    { 0 },
};

/* Units abroad have no credit code. */
const struct field form_unit[] = {
    { "code", F_USCC, OPT, 0, 0, NULL, NULL },
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, UNIT_KINDS, NULL },
    { "division", F_CODE, OPT, 2, 12, NULL, NULL },
    { "recommender", F_UUID, OPT, 0, 0, NULL, NULL },
    { "industry", F_CODE, OPT, 1, 12, NULL, NULL },
    { "legal_rep", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "contact", F_OBJECT, OPT, 0, 0, NULL, contact },
    { "intro", F_PROSE, OPT, 1, 5000, NULL, NULL },
    { "labels", F_WORDS, OPT, 0, 20, NULL, NULL },
    { 0 },
};

const struct field form_units_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "kind", F_ENUM, OPT, 0, 0, UNIT_KINDS, NULL },
    { "state", F_ENUM, OPT, 0, 0, "pending verified rejected suspended", NULL },
    { "recommender", F_UUID, OPT, 0, 0, NULL, NULL },
    { "division", F_CODE, OPT, 2, 12, NULL, NULL },
    { 0 },
};

const struct field form_unit_decision[] = {
    { "decision", F_ENUM, REQ, 0, 0, "verify reject suspend", NULL },
    { "reason", F_PROSE, OPT, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_aliases[] = {
    { "aliases", F_WORDS, OPT, 0, 20, NULL, NULL },
    { 0 },
};

const struct field form_recommender_choice[] = {
    { "recommender", F_UUID, REQ, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_recommender[] = {
    { "code", F_CODE, REQ, 2, 20, NULL, NULL },
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, "county zone bureau university", NULL },
    { "division", F_CODE, OPT, 6, 6, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_invitation[] = {
    { "login", F_TEXT, REQ, 3, 60, NULL, NULL },
    { "roles", F_WORDS, OPT, 1, 2, NULL, NULL },
    { 0 },
};

const struct field form_answer[] = {
    { "accept", F_BOOL, REQ, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_member_roles[] = {
    { "roles", F_WORDS, REQ, 1, 2, NULL, NULL },
    { 0 },
};

const struct field form_relation[] = {
    { "parent", F_UUID, REQ, 0, 0, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, "subordinate holding branch related", NULL },
    { "share", F_NUMBER, OPT, 0, 100, NULL, NULL },
    { "source", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "since", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_credit[] = {
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { "person", F_UUID, OPT, 0, 0, NULL, NULL },
    { "name", F_TEXT, REQ, 1, 100, NULL, NULL },
    { "level", F_ENUM, REQ, 0, 0, "general serious blacklist", NULL },
    { "decision", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "starts", F_DATE, REQ, 0, 0, NULL, NULL },
    { "ends", F_DATE, REQ, 0, 0, NULL, NULL },
    { "source", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "note", F_PROSE, OPT, 1, 1000, NULL, NULL },
    { 0 },
};

const struct field form_credits_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { "person", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_note[] = {
    { "note", F_PROSE, REQ, 2, 500, NULL, NULL },
    { 0 },
};
