/* uscc.h - numbers with a check digit: 统一社会信用代码 (GB 32100-2015) and patent application
 * numbers. Only arithmetic: whether somebody bears the number is another question. */
#ifndef JB_USCC_H
#define JB_USCC_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define USCC_LENGTH 18

enum uscc_verdict { USCC_GOOD, USCC_BAD_FORM, USCC_BAD_CHECK };

/* Brings UTF-8 text as people type it (full-width, lower case, blanks, hyphens) into the 18 capital
 * characters and checks them. *ret is filled only when good. */
enum uscc_verdict uscc_read(const char *text, size_t len, char ret[USCC_LENGTH + 1]);
/* The character that makes the 17 before it right; '\0' when one of them is not of the alphabet. */
char uscc_check_char(const char *first_17);
/* A warning, not a gate: whether positions 9-17 are right as an organisation code (GB 11714). */
bool uscc_organisation_right(const char *uscc);

/* Application numbers since October 2003: [CN|ZL]YYYYtNNNNNNN.c or without the dot. */
bool patent_number_right(const char *text, size_t len);

#endif
