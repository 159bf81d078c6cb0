/* wire.c - see wire.h. */
#include "wire.h"

#include <string.h>

#define ALL_KINDS ((1u << N_KINDS) - 1)

_Static_assert((int)JB__ASK__CLASSIFY == (int)ASK_CLASSIFY, "match.proto and engine.h agree");
_Static_assert((int)JB__ASK__MATCH == (int)ASK_MATCH, "match.proto and engine.h agree");

/* --- the question ----------------------------------------------------------------------------- */

/* The bounds that keep one question from eating the engine; each with the sentence for who asked.
 */
static const char *bounds(const Jb__Request *request)
{
    const Jb__Filter *filter = request->filter;
    const struct {
        bool bad;
        const char *why;
    } checks[] = {
        { request->ask > JB__ASK__CLASSIFY, "no such question" },
        { request->limit > WIRE_LIMIT_MAX, "limit is too large" },
        { request->offset > WIRE_OFFSET_MAX, "offset is too large" },
        { request->reasons > WIRE_REASONS_MAX, "too many reasons are wanted" },
        { request->n_parts > WIRE_PARTS_MAX, "too many parts" },
        { request->ask == JB__ASK__COVER && request->n_parts == 0, "nothing is to be covered" },
        { request->ask == JB__ASK__COVER && request->cover_kind != KIND_EXPERT &&
              request->cover_kind != KIND_UNIT,
          "only experts or units can cover" },
        { request->near_weight < 0 || request->near_weight > 1,
          "near_weight is not within 0 and 1" },
        { request->threshold < 0, "threshold is below 0" },
        { request->want_trl > 9, "want_trl is not within 0 and 9" },
        { !filter, "there is no filter: nothing may be seen" },
        { filter && (filter->kinds | filter->evidence) & ~ALL_KINDS, "an unknown kind is wanted" },
        { filter && (filter->trl_min > 9 || filter->trl_max > 9), "TRL is not within 0 and 9" },
        { request->ask != JB__ASK__SEARCH && request->ask != JB__ASK__GROUPS &&
              request->ask != JB__ASK__COVER && !request->subject,
          "there is no subject" },
    };

    for (size_t i = 0; i < COUNT_OF(checks); i++)
        if (checks[i].bad)
            return checks[i].why;
    return NULL;
}

struct ids {
    const uint8_t (*list)[16];
    size_t n;
};

/* NULL: all well. An empty id in a list of ids means a mistake of who asks, not "none". */
static const char *read_ids(const ProtobufCBinaryData *from, size_t n, struct arena *arena,
                            struct ids *ret)
{
    uint8_t(*list)[16] = arena_alloc(arena, (n + 1) * sizeof(*list));

    if (!list)
        return "out of memory";
    for (size_t i = 0; i < n; i++) {
        if (from[i].len != sizeof(list[i]))
            return "an id has not 16 bytes";
        memcpy(list[i], from[i].data, sizeof(list[i]));
    }
    *ret = (struct ids){ (const uint8_t(*)[16])list, n };
    return NULL;
}

static const char *read_filter(const Jb__Filter *from, struct arena *arena, struct filter *ret)
{
    struct ids units, not_ids, not_units, not_persons;
    const char *why = read_ids(from->units, from->n_units, arena, &units);

    why = why ? why : read_ids(from->not_ids, from->n_not_ids, arena, &not_ids);
    why = why ? why : read_ids(from->not_units, from->n_not_units, arena, &not_units);
    why = why ? why : read_ids(from->not_persons, from->n_not_persons, arena, &not_persons);
    if (why)
        return why;
    *ret = (struct filter){
        .kinds = from->kinds,
        .evidence = from->evidence,
        .scopes = (const char *const *)from->scopes,
        .n_scopes = from->n_scopes,
        .fields = (const char *const *)from->fields,
        .n_fields = from->n_fields,
        .states = (const char *const *)from->states,
        .n_states = from->n_states,
        .levels = (const char *const *)from->levels,
        .n_levels = from->n_levels,
        .division = from->division,
        .trl_min = (int)from->trl_min,
        .trl_max = (int)from->trl_max,
        .year_min = from->year_min,
        .year_max = from->year_max,
        .with_barred = from->with_barred,
        .units = units.list,
        .n_units = units.n,
        .not_ids = not_ids.list,
        .n_not_ids = not_ids.n,
        .not_units = not_units.list,
        .n_not_units = not_units.n,
        .not_persons = not_persons.list,
        .n_not_persons = not_persons.n,
    };
    return NULL;
}

/* Keywords as item.h has them: one text, a line each. */
static const char *join(char *const *words, size_t n, struct arena *arena)
{
    size_t len = 1;
    char *text, *at;

    for (size_t i = 0; i < n; i++)
        len += strlen(words[i]) + 1;
    text = at = arena_alloc(arena, len);
    for (size_t i = 0; i < n && text; i++) {
        size_t word = strlen(words[i]);

        if (i > 0)
            *at++ = '\n';
        memcpy(at, words[i], word);
        at += word;
    }
    return text;
}

const char *wire_subject(const Jb__Subject *from, struct arena *arena, struct subject *ret)
{
    ret->field[FIELD_TITLE] = from ? from->title : "";
    ret->field[FIELD_BODY] = from ? from->body : "";
    ret->field[FIELD_KEYWORDS] = from ? join(from->keywords, from->n_keywords, arena) : "";
    if (!ret->field[FIELD_KEYWORDS])
        return "out of memory";
    ret->has_id = from && from->id.len == sizeof(ret->id);
    if (ret->has_id)
        memcpy(ret->id, from->id.data, sizeof(ret->id));
    return NULL;
}

const char *wire_read(const Jb__Request *request, struct arena *arena, struct question *ret)
{
    struct question question = {
        .ask = (enum ask)request->ask,
        .offset = request->offset,
        .limit = request->limit,
        .reasons = request->reasons,
        .near = request->near,
        .near_weight = request->near_weight,
        .want_trl = (int)request->want_trl,
        .facets = request->facets,
        .newest = request->newest,
        .parts = (const char *const *)request->parts,
        .n_parts = request->n_parts,
        .cover_kind = request->cover_kind,
        .threshold = request->threshold,
    };
    const char *why = bounds(request);

    why = why ? why : read_filter(request->filter, arena, &question.filter);
    why = why ? why : wire_subject(request->subject, arena, &question.subject);
    if (!why)
        *ret = question;
    return why;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* Collects failure, so that the writers below need not ask after each allocation. */
struct writer {
    struct arena *arena;
    bool failed;
};

static void *take(struct writer *to, size_t n, size_t size)
{
    void *memory = n > SIZE_MAX / 64 / size ? NULL : arena_alloc(to->arena, (n + 1) * size);

    if (!memory)
        to->failed = true;
    return memory;
}

static void *take_pointers(struct writer *to, size_t n)
{
    return take(to, n, sizeof(void *));
}

static ProtobufCBinaryData id_bytes(const uint8_t id[16])
{
    return (ProtobufCBinaryData){ 16, (uint8_t *)(uintptr_t)id };
}

static char *text_of(const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

static uint32_t *write_places(struct writer *to, const size_t *from, size_t n)
{
    uint32_t *list = take(to, n, sizeof(*list));

    for (size_t i = 0; i < n && list; i++)
        list[i] = (uint32_t)from[i];
    return list;
}

static char **write_texts(struct writer *to, const char *const *from, size_t n)
{
    char **list = take_pointers(to, n);

    for (size_t i = 0; i < n && list; i++)
        list[i] = text_of(from[i]);
    return list;
}

static bool has_id(const uint8_t id[16])
{
    static const uint8_t none[16];

    return memcmp(id, none, sizeof(none)) != 0;
}

static Jb__Reason **write_reasons(struct writer *to, const struct reason *from, size_t n, int depth)
{
    Jb__Reason **list = take_pointers(to, n), *all = take(to, n, sizeof(*all));

    for (size_t i = 0; i < n && !to->failed; i++) {
        list[i] = &all[i];
        jb__reason__init(list[i]);
        list[i]->kind = from[i].kind;
        list[i]->share = from[i].share;
        list[i]->term = text_of(from[i].term);
        list[i]->other = text_of(from[i].other);
        list[i]->weight = from[i].weight;
        if (has_id(from[i].id))
            list[i]->id = id_bytes(from[i].id);
        if (depth + 1 < RPC_REASON_DEPTH) {
            list[i]->n_parts = from[i].n_parts;
            list[i]->parts = write_reasons(to, from[i].parts, from[i].n_parts, depth + 1);
        }
    }
    return list;
}

static Jb__Passage **write_passages(struct writer *to, const struct passage *from, size_t n)
{
    Jb__Passage **list = take_pointers(to, n), *all = take(to, n, sizeof(*all));

    for (size_t i = 0; i < n && !to->failed; i++) {
        list[i] = &all[i];
        jb__passage__init(list[i]);
        list[i]->field = from[i].field;
        list[i]->text = text_of(from[i].text);
        list[i]->n_marks = 2 * from[i].n_marks;
        list[i]->marks = take(to, 2 * from[i].n_marks, sizeof(uint32_t));
        for (size_t m = 0; m < from[i].n_marks && list[i]->marks; m++) {
            list[i]->marks[2 * m] = from[i].marks[m].from;
            list[i]->marks[2 * m + 1] = from[i].marks[m].to;
        }
    }
    return list;
}

static void write_candidate(struct writer *to, const struct candidate *from, Jb__Candidate *ret)
{
    jb__candidate__init(ret);
    ret->id = id_bytes(from->id);
    ret->kind = from->kind;
    ret->version = from->version;
    ret->score = from->score;
    ret->strength = from->strength;
    ret->n_reasons = from->n_reasons;
    ret->reasons = write_reasons(to, from->reasons, from->n_reasons, 0);
    ret->n_passages = from->n_passages;
    ret->passages = write_passages(to, from->passages, from->n_passages);
    ret->n_asked = from->n_asked;
    ret->asked = write_passages(to, from->asked, from->n_asked);
    ret->n_missing = from->n_missing;
    ret->missing = write_texts(to, from->missing, from->n_missing);
}

static void write_list(struct writer *to, const struct answer *answer, Jb__Response *ret)
{
    Jb__Candidate *all = take(to, answer->n, sizeof(*all));

    ret->n_list = answer->n;
    ret->list = take_pointers(to, answer->n);
    for (size_t i = 0; i < answer->n && !to->failed; i++) {
        ret->list[i] = &all[i];
        write_candidate(to, &answer->list[i], ret->list[i]);
    }
}

static void write_facets(struct writer *to, const struct answer *answer, Jb__Response *ret)
{
    Jb__FacetCount *all = take(to, answer->n_facets, sizeof(*all));

    ret->n_facets = answer->n_facets;
    ret->facets = take_pointers(to, answer->n_facets);
    for (size_t i = 0; i < answer->n_facets && !to->failed; i++) {
        ret->facets[i] = &all[i];
        jb__facet_count__init(ret->facets[i]);
        ret->facets[i]->facet = text_of(answer->facets[i].facet);
        ret->facets[i]->value = text_of(answer->facets[i].value);
        ret->facets[i]->n = answer->facets[i].n;
    }
}

static void write_groups(struct writer *to, const struct answer *answer, Jb__Response *ret)
{
    Jb__Group *all = take(to, answer->n_groups, sizeof(*all));

    ret->n_groups = answer->n_groups;
    ret->groups = take_pointers(to, answer->n_groups);
    for (size_t i = 0; i < answer->n_groups && !to->failed; i++) {
        const struct group_found *from = &answer->groups[i];

        ret->groups[i] = &all[i];
        jb__group__init(ret->groups[i]);
        ret->groups[i]->n_members = from->n;
        ret->groups[i]->members = write_places(to, from->members, from->n);
        ret->groups[i]->n_shared = from->n_shared;
        ret->groups[i]->shared = write_texts(to, from->shared, from->n_shared);
        ret->groups[i]->likeness = from->likeness;
    }
}

static void write_cover(struct writer *to, const struct cover_set *cover, Jb__Response *ret)
{
    Jb__Covered *all = take(to, cover->n_pairs, sizeof(*all));

    ret->n_chosen = cover->n;
    ret->chosen = write_places(to, cover->chosen, cover->n);
    ret->n_uncovered = cover->n_uncovered;
    ret->uncovered = write_places(to, cover->uncovered, cover->n_uncovered);
    ret->n_covered = cover->n_pairs;
    ret->covered = take_pointers(to, cover->n_pairs);
    for (size_t i = 0; i < cover->n_pairs && !to->failed; i++) {
        ret->covered[i] = &all[i];
        jb__covered__init(ret->covered[i]);
        ret->covered[i]->part = (uint32_t)cover->pairs[i].part;
        ret->covered[i]->by = (uint32_t)cover->pairs[i].by;
        ret->covered[i]->score = cover->pairs[i].score;
    }
}

Jb__Response *wire_write(const struct answer *answer, struct arena *arena)
{
    struct writer to = { .arena = arena };
    Jb__Response *response = take(&to, 1, sizeof(*response));

    if (!response)
        return NULL;
    jb__response__init(response);
    response->version = arena_dup(arena, answer->version, strlen(answer->version));
    to.failed = !response->version;
    response->total = (uint32_t)answer->total;
    response->more = answer->more;
    write_list(&to, answer, response);
    write_facets(&to, answer, response);
    write_groups(&to, answer, response);
    write_cover(&to, &answer->cover, response);
    return to.failed ? NULL : response;
}

Jb__Outcome wire_outcome(enum engine_result result)
{
    static const struct {
        enum engine_result result;
        Jb__Outcome outcome;
    } pairs[] = {
        { ENGINE_OK, JB__OUTCOME__OK },           { ENGINE_NO_MEMORY, JB__OUTCOME__NO_MEMORY },
        { ENGINE_LATE, JB__OUTCOME__LATE },       { ENGINE_BAD, JB__OUTCOME__BAD },
        { ENGINE_UNKNOWN, JB__OUTCOME__UNKNOWN },
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i].result == result)
            return pairs[i].outcome;
    return JB__OUTCOME__BAD;
}
