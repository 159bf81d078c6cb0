/* kdf.h - Argon2id on a bounded pool of threads, never on the loop.
 *
 * Hashes are PHC strings ($argon2id$v=19$m=65536,t=3,p=1$...). Passwords are copied and wiped after
 * use. A queue that is full is an answer of its own: a flood of sign-ins must not pile up. */
#ifndef JB_KDF_H
#define JB_KDF_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct kdf;
struct kdf_call;

#define KDF_HASH_MAX 128

struct kdf_conf {
    int threads;         /* 2 */
    int queue_max;       /* 64 */
    unsigned memory_kib; /* 65536 */
    unsigned passes;     /* 3 */
};

enum kdf_outcome {
    KDF_MATCH,    /* verified, or hashed */
    KDF_MISMATCH, /* wrong password */
    KDF_FAILED,   /* memory, or the stored hash is no hash */
};

struct kdf_result {
    enum kdf_outcome outcome;
    bool rehash;      /* verified, but made with other costs than today's */
    const char *hash; /* of kdf_hash; valid during the callback */
};

typedef void (*kdf_done_fn)(void *arg, const struct kdf_result *result);

struct kdf *kdf_new(struct event_base *base, const struct kdf_conf *conf);
void kdf_free(struct kdf *kdf); /* calls that are still out are answered KDF_FAILED */

/* NULL: the queue is full or memory is out; `done` is then never called. */
struct kdf_call *kdf_hash(struct kdf *kdf, const char *password, size_t len, kdf_done_fn done,
                          void *arg);
struct kdf_call *kdf_verify(struct kdf *kdf, const char *hash, const char *password, size_t len,
                            kdf_done_fn done, void *arg);
/* Nobody waits any more: `done` will not be called. */
void kdf_call_detach(struct kdf_call *call);
int kdf_waiting(struct kdf *kdf);

#endif
