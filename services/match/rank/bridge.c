/* bridge.c - see bridge.h. Some hundred rows, asked once for each different field of an answer. */
#include "bridge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct pillar {
    char *from, *to;
    double weight;
};
struct bridge {
    struct pillar *list;
    size_t n;
};

struct bridge *bridge_new(const struct term_row *rows, size_t n)
{
    struct bridge *bridge = calloc(1, sizeof(*bridge));

    if (!bridge)
        return NULL;
    bridge->list = calloc(n + 1, sizeof(*bridge->list));
    for (size_t i = 0; bridge->list && i < n; i++) {
        struct pillar *pillar = &bridge->list[bridge->n];

        if (rows[i].rule != TERM_BRIDGE)
            continue;
        *pillar = (struct pillar){ strdup(rows[i].term), strdup(rows[i].other), rows[i].weight };
        bridge->n++;
        if (!pillar->from || !pillar->to) {
            bridge_free(bridge);
            return NULL;
        }
    }
    if (bridge->list)
        return bridge;
    bridge_free(bridge);
    return NULL;
}

void bridge_free(struct bridge *bridge)
{
    if (!bridge)
        return;
    for (size_t i = 0; i < bridge->n; i++) {
        free(bridge->list[i].from);
        free(bridge->list[i].to);
    }
    free(bridge->list);
    free(bridge);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* "industry:C2614" and "industry:C2619" share C261 of five. */
static double shared(const char *a, const char *b)
{
    const char *list = strchr(a, ':');
    size_t head = list ? (size_t)(list - a) + 1 : 0, same = head;
    size_t longest = strlen(a) > strlen(b) ? strlen(a) : strlen(b);

    if (!list || strncmp(a, b, head) != 0)
        return 0;
    while (a[same] && a[same] == b[same])
        same++;
    /* one letter or digit in common is a whole branch of everything */
    return same - head < 3 ? 0 : (double)(same - head) / (double)(longest - head);
}

double bridge_between(const struct bridge *bridge, const char *a, const char *b)
{
    double best = shared(a, b);

    for (size_t i = 0; i < bridge->n; i++) {
        const struct pillar *p = &bridge->list[i];

        if (p->weight > best &&
            ((begins(a, p->from) && begins(b, p->to)) || (begins(b, p->from) && begins(a, p->to))))
            best = p->weight;
    }
    return best;
}
