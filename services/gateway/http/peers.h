/* peers.h - what is remembered of an address: its connections and two token buckets.
 *
 * An IPv6 address counts by its /64, since that is what one subscriber gets. The table is bounded;
 * when it is full, the address unseen for longest makes room. */
#ifndef JB_HTTP_PEERS_H
#define JB_HTTP_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct bucket {
    double used; /* tokens taken and not yet grown back */
    int64_t at;  /* ms of the last look */
};

struct peer {
    struct peer *hash_next;
    struct peer *older, *newer;
    unsigned char key[16];
    bool loopback;
    int connections;
    struct bucket requests;
    struct bucket sign_ins;
};

struct peers;

struct peers *peers_new(size_t max);
void peers_free(struct peers *peers);
/* The peer of an address, made when it is new; NULL when memory is out or every place is taken by
 * an address with open connections. */
struct peer *peers_get(struct peers *peers, const struct sockaddr *address);
/* The same from text ("192.0.2.1", "2001:db8::1"); NULL also for anything else. */
struct peer *peers_get_text(struct peers *peers, const char *ip);
size_t peers_count(const struct peers *peers);

/* Takes one token of a bucket that holds `burst` and grows `rate` a second. False when it is
 * empty; *ret_wait is then the whole seconds until there is one. */
bool bucket_take(struct bucket *bucket, double rate, double burst, int64_t now_ms, int *ret_wait);

#endif
