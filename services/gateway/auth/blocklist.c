/* blocklist.c - common passwords, in a hash set.
 *
 * blocklist.txt holds them one a line, in lower case; it is written by blocklist.mjs from rules
 * (names, words, years, keyboard walks and what people append to them) and built into the program.
 * The look-up ignores case, so "Password1" is as common as "password1". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/password.h"

__asm__(".section .rodata\n"
        ".global jb_blocklist_text\n"
        "jb_blocklist_text:\n"
        ".incbin \"" JB_BLOCKLIST_FILE "\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char jb_blocklist_text[];

#define SLOTS 65536u /* a power of two, several times the number of lines */
#define WORD_MAX 64

struct blocklist {
    const char *slots[SLOTS]; /* lines in the text, which end in a line feed */
    size_t count;
};

static size_t slot_of(const char *word, size_t len)
{
    unsigned hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 16777619u;
    return hash & (SLOTS - 1);
}

static size_t find(const struct blocklist *list, const char *word, size_t len)
{
    size_t slot = slot_of(word, len);

    while (list->slots[slot] &&
           (strncmp(list->slots[slot], word, len) != 0 || list->slots[slot][len] != '\n'))
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

struct blocklist *blocklist_new(void)
{
    struct blocklist *list = calloc(1, sizeof(*list));
    const char *line = jb_blocklist_text, *end;

    for (; list && (end = strchr(line, '\n')); line = end + 1) {
        size_t slot = find(list, line, (size_t)(end - line));

        if (list->slots[slot] || list->count >= SLOTS / 2)
            continue;
        list->slots[slot] = line;
        list->count++;
    }
    return list;
}

void blocklist_free(struct blocklist *list)
{
    free(list);
}

size_t blocklist_count(const struct blocklist *list)
{
    return list->count;
}

bool blocklist_has(const struct blocklist *list, const char *password)
{
    char word[WORD_MAX];
    size_t len = strlen(password);

    if (len >= sizeof(word))
        return false;
    for (size_t i = 0; i < len; i++)
        word[i] = (char)tolower((unsigned char)password[i]);
    return list->slots[find(list, word, len)] != NULL;
}
