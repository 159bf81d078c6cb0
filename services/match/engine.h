/* engine.h - the engine as the rest sees it: records go in, questions are answered. serve/ calls it
 * for the gateway, feed.c for the database, bench/match for the collections: the same code for all.
 *
 * Safe for many threads: each brings its own worker (scratch memory). */
#ifndef JM_ENGINE_H
#define JM_ENGINE_H

#include "index.h"
#include "model.h"

struct engine;
struct worker; /* one a thread: text scratch, buffers */

struct engine *engine_new(void); /* empty; NULL when memory is out */
/* Starts from a snapshot: what index_load and model_load gave (`model` NULL: nothing is learned),
 * and the term list that the indexed items were analysed with; engine_load_norms is to follow.
 * Takes the index and the caller's reference of the model, also when memory is out (NULL). Rows are
 * copied. */
struct engine *engine_from(struct index *index, struct model *model, const struct term_row *rows,
                           size_t n);
/* The model that answers now, counted: model_unref it. For snapshots; save it after the index, with
 * no engine_learn or engine_compact between (serve/keep.c has one thread for all three). */
struct model *engine_model(struct engine *engine);
/* What a restart would have to work out anew of every record (rank/norms.h), for snapshots: beside
 * the index and after it, before a first question. Without the file it is worked out, which takes
 * as long as to read all texts. -1: it cannot be written; memory is out. */
int MUST_CHECK engine_save_norms(struct engine *engine, const char *path);
int MUST_CHECK engine_load_norms(struct engine *engine, const char *path);
/* A dense copy of the index without removed slots, the model moved along; queries go on meanwhile.
 * */
int MUST_CHECK engine_compact(struct engine *engine);
void engine_free(struct engine *engine);
struct worker *worker_new(struct engine *engine);
void worker_free(struct worker *worker);

int MUST_CHECK engine_put(struct engine *engine, struct worker *worker, const struct item *item);
/* As many engine_put in their order; so many at a time wait for the questions under way together
 * (index_put_all). -1: memory is out; each may be put again by itself. */
#define ENGINE_PUT_TOGETHER 16
int MUST_CHECK engine_put_all(struct engine *engine, struct worker *worker,
                              const struct item *items, size_t n);
int MUST_CHECK engine_remove(struct engine *engine, const uint8_t id[16], int64_t version);
/* A new term list: items that hold a changed term are analysed anew in the background. */
int MUST_CHECK engine_terms(struct engine *engine, const struct term_row *rows, size_t n);
/* Learns a new model from what is indexed and swaps it in; queries go on meanwhile. */
int MUST_CHECK engine_learn(struct engine *engine, int threads, const volatile bool *cancel);
/* The version of what answers: index format, parameters, model. Static until the next swap. */
const char *engine_version(struct engine *engine, char ret[64]);
struct index *engine_index(struct engine *engine);

/* ---- vectors of an embedding endpoint, when there is one (serve/embed.h) ---- */

/* From now on every record may have one, of so many dimensions, and `weight` x cosine joins the
 * scores of a question that has one too. Once. -1: no memory. */
int MUST_CHECK engine_embed_open(struct engine *engine, const char *name, int dims, double weight);
/* Some records that have text and no vector yet, in turns; with `again` from the beginning.
 * *ret_end: all have been looked at. Texts live in the arena. */
struct unembedded {
    uint8_t id[16];
    int64_t version;
    const char *field[N_FIELDS];
};
size_t engine_unembedded(struct engine *engine, struct arena *arena, bool again,
                         struct unembedded *ret, size_t max, bool *ret_end);
/* The vector of this version of a record; another version than is there is passed over. -1: no
 * memory, or the vector has no direction. */
int MUST_CHECK engine_embed(struct engine *engine, const uint8_t id[16], int64_t version,
                            const float *vector);
/* Only once all records have theirs do they count: the others would fall behind without fault. */
void engine_embed_ready(struct engine *engine, bool ready);

/* ---- questions ---- */

enum ask {
    ASK_MATCH,    /* a record or text -> candidates of each kind, with reasons */
    ASK_SEARCH,   /* words -> records of kinds, counts and facets */
    ASK_SAME,     /* near-duplicates of a record or text, passages side by side */
    ASK_GROUPS,   /* groups of alike records among those accepted */
    ASK_COVER,    /* indicators -> the smallest set of experts or units that covers them */
    ASK_CLASSIFY, /* a record or text -> labels by the labelled records of the library */
};

/* What is asked about: a record that is indexed, or text. */
struct subject {
    bool has_id;
    uint8_t id[16];
    const char *field[N_FIELDS];
};

/* Hard filters: whoever fails one never appears and changes no count. Empty lists do not filter. */
struct filter {
    unsigned kinds;
    unsigned evidence; /* kinds of records that may speak for a person or label; 0: all */
    const char *const
        *scopes; /* what the asker may see; an item needs one of them. None: nothing */
    size_t n_scopes;
    const char *const *fields; /* any of */
    size_t n_fields;
    const char *const *states;
    size_t n_states;
    const char *const *levels;
    size_t n_levels;
    const char *division;                     /* prefix, or "" */
    int trl_min, trl_max, year_min, year_max; /* 0: open */
    bool with_barred;
    const uint8_t (*units)[16]; /* only of these units */
    size_t n_units;
    const uint8_t (*not_ids)[16]; /* conflicts: these items, */
    size_t n_not_ids;
    const uint8_t (*not_units)[16]; /* whatever belongs to these units, */
    size_t n_not_units;
    const uint8_t (*not_persons)[16]; /* and to these persons */
    size_t n_not_persons;
};

struct question {
    enum ask ask;
    struct subject subject;
    struct filter filter;
    size_t offset, limit;     /* of each kind (MATCH, SAME), of all (SEARCH, GROUPS) */
    size_t reasons;           /* how many of the first candidates are explained */
    const char *near;         /* preferred division, or "" */
    double near_weight;       /* 0..1, shown in the reasons */
    int want_trl;             /* TRL that the asker wants; 0: no matter */
    int64_t deadline_ms;      /* monotonic; past it the answer is ENGINE_LATE */
    bool facets;              /* SEARCH */
    bool newest;              /* SEARCH: newest first instead of best first */
    const char *const *parts; /* COVER: one text an indicator */
    size_t n_parts;
    unsigned cover_kind; /* COVER: KIND_EXPERT or KIND_UNIT */
    double threshold;    /* GROUPS, SAME: least likeness; 0: the default */
    /* MATCH by text: its vector, of engine_embed_open's dimensions; NULL: none. A record that is
     * asked about has its own. */
    const float *vector;
};

enum strength { STRENGTH_WEAK, STRENGTH_POSSIBLE, STRENGTH_STRONG };

/* Why: parts whose shares sum to the candidate's score. */
enum reason_kind {
    REASON_TERM,    /* the same term on both sides: term */
    REASON_ALIKE,   /* term on the asker's side, `other` in the record; weight = likeness */
    REASON_SYNONYM, /* by the bureau's term list */
    REASON_TOPIC,   /* whole texts near in the learned spaces */
    /* a record that speaks for an expert or unit: `id`, `weight` of its kind, the part taken in it
     * and its age; its own reasons are nested */
    REASON_EVIDENCE,
    REASON_FIELD,  /* industry or discipline, also over the bridge: term = code, other = code */
    REASON_TRL,    /* distance of maturity (may be negative) */
    REASON_NEAR,   /* region preference */
    REASON_PHRASE, /* words close together as in the question */
    REASON_REST,   /* many small terms together */
    REASON_EMBED,  /* whole texts near by the embedding endpoint's vectors */
};
struct reason {
    enum reason_kind kind;
    double share;
    const char *term, *other; /* "" when there is none */
    double weight;
    uint8_t id[16]; /* of REASON_EVIDENCE */
    struct reason *parts;
    size_t n_parts;
};
struct passage { /* of a text, with what is marked in it */
    enum field field;
    const char *text;
    struct {
        uint32_t from, to;
    } marks[16]; /* bytes of text */
    size_t n_marks;
};
struct candidate {
    uint8_t id[16];
    enum kind kind;
    int64_t version;
    double score;
    enum strength strength;
    struct reason *reasons;
    size_t n_reasons;
    struct passage *passages; /* of the candidate */
    size_t n_passages;
    struct passage *asked; /* SAME: of the subject, side by side */
    size_t n_asked;
    const char *const *missing; /* weighty terms of the question that it does not answer */
    size_t n_missing;
};
struct facet_count {
    const char *facet, *value;
    uint32_t n;
};
struct group_found {
    size_t *members; /* places in answer.list */
    size_t n;
    const char *const *shared; /* terms that they share, heaviest first */
    size_t n_shared;
    double likeness;
};
struct cover_set {
    size_t *chosen; /* places in answer.list, in the order taken */
    size_t n;
    struct {
        size_t part, by;
        double score;
    } * pairs; /* which indicator is covered by whom */
    size_t n_pairs;
    size_t *uncovered;
    size_t n_uncovered;
};
struct answer {
    struct candidate *list;
    size_t n;
    size_t total; /* SEARCH: how many match, up to 10,000 */
    bool more;
    struct facet_count *facets;
    size_t n_facets;
    struct group_found *groups;
    size_t n_groups;
    struct cover_set cover;
    bool embedded; /* MATCH: vectors of the embedding endpoint took part */
    char version[64];
};

enum engine_result {
    ENGINE_OK = 0,
    ENGINE_NO_MEMORY = -1,
    ENGINE_LATE = -2,
    ENGINE_BAD = -3,
    ENGINE_UNKNOWN = -4
};
/* The answer lives in the arena. ENGINE_UNKNOWN: the subject's id is not indexed (or not visible to
 * the filter's scopes). ENGINE_BAD: nothing is asked. */
enum engine_result engine_ask(struct engine *engine, struct worker *worker, struct arena *arena,
                              const struct question *question, struct answer *ret);

/* Likeness of two texts in the duplicate mode, 0 (nothing) upwards. -1: no memory. */
double engine_pair(struct engine *engine, struct worker *worker, const char *a, const char *b);

#endif
