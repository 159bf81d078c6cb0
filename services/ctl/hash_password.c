/* hash_password.c - reads a password from stdin (one line) and prints its Argon2id hash, with the
 * costs that the gateway uses. For loading sample accounts; the password never is an argument. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "ctl.h"
#include "kdf.h"
#include "loop.h"

#define PASSWORD_MAX 512

struct hashing {
    struct loop *loop;
    char hash[KDF_HASH_MAX];
};

static void on_hashed(void *arg, const struct kdf_result *result)
{
    struct hashing *hashing = arg;

    if (result->outcome == KDF_MATCH)
        snprintf(hashing->hash, sizeof(hashing->hash), "%s", result->hash);
    loop_stop(hashing->loop);
}

static int hash_line(struct hashing *hashing, const char *password)
{
    const struct kdf_conf conf = { .threads = 1, .queue_max = 1, .memory_kib = 65536, .passes = 3 };
    struct kdf *kdf = NULL;
    int rc = -1;

    hashing->loop = loop_new();
    if (!hashing->loop)
        return -1;
    kdf = kdf_new(loop_base(hashing->loop), &conf);
    if (kdf && kdf_hash(kdf, password, strlen(password), on_hashed, hashing))
        rc = loop_run(hashing->loop);
    kdf_free(kdf);
    loop_free(hashing->loop);
    return rc < 0 || !*hashing->hash ? -1 : 0;
}

int cmd_hash_password(struct ctl *ctl, int argc, char **argv)
{
    struct hashing hashing = { 0 };
    char password[PASSWORD_MAX];

    (void)argc, (void)argv;
    if (!fgets(password, sizeof(password), stdin)) {
        fprintf(stderr, "%s: no password on stdin\n", ctl->command);
        return CTL_USAGE;
    }
    password[strcspn(password, "\r\n")] = '\0';

    int rc = *password ? hash_line(&hashing, password) : -1;

    crypto_wipe(password, sizeof(password));
    if (rc < 0) {
        fprintf(stderr, "%s: cannot hash (empty, or out of memory)\n", ctl->command);
        return CTL_NO;
    }
    puts(hashing.hash);
    return CTL_OK;
}
