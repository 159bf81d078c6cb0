/* pages.c - the files of templates and sentences: found, read, compiled. See pages.h. */
#include "mustache.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue.h"

#define FILE_MAX ((size_t)4 << 20)
#define DEPTH_MAX 8 /* folders in folders */

/* What tells one state of the files from another. */
struct stamp {
    size_t files;
    int64_t newest; /* nanoseconds */
};

struct pages {
    char dir[PATH_MAX];
    struct mustache *set;
    json_t *classes;
    struct stamp stamp;
};

/* One walk over a folder: each file with that ending, and what to do with it. */
struct walk {
    const char *root, *ending;
    struct pages *pages; /* NULL: only the stamp */
    void (*take)(struct pages *pages, const char *name, struct span text);
    struct stamp *stamp;
};

static bool ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), tail = strlen(ending);

    return len > tail && strcmp(text + len - tail, ending) == 0;
}

static void no_file(struct pages *pages, const char *path, const char *why)
{
    faults_add(mustache_faults(pages->set), path, 0, 0, "cannot be read: %s", why);
}

static void read_file(const struct walk *walk, const char *path, const char *name)
{
    FILE *file = fopen(path, "rbe");
    struct buf text;
    char chunk[8192];
    size_t got;

    if (!file) {
        no_file(walk->pages, path, strerror(errno));
        return;
    }
    buf_init(&text, FILE_MAX);
    buf_add(&text, "", 0);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_add(&text, chunk, got);
    if (ferror(file) || text.failed)
        no_file(walk->pages, path, text.failed ? "too large" : "the disk fails");
    else
        walk->take(walk->pages, name, (struct span){ text.data, text.len });
    buf_release(&text);
    (void)fclose(file);
}

static void note_stamp(const struct walk *walk, const struct stat *stat)
{
    int64_t when = (int64_t)stat->st_mtim.tv_sec * 1000000000 + stat->st_mtim.tv_nsec;

    walk->stamp->files++;
    if (when > walk->stamp->newest)
        walk->stamp->newest = when;
}

static void walk_folder(const struct walk *walk, const char *under, int depth);

static void walk_entry(const struct walk *walk, const char *name, int depth)
{
    char path[PATH_MAX];
    struct stat found;

    if (snprintf(path, sizeof(path), "%s/%s", walk->root, name) >= (int)sizeof(path) ||
        stat(path, &found) < 0)
        return;
    if (S_ISDIR(found.st_mode)) {
        if (depth < DEPTH_MAX)
            walk_folder(walk, name, depth + 1);
        return;
    }
    if (!ends_with(name, walk->ending))
        return;
    note_stamp(walk, &found);
    if (walk->pages)
        read_file(walk, path, name);
}

static void walk_folder(const struct walk *walk, const char *under, int depth)
{
    char path[PATH_MAX], name[NAME_MAX * 2];
    struct dirent **entries = NULL;
    int count;

    if (snprintf(path, sizeof(path), "%s/%s", walk->root, under) >= (int)sizeof(path))
        return;
    count = scandir(path, &entries, NULL, alphasort);
    if (count < 0 && walk->pages)
        no_file(walk->pages, path, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.' &&
            snprintf(name, sizeof(name), "%s%s%s", under, *under ? "/" : "", entries[i]->d_name) <
                (int)sizeof(name))
            walk_entry(walk, name, depth);
        free(entries[i]);
    }
    free(entries);
}

static void take_template(struct pages *pages, const char *name, struct span text)
{
    char own[NAME_MAX * 2], file[NAME_MAX * 2 + 16];

    snprintf(own, sizeof(own), "%.*s", (int)(strlen(name) - strlen(".html")), name);
    snprintf(file, sizeof(file), "templates/%s", name);
    mustache_add(pages->set, own, file, text);
}

static void take_messages(struct pages *pages, const char *name, struct span text)
{
    char file[NAME_MAX * 2 + 16];

    snprintf(file, sizeof(file), "messages/%s", name);
    if (strcmp(name, "_classes.json") == 0)
        pages->classes = catalogue_classes(pages->set, file, text);
    else if (name[0] != '_')
        catalogue_read(pages->set, file, text);
}

/* Over templates and messages; `pages` NULL: only to see whether they have changed. */
static struct stamp walk_all(const char *dir, struct pages *pages)
{
    struct stamp stamp = { 0 };
    char templates[PATH_MAX], messages[PATH_MAX];
    struct walk walks[] = {
        { templates, ".html", pages, take_template, &stamp },
        { messages, ".json", pages, take_messages, &stamp },
    };

    if (snprintf(templates, sizeof(templates), "%s/templates", dir) >= (int)sizeof(templates) ||
        snprintf(messages, sizeof(messages), "%s/messages", dir) >= (int)sizeof(messages))
        return stamp;
    for (size_t i = 0; i < COUNT_OF(walks); i++)
        walk_folder(&walks[i], "", 0);
    return stamp;
}

struct pages *pages_new(const char *dir, char *ret_error, size_t size)
{
    struct pages *pages = calloc(1, sizeof(*pages));

    if (pages)
        pages->set = mustache_new();
    if (!pages || !pages->set) {
        snprintf(ret_error, size, "out of memory");
        pages_free(pages);
        return NULL;
    }
    snprintf(pages->dir, sizeof(pages->dir), "%s", dir);
    pages->stamp = walk_all(dir, pages);
    if (!mustache_link(pages->set)) {
        const struct faults *faults = mustache_faults(pages->set);

        snprintf(ret_error, size, "%s",
                 faults->no_memory || !faults->text.data ? "out of memory" : faults->text.data);
        pages_free(pages);
        return NULL;
    }
    return pages;
}

void pages_free(struct pages *pages)
{
    if (!pages)
        return;
    mustache_free(pages->set);
    json_decref(pages->classes);
    free(pages);
}

bool pages_has(const struct pages *pages, const char *name)
{
    return mustache_find(pages->set, name, strlen(name)) != NULL;
}

bool pages_changed(const struct pages *pages)
{
    struct stamp now = walk_all(pages->dir, NULL);

    return now.files != pages->stamp.files || now.newest != pages->stamp.newest;
}

int pages_render(const struct pages *pages, const char *name, const struct page_env *env,
                 const json_t *root, struct buf *out)
{
    const struct template *page = mustache_find(pages->set, name, strlen(name));
    struct page_env own = *env;

    if (!page)
        return -1;
    if (!own.classes)
        own.classes = pages->classes;
    return mustache_render(pages->set, page, &own, root, out);
}

const char *pages_sentence(const struct pages *pages, bool zh, const char *key)
{
    const struct sentence *sentence = mustache_sentence(pages->set, key, strlen(key));

    return sentence ? sentence->raw[zh] : NULL;
}
