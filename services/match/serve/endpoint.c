/* endpoint.c - see endpoint.h. */
#include "endpoint.h"

#include <curl/curl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "str.h"

#define REPLY_MAX (64u << 20)
#define CONNECT_MS 3000L

struct endpoint {
    struct endpoint_conf conf;
    CURL *curl;
    struct curl_slist *headers;
    struct buf reply;
};

const char *endpoint_fault(const char *url)
{
    static const char *const near[] = { "http://127.0.0.1:", "http://127.0.0.1/",
                                        "http://[::1]:",     "http://[::1]/",
                                        "http://localhost:", "http://localhost/" };

    if (str_starts(url, "https://"))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(near); i++)
        if (str_starts(url, near[i]))
            return NULL;
    return "embed_url is neither https nor on this machine";
}

static size_t on_reply(char *bytes, size_t size, size_t n, void *arg)
{
    struct buf *reply = arg;

    buf_add(reply, bytes, size * n);
    return reply->failed ? 0 : size * n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct endpoint *endpoint = arg;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(endpoint->conf.cease);
}

static int add_header(struct endpoint *endpoint, const char *text)
{
    struct curl_slist *longer = curl_slist_append(endpoint->headers, text);

    if (!longer)
        return -1;
    endpoint->headers = longer;
    return 0;
}

static int add_headers(struct endpoint *endpoint)
{
    const struct conf_secret *key = &endpoint->conf.key;
    struct arena arena = { 0 };
    int rc = add_header(endpoint, "Content-Type: application/json");

    if (rc == 0 && key->bytes) {
        const char *line = arena_printf(&arena, "Authorization: Bearer %.*s", (int)key->len,
                                        (const char *)key->bytes);

        rc = line ? add_header(endpoint, line) : -1;
    }
    arena_release(&arena);
    return rc;
}

struct endpoint *endpoint_new(const struct endpoint_conf *conf)
{
    struct endpoint *endpoint = calloc(1, sizeof(*endpoint));

    if (!endpoint)
        return NULL;
    endpoint->conf = *conf;
    buf_init(&endpoint->reply, REPLY_MAX);
    endpoint->curl = curl_easy_init();
    if (!endpoint->curl || add_headers(endpoint) < 0) {
        endpoint_free(endpoint);
        return NULL;
    }
    curl_easy_setopt(endpoint->curl, CURLOPT_URL, conf->url);
    curl_easy_setopt(endpoint->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(endpoint->curl, CURLOPT_HTTPHEADER, endpoint->headers);
    curl_easy_setopt(endpoint->curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(endpoint->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(endpoint->curl, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(endpoint->curl, CURLOPT_WRITEDATA, &endpoint->reply);
    curl_easy_setopt(endpoint->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(endpoint->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(endpoint->curl, CURLOPT_XFERINFODATA, endpoint);
    return endpoint;
}

void endpoint_free(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    curl_slist_free_all(endpoint->headers);
    curl_easy_cleanup(endpoint->curl);
    buf_release(&endpoint->reply);
    free(endpoint);
}

/* To be freed; NULL: no memory, or a text that is no UTF-8. */
static char *body_of(const char *model, const char *const *texts, size_t n)
{
    json_t *body = json_object(), *input = json_array();
    int rc = json_object_set_new(body, "model", json_string(model)) |
             json_object_set_new(body, "encoding_format", json_string("float"));

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = json_array_append_new(input, json_string(texts[i]));
    rc |= json_object_set_new(body, "input", input);

    char *text = rc == 0 ? json_dumps(body, JSON_COMPACT) : NULL;

    json_decref(body);
    return text;
}

static int read_vector(const json_t *numbers, int dims, float *ret)
{
    double sum = 0;

    if (json_array_size(numbers) != (size_t)dims)
        return -1;
    for (int i = 0; i < dims; i++) {
        const json_t *number = json_array_get(numbers, (size_t)i);

        ret[i] = (float)json_number_value(number);
        if (!json_is_number(number) || !isfinite(ret[i]))
            return -1;
        sum += (double)ret[i] * ret[i];
    }
    return sum > 0 && isfinite(sum) ? 0 : -1; /* one without a direction says nothing */
}

/* Where the entry belongs: its index, or else its place. */
static size_t place_of(const json_t *entry, size_t nth)
{
    const json_t *index = json_object_get(entry, "index");

    return json_is_integer(index) ? (size_t)json_integer_value(index) : nth;
}

/* NULL, or what is wrong with it. */
static const char *read_vectors(const json_t *reply, size_t n, float **ret, int *ret_dims)
{
    const json_t *data = json_object_get(reply, "data");
    size_t dims = json_array_size(json_object_get(json_array_get(data, 0), "embedding"));
    float *all;

    if (json_array_size(data) != n)
        return "it has not given a vector for each text";
    if (dims == 0 || dims > ENDPOINT_DIMS_MAX)
        return "its vectors are of an impossible length";
    all = calloc(n * dims, sizeof(*all));
    for (size_t i = 0; i < n && all; i++) {
        const json_t *entry = json_array_get(data, i);
        size_t place = place_of(entry, i);

        if (place < n &&
            read_vector(json_object_get(entry, "embedding"), (int)dims, all + place * dims) == 0)
            continue;
        free(all);
        return "its vectors are not of one length, all zeros, or no numbers";
    }
    *ret = all;
    *ret_dims = (int)dims;
    return all ? NULL : "memory is out";
}

/* NULL, or why there is no reply with status 200. */
static const char *fetch(struct endpoint *endpoint, const char *body, long timeout_ms,
                         char why[CURL_ERROR_SIZE])
{
    CURL *curl = endpoint->curl;
    long status = 0;

    buf_clear(&endpoint->reply);
    *why = '\0';
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);

    CURLcode rc = curl_easy_perform(curl);

    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (rc != CURLE_OK)
        return *why ? why : curl_easy_strerror(rc);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return NULL;
    snprintf(why, CURL_ERROR_SIZE, "it answers with status %ld", status);
    return why;
}

int endpoint_ask(struct endpoint *endpoint, const char *const *texts, size_t n, long timeout_ms,
                 float **ret, int *ret_dims, char ret_why[ENDPOINT_WHY])
{
    char *body = body_of(endpoint->conf.model, texts, n), said[CURL_ERROR_SIZE];
    const char *why = body ? fetch(endpoint, body, timeout_ms, said) : "memory is out";
    struct json_fault fault;
    json_t *reply = NULL;

    if (!why && endpoint->reply.len == 0)
        why = "its answer is empty";
    if (!why && json_read(endpoint->reply.data, endpoint->reply.len, REPLY_MAX, &reply, &fault) < 0)
        why = "its answer is no JSON";
    why = why ? why : read_vectors(reply, n, ret, ret_dims);
    json_decref(reply);
    free(body);
    if (endpoint->reply.cap > (1u << 20)) /* a batch's answer is not kept for a question's */
        buf_release(&endpoint->reply);
    if (why)
        snprintf(ret_why, ENDPOINT_WHY, "%s", why);
    return why ? -1 : 0;
}
