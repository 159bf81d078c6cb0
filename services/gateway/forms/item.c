/* item.c - challenges, intents, claims, choice, approval, notice, objection, contract, project.
 *
 * A claim and a contract are drafted over days: of them little is required here; what is missing at
 * submission or at the offer for signature is the database's to say (guard.claim_complete,
 * guard.contract_complete). Sums come in 万元 and go on in fen. */
#include "forms.h"

#define SOURCES "poster city claimant other"
#define IP_CHOICES "poster claimant joint custom"
#define MASKINGS "open masked summary"
#define FEN_MAX 1000000000000000L /* 10 亿 万元: sums of many lines still fit */

const struct field form_items_query[] = {
    { "page", F_INT, OPT, 1, 500, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "industry", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "field", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "division", F_CODE, OPT, 2, 6, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },
    { "list", F_UUID, OPT, 0, 0, NULL, NULL },
    { "open", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "sort", F_ENUM, OPT, 0, 0, "newest deadline budget", NULL },
    { 0 },
};

const struct field form_items_csv_query[] = {
    { "q", F_TEXT, OPT, 1, 100, NULL, NULL },    { "industry", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "field", F_TEXT, OPT, 1, 40, NULL, NULL }, { "division", F_CODE, OPT, 2, 6, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },   { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },  { "list", F_UUID, OPT, 0, 0, NULL, NULL },
    { "open", F_BOOL, OPT, 0, 0, NULL, NULL },   { 0 },
};

const struct field form_state_query[] = {
    { "page", F_INT, OPT, 1, 500, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_board_query[] = {
    { "page", F_INT, OPT, 1, 500, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "quiet", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_audit_query[] = {
    { "machine", F_CODE, OPT, 2, 40, NULL, NULL },
    { "event", F_CODE, OPT, 2, 40, NULL, NULL },
    { "item", F_UUID, OPT, 0, 0, NULL, NULL },
    { "person", F_UUID, OPT, 0, 0, NULL, NULL },
    { "from", F_DATE, OPT, 0, 0, NULL, NULL },
    { "until", F_DATE, OPT, 0, 0, NULL, NULL },
    { "before", F_INT, OPT, 1, 0x7fffffffffffffff, NULL, NULL },
    { "size", F_INT, OPT, 1, 200, NULL, NULL },
    { 0 },
};

/* What came of a challenge: notices, projects. */
const struct field form_outcome_query[] = {
    { "page", F_INT, OPT, 1, 500, NULL, NULL },  { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "state", F_CODE, OPT, 2, 40, NULL, NULL }, { "batch", F_UUID, OPT, 0, 0, NULL, NULL },
    { "item", F_UUID, OPT, 0, 0, NULL, NULL },   { 0 },
};

const struct field form_outcome_csv_query[] = {
    { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },
    { "item", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_inbox_query[] = {
    { "page", F_INT, OPT, 1, 500, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "unread", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_inbox_read[] = {
    { "until", F_INT, REQ, 1, 2000000000, NULL, NULL },
    { 0 },
};

/* An intent, or the undertaking to keep a summarised challenge secret. */
const struct field form_statement[] = {
    { "statement", F_PROSE, REQ, 2, 2000, NULL, NULL },
    { 0 },
};

const struct field form_contact[] = {
    { "kind", F_ENUM, REQ, 0, 0, "visit meeting call online event", NULL },
    { "held_at", F_TIME, REQ, 0, 0, NULL, NULL },
    { "place", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "people", F_TEXT, REQ, 1, 500, NULL, NULL },
    { "summary", F_PROSE, REQ, 2, 5000, NULL, NULL },
    { "unit", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_extension[] = {
    { "claim_until", F_TIME, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, REQ, 5, 2000, NULL, NULL },
    { 0 },
};

/* `content`: members of the published content that change; null takes one out. */
const struct field form_reissue[] = {
    { "claim_until", F_TIME, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, REQ, 5, 2000, NULL, NULL },
    { "title", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "budget", F_MONEY, OPT, 0, FEN_MAX, NULL, NULL },
    { "max_winners", F_INT, OPT, 1, 5, NULL, NULL },
    { "masking", F_ENUM, OPT, 0, 0, MASKINGS, NULL },
    { "content", F_JSON, OPT, 0, 65536, NULL, NULL },
    { 0 },
};

static const struct field leader[] = {
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { "title", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "duty", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "in_post", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

static const struct field teammate[] = {
    { "name", F_TEXT, REQ, 1, 40, NULL, NULL },
    { "title", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "unit", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "duty", F_TEXT, OPT, 1, 200, NULL, NULL },
    { 0 },
};

/* 代表作: only what belongs to the challenge, of the last years. */
static const struct field achievement[] = {
    { "kind", F_ENUM, REQ, 0, 0, "paper patent product award project other", NULL },
    { "name", F_TEXT, REQ, 1, 200, NULL, NULL },
    { "year", F_INT, OPT, 1950, 2100, NULL, NULL },
    { "note", F_PROSE, OPT, 1, 500, NULL, NULL },
    { 0 },
};

/* `indicator`: its name, or its number from 1. A line of a draft may wait for its commitment. */
static const struct field response[] = {
    { "indicator", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "commit", F_ENUM, OPT, 0, 0, "yes partly no", NULL },
    { "value", F_NUMBER, OPT, 0, 0, NULL, NULL },
    { "unit", F_TEXT, OPT, 1, 20, NULL, NULL },
    { "basis", F_PROSE, OPT, 1, 1000, NULL, NULL },
    { 0 },
};

static const struct field claim_milestone[] = {
    { "name", F_TEXT, REQ, 1, 100, NULL, NULL },
    { "due", F_DATE, REQ, 0, 0, NULL, NULL },
    { "deliverable", F_PROSE, OPT, 1, 500, NULL, NULL },
    { 0 },
};

static const struct field budget_line[] = {
    { "source", F_ENUM, REQ, 0, 0, SOURCES, NULL },
    { "amount", F_MONEY, REQ, 0, FEN_MAX, NULL, NULL },
    { "note", F_TEXT, OPT, 1, 200, NULL, NULL },
    { 0 },
};

static const struct field ip[] = {
    { "choice", F_ENUM, OPT, 0, 0, IP_CHOICES, NULL },
    { "text", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { 0 },
};

static const struct field commitments[] = {
    { "integrity", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "no_ip_dispute", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "clean_credit", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

static const struct field partner[] = {
    { "unit", F_UUID, REQ, 0, 0, NULL, NULL },
    { "duty", F_PROSE, REQ, 1, 500, NULL, NULL },
    { "share_pct", F_NUMBER, OPT, 0, 100, NULL, NULL },
    { 0 },
};

const struct field form_claim[] = {
    { "leader", F_OBJECT, REQ, 0, 0, NULL, leader },
    { "team", F_LIST, OPT, 0, 50, NULL, teammate },
    { "achievements", F_LIST, OPT, 0, 5, NULL, achievement },
    { "plan", F_PROSE, OPT, 1, 10000, NULL, NULL },
    { "responses", F_LIST, OPT, 0, 30, NULL, response },
    { "milestones", F_LIST, OPT, 0, 20, NULL, claim_milestone },
    { "budget", F_LIST, OPT, 0, 20, NULL, budget_line },
    { "ip", F_OBJECT, OPT, 0, 0, NULL, ip },
    { "risk", F_PROSE, OPT, 1, 5000, NULL, NULL },
    { "commitments", F_OBJECT, OPT, 0, 0, NULL, commitments },
    { "partners", F_LIST, OPT, 0, 20, NULL, partner },
    { 0 },
};

const struct field form_signoff[] = {
    { "decision", F_ENUM, REQ, 0, 0, "sign decline", NULL },
    { "digest", F_CODE, OPT, 64, 64, NULL, NULL },
    { "reason", F_PROSE, OPT, 2, 2000, NULL, NULL },
    { 0 },
};

static const struct field ranked[] = {
    { "claim", F_UUID, REQ, 0, 0, NULL, NULL },
    { "rank", F_INT, OPT, 1, 100, NULL, NULL },
    { "reason", F_PROSE, REQ, 2, 2000, NULL, NULL },
    { 0 },
};

const struct field form_choice[] = {
    { "reason", F_PROSE, REQ, 5, 5000, NULL, NULL },
    { "ranks", F_LIST, REQ, 1, 100, NULL, ranked },
    { 0 },
};

const struct field form_application[] = {
    { "total", F_MONEY, REQ, 100, FEN_MAX, NULL, NULL },
    { "asked", F_MONEY, REQ, 0, FEN_MAX, NULL, NULL },
    { "statement", F_PROSE, REQ, 5, 10000, NULL, NULL },
    { 0 },
};

const struct field form_filing[] = {
    { "file_no", F_TEXT, REQ, 2, 100, NULL, NULL },
    { 0 },
};

const struct field form_approval[] = {
    { "decision", F_ENUM, REQ, 0, 0, "approved refused", NULL },
    { "doc_no", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "doc_date", F_DATE, OPT, 0, 0, NULL, NULL },
    { "reason", F_PROSE, OPT, 2, 2000, NULL, NULL },
    { 0 },
};

/* How to object: where to write, whom to ring, on what conditions. */
static const struct field how[] = {
    { "address", F_TEXT, REQ, 2, 200, NULL, NULL },   { "phone", F_PHONE, REQ, 0, 0, NULL, NULL },
    { "postcode", F_CODE, OPT, 6, 6, NULL, NULL },    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { "clauses", F_PROSE, REQ, 2, 2000, NULL, NULL }, { 0 },
};

const struct field form_notice[] = {
    { "title", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "doc_no", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "issuer", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "basis", F_PROSE, REQ, 2, 2000, NULL, NULL },
    { "how", F_OBJECT, REQ, 0, 0, NULL, how },
    { "discipline", F_TEXT, OPT, 2, 200, NULL, NULL },
    { 0 },
};

static const struct field notice_line[] = {
    { "project", F_TEXT, REQ, 1, 200, NULL, NULL },
    { "unit", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "note", F_PROSE, OPT, 1, 1000, NULL, NULL },
    { 0 },
};

const struct field form_batch_notice[] = {
    { "kind", F_ENUM, REQ, 0, 0, "argument result", NULL },
    { "title", F_TEXT, REQ, 2, 200, NULL, NULL },
    { "doc_no", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "issuer", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "basis", F_PROSE, REQ, 2, 2000, NULL, NULL },
    { "how", F_OBJECT, REQ, 0, 0, NULL, how },
    { "discipline", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "lines", F_LIST, REQ, 1, 100, NULL, notice_line },
    { 0 },
};

/* Name and contact are asked for by the database, which says why (实名). */
static const struct field objector[] = {
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "address", F_TEXT, OPT, 2, 200, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

#define OBJECTION                                                                                  \
    { "name", F_TEXT, OPT, 1, 100, NULL, NULL }, { "is_unit", F_BOOL, OPT, 0, 0, NULL, NULL },     \
        { "contact", F_OBJECT, OPT, 0, 0, NULL, objector },                                        \
        { "text", F_PROSE, REQ, 5, 10000, NULL, NULL },                                            \
    {                                                                                              \
        "evidence", F_PROSE, OPT, 1, 10000, NULL, NULL                                             \
    }

const struct field form_question[] = {
    { "text", F_PROSE, REQ, 5, 1000, NULL, NULL },
    { 0 },
};

const struct field form_question_answer[] = {
    { "answer", F_PROSE, REQ, 1, 2000, NULL, NULL },
    { 0 },
};

const struct field form_objection[] = { OBJECTION, { 0 } };

const struct field form_letter[] = {
    OBJECTION,
    { "channel", F_ENUM, REQ, 0, 0, "letter visit phone", NULL },
    { "received_on", F_DATE, REQ, 0, 0, NULL, NULL },
    { "postmark", F_DATE, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_objection_answer[] = {
    { "result", F_ENUM, REQ, 0, 0, "rejected partly upheld", NULL },
    { "finding", F_PROSE, OPT, 2, 10000, NULL, NULL },
    { "answer", F_PROSE, OPT, 2, 10000, NULL, NULL },
    { "correction", F_PROSE, OPT, 2, 5000, NULL, NULL },
    { "claims", F_IDS, OPT, 0, 5, NULL, NULL },
    { 0 },
};

static const struct field contract_milestone[] = {
    { "name", F_TEXT, REQ, 1, 100, NULL, NULL },
    { "due", F_DATE, OPT, 0, 0, NULL, NULL },
    { "deliverable", F_PROSE, OPT, 1, 500, NULL, NULL },
    { "amount", F_MONEY, REQ, 0, FEN_MAX, NULL, NULL },
    { 0 },
};

static const struct field tranche[] = {
    { "source", F_ENUM, REQ, 0, 0, SOURCES, NULL },
    { "tranche", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "trigger", F_ENUM, REQ, 0, 0, "contract milestone acceptance", NULL },
    { "amount", F_MONEY, REQ, 0, FEN_MAX, NULL, NULL },
    { 0 },
};

#define CONTRACT                                                                                   \
    { "from", F_DATE, OPT, 0, 0, NULL, NULL }, { "until", F_DATE, OPT, 0, 0, NULL, NULL },         \
        { "total", F_MONEY, OPT, 0, FEN_MAX, NULL, NULL },                                         \
        { "subject", F_PROSE, OPT, 1, 10000, NULL, NULL },                                         \
        { "milestones", F_LIST, OPT, 0, 30, NULL, contract_milestone },                            \
        { "money", F_LIST, OPT, 0, 50, NULL, tranche },                                            \
        { "grant_reason", F_PROSE, OPT, 5, 1000, NULL, NULL },                                     \
        { "ip", F_OBJECT, OPT, 0, 0, NULL, ip },                                                   \
        { "confidentiality", F_PROSE, OPT, 1, 5000, NULL, NULL },                                  \
        { "acceptance", F_PROSE, OPT, 1, 5000, NULL, NULL },                                       \
        { "change", F_PROSE, OPT, 1, 5000, NULL, NULL },                                           \
        { "dispute", F_PROSE, OPT, 1, 5000, NULL, NULL },                                          \
    {                                                                                              \
        "other", F_PROSE, OPT, 1, 5000, NULL, NULL                                                 \
    }

const struct field form_contract[] = { CONTRACT, { 0 } };

const struct field form_contract_new[] = {
    { "claim", F_UUID, REQ, 0, 0, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, "task agreement", NULL },
    CONTRACT,
    { 0 },
};

const struct field form_signature[] = {
    { "digest", F_CODE, REQ, 64, 64, NULL, NULL },
    { 0 },
};

const struct field form_start[] = {
    { "start_on", F_DATE, OPT, 0, 0, NULL, NULL },
    { "meeting", F_PROSE, OPT, 1, 2000, NULL, NULL },
    { 0 },
};
