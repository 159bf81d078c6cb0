/* embed_text.c - see embed_text.h. */
#include "embed_text.h"

#include <string.h>

#include "arena.h"

/* How many bytes the first so many characters take. */
static size_t first_chars(const char *text, int chars)
{
    size_t n = 0;

    for (; text[n]; n++)
        if (((unsigned char)text[n] & 0xc0) != 0x80 && chars-- == 0)
            break;
    return n;
}

int embed_text(struct arena *arena, const char *const field[N_FIELDS], int chars, const char **ret,
               char ret_sum[SUM_HEX])
{
    char *whole = arena_printf(arena, "%s\n%s\n%s", field[FIELD_TITLE], field[FIELD_KEYWORDS],
                               field[FIELD_BODY]);
    unsigned char hash[CRYPTO_HASH];

    if (!whole)
        return -1;
    whole[first_chars(whole, chars)] = '\0';
    if (crypto_sha256(whole, strlen(whole), hash) < 0)
        return -1;
    crypto_hex(hash, 16, ret_sum);
    *ret = whole;
    return 0;
}

bool embed_same_sum(const char *uuid, const char *sum)
{
    for (; *uuid; uuid++)
        if (*uuid != '-' && *uuid != *sum++)
            return false;
    return !*sum;
}

void embed_write(struct buf *buf, const float *vector, size_t n)
{
    char hex[CRYPTO_HEX(4)];

    buf_adds(buf, "\"\\\\x");
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;

        memcpy(&bits, &vector[i], sizeof(bits));
        const unsigned char bytes[] = { (unsigned char)bits, (unsigned char)(bits >> 8),
                                        (unsigned char)(bits >> 16), (unsigned char)(bits >> 24) };
        crypto_hex(bytes, sizeof(bytes), hex);
        buf_add(buf, hex, 8);
    }
    buf_addc(buf, '"');
}

float *embed_read(struct arena *arena, const char *hex, size_t *ret_n)
{
    size_t n = strncmp(hex, "\\x", 2) == 0 ? (strlen(hex) - 2) / 8 : 0;
    unsigned char *bytes = arena_alloc(arena, 4 * n + 1);
    float *vector = arena_alloc(arena, (n + 1) * sizeof(*vector));

    if (!bytes || !vector || n == 0 || crypto_unhex(hex + 2, strlen(hex) - 2, bytes, 4 * n) < 0)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *b = bytes + 4 * i;
        uint32_t bits = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;

        memcpy(&vector[i], &bits, sizeof(bits));
    }
    *ret_n = n;
    return vector;
}
