/* test_kdf.c - password hashes off the loop. Small costs, so that the suite stays quick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "kdf.h"
#include "loop.h"
#include "must.h"

struct probe {
    struct loop *loop;
    int answers, wanted;
    enum kdf_outcome outcome;
    bool rehash;
    char hash[KDF_HASH_MAX];
};

static void on_done(void *arg, const struct kdf_result *result)
{
    struct probe *probe = arg;

    probe->outcome = result->outcome;
    probe->rehash = result->rehash;
    if (result->hash)
        snprintf(probe->hash, sizeof(probe->hash), "%s", result->hash);
    if (++probe->answers == probe->wanted)
        loop_stop(probe->loop);
}

static struct kdf *start(struct probe *probe, unsigned memory_kib, int queue_max)
{
    const struct kdf_conf conf = { 2, queue_max, memory_kib, 1 };

    *probe = (struct probe){ .loop = loop_new(), .wanted = 1 };
    assert_non_null(probe->loop);
    struct kdf *kdf = kdf_new(loop_base(probe->loop), &conf);
    assert_non_null(kdf);
    return kdf;
}

static void end(struct probe *probe, struct kdf *kdf)
{
    kdf_free(kdf);
    loop_free(probe->loop);
}

static enum kdf_outcome verify(struct probe *probe, struct kdf *kdf, const char *hash,
                               const char *password)
{
    probe->answers = 0;
    assert_non_null(kdf_verify(kdf, hash, password, strlen(password), on_done, probe));
    assert_int_equal(probe->answers, 0); /* never before the starter has returned */
    assert_int_equal(loop_run(probe->loop), 0);
    return probe->outcome;
}

static void a_hash_knows_its_password_and_no_other(void **state)
{
    struct probe probe;
    struct kdf *kdf = start(&probe, 64, 8);

    (void)state;
    assert_non_null(kdf_hash(kdf, "正确 horse", strlen("正确 horse"), on_done, &probe));
    assert_int_equal(loop_run(probe.loop), 0);
    assert_int_equal(probe.outcome, KDF_MATCH);
    assert_memory_equal(probe.hash, "$argon2id$v=19$m=64,t=1,p=1$", 28);

    char hash[KDF_HASH_MAX];

    snprintf(hash, sizeof(hash), "%s", probe.hash);
    assert_int_equal(verify(&probe, kdf, hash, "正确 horse"), KDF_MATCH);
    assert_false(probe.rehash);
    assert_int_equal(verify(&probe, kdf, hash, "正确 horsf"), KDF_MISMATCH);
    end(&probe, kdf);
}

static void a_hash_of_other_costs_wants_a_new_one(void **state)
{
    struct probe probe;
    struct kdf *kdf = start(&probe, 64, 8);
    char hash[KDF_HASH_MAX];

    (void)state;
    assert_non_null(kdf_hash(kdf, "x", 1, on_done, &probe));
    assert_int_equal(loop_run(probe.loop), 0);
    snprintf(hash, sizeof(hash), "%s", probe.hash);
    end(&probe, kdf);
    kdf = start(&probe, 128, 8);
    assert_int_equal(verify(&probe, kdf, hash, "x"), KDF_MATCH);
    assert_true(probe.rehash);
    end(&probe, kdf);
}

static void what_is_no_hash_fails(void **state)
{
    struct probe probe;
    struct kdf *kdf = start(&probe, 64, 8);

    (void)state;
    assert_int_equal(verify(&probe, kdf, "", "x"), KDF_FAILED);
    assert_int_equal(verify(&probe, kdf, "$argon2id$v=19$m=64", "x"), KDF_FAILED);
    end(&probe, kdf);
}

static void a_full_queue_refuses(void **state)
{
    struct probe probe;
    struct kdf *kdf = start(&probe, 8192, 2);
    int taken = 0;

    (void)state;
    while (taken < 50 && kdf_hash(kdf, "x", 1, on_done, &probe))
        taken++;
    assert_in_range(taken, 2, 40); /* two wait, two run, and some may have ended already */
    probe.wanted = taken;
    assert_int_equal(loop_run(probe.loop), 0);
    assert_int_equal(probe.answers, taken);
    end(&probe, kdf);
}

static void a_detached_call_is_not_answered(void **state)
{
    struct probe gone, stays;
    struct kdf *kdf = start(&stays, 64, 8);
    struct kdf_call *call;

    (void)state;
    gone = stays;
    call = kdf_hash(kdf, "x", 1, on_done, &gone);
    assert_non_null(call);
    kdf_call_detach(call);
    assert_non_null(kdf_hash(kdf, "y", 1, on_done, &stays));
    assert_int_equal(loop_run(stays.loop), 0);
    end(&stays, kdf);
    assert_int_equal(gone.answers, 0);
}

static void freeing_answers_what_is_out(void **state)
{
    struct probe probe;
    struct kdf *kdf = start(&probe, 4096, 8);

    (void)state;
    probe.wanted = 5;
    for (int i = 0; i < 5; i++)
        assert_non_null(kdf_hash(kdf, "x", 1, on_done, &probe));
    end(&probe, kdf);
    assert_int_equal(probe.answers, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_knows_its_password_and_no_other),
        cmocka_unit_test(a_hash_of_other_costs_wants_a_new_one),
        cmocka_unit_test(what_is_no_hash_fails),
        cmocka_unit_test(a_full_queue_refuses),
        cmocka_unit_test(a_detached_call_is_not_answered),
        cmocka_unit_test(freeing_answers_what_is_out),
    };

    return cmocka_run_group_tests_name("kdf", tests, NULL, NULL);
}
