/* session.c - signing in, registering, setting a password. A password that is checked, not set, is
 * taken as it comes: its length is no hint about the right one. */
#include "forms.h"

#define PASSWORD(name)                                                                             \
    {                                                                                              \
        name, F_SECRET, REQ, 1, 1000, NULL, NULL                                                   \
    }
#define CODE                                                                                       \
    {                                                                                              \
        "code", F_CODE, OPT, 6, 20, NULL, NULL                                                     \
    }
#define TOKEN                                                                                      \
    {                                                                                              \
        "token", F_SECRET, REQ, 10, 100, NULL, NULL                                                \
    }
#define LOGIN                                                                                      \
    {                                                                                              \
        "login", F_CODE, REQ, 3, 40, NULL, NULL                                                    \
    }

const struct field form_sign_in[] = {
    { "login", F_TEXT, REQ, 1, 100, NULL, NULL },
    PASSWORD("password"),
    CODE,
    { 0 },
};

const struct field form_reauth[] = {
    PASSWORD("password"),
    CODE,
    { 0 },
};

const struct field form_password[] = {
    PASSWORD("password"),
    PASSWORD("new_password"),
    { 0 },
};

static const struct field contact[] = {
    { "person", F_TEXT, OPT, 2, 60, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "address", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "postcode", F_CODE, OPT, 6, 6, NULL, NULL },
    { "site", F_TEXT, OPT, 4, 200, NULL, NULL },
    { 0 },
};

static const struct field unit[] = {
    { "code", F_USCC, OPT, 0, 0, NULL, NULL }, /* foreign units have none */
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, "enterprise university institute government social other", NULL },
    { "division", F_CODE, OPT, 2, 12, NULL, NULL },
    { "recommender", F_UUID, OPT, 0, 0, NULL, NULL },
    { "industry", F_CODE, OPT, 1, 12, NULL, NULL },
    { "legal_rep", F_TEXT, OPT, 2, 60, NULL, NULL },
    { "contact", F_OBJECT, OPT, 0, 0, NULL, contact },
    { "intro", F_PROSE, OPT, 2, 2000, NULL, NULL },
    { "labels", F_WORDS, OPT, 0, 20, NULL, NULL },
    { 0 },
};

static const struct field first_unit[] = {
    { "code", F_USCC, OPT, 0, 0, NULL, NULL },
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "division", F_CODE, OPT, 2, 12, NULL, NULL },
    { "legal_rep", F_TEXT, OPT, 2, 60, NULL, NULL },
    { 0 },
};

#define PERSON                                                                                     \
    { "name", F_TEXT, REQ, 2, 60, NULL, NULL }, { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },       \
        { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },                                               \
    {                                                                                              \
        "title", F_TEXT, OPT, 1, 60, NULL, NULL                                                    \
    }

const struct field form_register[] = {
    LOGIN,
    PASSWORD("password"),
    PERSON,
    { "consent_version", F_CODE, REQ, 1, 40, NULL, NULL }, /* of the privacy notice agreed to */
    { "unit", F_OBJECT, REQ, 0, 0, NULL, unit },
    { 0 },
};

const struct field form_first_admin[] = {
    TOKEN,
    LOGIN,
    PASSWORD("password"),
    PERSON,
    { "consent_version", F_CODE, OPT, 1, 40, NULL, NULL },
    { "unit", F_OBJECT, OPT, 0, 0, NULL, first_unit },
    { 0 },
};

const struct field form_password_reset[] = {
    TOKEN,
    PASSWORD("password"),
    { 0 },
};
