/* vector.c - see vector.h. Eight sums side by side, so that the compiler may vectorise without
 * being allowed to reorder floats. */
#include "vector.h"

float vector_dot(const float *a, const int8_t *b, int n)
{
    float sum[8] = { 0 };
    int i = 0;

    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++)
            sum[j] += a[i + j] * (float)b[i + j];
    for (; i < n; i++)
        sum[0] += a[i] * (float)b[i];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

float vector_product(const float *a, const float *b, int n)
{
    float sum[8] = { 0 };
    int i = 0;

    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++)
            sum[j] += a[i + j] * b[i + j];
    for (; i < n; i++)
        sum[0] += a[i] * b[i];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}
