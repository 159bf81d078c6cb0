/* password.c - see password.h. */
#include "auth/password.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "arena.h"
#include "crypto.h"
#include "utf8.h"

#define BYTES_MAX 4096 /* far above 128 code points; longer input is refused as too long anyway */
#define UNITS_MAX (BYTES_MAX * 3)

/* --- the one form --------------------------------------------------------------------------- */

struct wipe {
    char *bytes;
    size_t len;
};

static void on_wipe(void *arg)
{
    struct wipe *wipe = arg;

    crypto_wipe(wipe->bytes, wipe->len);
}

static char *keep(struct arena *arena, const char *bytes, size_t len)
{
    struct wipe *wipe = arena_alloc(arena, sizeof(*wipe));
    char *copy = arena_dup(arena, bytes, len);

    if (!copy || !wipe)
        return NULL;
    *wipe = (struct wipe){ copy, len };
    return arena_defer(arena, on_wipe, wipe) < 0 ? NULL : copy;
}

const char *password_nfc(struct arena *arena, const char *password)
{
    UChar from[BYTES_MAX], to[UNITS_MAX];
    char bytes[BYTES_MAX * 3];
    int32_t n = 0, len = 0;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    const char *kept = NULL;

    if (!password)
        password = "";
    if (strlen(password) >= BYTES_MAX)
        return keep(arena, password, strlen(password)); /* too long in any form */
    u_strFromUTF8(from, BYTES_MAX, &n, password, -1, &status);
    n = unorm2_normalize(nfc, from, n, to, UNITS_MAX, &status);
    u_strToUTF8(bytes, (int32_t)sizeof(bytes), &len, to, n, &status);
    if (U_SUCCESS(status) && len < (int32_t)sizeof(bytes))
        kept = keep(arena, bytes, (size_t)len);
    crypto_wipe(from, sizeof(from));
    crypto_wipe(to, sizeof(to));
    crypto_wipe(bytes, sizeof(bytes));
    return kept;
}

/* --- the rules ------------------------------------------------------------------------------- */

static bool is_simple(const char *password)
{
    bool capital = false, small = false, digit = false, other = false;

    for (const char *at = password; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            capital = true;
        else if (*at >= 'a' && *at <= 'z')
            small = true;
        else if (*at >= '0' && *at <= '9')
            digit = true;
        else
            other = true;
    }
    return capital + small + digit + other < 3;
}

/* The word makes up most of the password: what is left beside it is no secret. */
static bool mostly(const char *password, const char *word)
{
    size_t len = word ? strlen(word) : 0;

    return len >= 4 && strcasestr(password, word) && strlen(password) < len + PASSWORD_MIN / 2;
}

const char *password_fault(const struct blocklist *blocklist, const char *password, bool gb,
                           const char *const *words, size_t n_words)
{
    size_t count = utf8_count(password, strlen(password));

    if (count < PASSWORD_MIN)
        return "too_short";
    if (count > PASSWORD_MAX)
        return "too_long";
    for (size_t i = 0; i < n_words; i++)
        if (mostly(password, words[i]))
            return "password_context";
    if (blocklist_has(blocklist, password))
        return "password_common";
    if (gb && is_simple(password))
        return "password_simple";
    return NULL;
}
