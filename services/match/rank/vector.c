/* vector.c - see vector.h. Eight sums side by side, so that the compiler may vectorise without
 * being allowed to reorder floats; by hand where the processor takes eight at once, with the same
 * sums. */
#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define EIGHT_AT_ONCE 1
#endif

static float whole(const float sum[8])
{
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static float dot_plain(const float *a, const int8_t *b, int n)
{
    float sum[8] = { 0 };
    int i = 0;

    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++)
            sum[j] += a[i + j] * (float)b[i + j];
    for (; i < n; i++)
        sum[0] += a[i] * (float)b[i];
    return whole(sum);
}

#ifdef EIGHT_AT_ONCE
__attribute__((target("avx2"))) static float dot_eight(const float *a, const int8_t *b, int n)
{
    __m256 sums = _mm256_setzero_ps();
    float sum[8];
    int i = 0;

    for (; i + 8 <= n; i += 8) {
        __m256i bytes =
            _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(b + i)));

        sums =
            _mm256_add_ps(sums, _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_cvtepi32_ps(bytes)));
    }
    _mm256_storeu_ps(sum, sums);
    for (; i < n; i++)
        sum[0] += a[i] * (float)b[i];
    return whole(sum);
}
#endif

float vector_dot(const float *a, const int8_t *b, int n)
{
#ifdef EIGHT_AT_ONCE
    if (__builtin_cpu_supports("avx2"))
        return dot_eight(a, b, n);
#endif
    return dot_plain(a, b, n);
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
    return whole(sum);
}
