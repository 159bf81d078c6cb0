/* mustache.c - templates and sentences by name, and what names what. See mustache.h. */
#include "mustache.h"

#include <stdlib.h>
#include <string.h>

struct mustache {
    struct arena arena;
    struct faults faults;
    struct template **templates; /* sorted by name once linked */
    size_t count, room;
    struct sentence **sentences; /* sorted by key */
    size_t sentence_count, sentence_room;
};

struct mustache *mustache_new(void)
{
    struct mustache *set = calloc(1, sizeof(*set));

    if (set)
        buf_init(&set->faults.text, (size_t)1 << 20);
    return set;
}

void mustache_free(struct mustache *set)
{
    if (!set)
        return;
    arena_release(&set->arena);
    buf_release(&set->faults.text);
    free(set->templates);
    free(set->sentences);
    free(set);
}

struct faults *mustache_faults(struct mustache *set)
{
    return &set->faults;
}

/* Appends to a growing array of pointers. */
static bool grow(void ***array, size_t *count, size_t *room, void *member)
{
    if (*count == *room) {
        size_t more = *room ? *room * 2 : 64;
        void **grown = realloc(*array, more * sizeof(*grown));

        if (!grown)
            return false;
        *array = grown;
        *room = more;
    }
    (*array)[(*count)++] = member;
    return true;
}

static const char *copied(struct mustache *set, const char *text, size_t len)
{
    const char *copy = arena_dup(&set->arena, text, len);

    if (!copy)
        set->faults.no_memory = true;
    return copy;
}

void mustache_add(struct mustache *set, const char *name, const char *file, struct span text)
{
    struct template *template = arena_alloc(&set->arena, sizeof(*template));
    const char *copy = copied(set, text.at, text.len);

    if (!template || !copy) {
        set->faults.no_memory = true;
        return;
    }
    template->name = copied(set, name, strlen(name));
    template->file = copied(set, file, strlen(file));
    if (!template->name || !template->file)
        return;
    template->nodes = template_scan(&set->arena, &set->faults, template->file,
                                    (struct span){ copy, text.len }, false);
    if (!grow((void ***)&set->templates, &set->count, &set->room, template))
        set->faults.no_memory = true;
}

/* A sentence that holds tags is a template. */
static const struct template *compiled(struct mustache *set, const char *file, const char *raw)
{
    struct template *template;

    if (!strstr(raw, "{{"))
        return NULL;
    template = arena_alloc(&set->arena, sizeof(*template));
    if (!template) {
        set->faults.no_memory = true;
        return NULL;
    }
    template->file = copied(set, file, strlen(file));
    if (template->file)
        template->nodes = template_scan(&set->arena, &set->faults, template->file,
                                        (struct span){ raw, strlen(raw) }, true);
    return template;
}

void mustache_add_sentence(struct mustache *set, const char *file, const char *key, const char *zh,
                           const char *en)
{
    struct sentence *sentence = arena_alloc(&set->arena, sizeof(*sentence));
    const char *where = arena_printf(&set->arena, "%s %s", file, key);

    if (!sentence || !where) {
        set->faults.no_memory = true;
        return;
    }
    sentence->key = copied(set, key, strlen(key));
    sentence->raw[0] = copied(set, en, strlen(en));
    sentence->raw[1] = copied(set, zh, strlen(zh));
    if (!sentence->key || !sentence->raw[0] || !sentence->raw[1])
        return;
    for (int zh_too = 0; zh_too < 2; zh_too++)
        sentence->compiled[zh_too] = compiled(set, where, sentence->raw[zh_too]);
    if (!grow((void ***)&set->sentences, &set->sentence_count, &set->sentence_room, sentence))
        set->faults.no_memory = true;
}

static int compare(const char *name, size_t len, const char *with)
{
    int order = strncmp(name, with, len);

    return order ? order : (with[len] ? -1 : 0);
}

static int template_key(const void *key, const void *member)
{
    const struct span *name = key;

    return compare(name->at, name->len, (*(struct template *const *)member)->name);
}

static int sentence_key(const void *key, const void *member)
{
    const struct span *name = key;

    return compare(name->at, name->len, (*(struct sentence *const *)member)->key);
}

const struct template *mustache_find(const struct mustache *set, const char *name, size_t len)
{
    struct span key = { name, len };
    struct template **found = NULL;

    if (len > 0 && set->count > 0)
        found = bsearch(&key, set->templates, set->count, sizeof(void *), template_key);
    return found ? *found : NULL;
}

const struct sentence *mustache_sentence(const struct mustache *set, const char *key, size_t len)
{
    struct span name = { key, len };
    struct sentence **found = NULL;

    if (len > 0 && set->sentence_count > 0)
        found = bsearch(&name, set->sentences, set->sentence_count, sizeof(void *), sentence_key);
    return found ? *found : NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct template *const *)a)->name, (*(struct template *const *)b)->name);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct sentence *const *)a)->key, (*(struct sentence *const *)b)->key);
}

static void link_term(struct mustache *set, const char *file, const struct node *node,
                      struct term *term)
{
    if (term->kind != TERM_SENTENCE)
        return;
    term->sentence = mustache_sentence(set, term->text.at, term->text.len);
    if (!term->sentence)
        faults_add(&set->faults, file, node->line, node->column, "there is no sentence '%.*s'",
                   (int)term->text.len, term->text.at);
}

static void link_node(struct mustache *set, const char *file, struct node *node)
{
    link_term(set, file, node, &node->expr.head);
    for (struct call *call = node->expr.calls; call; call = call->next) {
        for (size_t i = 0; i < call->count; i++)
            link_term(set, file, node, &call->args[i]);
    }
    if ((node->kind != NODE_PARTIAL && node->kind != NODE_PARENT) || node->dynamic)
        return;
    node->target = mustache_find(set, node->text.at, node->text.len);
    if (!node->target)
        faults_add(&set->faults, file, node->line, node->column, "there is no template '%.*s'",
                   (int)node->text.len, node->text.at);
}

/* As deep as scan.c lets templates nest. */
static void link_nodes(struct mustache *set, const char *file, struct node *node)
{
    for (; node; node = node->next) {
        link_node(set, file, node);
        link_nodes(set, file, node->children);
    }
}

bool mustache_link(struct mustache *set)
{
    if (set->faults.no_memory)
        return false;
    if (set->count > 0)
        qsort(set->templates, set->count, sizeof(void *), by_name);
    if (set->sentence_count > 0)
        qsort(set->sentences, set->sentence_count, sizeof(void *), by_key);
    for (size_t i = 0; i < set->count; i++)
        link_nodes(set, set->templates[i]->file, set->templates[i]->nodes);
    for (size_t i = 0; i < set->sentence_count; i++) {
        const struct sentence *sentence = set->sentences[i];

        if (i > 0 && strcmp(sentence->key, set->sentences[i - 1]->key) == 0)
            faults_add(&set->faults, "messages", 0, 0, "'%s' is there twice", sentence->key);
        for (int zh = 0; zh < 2; zh++) {
            if (sentence->compiled[zh])
                link_nodes(set, sentence->compiled[zh]->file, sentence->compiled[zh]->nodes);
        }
    }
    if (set->faults.text.failed)
        set->faults.no_memory = true;
    return set->faults.text.len == 0 && !set->faults.no_memory;
}
