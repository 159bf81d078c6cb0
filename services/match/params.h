/* params.h - the numbers of params.def as a struct with the product's defaults. */
#ifndef JM_PARAMS_H
#define JM_PARAMS_H

struct params {
#define PARAM(name, value, help) double name;
#include "params.def"
#undef PARAM
};

extern const struct params params;

#endif
