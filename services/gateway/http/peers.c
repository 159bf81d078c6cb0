/* peers.c - a hash table with a least-recently-seen list through it. */
#include "peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define BUCKETS 4096u

struct peers {
    struct peer *table[BUCKETS];
    struct peer *oldest, *newest;
    size_t count, max;
    uint64_t seed; /* so that nobody can choose addresses that collide */
};

static const unsigned char v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* IPv4 is kept in its mapped form, so that both families of one listener agree. */
static bool key_of(const struct sockaddr *address, unsigned char key[16], bool *ret_loopback)
{
    static const unsigned char v6_loopback[16] = { [15] = 1 };
    const unsigned char *v6;

    memset(key, 0, 16);
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;

        memcpy(key, v4_prefix, sizeof(v4_prefix));
        memcpy(key + 12, &in->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        v6 = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
        if (memcmp(v6, v4_prefix, sizeof(v4_prefix)) == 0 || memcmp(v6, v6_loopback, 16) == 0)
            memcpy(key, v6, 16);
        else
            memcpy(key, v6, 8);
    } else {
        return false;
    }
    *ret_loopback = memcmp(key, v6_loopback, 16) == 0 ||
                    (memcmp(key, v4_prefix, sizeof(v4_prefix)) == 0 && key[12] == 127);
    return true;
}

static size_t slot_of(const struct peers *peers, const unsigned char key[16])
{
    uint64_t hash = peers->seed;

    for (int i = 0; i < 16; i++)
        hash = (hash ^ key[i]) * 0x100000001b3ULL;
    return (size_t)((hash ^ (hash >> 29)) % BUCKETS);
}

static void unlink_seen(struct peers *peers, struct peer *peer)
{
    *(peer->older ? &peer->older->newer : &peers->oldest) = peer->newer;
    *(peer->newer ? &peer->newer->older : &peers->newest) = peer->older;
}

static void append_seen(struct peers *peers, struct peer *peer)
{
    peer->newer = NULL;
    peer->older = peers->newest;
    *(peers->newest ? &peers->newest->newer : &peers->oldest) = peer;
    peers->newest = peer;
}

static void drop(struct peers *peers, struct peer *peer)
{
    struct peer **at = &peers->table[slot_of(peers, peer->key)];

    while (*at != peer)
        at = &(*at)->hash_next;
    *at = peer->hash_next;
    unlink_seen(peers, peer);
    peers->count--;
    free(peer);
}

static bool make_room(struct peers *peers)
{
    struct peer *peer = peers->oldest;

    if (peers->count < peers->max)
        return true;
    while (peer && peer->connections > 0)
        peer = peer->newer;
    if (!peer)
        return false;
    drop(peers, peer);
    return true;
}

struct peers *peers_new(size_t max)
{
    struct peers *peers = calloc(1, sizeof(*peers));

    if (!peers)
        return NULL;
    peers->max = max;
    if (getrandom(&peers->seed, sizeof(peers->seed), 0) != (ssize_t)sizeof(peers->seed)) {
        free(peers);
        return NULL;
    }
    return peers;
}

void peers_free(struct peers *peers)
{
    if (!peers)
        return;
    while (peers->oldest)
        drop(peers, peers->oldest);
    free(peers);
}

struct peer *peers_get(struct peers *peers, const struct sockaddr *address)
{
    unsigned char key[16];
    bool loopback;
    struct peer *peer;
    size_t slot;

    if (!key_of(address, key, &loopback))
        return NULL;
    slot = slot_of(peers, key);
    for (peer = peers->table[slot]; peer; peer = peer->hash_next) {
        if (memcmp(peer->key, key, 16) != 0)
            continue;
        if (peers->newest != peer) {
            unlink_seen(peers, peer);
            append_seen(peers, peer);
        }
        return peer;
    }
    if (!make_room(peers) || !(peer = calloc(1, sizeof(*peer))))
        return NULL;
    memcpy(peer->key, key, 16);
    peer->loopback = loopback;
    peer->hash_next = peers->table[slot];
    peers->table[slot] = peer;
    append_seen(peers, peer);
    peers->count++;
    return peer;
}

struct peer *peers_get_text(struct peers *peers, const char *ip)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

    if (inet_pton(AF_INET, ip, &v4.sin_addr) == 1)
        return peers_get(peers, (const struct sockaddr *)(const void *)&v4);
    if (inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1)
        return peers_get(peers, (const struct sockaddr *)(const void *)&v6);
    return NULL;
}

size_t peers_count(const struct peers *peers)
{
    return peers->count;
}

bool bucket_take(struct bucket *bucket, double rate, double burst, int64_t now_ms, int *ret_wait)
{
    if (now_ms > bucket->at) {
        bucket->used -= rate * (double)(now_ms - bucket->at) / 1000.0;
        if (bucket->used < 0)
            bucket->used = 0;
        bucket->at = now_ms;
    }
    if (bucket->used + 1.0 > burst) {
        *ret_wait = rate > 0 ? (int)((bucket->used + 1.0 - burst) / rate) + 1 : 3600;
        return false;
    }
    bucket->used += 1.0;
    return true;
}
