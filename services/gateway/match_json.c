/* match_json.c - see match_json.h. The members of a message are a table; what is not in it is
 * refused, so that a misspelt filter is an error and not an open door. */
#include "match_json.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "crypto.h"

static const char *const asks[] = { "match", "search", "same", "groups", "cover", "classify" };
static const char *const reasons[] = { "term", "alike", "synonym", "topic", "evidence", "field",
                                       "trl",  "near",  "phrase",  "rest",  "embed" };
static const char *const strengths[] = { "weak", "possible", "strong" };
static const char *const fields[] = { "title", "keywords", "body" };

/* --- the question ----------------------------------------------------------------------------- */

struct reader {
    struct arena *arena;
    const char *why; /* the first thing that was wrong */
};

static void *fail(struct reader *reader, const char *why)
{
    if (!reader->why)
        reader->why = why;
    return NULL;
}

static void *take(struct reader *reader, size_t size)
{
    void *memory = arena_alloc(reader->arena, size);

    return memory ? memory : fail(reader, "memory is out");
}

enum type { T_TEXT, T_COUNT, T_YEAR, T_REAL, T_FLAG, T_ID, T_TEXTS, T_IDS, T_KIND, T_KINDS };

struct member {
    const char *name;
    enum type type;
    size_t offset, count; /* of the value, and of how many a list has */
};

static int word_place(const json_t *value, const char *const *words, size_t n)
{
    const char *text = json_string_value(value);

    for (size_t i = 0; i < n && text; i++)
        if (strcmp(text, words[i]) == 0)
            return (int)i;
    return -1;
}

static unsigned read_kind(struct reader *reader, const json_t *value)
{
    int place = word_place(value, rpc_kinds, RPC_KINDS);

    if (place < 0) {
        fail(reader, "an unknown kind");
        return 0;
    }
    return 1u << place;
}

static char *read_text(struct reader *reader, const json_t *value)
{
    const char *text = json_string_value(value);
    char *copy = text ? arena_dup(reader->arena, text, strlen(text))
                      : fail(reader, "a member is not a text");

    return copy ? copy : fail(reader, "memory is out");
}

static ProtobufCBinaryData read_id(struct reader *reader, const json_t *value)
{
    const char *text = json_string_value(value);
    uint8_t *id = take(reader, 16);
    char hex[32];
    size_t n = 0;

    for (; text && *text && n < sizeof(hex); text++)
        if (*text != '-')
            hex[n++] = *text;
    if (!id || !text || *text || n != sizeof(hex) || crypto_unhex(hex, n, id, 16) < 0) {
        fail(reader, "an id is not a UUID");
        return (ProtobufCBinaryData){ 0, NULL };
    }
    return (ProtobufCBinaryData){ 16, id };
}

static void read_texts(struct reader *reader, const json_t *list, char ***ret, size_t *ret_n)
{
    size_t n = json_array_size(list);
    char **texts = take(reader, (n + 1) * sizeof(*texts));

    if (!json_is_array(list))
        fail(reader, "a member is not a list");
    for (size_t i = 0; i < n && !reader->why; i++)
        texts[i] = read_text(reader, json_array_get(list, i));
    *ret = texts;
    *ret_n = n;
}

static void read_ids(struct reader *reader, const json_t *list, ProtobufCBinaryData **ret,
                     size_t *ret_n)
{
    size_t n = json_array_size(list);
    ProtobufCBinaryData *ids = take(reader, (n + 1) * sizeof(*ids));

    if (!json_is_array(list))
        fail(reader, "a member is not a list");
    for (size_t i = 0; i < n && !reader->why; i++)
        ids[i] = read_id(reader, json_array_get(list, i));
    *ret = ids;
    *ret_n = n;
}

static unsigned read_kinds(struct reader *reader, const json_t *list)
{
    unsigned set = 0;

    if (!json_is_array(list))
        fail(reader, "kinds is not a list");
    for (size_t i = 0; i < json_array_size(list); i++)
        set |= read_kind(reader, json_array_get(list, i));
    return set;
}

static json_int_t read_whole(struct reader *reader, const json_t *value, json_int_t least)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < least || number > INT32_MAX)
        fail(reader, "a member is not a whole number, or out of bounds");
    return number;
}

static void read_member(struct reader *reader, const json_t *value, const struct member *member,
                        char *message)
{
    void *at = message + member->offset;
    size_t *n = (size_t *)(void *)(message + member->count);

    switch (member->type) {
    case T_TEXT:
        *(char **)at = read_text(reader, value);
        break;
    case T_COUNT:
        *(uint32_t *)at = (uint32_t)read_whole(reader, value, 0);
        break;
    case T_YEAR:
        *(int32_t *)at = (int32_t)read_whole(reader, value, INT32_MIN);
        break;
    case T_REAL:
        *(double *)at = json_number_value(value);
        if (!json_is_number(value))
            fail(reader, "a member is not a number");
        break;
    case T_FLAG:
        *(protobuf_c_boolean *)at = json_is_true(value);
        if (!json_is_boolean(value))
            fail(reader, "a member is neither true nor false");
        break;
    case T_ID:
        *(ProtobufCBinaryData *)at = read_id(reader, value);
        break;
    case T_TEXTS:
        read_texts(reader, value, at, n);
        break;
    case T_IDS:
        read_ids(reader, value, at, n);
        break;
    case T_KIND:
        *(uint32_t *)at = read_kind(reader, value);
        break;
    case T_KINDS:
        *(uint32_t *)at = read_kinds(reader, value);
        break;
    }
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

/* Fills the message from the object; `besides` are members that are the caller's matter. */
static void read_object(struct reader *reader, const json_t *object, const struct member *members,
                        size_t n, const char *const *besides, void *message)
{
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        fail(reader, "a member is not an object");
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        size_t i = 0;

        while (i < n && strcmp(members[i].name, name) != 0)
            i++;
        if (i < n && !json_is_null(value))
            read_member(reader, value, &members[i], message);
        else if (i == n && !is_among(name, besides))
            fail(reader, "an unknown member");
    }
}

#define ONE(object, name, type)                                                                    \
    {                                                                                              \
#name, type, offsetof(object, name), 0                                                     \
    }
#define MANY(object, name, type)                                                                   \
    {                                                                                              \
#name, type, offsetof(object, name), offsetof(object, n_##name)                            \
    }

static const struct member subject_members[] = {
    ONE(Jb__Subject, id, T_ID),
    ONE(Jb__Subject, title, T_TEXT),
    MANY(Jb__Subject, keywords, T_TEXTS),
    ONE(Jb__Subject, body, T_TEXT),
};

static const struct member filter_members[] = {
    ONE(Jb__Filter, kinds, T_KINDS),      MANY(Jb__Filter, scopes, T_TEXTS),
    MANY(Jb__Filter, fields, T_TEXTS),    MANY(Jb__Filter, states, T_TEXTS),
    MANY(Jb__Filter, levels, T_TEXTS),    ONE(Jb__Filter, division, T_TEXT),
    ONE(Jb__Filter, trl_min, T_COUNT),    ONE(Jb__Filter, trl_max, T_COUNT),
    ONE(Jb__Filter, year_min, T_YEAR),    ONE(Jb__Filter, year_max, T_YEAR),
    ONE(Jb__Filter, with_barred, T_FLAG), MANY(Jb__Filter, units, T_IDS),
    MANY(Jb__Filter, not_ids, T_IDS),     MANY(Jb__Filter, not_units, T_IDS),
    MANY(Jb__Filter, not_persons, T_IDS), ONE(Jb__Filter, evidence, T_KINDS),
};

static const struct member request_members[] = {
    ONE(Jb__Request, offset, T_COUNT),     ONE(Jb__Request, limit, T_COUNT),
    ONE(Jb__Request, reasons, T_COUNT),    ONE(Jb__Request, near, T_TEXT),
    ONE(Jb__Request, near_weight, T_REAL), ONE(Jb__Request, want_trl, T_COUNT),
    ONE(Jb__Request, facets, T_FLAG),      ONE(Jb__Request, newest, T_FLAG),
    MANY(Jb__Request, parts, T_TEXTS),     ONE(Jb__Request, cover_kind, T_KIND),
    ONE(Jb__Request, threshold, T_REAL),
};

static const char *const none[] = { NULL };
static const char *const besides[] = { "ask", "subject", "filter", "context", NULL };

static Jb__Subject *read_subject(struct reader *reader, const json_t *object)
{
    Jb__Subject *subject = take(reader, sizeof(*subject));

    if (!subject || !object || json_is_null(object))
        return NULL;
    jb__subject__init(subject);
    read_object(reader, object, subject_members, COUNT_OF(subject_members), none, subject);
    return subject;
}

static Jb__Filter *read_filter(struct reader *reader, const json_t *object)
{
    Jb__Filter *filter = take(reader, sizeof(*filter));

    if (!filter)
        return NULL;
    if (!object)
        return fail(reader, "there is no filter");
    jb__filter__init(filter);
    read_object(reader, object, filter_members, COUNT_OF(filter_members), none, filter);
    return filter;
}

Jb__Request *match_json_question(const json_t *question, struct arena *arena, const char **ret_why)
{
    struct reader reader = { .arena = arena };
    Jb__Request *request = take(&reader, sizeof(*request));
    int ask = word_place(json_object_get(question, "ask"), asks, COUNT_OF(asks));

    if (ask < 0)
        fail(&reader, "an unknown question");
    if (request && !reader.why) {
        jb__request__init(request);
        request->ask = (Jb__Ask)ask;
        read_object(&reader, question, request_members, COUNT_OF(request_members), besides,
                    request);
        request->subject = read_subject(&reader, json_object_get(question, "subject"));
        request->filter = read_filter(&reader, json_object_get(question, "filter"));
    }
    if (!reader.why)
        return request;
    *ret_why = reader.why;
    return NULL;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* A failed piece is NULL, json_object_set_new and json_array_append_new then fail: `ok` remembers.
 */
struct writer {
    bool ok;
};

static void put(struct writer *to, json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) < 0)
        to->ok = false;
}

static void add(struct writer *to, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) < 0)
        to->ok = false;
}

static const char *word(const char *const *words, size_t n, uint32_t place)
{
    return place < n ? words[place] : "unknown";
}

static json_t *write_id(const ProtobufCBinaryData *id)
{
    char hex[CRYPTO_HEX(16)], text[37];

    if (id->len != 16)
        return json_null();
    crypto_hex(id->data, 16, hex);
    snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return json_string(text);
}

static json_t *write_real(double value)
{
    return json_real(isfinite(value) ? value : 0);
}

static const char *kind_word(uint32_t kind)
{
    for (size_t i = 0; i < RPC_KINDS; i++)
        if (kind == 1u << i)
            return rpc_kinds[i];
    return "unknown";
}

static json_t *write_texts(struct writer *to, char *const *from, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        add(to, list, json_string(from[i]));
    return list;
}

/* Places in the list; what lies outside it is the engine's mistake and is left out. */
static json_t *write_places(struct writer *to, const uint32_t *from, size_t n, size_t below)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        if (from[i] < below)
            add(to, list, json_integer(from[i]));
    return list;
}

static json_t *write_reasons(struct writer *to, Jb__Reason *const *from, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *reason = json_object();

        put(to, reason, "kind", json_string(word(reasons, COUNT_OF(reasons), from[i]->kind)));
        put(to, reason, "share", write_real(from[i]->share));
        if (*from[i]->term)
            put(to, reason, "term", json_string(from[i]->term));
        if (*from[i]->other)
            put(to, reason, "other", json_string(from[i]->other));
        if (from[i]->weight != 0)
            put(to, reason, "weight", write_real(from[i]->weight));
        if (from[i]->id.len == 16)
            put(to, reason, "id", write_id(&from[i]->id));
        if (from[i]->n_parts > 0)
            put(to, reason, "parts", write_reasons(to, from[i]->parts, from[i]->n_parts));
        add(to, list, reason);
    }
    return list;
}

/* How many characters begin before byte `end` of a text that is UTF-8. */
static json_int_t characters(const char *text, size_t end)
{
    json_int_t n = 0;

    for (size_t i = 0; i < end && text[i]; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

static json_t *write_passages(struct writer *to, Jb__Passage *const *from, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *passage = json_object(), *marks = json_array();

        for (size_t m = 0; m + 1 < from[i]->n_marks; m += 2) {
            json_t *mark = json_array();

            add(to, mark, json_integer(characters(from[i]->text, from[i]->marks[m])));
            add(to, mark, json_integer(characters(from[i]->text, from[i]->marks[m + 1])));
            add(to, marks, mark);
        }
        put(to, passage, "field", json_string(word(fields, COUNT_OF(fields), from[i]->field)));
        put(to, passage, "text", json_string(from[i]->text));
        put(to, passage, "marks", marks);
        add(to, list, passage);
    }
    return list;
}

static json_t *write_candidate(struct writer *to, const Jb__Candidate *from)
{
    json_t *one = json_object();

    put(to, one, "id", write_id(&from->id));
    put(to, one, "kind", json_string(kind_word(from->kind)));
    put(to, one, "version", json_integer(from->version));
    put(to, one, "score", write_real(from->score));
    put(to, one, "strength", json_string(word(strengths, COUNT_OF(strengths), from->strength)));
    put(to, one, "reasons", write_reasons(to, from->reasons, from->n_reasons));
    put(to, one, "passages", write_passages(to, from->passages, from->n_passages));
    put(to, one, "asked", write_passages(to, from->asked, from->n_asked));
    put(to, one, "missing", write_texts(to, from->missing, from->n_missing));
    return one;
}

static json_t *write_list(struct writer *to, const Jb__Response *from)
{
    json_t *list = json_array();

    for (size_t i = 0; i < from->n_list; i++)
        add(to, list, write_candidate(to, from->list[i]));
    return list;
}

static json_t *write_facets(struct writer *to, const Jb__Response *from)
{
    json_t *list = json_array();

    for (size_t i = 0; i < from->n_facets; i++) {
        json_t *facet = json_object();

        put(to, facet, "facet", json_string(from->facets[i]->facet));
        put(to, facet, "value", json_string(from->facets[i]->value));
        put(to, facet, "n", json_integer(from->facets[i]->n));
        add(to, list, facet);
    }
    return list;
}

static json_t *write_groups(struct writer *to, const Jb__Response *from)
{
    json_t *list = json_array();

    for (size_t i = 0; i < from->n_groups; i++) {
        const Jb__Group *group = from->groups[i];
        json_t *one = json_object();

        put(to, one, "members", write_places(to, group->members, group->n_members, from->n_list));
        put(to, one, "shared", write_texts(to, group->shared, group->n_shared));
        put(to, one, "likeness", write_real(group->likeness));
        add(to, list, one);
    }
    return list;
}

static json_t *write_cover(struct writer *to, const Jb__Response *from)
{
    json_t *cover = json_object(), *list = json_array();

    for (size_t i = 0; i < from->n_covered; i++) {
        json_t *one = json_object();

        put(to, one, "part", json_integer(from->covered[i]->part));
        put(to, one, "by", json_integer(from->covered[i]->by));
        put(to, one, "score", write_real(from->covered[i]->score));
        if (from->covered[i]->by < from->n_list)
            add(to, list, one);
        else
            json_decref(one);
    }
    put(to, cover, "chosen", write_places(to, from->chosen, from->n_chosen, from->n_list));
    put(to, cover, "covered", list);
    put(to, cover, "uncovered", write_places(to, from->uncovered, from->n_uncovered, UINT32_MAX));
    return cover;
}

/* What the engine said instead of an answer. */
static const char *no_answer(Jb__Outcome outcome)
{
    switch (outcome) {
    case JB__OUTCOME__OVERLOADED:
    case JB__OUTCOME__NO_MEMORY:
        return "overloaded";
    case JB__OUTCOME__LATE:
        return "late";
    case JB__OUTCOME__STARTING:
        return "starting";
    case JB__OUTCOME__BAD:
        return "bad";
    default:
        return NULL;
    }
}

static void write_answer(struct writer *to, const Jb__Response *from, json_t *answer)
{
    put(to, answer, "known", json_boolean(from->outcome != JB__OUTCOME__UNKNOWN));
    put(to, answer, "total", json_integer(from->total));
    put(to, answer, "more", json_boolean(from->more));
    put(to, answer, "list", write_list(to, from));
    put(to, answer, "facets", write_facets(to, from));
    put(to, answer, "groups", write_groups(to, from));
    put(to, answer, "cover", write_cover(to, from));
}

json_t *match_json_answer(const Jb__Response *response, const char *why)
{
    struct writer to = { true };
    json_t *answer = json_object(), *engine = json_object();

    if (response)
        why = no_answer(response->outcome);
    else if (!why)
        why = "down";
    put(&to, engine, "available", json_boolean(!why));
    if (why)
        put(&to, engine, "why", json_string(why));
    else if (response)
        put(&to, engine, "version", json_string(response->version));
    if (!why && response && *response->vectors)
        put(&to, engine, "vectors", json_string(response->vectors));
    put(&to, answer, "engine", engine);
    if (response && !why)
        write_answer(&to, response, answer);
    if (to.ok)
        return answer;
    json_decref(answer);
    return NULL;
}
