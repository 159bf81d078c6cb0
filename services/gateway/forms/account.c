/* account.c - sessions, second factors, tokens, users, roles, the record. */
#include "forms.h"

const struct field form_membership_choice[] = {
    { "membership", F_UUID, REQ, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_second_factor[] = {
    { "code", F_CODE, REQ, 6, 20, NULL, NULL },
    { 0 },
};

const struct field form_token[] = {
    { "name", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "scopes", F_WORDS, REQ, 1, 2, NULL, NULL },
    { "days", F_INT, OPT, 1, 366, NULL, NULL },
    { 0 },
};

const struct field form_profile[] = {
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "title", F_TEXT, OPT, 1, 60, NULL, NULL },
    { 0 },
};

const struct field form_notifications[] = {
    { "mail", F_BOOL, REQ, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_user[] = {
    { "login", F_TEXT, REQ, 3, 60, NULL, NULL },
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "title", F_TEXT, OPT, 1, 60, NULL, NULL },
    { "unit", F_UUID, REQ, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_users_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "state", F_ENUM, OPT, 0, 0, "active disabled", NULL },
    { 0 },
};

const struct field form_reason[] = {
    { "reason", F_PROSE, REQ, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_reset[] = {
    { "second_factor", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_role_ask[] = {
    { "membership", F_UUID, REQ, 0, 0, NULL, NULL },
    { "action", F_ENUM, REQ, 0, 0, "add remove", NULL },
    { "roles", F_WORDS, REQ, 1, 9, NULL, NULL },
    { "reason", F_PROSE, REQ, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_role_decision[] = {
    { "decision", F_ENUM, REQ, 0, 0, "granted refused", NULL },
    { "note", F_PROSE, OPT, 1, 500, NULL, NULL },
    { 0 },
};

const struct field form_role_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "state", F_ENUM, OPT, 0, 0, "open all", NULL },
    { 0 },
};

const struct field form_events_query[] = {
    { "kind", F_CODE, OPT, 2, 40, NULL, NULL },
    { "account", F_UUID, OPT, 0, 0, NULL, NULL },
    { "object", F_UUID, OPT, 0, 0, NULL, NULL },
    { "before", F_INT, OPT, 1, 0x7fffffffffffffff, NULL, NULL },
    { "size", F_INT, OPT, 1, 200, NULL, NULL },
    { 0 },
};
