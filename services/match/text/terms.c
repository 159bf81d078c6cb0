/* terms.c - the bureau's term list, ready to be looked up.
 *
 * A kept term is a sequence of units, so that a plural, a hyphen or a space more makes no
 * difference. Its prefixes are looked up by a rolling hash of the units; what is found is compared
 * as text. A synonym's two sides are kept terms as well: only what is a token can be found. */
#include <string.h>

#include "terms.h"

uint64_t terms_extend(uint64_t key, uint64_t unit)
{
    key = (key ^ unit) * 0x9e3779b97f4a7c15u;
    key ^= key >> 32;
    return key ? key : 1;
}

struct prefix *terms_prefix(const struct analyser *analyser, uint64_t key)
{
    size_t at = key & analyser->prefix_mask;

    while (analyser->prefixes[at].key && analyser->prefixes[at].key != key)
        at = (at + 1) & analyser->prefix_mask;
    return &analyser->prefixes[at];
}

struct entry *terms_entry(const struct analyser *analyser, const char *term, size_t len)
{
    size_t at = text_hash(term, len) & analyser->entry_mask;

    for (;; at = (at + 1) & analyser->entry_mask) {
        struct entry *entry = &analyser->entries[at];

        if (!entry->term || (strncmp(entry->term, term, len) == 0 && !entry->term[len]))
            return entry;
    }
}

size_t analyser_kept(const struct analyser *analyser, const struct text_scratch *scratch,
                     size_t unit, const char **ret_term, size_t *ret_len)
{
    char joined[TEXT_TERM_MAX + 1];
    uint64_t key = 0;
    size_t found = 0;

    if (!analyser->n_prefixes)
        return 0;
    for (size_t i = unit; i < scratch->n_units; i++) {
        if (i > unit && scratch->units[i].pos != scratch->units[i - 1].pos + 1)
            break;
        key = terms_extend(key, scratch->units[i].hash);
        const struct prefix *prefix = terms_prefix(analyser, key);

        if (!prefix->key)
            break;
        if (!prefix->term)
            continue;
        text_join(scratch, unit, i - unit + 1, joined);
        if (strcmp(joined, prefix->joined) != 0)
            continue;
        found = i - unit + 1;
        *ret_term = prefix->term;
        *ret_len = strlen(prefix->term);
    }
    return found;
}

bool analyser_stops(const struct analyser *analyser, const char *term, size_t len)
{
    return analyser->entry_mask && terms_entry(analyser, term, len)->stop;
}

size_t analyser_synonyms(const struct analyser *analyser, const char *word,
                         const struct synonym **ret)
{
    if (!analyser->entry_mask)
        return 0;
    const struct entry *entry = terms_entry(analyser, word, strlen(word));

    if (entry->n)
        *ret = entry->synonyms;
    return entry->n;
}
