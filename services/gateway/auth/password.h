/* password.h - which passwords are good enough (S8).
 *
 * A password is 8 to 128 code points, counted after normalisation. Normalisation is NFC, decided
 * here once: the same text typed on two keyboards must be the same password. It is ICU's, because
 * the house uses ICU for all other text and one library's Unicode tables are enough. Nothing is
 * cut off, nothing is folded. */
#ifndef JB_AUTH_PASSWORD_H
#define JB_AUTH_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct blocklist;

#define PASSWORD_MIN 8
#define PASSWORD_MAX 128

/* The password in its one form, in the arena (wiped with it); NULL when memory is out. */
const char *password_nfc(struct arena *arena, const char *password);
/* NULL when it is good; else a code of field_errors.def: too_short, too_long, password_common,
 * password_context (it is the login, the name or the service), password_simple (profile `gb`: at
 * least three of capital, small, digit, other). `words` may hold NULLs. */
const char *password_fault(const struct blocklist *blocklist, const char *password, bool gb,
                           const char *const *words, size_t n_words);

/* The common passwords that come with the program. */
struct blocklist *blocklist_new(void);
void blocklist_free(struct blocklist *blocklist);
bool blocklist_has(const struct blocklist *blocklist, const char *password);
size_t blocklist_count(const struct blocklist *blocklist);

#endif
