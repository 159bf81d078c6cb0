/* scan.c - a template's text becomes nodes. One pass; open sections wait on a stack of their own,
 * so that no template can be nested deeper than the C stack likes. */
#include "template.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    struct arena *arena;
    struct faults *faults;
    const char *file;
    const char *text;
    size_t len;
    size_t at; /* what is before has become nodes */
    char open[DELIMITER_MAX + 1], close[DELIMITER_MAX + 1];
    struct node *nest[NEST_MAX];
    struct node **tails[NEST_MAX];
    size_t depth;
    struct node **tail;
    size_t counted; /* `line` begins at `line_at`, both as of here */
    int line;
    size_t line_at;
    bool sentence;
    bool stop;
};

struct tag {
    char sigil; /* 0: a plain value */
    struct span body;
    size_t begin, end;
    struct span indent; /* of a standalone tag */
    bool line_start;
};

void faults_add(struct faults *faults, const char *file, int line, int column, const char *format,
                ...)
{
    char what[512];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (line > 0)
        buf_addf(&faults->text, "%s:%d:%d: %s\n", file, line, column, what);
    else
        buf_addf(&faults->text, "%s: %s\n", file, what);
}

static void no_memory(struct scan *scan)
{
    scan->faults->no_memory = true;
    scan->stop = true;
}

/* Where `at` is, for people; the scan only goes forward. */
static void locate(struct scan *scan, size_t at, int *ret_line, int *ret_column)
{
    for (; scan->counted < at; scan->counted++) {
        if (scan->text[scan->counted] == '\n') {
            scan->line++;
            scan->line_at = scan->counted + 1;
        }
    }
    *ret_line = scan->line;
    *ret_column = (int)(at - scan->line_at) + 1;
}

static void fault(struct scan *scan, size_t at, const char *what, struct span name)
{
    int line, column;

    locate(scan, at, &line, &column);
    faults_add(scan->faults, scan->file, line, column, "%s '%.*s'", what,
               (int)(name.len < 80 ? name.len : 80), name.at);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trimmed(struct span span)
{
    while (span.len > 0 && is_blank(span.at[0])) {
        span.at++;
        span.len--;
    }
    while (span.len > 0 && is_blank(span.at[span.len - 1]))
        span.len--;
    return span;
}

static bool at_line_start(const struct scan *scan, size_t at)
{
    return at == 0 || scan->text[at - 1] == '\n';
}

static struct node *add_node(struct scan *scan, enum node_kind kind, size_t at)
{
    struct node *node = arena_alloc(scan->arena, sizeof(*node));

    if (!node) {
        no_memory(scan);
        return NULL;
    }
    node->kind = kind;
    locate(scan, at, &node->line, &node->column);
    *scan->tail = node;
    scan->tail = &node->next;
    return node;
}

static struct span escaped(struct scan *scan, struct span text)
{
    struct buf buf;
    struct span copy = { 0 };

    buf_init(&buf, 0);
    html_add(&buf, text.at, text.len);
    if (!buf.failed)
        copy = (struct span){ arena_dup(scan->arena, buf.data, buf.len), buf.len };
    if (!copy.at)
        no_memory(scan);
    buf_release(&buf);
    return copy;
}

static void add_text(struct scan *scan, size_t begin, size_t end)
{
    if (end <= begin)
        return;

    struct node *node = add_node(scan, NODE_TEXT, begin);

    if (!node)
        return;
    node->line_start = at_line_start(scan, begin);
    node->text = (struct span){ scan->text + begin, end - begin };
    if (scan->sentence)
        node->text = escaped(scan, node->text);
}

/* The tag whose opening delimiter is at `begin`. */
static bool read_tag(struct scan *scan, size_t begin, struct tag *ret)
{
    size_t open = strlen(scan->open);
    size_t at = begin + open;
    char end[DELIMITER_MAX + 2];

    *ret = (struct tag){ .begin = begin };
    if (at < scan->len && scan->text[at] && strchr("#^/><$&!={", scan->text[at]))
        ret->sigil = scan->text[at++];
    snprintf(end, sizeof(end), "%s%s", ret->sigil == '=' ? "=" : (ret->sigil == '{' ? "}" : ""),
             scan->close);

    const char *found = memmem(scan->text + at, scan->len - at, end, strlen(end));

    if (!found) {
        fault(scan, begin, "a tag is not closed:",
              (struct span){ scan->text + begin, scan->len - begin < 20 ? scan->len - begin : 20 });
        scan->stop = true;
        return false;
    }
    ret->body = trimmed((struct span){ scan->text + at, (size_t)(found - scan->text) - at });
    ret->end = (size_t)(found - scan->text) + strlen(end);
    return true;
}

/* A tag that is alone on its line takes the line with it: *begin and *end grow. */
static bool standalone(const struct scan *scan, size_t *begin, size_t *end)
{
    size_t from = *begin, to = *end;

    while (from > 0 && (scan->text[from - 1] == ' ' || scan->text[from - 1] == '\t'))
        from--;
    while (to < scan->len && (scan->text[to] == ' ' || scan->text[to] == '\t'))
        to++;
    if (!at_line_start(scan, from) || scan->sentence)
        return false;
    if (to < scan->len) {
        if (scan->text[to] == '\r' && to + 1 < scan->len && scan->text[to + 1] == '\n')
            to++;
        if (scan->text[to] != '\n')
            return false;
        to++;
    }
    *begin = from;
    *end = to;
    return true;
}

static void open_node(struct scan *scan, struct node *node, struct span closing)
{
    if (scan->depth == NEST_MAX) {
        fault(scan, scan->at, "too deeply nested:", closing);
        scan->stop = true;
        return;
    }
    node->closing = closing;
    scan->nest[scan->depth] = node;
    scan->tails[scan->depth++] = scan->tail;
    scan->tail = &node->children;
}

static struct node *add_expr(struct scan *scan, const struct tag *tag, struct span text,
                             enum node_kind kind, struct span *ret_name)
{
    const char *why = NULL;
    struct node *node = add_node(scan, kind, tag->begin);

    if (!node)
        return NULL;
    node->line_start = tag->line_start;
    if (!expr_read(scan->arena, text, &node->expr, ret_name, &why)) {
        if (!why) {
            no_memory(scan);
            return NULL;
        }
        fault(scan, tag->begin, why, text);
    }
    return node;
}

static void take_value(struct scan *scan, const struct tag *tag)
{
    struct span name;

    add_expr(scan, tag, tag->body, tag->sigil ? NODE_RAW : NODE_VALUE, &name);
}

static void take_section(struct scan *scan, const struct tag *tag)
{
    struct span name = tag->body;
    struct node *node =
        add_expr(scan, tag, tag->body, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, &name);

    if (node)
        open_node(scan, node, name);
}

static void take_template(struct scan *scan, const struct tag *tag)
{
    struct span name = tag->body, ignored;
    bool dynamic = name.len > 1 && name.at[0] == '*';
    enum node_kind kind = tag->sigil == '<' ? NODE_PARENT : NODE_PARTIAL;
    struct node *node;

    if (dynamic) {
        struct span path = trimmed((struct span){ name.at + 1, name.len - 1 });

        node = add_expr(scan, tag, path, kind, &ignored);
    } else {
        node = add_node(scan, kind, tag->begin);
    }
    if (!node)
        return;
    node->dynamic = dynamic;
    node->line_start = tag->line_start;
    node->indent = tag->indent;
    node->text = name;
    if (kind == NODE_PARENT)
        open_node(scan, node, name);
}

static void take_block(struct scan *scan, const struct tag *tag)
{
    struct node *node = add_node(scan, NODE_BLOCK, tag->begin);

    if (!node)
        return;
    node->line_start = tag->line_start;
    node->text = tag->body;
    open_node(scan, node, tag->body);
}

static bool span_same(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static void take_close(struct scan *scan, const struct tag *tag)
{
    if (scan->depth == 0) {
        fault(scan, tag->begin, "nothing is open that could be closed by", tag->body);
        return;
    }

    struct node *node = scan->nest[--scan->depth];

    scan->tail = scan->tails[scan->depth];
    if (!span_same(node->closing, tag->body)) {
        fault(scan, tag->begin, "this closes another section than the one last opened:", tag->body);
        scan->stop = true;
    }
}

static void take_comment(struct scan *scan, const struct tag *tag)
{
    (void)scan;
    (void)tag;
}

static void take_delimiters(struct scan *scan, const struct tag *tag)
{
    const char *at = tag->body.at;
    size_t first = 0, second = 0, blanks = 0;

    while (first < tag->body.len && !is_blank(at[first]))
        first++;
    while (first + blanks < tag->body.len && is_blank(at[first + blanks]))
        blanks++;
    second = tag->body.len - first - blanks;
    if (first == 0 || first > DELIMITER_MAX || second == 0 || second > DELIMITER_MAX ||
        memchr(at + first + blanks, ' ', second)) {
        fault(scan, tag->begin, "these are no delimiters:", tag->body);
        return;
    }
    snprintf(scan->open, sizeof(scan->open), "%.*s", (int)first, at);
    snprintf(scan->close, sizeof(scan->close), "%.*s", (int)second, at + first + blanks);
}

static const struct kind {
    char sigil;
    bool standalone;
    void (*take)(struct scan *scan, const struct tag *tag);
} kinds[] = {
    { 0, false, take_value },       { '&', false, take_value },   { '{', false, take_value },
    { '#', true, take_section },    { '^', true, take_section },  { '/', true, take_close },
    { '>', true, take_template },   { '<', true, take_template }, { '$', true, take_block },
    { '=', true, take_delimiters }, { '!', true, take_comment },
};

static void take_tag(struct scan *scan, struct tag *tag)
{
    const struct kind *kind = kinds;
    size_t begin = tag->begin, end = tag->end;

    while (kind->sigil != tag->sigil)
        kind++;
    tag->line_start = at_line_start(scan, begin);
    if (kind->standalone && standalone(scan, &begin, &end)) {
        tag->indent = (struct span){ scan->text + begin, tag->begin - begin };
        tag->line_start = false;
    }
    add_text(scan, scan->at, begin);
    scan->at = end;
    if (tag->body.len == 0 && tag->sigil != '!')
        fault(scan, tag->begin, "a tag is empty", tag->body);
    else
        kind->take(scan, tag);
}

struct node *template_scan(struct arena *arena, struct faults *faults, const char *file,
                           struct span text, bool sentence)
{
    struct scan scan = { .arena = arena,
                         .faults = faults,
                         .file = file,
                         .text = text.at,
                         .len = text.len,
                         .open = "{{",
                         .close = "}}",
                         .line = 1,
                         .sentence = sentence };
    struct node *nodes = NULL;
    struct tag tag;

    scan.tail = &nodes;
    while (!scan.stop) {
        const char *open =
            memmem(text.at + scan.at, text.len - scan.at, scan.open, strlen(scan.open));

        if (!open || !read_tag(&scan, (size_t)(open - text.at), &tag))
            break;
        take_tag(&scan, &tag);
    }
    if (scan.stop)
        return nodes;
    add_text(&scan, scan.at, text.len);
    if (scan.depth > 0) {
        const struct node *open = scan.nest[scan.depth - 1];

        faults_add(faults, file, open->line, open->column, "'%.*s' is not closed",
                   (int)open->closing.len, open->closing.at);
    }
    return nodes;
}
