/* page_cache.h - pages that are the same for everybody who has not signed in, kept ready beside the
 * public documents (http/cache.h). */
#ifndef JB_PAGES_PAGE_CACHE_H
#define JB_PAGES_PAGE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "http/parse.h"

struct buf;
struct req;

/* The key of a browser's request: language, theme, size of text and target. 0: whoever asks may be
 * somebody, or it does not fit. */
size_t page_cache_key(const struct http_head *head, char *ret, size_t size);
/* Keeps a page that was made and answers with it. False: this one is not for everybody. */
bool page_cache_answer(struct req *req, const struct buf *html);

#endif
