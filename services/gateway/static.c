/* static.c - see static.h.
 *
 * A name is made of segments of letters, digits, '.', '-' and '_' that do not begin with a dot, so
 * there is no way up and nothing hidden is shown; links are not followed. A path that ends in '/'
 * is its index.html. */
#include "static.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway.h"
#include "http/cache.h"
#include "must.h"
#include "reply.h"
#include "req.h"

#define FILE_MAX (8 << 20)
#define PATH_LEN_MAX 512

static const struct {
    const char *ending;
    const char *type;
} types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".json", "application/json" },
    { ".yaml", "application/yaml" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
};

/* NULL: not a kind of file that is served. */
static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < COUNT_OF(types); i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    return NULL;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/* Every segment is a plain name. */
static bool is_tame(struct span path)
{
    bool first = true; /* of its segment */

    for (size_t i = 1; i < path.len; i++) {
        char c = path.at[i];

        if (c == '/' ? first : !is_name_char(c) || (first && c == '.'))
            return false;
        first = c == '/';
    }
    return path.len > 0 && path.at[0] == '/';
}

/* Opens segment by segment, so that a link in the middle is not followed either. */
static int open_beneath(const char *root, char *path)
{
    int dir = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
    char *at = path, *slash;

    while (dir >= 0 && (slash = strchr(at, '/'))) {
        *slash = '\0';
        fd = openat(dir, at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        *slash = '/';
        close(dir);
        dir = fd;
        at = slash + 1;
    }
    if (dir < 0)
        return -1;
    fd = openat(dir, at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    close(dir);
    return fd;
}

/* malloc'ed bytes of a regular file of bearable size, or NULL. */
static char *read_whole(int fd, size_t *ret_len)
{
    struct stat about;
    char *bytes;
    size_t len = 0;
    ssize_t n = 1;

    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || about.st_size > FILE_MAX)
        return NULL;
    bytes = malloc((size_t)about.st_size + 1);
    while (bytes && len < (size_t)about.st_size && n != 0) {
        n = read(fd, bytes + len, (size_t)about.st_size - len);
        if (n < 0 && errno != EINTR) {
            free(bytes);
            return NULL;
        }
        len += n > 0 ? (size_t)n : 0;
    }
    *ret_len = len;
    return bytes;
}

static char *load(const char *root, struct span path, const char **ret_type, size_t *ret_len)
{
    char name[PATH_LEN_MAX + 16], *bytes;
    int fd;

    if (path.len > PATH_LEN_MAX || !is_tame(path))
        return NULL;
    snprintf(name, sizeof(name), "%.*s%s", (int)path.len - 1, path.at + 1,
             path.at[path.len - 1] == '/' ? "index.html" : "");
    *ret_type = type_of(name);
    fd = *ret_type ? open_beneath(root, name) : -1;
    if (fd < 0)
        return NULL;
    bytes = read_whole(fd, ret_len);
    close(fd);
    return bytes;
}

bool static_serve(struct req *req)
{
    struct gateway *gw = req->gw;
    struct cache_entry *entry = NULL;
    const char *type = NULL;
    size_t len = 0;
    char *bytes;

    /* A query would be another name for the same file. */
    if (!*gw->conf.static_dir || req->head.query.len > 0)
        return false;
    bytes = load(gw->conf.static_dir, req->head.path, &type, &len);
    if (bytes)
        entry = cache_put(gw->cache, cache_generation(gw->cache), req->head.path, type, NULL, bytes,
                          len);
    free(bytes);
    if (!entry)
        return false;
    reply_kept(req, entry);
    cache_release(entry);
    return true;
}
