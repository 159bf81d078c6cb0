/* rpc.h - the messages of proto/match.proto, read with suspicion and written into frames.
 *
 * What protobuf-c leaves open is settled here: texts are UTF-8, ids are 16 bytes, numbers are
 * finite, nesting ends, lists have bounds. A message that was read lives in the arena and dies with
 * it. */
#ifndef JB_RPC_H
#define JB_RPC_H

#include "arena.h"
#include "match.pb-c.h"
#include "must.h"

#define RPC_REQUEST_MAX (1u << 20)
#define RPC_RESPONSE_MAX (16u << 20)
#define RPC_REASON_DEPTH 4 /* a reason in a reason ... */

/* The kinds of records by name, as the database writes them; bit i of a set is name i. */
#define RPC_KINDS 11
extern const char *const rpc_kinds[RPC_KINDS];
/* The bit, or 0. */
unsigned rpc_kind(const char *name);

/* NULL, with a static text in *ret_why, when it is malformed or the arena is full. */
Jb__Request *rpc_read_request(const void *bytes, size_t len, struct arena *arena,
                              const char **ret_why);
Jb__Response *rpc_read_response(const void *bytes, size_t len, struct arena *arena,
                                const char **ret_why);
/* The message as bytes in the arena, without a frame's head. NULL: no memory. */
unsigned char *rpc_write(const ProtobufCMessage *message, struct arena *arena, size_t *ret_len);

#endif
