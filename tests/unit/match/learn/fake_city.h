/* fake_city.h - made-up texts for learning: topics whose words keep company, and two names of one
 * thing that never meet but have the same company. */
#ifndef FAKE_CITY_H
#define FAKE_CITY_H

#include "fake_index.h"

#define TOPICS 12
#define TOPIC_WORDS 25

static inline uint32_t fake_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(*state >> 4) * below) >> 28);
}

/* A text of topic `t`: words "t<topic>w<number>", some common ones, and one of the two names
 * "twin<t>a", "twin<t>b" of the topic's thing. */
static inline void fake_text(uint32_t *state, uint32_t t, uint32_t words, char *ret)
{
    ret += sprintf(ret, "twin%u%c ", t, fake_random(state, 2) ? 'a' : 'b');
    for (uint32_t i = 0; i < words; i++) {
        if (fake_random(state, 4) == 0)
            ret += sprintf(ret, "common%u ", fake_random(state, 40));
        else
            ret += sprintf(ret, "t%uw%u ", t, fake_random(state, TOPIC_WORDS));
        if (fake_random(state, 9) == 0)
            ret += sprintf(ret, "| ");
    }
}

/* Item i is of topic i % TOPICS. */
static inline struct index *fake_city(uint32_t items, uint32_t words)
{
    struct index *index = fake_new();
    uint32_t state = 11;
    char text[4096];

    for (uint32_t i = 0; i < items; i++) {
        fake_text(&state, i % TOPICS, words, text);
        fake_put(index, text);
    }
    return index;
}

#endif
