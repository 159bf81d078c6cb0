/* window.h - how close together the pieces of a question stand in a record. */
#ifndef JM_WINDOW_H
#define JM_WINDOW_H

#include "asked.h"

struct window;

struct window *window_new(const struct asked *asked, struct arena *arena); /* NULL: no memory */
void window_clear(struct window *window);
/* The record's unit at place `at` is a unit of the question. In order of `at`. */
void window_see(struct window *window, uint32_t unit, uint32_t at);
/* Of each piece of m units the best window of 2m+4 places: (idf of the different units of the piece
 * in it / idf of the piece)^2, averaged by the pieces' idf. 0..1. */
double window_best(struct window *window);

#endif
