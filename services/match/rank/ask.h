/* ask.h - one question under way: what every way of asking shares. For rank/ and engine.c only. */
#ifndef JM_ASK_H
#define JM_ASK_H

#include "asked.h"
#include "bridge.h"
#include "engine.h"
#include "filter.h"
#include "score.h"

struct labels_shelf;
struct embeds;

struct near_field {
    const char *mine, *theirs;
    double weight; /* 0: not near */
};

struct ask_state {
    const struct question *question;
    struct arena *arena;
    const struct index *index; /* open for reading */
    struct model *model;
    const struct norms *norms;
    const struct analyser *analyser;
    const struct bridge *bridge;
    struct labels_shelf *shelf;
    struct text_scratch *scratch;
    uint32_t self;              /* slot of the subject, or NO_SLOT */
    const char *text[N_FIELDS]; /* of the subject */
    struct tokens tokens[N_FIELDS];
    const struct embeds *embeds; /* with the question's own, `embed`; both NULL: without */
    const float *embed;
    struct passes *passes;
    int this_year;
    struct near_field *near_list; /* how near each field of the library is to the subject's */
    size_t n_near;
    struct table near_fields; /* interned name -> place in near_list */
};
#define NEAR_FIELDS_MAX 4096

/* A slot with its score, before anything is told about it. */
struct found {
    uint32_t slot;
    double score;
};

enum engine_result ask_match(struct ask_state *ask, struct answer *ret);
enum engine_result ask_search(struct ask_state *ask, struct answer *ret);
enum engine_result ask_same(struct ask_state *ask, struct answer *ret);
enum engine_result ask_groups(struct ask_state *ask, struct answer *ret);
enum engine_result ask_cover(struct ask_state *ask, struct answer *ret);
enum engine_result ask_classify(struct ask_state *ask, struct answer *ret);

/* Past the question's deadline? Looked at between pieces of work. */
bool ask_is_late(const struct ask_state *ask);
/* Best first; equal scores by slot. */
void found_sort(struct found *list, size_t n);

/* match.c: the records of one kind that answer `asked`, best first, all that stage two scored.
 * Memory: the arena. */
enum engine_result match_items(struct ask_state *ask, struct asked *asked, unsigned kind,
                               struct found **ret, size_t *ret_n);
/* people.c: experts, units or labels by their evidence. */
enum engine_result match_people(struct ask_state *ask, struct asked *asked, unsigned kind,
                                struct found **ret, size_t *ret_n);
/* classify.c: the labels that the filter lets through, by the kernel of labels.h. */
enum engine_result rank_labels(struct ask_state *ask, bool ranked, struct found **ret,
                               size_t *ret_n);
/* Everything that is no likeness of texts: fields, TRL, region; each added to the score and told.
 * */
/* Once a question, before adjust; -1: memory is out. */
int MUST_CHECK adjust_prepare(struct ask_state *ask);
double adjust(struct ask_state *ask, uint32_t slot, struct reason *ret, size_t *ret_n);
#define ADJUST_MAX 4

/* reasons.c: fills the candidate's reasons, passages and what is missing. */
enum engine_result explain_item(struct ask_state *ask, struct asked *asked, struct candidate *ret,
                                uint32_t slot);
enum engine_result explain_person(struct ask_state *ask, struct asked *asked, struct candidate *ret,
                                  uint32_t slot);
/* people.c: the evidence of a person, heaviest share first; the shares sum to the score without
 * adjustments. */
struct evidence_share {
    uint32_t slot;
    double score, share;
    double weight; /* of kind, role and age */
};
enum engine_result people_evidence(struct ask_state *ask, const struct asked *asked,
                                   uint32_t person, struct evidence_share **ret, size_t *ret_n);
/* passages.c: where in the slot's texts the question's words stand. */
int passages_of(struct ask_state *ask, const struct asked *asked, uint32_t slot,
                struct passage **ret, size_t *ret_n);

/* Of a score in answer to `asked`. */
enum strength strength_of(const struct asked *asked, double score, unsigned kind);

#endif
