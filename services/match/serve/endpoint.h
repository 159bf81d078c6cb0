/* endpoint.h - asks an embedding endpoint (OpenAI-compatible: POST {model, input} ->
 * {data: [{index, embedding}]}) for the vectors of some texts. Blocks: on a thread of jobs.h. */
#ifndef JM_ENDPOINT_H
#define JM_ENDPOINT_H

#include <stdatomic.h>
#include <stddef.h>

#include "conf.h"
#include "must.h"

#define ENDPOINT_DIMS_MAX 8192
#define ENDPOINT_WHY 160

struct endpoint;

struct endpoint_conf {
    const char *url, *model;
    struct conf_secret key;   /* sent as a bearer token; none: without */
    const atomic_bool *cease; /* once true, what is under way ends with an error */
};

/* NULL, or why texts cannot be sent to this address: what is confidential travels over TLS, or does
 * not leave the machine. */
const char *endpoint_fault(const char *url);

/* One connection, kept open between questions; for one thread at a time. NULL: no memory. */
struct endpoint *endpoint_new(const struct endpoint_conf *conf);
void endpoint_free(struct endpoint *endpoint);
/* n vectors of *ret_dims numbers in a row, in the texts' order, to be freed. -1 with a sentence in
 * ret_why. */
int MUST_CHECK endpoint_ask(struct endpoint *endpoint, const char *const *texts, size_t n,
                            long timeout_ms, float **ret, int *ret_dims,
                            char ret_why[ENDPOINT_WHY]);

#endif
