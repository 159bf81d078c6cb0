/* set.h - what the tests of the renderer share: a set of templates from text, rendered to text. */
#ifndef JB_TEST_SET_H
#define JB_TEST_SET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pages/mustache.h"

#define NOW 1795392000 /* 2026-11-23 00:00 UTC, 08:00 in China, a Monday */

struct named {
    const char *name, *text;
};

/* The template "page" among `others` (ends with a NULL name), linked or with its faults. */
static inline struct mustache *set_new(const char *page, const struct named *others)
{
    struct mustache *set = mustache_new();

    assert_non_null(set);
    mustache_add(set, "page", "page.html", (struct span){ page, strlen(page) });
    for (; others && others->name; others++)
        mustache_add(set, others->name, others->name,
                     (struct span){ others->text, strlen(others->text) });
    mustache_add_sentence(set, "core.json", "total", "共 {{n}} 项", "{{n}} in all");
    mustache_add_sentence(set, "core.json", "plain", "甲<乙", "a<b");
    mustache_add_sentence(set, "core.json", "field.rows", "考核指标", "Measures");
    mustache_add_sentence(set, "core.json", "field.value", "数值", "value");
    mustache_add_sentence(set, "core.json", "option.ip.joint", "共有", "shared");
    mustache_add_sentence(set, "core.json", "kind.open", "张榜", "Open");
    mustache_add_sentence(set, "core.json", "kind.many", "有 {{n}} 个", "{{n}} of them");
    return set;
}

static inline void check(bool zh, const char *page, const struct named *others, const char *json,
                         const char *wanted)
{
    struct mustache *set = set_new(page, others);
    json_t *root = json_loads(json, JSON_DECODE_ANY, NULL);
    json_t *codes =
        json_loads("{\"division\":{\"210700\":{\"zh\":\"锦州市\",\"en\":\"Jinzhou\"}}}", 0, NULL);
    json_t *classes = json_loads("{\"need.returned\":\"soon\"}", 0, NULL);
    struct page_env env = { .zh = zh, .now = NOW, .codes = codes, .classes = classes };
    struct buf out;

    assert_non_null(root);
    if (!mustache_link(set))
        fail_msg("%s", mustache_faults(set)->text.data);
    buf_init(&out, 0);
    assert_int_equal(mustache_render(set, mustache_find(set, "page", 4), &env, root, &out), 0);
    assert_string_equal(out.data ? out.data : "", wanted);
    buf_release(&out);
    json_decref(root);
    json_decref(codes);
    json_decref(classes);
    mustache_free(set);
}

/* In Chinese, without other templates. */
static inline void gives(const char *page, const char *json, const char *wanted)
{
    check(true, page, NULL, json, wanted);
}

static inline void gives_en(const char *page, const char *json, const char *wanted)
{
    check(false, page, NULL, json, wanted);
}

#endif
