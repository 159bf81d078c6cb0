/* mustache.h - a set of templates and sentences that know each other.
 *
 * Mustache as its specification has it, inheritance and dynamic names with it, without lambdas
 * (data is JSON, which holds no functions). Ours besides:
 *   {{path | filter arg 'arg with blanks' $other.path @key | filter}}   in every tag with a value
 *   {{@key}}                                                           a sentence
 * A section over 0 or "" is not entered. An object with zh and en prints itself in the page's
 * language; any other object and an array print nothing. A partial that does not exist is a
 * defect, unless its name is dynamic. A block that is written inside a block's replacement belongs
 * to the template that it is written in. */
#ifndef JB_MUSTACHE_H
#define JB_MUSTACHE_H

#include "pages.h"
#include "template.h"

#define RENDER_MAX ((size_t)8 << 20) /* bytes of a page */

struct mustache;

struct mustache *mustache_new(void);
void mustache_free(struct mustache *set);
/* Name, file and text are copied. Defects are kept until mustache_link. */
void mustache_add(struct mustache *set, const char *name, const char *file, struct span text);
void mustache_add_sentence(struct mustache *set, const char *file, const char *key, const char *zh,
                           const char *en);
/* Notes a defect that the caller has found. */
struct faults *mustache_faults(struct mustache *set);
/* Finds what each tag names. True when there is no defect; else mustache_faults has them all.
 * Nothing may be added afterwards. */
bool MUST_CHECK mustache_link(struct mustache *set);

const struct template *mustache_find(const struct mustache *set, const char *name, size_t len);
const struct sentence *mustache_sentence(const struct mustache *set, const char *key, size_t len);

int MUST_CHECK mustache_render(const struct mustache *set, const struct template *page,
                               const struct page_env *env, const json_t *root, struct buf *out);

#endif
