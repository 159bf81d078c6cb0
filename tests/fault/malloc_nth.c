/* malloc_nth.c - preloaded into a service: SIGUSR2 arms it, and of the allocations that follow the
 * n-th fails, once. n stands in the file that JB_MALLOC_NTH names, and is replaced by 0 when the
 * failure has happened, so that a test knows when it has gone past the last one. What libevent asks
 * for itself is left alone: bufferevent_setwatermark() of 2.1 does not look whether it got it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int left; /* the product has no such thing; a shim has nowhere else to keep it */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static void tell(const char *text, size_t len)
{
    const char *name = getenv("JB_MALLOC_NTH");
    int fd = name ? open(name, O_WRONLY | O_TRUNC | O_CLOEXEC) : -1;

    if (fd >= 0 && write(fd, text, len) >= 0)
        close(fd);
}

static int is_libevent(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libevent");
}

static int fails_now(const void *caller)
{
    if (atomic_load(&left) <= 0 || is_libevent(caller) || atomic_fetch_sub(&left, 1) != 1)
        return 0;
    tell("0", 1);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails_now(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails_now(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
    return fails_now(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}

static void on_armed(int number)
{
    const char *name = getenv("JB_MALLOC_NTH");
    char text[16] = "";
    int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    (void)number;
    if (fd < 0)
        return;
    if (read(fd, text, sizeof(text) - 1) > 0)
        atomic_store(&left, atoi(text));
    close(fd);
    tell("-", 1); /* armed */
}

__attribute__((constructor)) static void arm_on_signal(void)
{
    struct sigaction action = { .sa_handler = on_armed, .sa_flags = SA_RESTART };

    sigaction(SIGUSR2, &action, NULL);
}
