/* programme.c - programmes, batches, needs, recommendations, panels, lists.
 *
 * A need is written over weeks, so nothing of it but the title is required here: what is still
 * missing at its submission is the database's to say (sql/workflow/64_need_clinic.sql). */
#include "forms.h"

/* 基础研究 应用研究 试验发展 成果应用 技术推广与科技服务 生产性活动 */
#define ACTIVITIES "basic applied development application service production"
#define MASKINGS "open masked summary"

static const struct field target[] = {
    { "name", F_TEXT, REQ, 1, 100, NULL, NULL },
    { "value", F_NUMBER, REQ, 0, 0, NULL, NULL },
    { "unit", F_TEXT, OPT, 1, 20, NULL, NULL },
    { 0 },
};

/* The members of `rules` are named and bounded by core.rule_shape(). */
const struct field form_programme[] = {
    { "preset", F_CODE, REQ, 2, 40, NULL, NULL },
    { "code", F_CODE, REQ, 2, 20, NULL, NULL },
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "year", F_INT, REQ, 2000, 2100, NULL, NULL },
    { "doc_no", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "goal", F_PROSE, OPT, 1, 5000, NULL, NULL },
    { "industries", F_WORDS, REQ, 1, 50, NULL, NULL },
    { "targets", F_LIST, OPT, 0, 50, NULL, target },
    { "rules", F_JSON, OPT, 0, 65536, NULL, NULL },
    { 0 },
};

const struct field form_programmes_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "state", F_ENUM, OPT, 0, 0, "draft active closed", NULL },
    { "year", F_INT, OPT, 2000, 2100, NULL, NULL },
    { 0 },
};

const struct field form_batch[] = {
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "doc_no", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "body", F_PROSE, OPT, 1, 20000, NULL, NULL },
    { "solicit_from", F_TIME, OPT, 0, 0, NULL, NULL },
    { "solicit_until", F_TIME, OPT, 0, 0, NULL, NULL },
    { "rolling", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_prolongation[] = {
    { "solicit_until", F_TIME, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, REQ, 5, 500, NULL, NULL },
    { 0 },
};

const struct field form_batches_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "state", F_CODE, OPT, 2, 40, NULL, NULL },
    { "programme", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

/* `value2`: the upper end where op is "range". "none": a quality that is not a number. */
static const struct field indicator[] = {
    { "name", F_TEXT, REQ, 1, 60, NULL, NULL },
    { "op", F_ENUM, OPT, 0, 0, ">= <= = range none", NULL },
    { "value", F_NUMBER, OPT, 0, 0, NULL, NULL },
    { "value2", F_NUMBER, OPT, 0, 0, NULL, NULL },
    { "unit", F_TEXT, OPT, 1, 20, NULL, NULL },
    { "test_method", F_TEXT, OPT, 1, 200, NULL, NULL },
    { "must", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

/* 有能力保障投入 成果率先在本企业应用 近三年无不良信用 非涉密 企业确实无法自行解决 */
static const struct field commitments[] = {
    { "invest", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "first_use", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "credit", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "not_secret", F_BOOL, OPT, 0, 0, NULL, NULL },
    { "unsolvable", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

/* 上年营业收入, 研发投入 */
static const struct field finance[] = {
    { "revenue", F_MONEY, OPT, 0, 0, NULL, NULL },
    { "rd", F_MONEY, OPT, 0, 0, NULL, NULL },
    { 0 },
};

static const struct field contact[] = {
    { "name", F_TEXT, OPT, 1, 20, NULL, NULL },
    { "phone", F_PHONE, OPT, 0, 0, NULL, NULL },
    { "email", F_EMAIL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

/* What the bureau and the experts may reword; DOMAIN 4.1 gives the lengths. */
/* clang-format off */
#define NEED_WORDING \
    { "title", F_TEXT, REQ, 1, 100, NULL, NULL }, \
    { "industry", F_TEXT, OPT, 1, 40, NULL, NULL }, \
    { "fields", F_WORDS, OPT, 0, 11, NULL, NULL }, \
    { "industry_code", F_CODE, OPT, 1, 8, NULL, NULL }, \
    { "discipline", F_CODE, OPT, 3, 10, NULL, NULL }, \
    { "problem", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "key_tech", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "goal", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "indicators", F_LIST, OPT, 0, 30, NULL, indicator }, \
    { "budget", F_MONEY, OPT, 0, 0, NULL, NULL }, \
    { "cash", F_MONEY, OPT, 0, 0, NULL, NULL }, \
    { "year_from", F_INT, OPT, 2000, 2100, NULL, NULL }, \
    { "year_until", F_INT, OPT, 2000, 2100, NULL, NULL }, \
    { "keywords", F_WORDS, OPT, 0, 5, NULL, NULL }, \
    { "solution", F_ENUM, OPT, 0, 0, "own commission cooperate other", NULL }, \
    { "activity", F_ENUM, OPT, 0, 0, ACTIVITIES, NULL }, \
    { "ip", F_ENUM, OPT, 0, 0, "poster claimant joint negotiate", NULL }, \
    { "ip_note", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "conditions", F_PROSE, OPT, 1, 1000, NULL, NULL }

/* What only the poster can say. */
#define NEED_OWN \
    { "partner_wish", F_TEXT, OPT, 1, 100, NULL, NULL }, \
    { "background", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "tried", F_PROSE, OPT, 1, 500, NULL, NULL }, \
    { "finance", F_OBJECT, OPT, 0, 0, NULL, finance }, \
    { "commitments", F_OBJECT, OPT, 0, 0, NULL, commitments }, \
    { "secret", F_BOOL, OPT, 0, 0, NULL, NULL }, \
    { "disclosure", F_ENUM, OPT, 0, 0, MASKINGS, NULL }, \
    { "contact", F_OBJECT, OPT, 0, 0, NULL, contact }
/* clang-format on */

const struct field form_need[] = {
    NEED_WORDING,
    NEED_OWN,
    { 0 },
};

const struct field form_need_new[] = {
    { "batch", F_UUID, REQ, 0, 0, NULL, NULL },
    { "kind", F_ENUM, OPT, 0, 0, "tech achievement", NULL },
    NEED_WORDING,
    NEED_OWN,
    { 0 },
};

const struct field form_wording[] = {
    NEED_WORDING,
    { "note", F_PROSE, OPT, 1, 1000, NULL, NULL },
    { 0 },
};

const struct field form_merge[] = {
    { "needs", F_IDS, REQ, 2, 20, NULL, NULL },
    { "lead", F_UUID, OPT, 0, 0, NULL, NULL },
    NEED_WORDING,
    { "note", F_PROSE, OPT, 1, 1000, NULL, NULL },
    { 0 },
};

static const struct field recommended[] = {
    { "need", F_UUID, REQ, 0, 0, NULL, NULL },
    { "opinion", F_PROSE, REQ, 2, 500, NULL, NULL },
    { 0 },
};

const struct field form_recommendation[] = {
    { "letter_no", F_TEXT, REQ, 2, 60, NULL, NULL },
    { "letter_date", F_DATE, REQ, 0, 0, NULL, NULL },
    { "signer", F_TEXT, REQ, 1, 20, NULL, NULL },
    { "summary", F_PROSE, REQ, 2, 2000, NULL, NULL },
    { "needs", F_LIST, REQ, 1, 100, NULL, recommended },
    { 0 },
};

static const struct field member[] = {
    { "person", F_UUID, REQ, 0, 0, NULL, NULL },
    { "chair", F_BOOL, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_candidates_query[] = {
    { "page", F_INT, OPT, 1, 100000, NULL, NULL },
    { "size", F_INT, OPT, 1, 100, NULL, NULL },
    { "q", F_TEXT, OPT, 1, 40, NULL, NULL },
    { "batch", F_UUID, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_panel[] = {
    { "batch", F_UUID, REQ, 0, 0, NULL, NULL },
    { "kind", F_ENUM, REQ, 0, 0, "need claim", NULL },
    { "name", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "held_on", F_DATE, OPT, 0, 0, NULL, NULL },
    { "place", F_TEXT, OPT, 1, 100, NULL, NULL },
    { "members", F_LIST, REQ, 1, 50, NULL, member },
    { "subjects", F_IDS, REQ, 1, 100, NULL, NULL },
    { 0 },
};

const struct field form_panel_members[] = {
    { "members", F_LIST, REQ, 1, 50, NULL, member },
    { 0 },
};

const struct field form_panel_answer[] = {
    { "accept", F_BOOL, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, OPT, 1, 500, NULL, NULL },
    { 0 },
};

const struct field form_recusal[] = {
    { "subject", F_UUID, REQ, 0, 0, NULL, NULL },
    { "reason", F_PROSE, REQ, 5, 500, NULL, NULL },
    { 0 },
};

/* `scores`: a number from 0 to 100 under the code of each criterion of the panel. */
const struct field form_score[] = {
    { "scores", F_JSON, REQ, 0, 4096, NULL, NULL },
    { "comment", F_PROSE, REQ, 10, 2000, NULL, NULL },
    { 0 },
};

/* A sheet with gaps. */
const struct field form_sheet_draft[] = {
    { "scores", F_JSON, OPT, 0, 4096, NULL, NULL },
    { "comment", F_PROSE, OPT, 0, 2000, NULL, NULL },
    { 0 },
};

static const struct field opinion[] = {
    { "subject", F_UUID, REQ, 0, 0, NULL, NULL },
    { "conclusion", F_ENUM, REQ, 0, 0, "shortlist keep advise against", NULL },
    { "text", F_PROSE, REQ, 10, 5000, NULL, NULL },
    { 0 },
};

const struct field form_conclusion[] = {
    { "opinions", F_LIST, REQ, 1, 100, NULL, opinion },
    { 0 },
};

static const struct field entry[] = {
    { "need", F_UUID, REQ, 0, 0, NULL, NULL },
    { "masking", F_ENUM, OPT, 0, 0, MASKINGS, NULL },
    { "max_winners", F_INT, OPT, 1, 5, NULL, NULL },
    { "claim_until", F_TIME, OPT, 0, 0, NULL, NULL },
    { 0 },
};

const struct field form_list[] = {
    { "batch", F_UUID, REQ, 0, 0, NULL, NULL },
    { "title", F_TEXT, REQ, 2, 100, NULL, NULL },
    { "doc_no", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "minutes_no", F_TEXT, OPT, 2, 100, NULL, NULL },
    { "body", F_PROSE, OPT, 1, 20000, NULL, NULL },
    { "claim_until", F_TIME, REQ, 0, 0, NULL, NULL },
    { "items", F_LIST, OPT, 0, 100, NULL, entry },
    { 0 },
};
