/* kdf.c - see kdf.h. */
#include "kdf.h"

#include <argon2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "jobs.h"

#define SALT_LEN 16
#define HASH_LEN 32

struct kdf {
    struct jobs *jobs;
    unsigned memory_kib, passes;
};

struct kdf_call {
    struct job job; /* first: the job is the call */
    struct kdf *kdf;
    kdf_done_fn done; /* NULL after kdf_call_detach */
    void *arg;
    bool verify;
    enum kdf_outcome outcome;
    char hash[KDF_HASH_MAX]; /* in for verify, out for hash */
    size_t len;
    char password[];
};

static void kdf_work_hash(struct kdf_call *call)
{
    unsigned char salt[SALT_LEN];

    if (crypto_random(salt, sizeof(salt)) < 0)
        return;
    int rc = argon2id_hash_encoded(call->kdf->passes, call->kdf->memory_kib, 1, call->password,
                                   call->len, salt, sizeof(salt), HASH_LEN, call->hash,
                                   sizeof(call->hash));
    if (rc == ARGON2_OK)
        call->outcome = KDF_MATCH;
}

static void kdf_work_verify(struct kdf_call *call)
{
    int rc = argon2id_verify(call->hash, call->password, call->len);

    if (rc == ARGON2_OK)
        call->outcome = KDF_MATCH;
    else if (rc == ARGON2_VERIFY_MISMATCH)
        call->outcome = KDF_MISMATCH;
}

static void kdf_work(struct job *job)
{
    struct kdf_call *call = (struct kdf_call *)job;

    if (call->verify)
        kdf_work_verify(call);
    else
        kdf_work_hash(call);
    crypto_wipe(call->password, call->len);
}

/* Is the hash made with the costs of today? The costs stand between the version and the salt. */
static bool kdf_is_stale(const struct kdf_call *call)
{
    char today[64];
    int len = snprintf(today, sizeof(today), "$argon2id$v=19$m=%u,t=%u,p=1$", call->kdf->memory_kib,
                       call->kdf->passes);

    return len < 0 || strncmp(call->hash, today, (size_t)len) != 0;
}

static void kdf_done(struct job *job)
{
    struct kdf_call *call = (struct kdf_call *)job;
    struct kdf_result result = { .outcome = call->outcome };

    if (call->outcome == KDF_MATCH && call->verify)
        result.rehash = kdf_is_stale(call);
    else if (call->outcome == KDF_MATCH)
        result.hash = call->hash;
    if (call->done)
        call->done(call->arg, &result);
    /* A job that never ran still holds its password. */
    crypto_wipe(call->password, call->len);
    crypto_wipe(call->hash, sizeof(call->hash));
    free(call);
}

struct kdf *kdf_new(struct event_base *base, const struct kdf_conf *conf)
{
    struct kdf *kdf = calloc(1, sizeof(*kdf));

    if (!kdf)
        return NULL;
    kdf->memory_kib = conf->memory_kib;
    kdf->passes = conf->passes;
    kdf->jobs = jobs_new(base, conf->threads, conf->queue_max);
    if (!kdf->jobs) {
        free(kdf);
        return NULL;
    }
    return kdf;
}

void kdf_free(struct kdf *kdf)
{
    if (!kdf)
        return;
    jobs_free(kdf->jobs);
    free(kdf);
}

static struct kdf_call *kdf_start(struct kdf *kdf, const char *hash, const char *password,
                                  size_t len, kdf_done_fn done, void *arg)
{
    struct kdf_call *call = calloc(1, sizeof(*call) + len + 1);

    if (!call)
        return NULL;
    call->job = (struct job){ .work = kdf_work, .done = kdf_done };
    call->kdf = kdf;
    call->done = done;
    call->arg = arg;
    call->outcome = KDF_FAILED;
    call->verify = hash != NULL;
    if (hash)
        snprintf(call->hash, sizeof(call->hash), "%s", hash);
    memcpy(call->password, password, len);
    call->len = len;
    if (jobs_run(kdf->jobs, &call->job) < 0) {
        crypto_wipe(call->password, len);
        free(call);
        return NULL;
    }
    return call;
}

struct kdf_call *kdf_hash(struct kdf *kdf, const char *password, size_t len, kdf_done_fn done,
                          void *arg)
{
    return kdf_start(kdf, NULL, password, len, done, arg);
}

struct kdf_call *kdf_verify(struct kdf *kdf, const char *hash, const char *password, size_t len,
                            kdf_done_fn done, void *arg)
{
    return kdf_start(kdf, hash, password, len, done, arg);
}

void kdf_call_detach(struct kdf_call *call)
{
    call->done = NULL;
}

int kdf_waiting(struct kdf *kdf)
{
    return jobs_waiting(kdf->jobs);
}
