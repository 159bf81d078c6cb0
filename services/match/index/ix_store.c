/* ix_store.c - the text file. */
#include "ix_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ix_heap.h"

struct ix_store {
    int fd;
    uint64_t stamp;
    _Atomic uint64_t end;
    char *name;   /* NULL: nameless */
    char *folder; /* in which it was made or found */
};

struct record {
    uint32_t len[STORE_TEXTS];
};

static int nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    char path[PATH_MAX];

    if (fd >= 0)
        return fd;
    /* Not every file system knows files without a name. */
    if (snprintf(path, sizeof(path), "%s/texts.XXXXXX", folder) >= (int)sizeof(path))
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* Takes the file and a copy of the folder's name, of which `len` bytes count. */
static struct ix_store *store_of(int fd, const char *folder, size_t len)
{
    struct ix_store *store = fd >= 0 ? calloc(1, sizeof(*store)) : NULL;

    if (store)
        store->folder = strndup(folder, len);
    if (!store || !store->folder) {
        if (fd >= 0)
            close(fd);
        free(store);
        return NULL;
    }
    store->fd = fd;
    return store;
}

struct ix_store *ix_store_new(const char *folder)
{
    const char *usual = getenv("TMPDIR");
    struct ix_store *store;

    if (!folder)
        folder = usual ? usual : "/tmp";
    store = store_of(nameless(folder), folder, strlen(folder));
    if (store && getrandom(&store->stamp, sizeof(store->stamp), 0) != sizeof(store->stamp)) {
        ix_store_free(store);
        return NULL;
    }
    return store;
}

struct ix_store *ix_store_beside(const struct ix_store *store)
{
    return ix_store_new(store->folder);
}

static char *name_of(const char *path, uint64_t stamp)
{
    char *name;

    return asprintf(&name, "%s.%016llx", path, (unsigned long long)stamp) < 0 ? NULL : name;
}

/* All of a file's first `end` bytes. */
static int copy_file(int to, int from, uint64_t end)
{
    for (off_t at = 0; (uint64_t)at < end;)
        if (sendfile(to, from, &at, (size_t)(end - (uint64_t)at)) <= 0)
            return -1;
    return 0;
}

/* Somebody else appends to the file: it is left to him, this store goes on with a copy. */
static struct ix_store *copy_of(struct ix_store *store, uint64_t end)
{
    struct ix_store *copy = ix_store_beside(store);

    if (copy && copy_file(copy->fd, store->fd, end) < 0) {
        ix_store_free(copy);
        copy = NULL;
    }
    if (copy)
        atomic_store(&copy->end, end);
    ix_store_free(store);
    return copy;
}

struct ix_store *ix_store_open(const char *path, uint64_t stamp, uint64_t end)
{
    char *name = name_of(path, stamp);
    struct stat stat;
    const char *slash = strrchr(path, '/');
    struct ix_store *store = name ? store_of(open(name, O_RDWR | O_CLOEXEC), slash ? path : ".",
                                             slash ? (size_t)(slash - path) + 1 : 1)
                                  : NULL;

    if (!store) {
        free(name);
        return NULL;
    }
    store->name = name;
    store->stamp = stamp;
    if (fstat(store->fd, &stat) < 0 || (uint64_t)stat.st_size < end) {
        ix_store_free(store);
        return NULL;
    }
    if (flock(store->fd, LOCK_EX | LOCK_NB) < 0)
        return copy_of(store, end);
    atomic_store(&store->end, (uint64_t)stat.st_size);
    return store;
}

void ix_store_free(struct ix_store *store)
{
    if (!store)
        return;
    close(store->fd);
    free(store->name);
    free(store->folder);
    free(store);
}

uint64_t ix_store_stamp(const struct ix_store *store)
{
    return store->stamp;
}

uint64_t ix_store_end(const struct ix_store *store)
{
    return atomic_load(&store->end);
}

int ix_store_add(struct ix_store *store, const char *const text[STORE_TEXTS], uint64_t *ret_at)
{
    uint64_t at = atomic_load(&store->end);
    struct record record;
    struct iovec parts[1 + STORE_TEXTS] = { { &record, sizeof(record) } };
    size_t all = sizeof(record);

    for (unsigned i = 0; i < STORE_TEXTS; i++) {
        size_t len = strlen(text[i]);

        if (len > INT_MAX / 8)
            return -1;
        record.len[i] = (uint32_t)len;
        parts[1 + i] = (struct iovec){ (void *)(uintptr_t)text[i], len };
        all += len;
    }
    if (pwritev(store->fd, parts, 1 + STORE_TEXTS, (off_t)at) != (ssize_t)all)
        return -1;
    atomic_store(&store->end, at + all);
    *ret_at = at;
    return 0;
}

static int read_whole(int fd, void *into, size_t len, uint64_t at)
{
    for (char *to = into; len > 0;) {
        ssize_t got = pread(fd, to, len, (off_t)at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        to += got;
        at += (uint64_t)got;
        len -= (size_t)got;
    }
    return 0;
}

const char *ix_store_get(const struct ix_store *store, struct arena *arena, uint64_t at,
                         unsigned text)
{
    struct record record;
    uint64_t from = at + sizeof(record);
    char *copy;

    if (read_whole(store->fd, &record, sizeof(record), at) < 0)
        return NULL;
    for (unsigned i = 0; i < text; i++)
        from += record.len[i];
    if (from + record.len[text] > atomic_load(&store->end))
        return NULL;
    copy = arena_alloc(arena, (size_t)record.len[text] + 1);
    if (!copy || read_whole(store->fd, copy, record.len[text], from) < 0)
        return NULL;
    return copy;
}

int ix_store_copy(struct ix_store *to, const struct ix_store *from, uint64_t at, uint64_t *ret_at,
                  bool *ret_named)
{
    struct record record;
    size_t len = sizeof(record);
    uint64_t end = atomic_load(&to->end);
    char small[4096], *bytes = small;
    int result = -1;

    if (read_whole(from->fd, &record, sizeof(record), at) < 0)
        return -1;
    for (unsigned i = 0; i < STORE_TEXTS; i++)
        len += record.len[i];
    if (at + len > atomic_load(&from->end))
        return -1;
    if (len > sizeof(small))
        bytes = malloc(len);
    if (bytes && read_whole(from->fd, bytes, len, at) == 0 &&
        pwrite(to->fd, bytes, len, (off_t)end) == (ssize_t)len) {
        atomic_store(&to->end, end + len);
        *ret_at = end;
        *ret_named = record.len[N_FIELDS] > 0;
        result = 0;
    }
    if (bytes != small)
        free(bytes);
    return result;
}

/* Gives the nameless file its name; a copy where the file system will not. */
static int give_name(struct ix_store *store, const char *name)
{
    char self[64];
    int fd;

    snprintf(self, sizeof(self), "/proc/self/fd/%d", store->fd);
    if (linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    if (copy_file(fd, store->fd, atomic_load(&store->end)) < 0) {
        close(fd);
        unlink(name);
        return -1;
    }
    /* The number stays, so that nobody who reads needs to know: the copy takes its place. */
    int result = dup3(fd, store->fd, O_CLOEXEC) < 0 ? -1 : 0;

    close(fd);
    return result;
}

int ix_store_keep(struct ix_store *store, const char *path)
{
    char *name = name_of(path, store->stamp);

    if (!name)
        return -1;
    if (!store->name || strcmp(store->name, name) != 0) {
        if (give_name(store, name) < 0) {
            free(name);
            return -1;
        }
        free(store->name);
        store->name = name;
        flock(store->fd, LOCK_EX | LOCK_NB); /* whoever loads it meanwhile makes a copy */
    } else {
        free(name);
    }
    return fdatasync(store->fd) < 0 ? -1 : ix_sync_folder(path);
}

int ix_store_sync(struct ix_store *store)
{
    return fdatasync(store->fd);
}

int ix_sync_folder(const char *path)
{
    char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;
    int fd, result;

    if (!copy)
        return -1;
    if (slash)
        slash[slash == copy] = '\0'; /* "/x" lies in "/" */
    fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (fd < 0)
        return -1;
    result = fsync(fd);
    close(fd);
    return result;
}

void ix_store_drop(const char *path, uint64_t stamp)
{
    char *name = name_of(path, stamp);

    if (name)
        unlink(name);
    free(name);
}
