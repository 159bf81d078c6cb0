/* load.c - reads a model and looks whether it is of this index. */
#include "saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* The file that is read, with the checksum so far. */
struct source {
    FILE *file;
    uLong sum;
};

static int get(struct source *file, void *to, size_t size)
{
    if (size > 0 && fread(to, 1, size, file->file) != size)
        return -1;
    file->sum = crc32_z(file->sum, to, size);
    return 0;
}

static void *get_new(struct source *file, size_t n, size_t size)
{
    void *memory = malloc(n * size + 1);

    if (memory && get(file, memory, n * size) < 0) {
        free(memory);
        return NULL;
    }
    return memory;
}

/* How long a file with this head has to be. */
static uint64_t length_of(const struct saved_head *head)
{
    uint64_t row = (sizeof(struct folded_row) + head->wv_dims + head->lsa_dims + 3) & ~(uint64_t)3;

    return sizeof(*head) + (uint64_t)head->wv_words * (12 + 4 * (uint64_t)head->wv_dims) +
           (uint64_t)head->lsa_words * (12 + 4 * (uint64_t)head->lsa_dims) +
           (head->wv_dims ? 4 * ((uint64_t)head->wv_words + 1) : 0) +
           sizeof(struct neighbour) * (uint64_t)head->near + (uint64_t)head->rows * (4 + row) + 4;
}

static const char *get_head(struct source *file, struct saved_head *ret)
{
    struct stat stat;

    if (get(file, ret, sizeof(*ret)) < 0 ||
        memcmp(ret->magic, SAVED_MAGIC, sizeof(ret->magic)) != 0 || ret->format != SAVED_FORMAT)
        return "the model's file has another format";
    if (fstat(fileno(file->file), &stat) != 0 || (uint64_t)stat.st_size != length_of(ret))
        return "the model's file is cut off";
    return NULL;
}

static int get_vectors(struct source *file, uint32_t words, uint32_t dims, struct vectors *ret)
{
    ret->vocab.n = words;
    ret->dims = dims;
    ret->vocab.terms = get_new(file, words, sizeof(uint32_t));
    ret->vocab.idf = get_new(file, words, sizeof(float));
    ret->vocab.checks = get_new(file, words, sizeof(uint32_t));
    ret->rows = get_new(file, (size_t)words * dims, sizeof(float));
    if (!ret->vocab.terms || !ret->vocab.idf || !ret->vocab.checks || !ret->rows)
        return -1;
    return 0;
}

static int get_near(struct source *file, const struct saved_head *head, struct near *ret)
{
    if (head->wv_dims == 0)
        return 0;
    ret->n = head->wv_words;
    ret->starts = get_new(file, (size_t)head->wv_words + 1, sizeof(uint32_t));
    ret->list = get_new(file, head->near, sizeof(struct neighbour));
    return ret->starts && ret->list ? 0 : -1;
}

static bool is_same_item(const struct index *index, uint32_t slot, const struct folded_row *row)
{
    return slot < index_slots(index) && index_is_live(index, slot) &&
           item_check(index, slot) == row->check;
}

static int get_rows(struct source *file, const struct saved_head *head, const struct index *index,
                    struct folded **ret)
{
    uint32_t *slots;
    struct folded_row *row = NULL;
    int rc = -1;

    if (head->wv_dims + head->lsa_dims == 0)
        return 0;
    *ret = folded_new(head->wv_dims, head->lsa_dims);
    slots = get_new(file, head->rows, sizeof(*slots));
    if (*ret && slots)
        row = malloc(folded_row_bytes(*ret));
    if (row)
        rc = 0;
    for (uint32_t i = 0; rc == 0 && i < head->rows; i++) {
        rc = get(file, row, folded_row_bytes(*ret));
        if (rc == 0 && is_same_item(index, slots[i], row))
            rc = folded_put_row(*ret, slots[i], row);
    }
    free(slots);
    free(row);
    return rc;
}

static const char *get_model(struct source *file, const struct index *index, struct model *model)
{
    struct saved_head head;
    const char *why = get_head(file, &head);
    uint32_t sum, stored;

    if (why)
        return why;
    model->items = head.items;
    model->version = head.version;
    if (get_vectors(file, head.wv_words, head.wv_dims, &model->wv) < 0 ||
        get_vectors(file, head.lsa_words, head.lsa_dims, &model->lsa) < 0 ||
        get_near(file, &head, &model->near) < 0 || get_rows(file, &head, index, &model->folded) < 0)
        return "the model's file cannot be read, or memory is out";
    sum = (uint32_t)file->sum;
    if (get(file, &stored, sizeof(stored)) < 0 || stored != sum)
        return "the model's file has a wrong checksum";
    return NULL;
}

/* Do the words still mean what they meant? Then the map is made. */
static const char *check_vectors(const struct index *index, struct vectors *vectors)
{
    struct vocab *vocab = &vectors->vocab;
    uint32_t terms = index_terms(index, SPACE_W);

    for (uint32_t w = 0; w < vocab->n; w++) {
        if (vocab->terms[w] >= terms || vocab_check(index, vocab->terms[w]) != vocab->checks[w])
            return "the model belongs to another index";
    }
    if (vocab_map(vocab) < 0)
        return "memory is out";
    vectors_hide_empty(vectors);
    return NULL;
}

struct model *model_load(const char *path, const struct index *index, const char **ret_why)
{
    struct source file = { .file = fopen(path, "rbe") };
    struct model *model = NULL;
    const char *why = "there is no model's file";

    if (file.file) {
        model = model_new();
        why = model ? get_model(&file, index, model) : "memory is out";
        fclose(file.file);
    }
    if (!why)
        why = check_vectors(index, &model->wv);
    if (!why)
        why = check_vectors(index, &model->lsa);
    if (why) {
        model_unref(model);
        *ret_why = why;
        return NULL;
    }
    model_even(model);
    return model;
}
