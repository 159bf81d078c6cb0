/* snapshot.c - see snapshot.h. */
#include "snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "str.h"

#define PATH_SIZE 1024
#define TERMS_MAX (64u << 20)

static int join(char ret[PATH_SIZE], const char *dir, const char *name)
{
    int len = snprintf(ret, PATH_SIZE, "%s/%s", dir, name);

    return len > 0 && len < PATH_SIZE ? 0 : -1;
}

static int sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : fsync(fd);

    if (fd >= 0)
        close(fd);
    return rc;
}

/* --- terms: the version on a line of its own, then the rows ------------------------------------
 */

static int write_terms(const char *path, const char *rows, long version)
{
    FILE *file = fopen(path, "we");
    bool good = file && fprintf(file, "%ld\n%s", version, rows) > 0 && fflush(file) == 0 &&
                fsync(fileno(file)) == 0;

    if (file && fclose(file) != 0)
        good = false;
    return good ? 0 : -1;
}

static void read_terms(const char *path, struct terms *ret)
{
    FILE *file = fopen(path, "re");
    char bytes[65536], *rows;
    struct buf text;
    size_t n;

    buf_init(&text, TERMS_MAX);
    while (file && (n = fread(bytes, 1, sizeof(bytes), file)) > 0)
        buf_add(&text, bytes, n);
    if (file)
        fclose(file);
    rows = text.data && !text.failed ? strchr(text.data, '\n') : NULL;
    if (rows) {
        *rows++ = '\0';
        /* A list that cannot be read is fetched from the database anew. */
        if (terms_read(text.data, rows, ret))
            *ret = (struct terms){ 0 };
    }
    buf_release(&text);
}

const char *snapshot_prepare(const char *dir, struct index *index)
{
    if (mkdir(dir, 0750) < 0 && errno != EEXIST)
        return "its folder cannot be made";
    return index_set_text_folder(index, dir) < 0 ? "texts cannot be kept in its folder" : NULL;
}

/* --- load ------------------------------------------------------------------------------------- */

const char *snapshot_load(const char *dir, struct snapshot *ret)
{
    char current[PATH_SIZE], path[PATH_SIZE];
    const char *why = NULL, *ignored = NULL;

    if (join(current, dir, "current") < 0 || join(path, current, "index") < 0)
        return "the folder's name is too long";
    ret->index = index_load(path, &why);
    if (!ret->index)
        return why;
    if (!*index_position(ret->index)) {
        index_free(ret->index);
        ret->index = NULL;
        return "it was not complete";
    }
    if (join(path, current, "model") == 0) {
        index_read(ret->index);
        ret->model = model_load(path, ret->index, &ignored);
        index_done(ret->index);
    }
    if (join(path, current, "terms") == 0)
        read_terms(path, &ret->terms);
    return NULL;
}

int snapshot_settle(const char *dir, struct engine *engine)
{
    char current[PATH_SIZE], path[PATH_SIZE];

    if (join(current, dir, "current") < 0 || join(path, current, "norms") < 0)
        return -1;
    return engine_load_norms(engine, path);
}

/* --- save ------------------------------------------------------------------------------------- */

/* The files of one snapshot, whatever the index keeps beside its own. */
static void remove_one(const char *dir, const char *name)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    const struct dirent *entry;
    DIR *files;

    if (join(folder, dir, name) < 0)
        return;
    files = opendir(folder);
    while (files && (entry = readdir(files)))
        if (*entry->d_name != '.' && join(path, folder, entry->d_name) == 0)
            unlink(path);
    if (files)
        closedir(files);
    rmdir(folder);
}

static bool is_number(const char *name)
{
    long number;

    return str_to_long(name, 0, LONG_MAX, &number) == 0;
}

/* The next number; and, with `keep`, away with all the others. */
static long look_at(const char *dir, const char *keep)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    long highest = 0;

    while (folder && (entry = readdir(folder))) {
        if (!is_number(entry->d_name))
            continue;
        if (strtol(entry->d_name, NULL, 10) > highest)
            highest = strtol(entry->d_name, NULL, 10);
        if (keep && strcmp(entry->d_name, keep) != 0)
            remove_one(dir, entry->d_name);
    }
    if (folder)
        closedir(folder);
    return highest + 1;
}

static const char *save_parts(const char *folder, struct engine *engine, const char *terms,
                              long terms_version)
{
    char path[PATH_SIZE];
    const char *why = "the folder's name is too long";

    if (join(path, folder, "index") < 0 || index_save(engine_index(engine), path, &why) < 0)
        return why;

    struct model *model = engine_model(engine);
    int rc = join(path, folder, "model") < 0 ? -1 : model_save(model, path, &why);

    model_unref(model);
    if (rc < 0)
        return why;
    if (join(path, folder, "norms") < 0 || engine_save_norms(engine, path) < 0)
        return "the norms cannot be written";
    if (join(path, folder, "terms") < 0 || write_terms(path, terms, terms_version) < 0)
        return "the terms cannot be written";
    return sync_folder(folder) < 0 ? "the folder cannot be synced" : NULL;
}

/* The pointer is replaced in one step. */
static const char *point_to(const char *dir, const char *name)
{
    char fresh[PATH_SIZE], current[PATH_SIZE];

    if (join(fresh, dir, "current.new") < 0 || join(current, dir, "current") < 0)
        return "the folder's name is too long";
    unlink(fresh);
    if (symlink(name, fresh) < 0 || rename(fresh, current) < 0 || sync_folder(dir) < 0)
        return "it cannot be made the current one";
    return NULL;
}

const char *snapshot_save(const char *dir, struct engine *engine, const char *terms,
                          long terms_version)
{
    char name[24], folder[PATH_SIZE];
    const char *why;

    if (mkdir(dir, 0750) < 0 && errno != EEXIST)
        return "its folder cannot be made";
    snprintf(name, sizeof(name), "%ld", look_at(dir, NULL));
    if (join(folder, dir, name) < 0 || mkdir(folder, 0750) < 0)
        return "its folder cannot be made";
    why = save_parts(folder, engine, terms, terms_version);
    why = why ? why : point_to(dir, name);
    if (why)
        remove_one(dir, name);
    else
        look_at(dir, name);
    return why;
}
