/* params.c - the defaults. */
#include "params.h"

const struct params params = {
#define PARAM(name, value, help) .name = (value),
#include "params.def"
#undef PARAM
};
