/* vector.h - a float vector times an int8 one, or another of floats. */
#ifndef JM_VECTOR_H
#define JM_VECTOR_H

#include <stdint.h>

/* Sum of a[i] x b[i]; the caller multiplies with b's scale. */
float vector_dot(const float *a, const int8_t *b, int n);
float vector_product(const float *a, const float *b, int n);

#endif
