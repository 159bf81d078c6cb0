/* item.h - a record as the database feeds it and as the engine answers about it. */
#ifndef JM_ITEM_H
#define JM_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds are bits so that a query names a set of them. */
enum kind {
    KIND_NEED = 1 << 0, /* an enterprise's need in the workflow */
    KIND_ITEM = 1 << 1, /* a published challenge */
    KIND_EXPERT = 1 << 2,
    KIND_UNIT = 1 << 3, /* a university, institute, enterprise: a team */
    KIND_ACHIEVEMENT = 1 << 4,
    KIND_PATENT = 1 << 5,
    KIND_PAPER = 1 << 6,
    KIND_EARLIER = 1 << 7, /* earlier needs and funded projects of the library */
    KIND_CLAIM = 1 << 8,   /* a past claim: evidence only */
    KIND_PROJECT = 1 << 9, /* a started project: evidence, and 不重复支持 */
    KIND_LABEL = 1 << 10,  /* a field or discipline with its name as text */
};
#define N_KINDS 11

enum field { FIELD_TITLE, FIELD_KEYWORDS, FIELD_BODY, N_FIELDS };

/* This item is evidence for an expert, a unit or a label. `weight` is the share of the role
 * (first author, leader 1; member less), 0..1. */
struct link {
    uint8_t to[16];
    float weight;
};

/* All texts are UTF-8, NUL-terminated, never NULL ("" when absent). Owned by who made it. */
struct item {
    uint8_t id[16];
    enum kind kind;
    int64_t version;
    const char *field[N_FIELDS]; /* keywords separated by '\n' */
    const char *name;            /* of experts and units, for pinyin; "" otherwise */
    uint8_t unit[16];            /* that it belongs to; zeros: none */
    uint8_t person[16];          /* the account behind an expert; zeros: none */
    const char *division;        /* GB/T 2260, six digits, or "" */
    const char *state;
    const char *level; /* title level of an expert */
    int trl;           /* 1..9; 0 unknown */
    int year;          /* 0 unknown */
    bool barred;       /* credit: never proposed */
    const char *const *
        /* technical fields, industries, disciplines: "field:…", "industry:C2614", "discipline:530"
         * */
        fields;
    size_t n_fields;
    const char *const
        *scopes; /* who may see it: "public", "bureau", "unit:<uuid>", "recommender:<uuid>" */
    size_t n_scopes;
    const struct link *links;
    size_t n_links;
};

#endif
