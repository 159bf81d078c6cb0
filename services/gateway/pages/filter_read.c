/* filter_read.c - filters that make what programs say readable: which browser somebody uses, and a
 * secret that is typed off a screen. */
#include "filters.h"

#include <string.h>

/* A word of a User-Agent header and how people call it. */
struct mark {
    const char *word;
    const char *zh;
    const char *en;
};

/* Most browsers name those they descend from as well: the narrower ones stand first. */
static const struct mark browsers[] = {
    { "MicroMessenger", "微信", "WeChat" },
    { "DingTalk", "钉钉", "DingTalk" },
    { "QQBrowser", "QQ浏览器", "QQ Browser" },
    { "UCBrowser", "UC浏览器", "UC Browser" },
    { "360SE", "360浏览器", "360 Browser" },
    { "360EE", "360浏览器", "360 Browser" },
    { "Edg", "Edge", "Edge" },
    { "OPR/", "Opera", "Opera" },
    { "Firefox/", "Firefox", "Firefox" },
    { "Chrome/", "Chrome", "Chrome" },
    { "Safari/", "Safari", "Safari" },
    { "curl/", "curl", "curl" },
    { NULL, NULL, NULL },
};

static const struct mark systems[] = {
    { "HarmonyOS", "鸿蒙", "HarmonyOS" }, { "Android", "Android", "Android" },
    { "iPhone", "iPhone", "iPhone" },     { "iPad", "iPad", "iPad" },
    { "Windows", "Windows", "Windows" },  { "Mac OS X", "macOS", "macOS" },
    { "Kylin", "麒麟", "Kylin" },         { "UOS", "统信UOS", "UOS" },
    { "Linux", "Linux", "Linux" },        { NULL, NULL, NULL },
};

static bool says(struct span text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.at + i, word, len) == 0)
            return true;
    }
    return false;
}

static const char *call(const struct mark *marks, struct span text, bool zh)
{
    while (marks->word && !says(text, marks->word))
        marks++;
    return zh ? marks->zh : marks->en;
}

struct value filter_browser(struct render *render, struct value in, const struct value *args,
                            size_t count)
{
    struct span text = value_text(render, in);
    const char *browser = call(browsers, text, render->env->zh);
    const char *system = call(systems, text, render->env->zh);

    (void)args;
    (void)count;
    if (!browser)
        return in;
    return system ? value_printf(render, "%s%s%s", browser, render->env->zh ? "，" : ", ", system)
                  : value_printf(render, "%s", browser);
}

struct value filter_fours(struct render *render, struct value in, const struct value *args,
                          size_t count)
{
    struct span text = value_text(render, in);
    char *copy = arena_alloc(&render->arena, text.len + text.len / 4 + 1);
    size_t len = 0;

    (void)args;
    (void)count;
    if (!copy) {
        render->failed = true;
        return NOTHING;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (i > 0 && i % 4 == 0)
            copy[len++] = ' ';
        copy[len++] = text.at[i];
    }
    return value_span(copy, len);
}
