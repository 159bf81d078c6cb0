/* What is remembered of addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "must.h"
#include "peers.h"

static struct peers *peers;

static int make(void **state)
{
    (void)state;
    peers = peers_new(4);
    return peers ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    peers_free(peers);
    return 0;
}

static void an_address_is_one_peer(void **state)
{
    (void)state;
    assert_ptr_equal(peers_get_text(peers, "192.0.2.1"), peers_get_text(peers, "192.0.2.1"));
    assert_ptr_not_equal(peers_get_text(peers, "192.0.2.1"), peers_get_text(peers, "192.0.2.2"));
}

static void both_forms_of_an_ipv4_address_are_one(void **state)
{
    (void)state;
    assert_ptr_equal(peers_get_text(peers, "192.0.2.1"), peers_get_text(peers, "::ffff:192.0.2.1"));
}

static void an_ipv6_network_is_one_peer(void **state)
{
    (void)state;
    assert_ptr_equal(peers_get_text(peers, "2001:db8:0:1::1"),
                     peers_get_text(peers, "2001:db8:0:1:ffff::2"));
    assert_ptr_not_equal(peers_get_text(peers, "2001:db8:0:1::1"),
                         peers_get_text(peers, "2001:db8:0:2::1"));
}

static void only_this_machine_is_loopback(void **state)
{
    (void)state;
    assert_true(peers_get_text(peers, "127.0.0.1")->loopback);
    assert_true(peers_get_text(peers, "::1")->loopback);
    assert_false(peers_get_text(peers, "10.0.0.1")->loopback);
    assert_false(peers_get_text(peers, "::2")->loopback);
}

static void a_text_that_is_no_address_has_no_peer(void **state)
{
    (void)state;
    assert_null(peers_get_text(peers, "unknown"));
    assert_null(peers_get_text(peers, "192.0.2.1:80"));
    assert_null(peers_get_text(peers, ""));
}

static void the_longest_unseen_makes_room(void **state)
{
    char ip[20];

    (void)state;
    peers_get_text(peers, "192.0.2.9")->connections = 1;
    for (int i = 0; i < 10; i++) {
        snprintf(ip, sizeof(ip), "198.51.100.%d", i);
        assert_non_null(peers_get_text(peers, ip));
    }
    assert_int_equal(peers_count(peers), 4);
    /* who has a connection open is never forgotten */
    assert_int_equal(peers_get_text(peers, "192.0.2.9")->connections, 1);
}

static void a_bucket_empties_and_fills_again(void **state)
{
    struct bucket bucket = { 0 };
    int wait = 0;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_true(bucket_take(&bucket, 2.0, 5.0, 1000, &wait));
    assert_false(bucket_take(&bucket, 2.0, 5.0, 1000, &wait));
    assert_int_equal(wait, 1);
    assert_false(bucket_take(&bucket, 2.0, 5.0, 1400, &wait));
    assert_true(bucket_take(&bucket, 2.0, 5.0, 1500, &wait));
    assert_false(bucket_take(&bucket, 2.0, 5.0, 1500, &wait));
}

static void a_clock_that_stands_gives_nothing(void **state)
{
    struct bucket bucket = { 0 };
    int wait = 0;

    (void)state;
    assert_true(bucket_take(&bucket, 100.0, 1.0, 5000, &wait));
    assert_false(bucket_take(&bucket, 100.0, 1.0, 4000, &wait));
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, make, unmake)
    const struct CMUnitTest tests[] = {
        EACH(an_address_is_one_peer),
        EACH(both_forms_of_an_ipv4_address_are_one),
        EACH(an_ipv6_network_is_one_peer),
        EACH(only_this_machine_is_loopback),
        EACH(a_text_that_is_no_address_has_no_peer),
        EACH(the_longest_unseen_makes_room),
        EACH(a_bucket_empties_and_fills_again),
        EACH(a_clock_that_stands_gives_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
