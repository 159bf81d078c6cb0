/* window.c - see window.h. Two pointers over the places where units of the question stand. */
#include "window.h"

#define SEEN_MAX 4096 /* places kept of one record; what comes later is not looked at */

struct place {
    uint32_t unit, at;
};
struct window {
    const struct asked *asked;
    struct place *seen;
    size_t n;
    uint16_t *count; /* of each unit, in the window */
    bool *wanted;    /* the unit is in the piece */
};

struct window *window_new(const struct asked *asked, struct arena *arena)
{
    struct window *window = arena_alloc(arena, sizeof(*window));

    if (!window)
        return NULL;
    window->asked = asked;
    if (asked->n_pieces == 0)
        return window;
    window->seen = arena_alloc(arena, SEEN_MAX * sizeof(*window->seen));
    window->count = arena_alloc(arena, (asked->units.n + 1) * sizeof(*window->count));
    window->wanted = arena_alloc(arena, (asked->units.n + 1) * sizeof(*window->wanted));
    return window->seen && window->count && window->wanted ? window : NULL;
}

void window_clear(struct window *window)
{
    window->n = 0;
}

void window_see(struct window *window, uint32_t unit, uint32_t at)
{
    if (window->seen && window->n < SEEN_MAX)
        window->seen[window->n++] = (struct place){ unit, at };
}

static double piece_best(struct window *window, const struct piece *piece)
{
    const struct asked_gram *units = window->asked->units.list;
    size_t reach = 2 * piece->span + 4, from = 0;
    double now = 0, best = 0;

    for (size_t i = 0; i < piece->n; i++)
        window->wanted[piece->unit[i]] = true;
    for (size_t i = 0; i < window->n; i++) {
        uint32_t unit = window->seen[i].unit;

        if (!window->wanted[unit])
            continue;
        while (window->seen[from].at + reach <= window->seen[i].at) {
            uint32_t gone = window->seen[from++].unit;

            if (window->wanted[gone] && --window->count[gone] == 0)
                now -= units[gone].idf;
        }
        if (window->count[unit]++ == 0)
            now += units[unit].idf;
        best = now > best ? now : best;
    }
    for (size_t i = 0; i < piece->n; i++) {
        window->wanted[piece->unit[i]] = false;
        window->count[piece->unit[i]] = 0;
    }
    return best;
}

double window_best(struct window *window)
{
    const struct asked *asked = window->asked;
    double sum = 0;

    for (size_t i = 0; window->n > 0 && i < asked->n_pieces; i++) {
        const struct piece *piece = &asked->pieces[i];

        if (piece->idf <= 0)
            continue;
        double share = piece_best(window, piece) / piece->idf;
        sum += piece->idf * share * share;
    }
    return asked->pieces_idf > 0 ? sum / asked->pieces_idf : 0;
}
