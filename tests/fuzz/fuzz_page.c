/* A template and its data: what comes before the first NUL is the template, what follows is JSON.
 * Whatever they are, compiling says what is wrong or rendering comes to an end, and a template
 * that printed nothing raw leaves no `<` of the data on the page. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pages/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Data in which each text holds what HTML must not see. */
static const char always[] =
    "{\"a\":\"<b>\",\"n\":12345.5,\"t\":\"2026-12-18T09:00:00+00:00\",\"l\":[\"<\",{\"k\":1,\"v\":"
    "\"<\"},{\"k\":2},null,true],\"o\":{\"zh\":\"<甲\",\"en\":\"<a\",\"code\":\"x\"},\"e\":[],"
    "\"q\":{\"page\":\"1\",\"s\":[\"<\",\"b\"]}}";

static void render(const struct mustache *set, const json_t *root, bool zh, bool escaped)
{
    struct page_env env = { .zh = zh, .now = 1795392000, .codes = root, .classes = root };
    struct buf out;

    buf_init(&out, (size_t)1 << 20);
    if (mustache_render(set, mustache_find(set, "page", 4), &env, root, &out) == 0 && escaped &&
        out.len > 0 && memchr(out.data, '<', out.len))
        abort();
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size > 0 ? memchr(text, '\0', size) : NULL;
    size_t len = end ? (size_t)(end - text) : size;
    json_t *own = end ? json_loadb(end + 1, size - len - 1, JSON_REJECT_DUPLICATES, NULL) : NULL;
    json_t *root = json_loads(always, 0, NULL);
    struct mustache *set = mustache_new();
    bool escaped;

    if (!set || !root)
        abort();
    mustache_add(set, "page", "page", (struct span){ text, len });
    mustache_add(set, "part", "part", (struct span){ "{{$a}}{{a}}{{/a}}\n{{l}}", 23 });
    mustache_add_sentence(set, "m", "s", "共 {{n | num}} {{a}}", "{{a}} <b>");
    mustache_add_sentence(set, "m", "s.x", "<", "<");
    escaped = !memchr(text, '<', len) && !memchr(text, '&', len) && !memmem(text, len, "{{{", 3) &&
              !memchr(text, '=', len) && !memmem(text, len, "json", 4);
    if (mustache_link(set)) {
        render(set, root, true, escaped);
        render(set, own, false, false);
    } else if (mustache_faults(set)->text.len == 0) {
        abort(); /* it has to say why */
    }
    mustache_free(set);
    json_decref(own);
    json_decref(root);
    return 0;
}
