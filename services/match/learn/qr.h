/* qr.h - an orthonormal basis of the columns of a tall matrix. */
#ifndef JM_QR_H
#define JM_QR_H

#include <stdint.h>

#include "team.h"

/* matrix (rows x width, row by row; rows >= width) = q r: the matrix becomes q, whose columns are
 * orthonormal; ret_r, when given, gets r: width x width, row by row, upper triangle. -1: memory is
 * out, it was cancelled, or LAPACK gave up. */
int MUST_CHECK qr_split(const struct team *team, float *matrix, uint32_t rows, uint32_t width,
                        float *ret_r);

#endif
