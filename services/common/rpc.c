/* rpc.c - see rpc.h. */
#include "rpc.h"

#include <math.h>
#include <string.h>

#include "utf8.h"

#define LIST_MAX 65536
#define ID_LEN 16

const char *const rpc_kinds[RPC_KINDS] = { "need",        "item",    "expert", "unit",
                                           "achievement", "patent",  "paper",  "earlier",
                                           "claim",       "project", "label" };

unsigned rpc_kind(const char *name)
{
    for (unsigned i = 0; i < RPC_KINDS; i++)
        if (strcmp(rpc_kinds[i], name) == 0)
            return 1u << i;
    return 0;
}

static void *on_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size ? size : 1);
}

static void on_free(void *arena, void *memory)
{
    (void)arena, (void)memory; /* goes with the arena */
}

/* --- nesting ---------------------------------------------------------------------------------- */

/* protobuf-c reads a message in a message by recursion, so a reason in a reason in a reason ... is
 * looked at before: field by field, without its content. */
struct cursor {
    const unsigned char *at, *end;
};

static bool read_varint(struct cursor *cursor, uint64_t *ret)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
        unsigned char byte = *cursor->at++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return false;
}

/* Steps over one field; *ret_sub is its content when it has a length. */
static bool read_field(struct cursor *cursor, uint64_t *ret_tag, struct cursor *ret_sub)
{
    uint64_t tag, len = 0;

    if (!read_varint(cursor, &tag))
        return false;
    switch (tag & 7) {
    case 0:
        if (!read_varint(cursor, &len))
            return false;
        len = 0;
        break;
    case 1:
        len = 8;
        break;
    case 2:
        if (!read_varint(cursor, &len))
            return false;
        break;
    case 5:
        len = 4;
        break;
    default:
        return false; /* groups are of another age */
    }
    if (len > (uint64_t)(cursor->end - cursor->at))
        return false;
    *ret_sub = (struct cursor){ cursor->at, cursor->at + len };
    cursor->at += len;
    *ret_tag = tag;
    return true;
}

#define TAG(field) ((uint64_t)(field) << 3 | 2)

/* The way down to the reasons: Response.list, Candidate.reasons, Reason.parts, Reason.parts ... */
static bool depth_ok(struct cursor cursor, int depth)
{
    static const uint64_t way[] = { TAG(4), TAG(6), TAG(7) };
    uint64_t tag, wanted = way[depth < 2 ? depth : 2];
    struct cursor sub;

    if (depth > 2 + RPC_REASON_DEPTH)
        return false;
    while (cursor.at < cursor.end) {
        if (!read_field(&cursor, &tag, &sub))
            return false;
        if (tag == wanted && !depth_ok(sub, depth + 1))
            return false;
    }
    return true;
}

/* --- content ---------------------------------------------------------------------------------- */

static const char *message_fault(ProtobufCMessage *message);

static const char *value_fault(const ProtobufCFieldDescriptor *field, const void *at)
{
    double number;
    const char *text;
    const ProtobufCBinaryData *bytes;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        text = *(char *const *)at;
        return text && utf8_valid(text, strlen(text)) < strlen(text) ? "a text is not UTF-8" : NULL;
    case PROTOBUF_C_TYPE_BYTES:
        bytes = at;
        return bytes->len != 0 && bytes->len != ID_LEN ? "an id has not 16 bytes" : NULL;
    case PROTOBUF_C_TYPE_DOUBLE:
        memcpy(&number, at, sizeof(number));
        return isfinite(number) ? NULL : "a number is not finite";
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(ProtobufCMessage *const *)at ? message_fault(*(ProtobufCMessage *const *)at)
                                              : NULL;
    default:
        return NULL;
    }
}

/* How far apart the values of a list are. Numbers and enums need no look. */
static size_t value_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_DOUBLE:
        return sizeof(double);
    default:
        return 0;
    }
}

static const char *field_fault(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field)
{
    const char *at = (const char *)message + field->offset, *why = NULL;
    size_t n, size = value_size(field);

    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return value_fault(field, at);
    n = *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
    if (n > LIST_MAX)
        return "a list is too long";
    at = n ? *(const char *const *)(const void *)at : NULL;
    for (size_t i = 0; i < n && size && !why; i++)
        why = value_fault(field, at + i * size);
    return why;
}

/* What a newer peer added is dropped. */
static const char *message_fault(ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *kind = message->descriptor;
    const char *why = NULL;

    message->n_unknown_fields = 0;
    for (unsigned i = 0; i < kind->n_fields && !why; i++)
        why = field_fault(message, &kind->fields[i]);
    return why;
}

/* --- both ways -------------------------------------------------------------------------------- */

static ProtobufCMessage *read_message(const ProtobufCMessageDescriptor *kind, const void *bytes,
                                      size_t len, struct arena *arena, const char **ret_why)
{
    ProtobufCAllocator allocator = { on_alloc, on_free, arena };
    ProtobufCMessage *message = protobuf_c_message_unpack(kind, &allocator, len, bytes);
    const char *why = message ? message_fault(message) : "it is no such message, or too large";

    if (!why)
        return message;
    *ret_why = why;
    return NULL;
}

Jb__Request *rpc_read_request(const void *bytes, size_t len, struct arena *arena,
                              const char **ret_why)
{
    return (Jb__Request *)read_message(&jb__request__descriptor, bytes, len, arena, ret_why);
}

Jb__Response *rpc_read_response(const void *bytes, size_t len, struct arena *arena,
                                const char **ret_why)
{
    const struct cursor all = { bytes, (const unsigned char *)bytes + len };

    if (!depth_ok(all, 0)) {
        *ret_why = "reasons are nested too deep";
        return NULL;
    }
    return (Jb__Response *)read_message(&jb__response__descriptor, bytes, len, arena, ret_why);
}

unsigned char *rpc_write(const ProtobufCMessage *message, struct arena *arena, size_t *ret_len)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    unsigned char *bytes = arena_alloc(arena, len + 1);

    if (bytes)
        *ret_len = protobuf_c_message_pack(message, bytes);
    return bytes;
}
