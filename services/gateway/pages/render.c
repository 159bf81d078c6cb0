/* render.c - nodes and data become HTML. */
#include "render.h"

#include <string.h>

#define LEVEL_MAX 200 /* sections and templates inside each other, all in all */

/* The blocks that a {{<parent}} brings along, and those of the template that it stands in. */
struct overrides {
    const struct node *parent;
    const struct overrides *outer;
};

/* What goes before each line of a standalone partial. */
struct indent {
    struct span text;
    const struct indent *outer;
};

static void render_nodes(struct render *render, const struct node *node);

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_add(struct buf *out, const char *text, size_t len)
{
    size_t plain = 0; /* what is before has been copied */

    for (size_t i = 0; i < len; i++) {
        const char *entity = entity_of(text[i]);

        if (!entity)
            continue;
        buf_add(out, text + plain, i - plain);
        buf_adds(out, entity);
        plain = i + 1;
    }
    if (len > plain)
        buf_add(out, text + plain, len - plain);
}

static void add_indent(struct render *render, const struct indent *indent)
{
    const struct indent *line[NEST_MAX];
    size_t depth = 0;

    for (; indent && depth < NEST_MAX; indent = indent->outer)
        line[depth++] = indent;
    while (depth-- > 0)
        buf_add(render->out, line[depth]->text.at, line[depth]->text.len);
}

static void render_text(struct render *render, const struct node *node)
{
    struct span left = node->text;

    while (render->indent && left.len > 0) {
        const char *end = memchr(left.at, '\n', left.len);
        size_t line = end ? (size_t)(end - left.at) + 1 : left.len;

        buf_add(render->out, left.at, line);
        left.at += line;
        left.len -= line;
        if (left.len > 0)
            add_indent(render, render->indent);
    }
    buf_add(render->out, left.at, left.len);
}

/* Nodes in other surroundings: a template, a block, a sentence. */
static void render_within(struct render *render, const struct node *nodes,
                          const struct overrides *overrides, const struct indent *indent)
{
    const struct overrides *outer_overrides = render->overrides;
    const struct indent *outer_indent = render->indent;

    render->overrides = overrides;
    render->indent = indent;
    render_nodes(render, nodes);
    render->overrides = outer_overrides;
    render->indent = outer_indent;
}

static void render_value(struct render *render, const struct node *node)
{
    struct value value = expr_value(render, &node->expr);

    if (value.sentence) {
        render_within(render, value.sentence->compiled[render->env->zh]->nodes, NULL, NULL);
        return;
    }

    struct span text = value_text(render, value);

    if (node->kind == NODE_RAW || value.raw)
        buf_add(render->out, text.at, text.len);
    else
        html_add(render->out, text.at, text.len);
}

static void render_pushed(struct render *render, struct value value, const struct node *nodes)
{
    if (render->depth == CONTEXT_MAX)
        return;
    render->stack[render->depth++] = value;
    render_nodes(render, nodes);
    render->depth--;
}

static void render_section(struct render *render, const struct node *node)
{
    struct value value = expr_value(render, &node->expr);
    const json_t *member;
    size_t i;

    if (json_is_array(value.json)) {
        json_array_foreach(value.json, i, member)
        {
            render_pushed(render, value_of(member), node->children);
        }
    } else if (json_is_boolean(value.json)) {
        if (json_is_true(value.json))
            render_nodes(render, node->children);
    } else if (value_true(value)) {
        render_pushed(render, value, node->children);
    }
}

static void render_inverted(struct render *render, const struct node *node)
{
    if (!value_true(expr_value(render, &node->expr)))
        render_nodes(render, node->children);
}

static void render_template(struct render *render, const struct node *node)
{
    struct indent indent = { node->indent, render->indent };
    struct overrides overrides = { node, render->overrides };
    const struct template *target = node->target;

    if (node->dynamic) {
        struct span name = value_text(render, expr_value(render, &node->expr));

        target = mustache_find(render->set, name.at, name.len);
    }
    if (target)
        render_within(render, target->nodes,
                      node->kind == NODE_PARENT ? &overrides : render->overrides,
                      node->indent.len > 0 ? &indent : render->indent);
}

/* The outermost template that has a replacement wins; what it holds belongs to where it is
 * written. */
static void render_block(struct render *render, const struct node *node)
{
    const struct node *content = NULL;
    const struct overrides *owner = NULL;

    for (const struct overrides *at = render->overrides; at; at = at->outer) {
        for (const struct node *child = at->parent->children; child; child = child->next) {
            if (child->kind == NODE_BLOCK && child->text.len == node->text.len &&
                memcmp(child->text.at, node->text.at, node->text.len) == 0) {
                content = child;
                owner = at;
            }
        }
    }
    if (content)
        render_within(render, content->children, owner->outer, render->indent);
    else
        render_nodes(render, node->children);
}

static void render_node(struct render *render, const struct node *node)
{
    static void (*const kinds[])(struct render *, const struct node *) = {
        [NODE_TEXT] = render_text,         [NODE_VALUE] = render_value,
        [NODE_RAW] = render_value,         [NODE_SECTION] = render_section,
        [NODE_INVERTED] = render_inverted, [NODE_PARTIAL] = render_template,
        [NODE_PARENT] = render_template,   [NODE_BLOCK] = render_block,
    };

    if (render->indent && node->line_start)
        add_indent(render, render->indent);
    kinds[node->kind](render, node);
}

static void render_nodes(struct render *render, const struct node *node)
{
    if (render->level == LEVEL_MAX)
        return;
    render->level++;
    for (; node && render->steps > 0 && !render->out->failed && !render->failed;
         node = node->next, render->steps--)
        render_node(render, node);
    render->level--;
}

int mustache_render(const struct mustache *set, const struct template *page,
                    const struct page_env *env, const json_t *root, struct buf *out)
{
    struct render render = { .set = set, .env = env, .out = out, .steps = RENDER_STEPS };
    size_t limit = out->limit;

    if (out->limit == 0 || out->limit > out->len + RENDER_MAX)
        out->limit = out->len + RENDER_MAX;
    render.arena.limit = RENDER_MEMORY;
    render.stack[render.depth++] = value_of(root);
    render_nodes(&render, page->nodes);
    out->limit = limit;
    arena_release(&render.arena);
    return out->failed || render.failed || render.steps <= 0 ? -1 : 0;
}
