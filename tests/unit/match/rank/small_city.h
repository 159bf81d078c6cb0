/* small_city.h - a dozen invented records to ask about, through the engine as it serves. */
#ifndef SMALL_CITY_H
#define SMALL_CITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "engine.h"

struct small_city {
    struct engine *engine;
    struct worker *worker;
    struct arena arena;
    struct answer answer;
};

static inline void city_id(int n, uint8_t ret[16])
{
    memset(ret, 0, 16);
    ret[0] = 1;
    ret[14] = (uint8_t)(n >> 8);
    ret[15] = (uint8_t)n;
}

static inline int city_number(const uint8_t id[16])
{
    return id[14] << 8 | id[15];
}

static const char *const city_public[] = { "public" };

static inline struct item city_item(int n, enum kind kind, const char *title, const char *body)
{
    struct item item = { .kind = kind,
                         .version = 1,
                         .field = { title, "", body },
                         .name = "",
                         .division = "",
                         .state = "",
                         .level = "",
                         .scopes = city_public,
                         .n_scopes = 1 };

    city_id(n, item.id);
    return item;
}

static inline void city_put(struct small_city *city, const struct item *item)
{
    assert_int_equal(engine_put(city->engine, city->worker, item), 0);
}

static inline void city_add(struct small_city *city, int n, enum kind kind, const char *title,
                            const char *body)
{
    const struct item item = city_item(n, kind, title, body);

    city_put(city, &item);
}

/* A record that speaks for person `to`. */
static inline void city_speak(struct small_city *city, int n, enum kind kind, const char *title,
                              const char *body, int to)
{
    struct item item = city_item(n, kind, title, body);
    struct link link = { .weight = 1 };

    city_id(to, link.to);
    item.links = &link;
    item.n_links = 1;
    city_put(city, &item);
}

static inline void city_learn(struct small_city *city)
{
    const volatile bool cancel = false;

    assert_int_equal(engine_learn(city->engine, 1, &cancel), 0);
}

static inline struct question city_question(enum ask ask, unsigned kinds, const char *text)
{
    return (struct question){
        .ask = ask,
        .subject = { .field = { text, "", "" } },
        .filter = { .kinds = kinds, .scopes = city_public, .n_scopes = 1, .division = "" },
        .limit = 20,
        .reasons = 20,
        .near = ""
    };
}

static inline enum engine_result city_ask(struct small_city *city, const struct question *question)
{
    arena_release(&city->arena);
    memset(&city->answer, 0, sizeof(city->answer));
    return engine_ask(city->engine, city->worker, &city->arena, question, &city->answer);
}

/* The place of record n in the answer, or -1. */
static inline int city_place(const struct small_city *city, int n)
{
    for (size_t i = 0; i < city->answer.n; i++)
        if (city_number(city->answer.list[i].id) == n)
            return (int)i;
    return -1;
}

static inline int city_open(void **state)
{
    static struct small_city city;

    memset(&city, 0, sizeof(city));
    city.engine = engine_new();
    city.worker = city.engine ? worker_new(city.engine) : NULL;
    *state = &city;
    return city.worker ? 0 : -1;
}

static inline int city_close(void **state)
{
    struct small_city *city = *state;

    arena_release(&city->arena);
    worker_free(city->worker);
    engine_free(city->engine);
    return 0;
}

#define CITY_TEST(name) cmocka_unit_test_setup_teardown(name, city_open, city_close)

/* ---- what is in it ---- */

enum {
    WAFER = 1,
    PIGMENT,
    MOTOR,
    SEA, /* achievements */
    POLISHER = 11,
    CHEMIST,  /* experts with records */
    NEWCOMER, /* an expert with a profile alone */
    PAPER_A = 21,
    PAPER_B,
    PAPER_C
};

static inline void city_fill(struct small_city *city)
{
    city_add(city, WAFER, KIND_ACHIEVEMENT, "低缺陷抛光硅片制备技术",
             "采用化学机械抛光控制8英寸硅片表面缺陷密度。适用于半导体器件。");
    city_add(city, PIGMENT, KIND_ACHIEVEMENT, "电子级二氧化钛粉体", "钛白粉提纯与粒度控制。");
    city_add(city, MOTOR, KIND_ACHIEVEMENT, "三合一汽车动力系统", "电机、电控与减速器集成。");
    city_add(city, SEA, KIND_ACHIEVEMENT, "海参育苗与增养殖", "海珍品苗种繁育技术。");
    city_add(city, POLISHER, KIND_EXPERT, "", "");
    city_add(city, CHEMIST, KIND_EXPERT, "", "");
    city_add(city, NEWCOMER, KIND_EXPERT, "半导体硅片抛光", "研究方向：硅片加工与缺陷检测。");
    city_speak(city, PAPER_A, KIND_PAPER, "硅片抛光液的配制", "研究抛光硅片的表面缺陷。", POLISHER);
    city_speak(city, PAPER_B, KIND_PAPER, "硅片缺陷检测方法", "光学检测硅片颗粒。", POLISHER);
    city_speak(city, PAPER_C, KIND_PAPER, "二氧化钛水解工艺", "钛白粉水解与煅烧。", CHEMIST);
}

#endif
