/* listing.h - the routes and forms tables as JSON, for the contract tests and openapi.yaml. */
#ifndef JB_LISTING_H
#define JB_LISTING_H

#include <stdio.h>

/* 0, or -1 when it could not be written. */
int listing_print(FILE *out);

#endif
