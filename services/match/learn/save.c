/* save.c - writes a model: beside the old file, then in its place. */
#include "saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* The file that is written, with the checksum so far. */
struct file {
    FILE *file;
    uLong sum;
    bool failed;
};

static void put(struct file *file, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    file->sum = crc32_z(file->sum, bytes, size);
    if (fwrite(bytes, 1, size, file->file) != size)
        file->failed = true;
}

static void put_vectors(struct file *file, const struct vectors *vectors)
{
    const struct vocab *vocab = &vectors->vocab;

    put(file, vocab->terms, vocab->n * sizeof(*vocab->terms));
    put(file, vocab->idf, vocab->n * sizeof(*vocab->idf));
    put(file, vocab->checks, vocab->n * sizeof(*vocab->checks));
    put(file, vectors->rows, (size_t)vocab->n * vectors->dims * sizeof(*vectors->rows));
}

/* The rows that are there now; one that comes meanwhile is left for the next time. */
static uint32_t *list_slots(const struct model *model, uint32_t *ret_n)
{
    uint32_t slots = model->folded ? folded_slots(model->folded) : 0, n = 0;
    uint32_t *list = malloc(((size_t)slots + 1) * sizeof(*list));

    for (uint32_t slot = 0; list && slot < slots; slot++) {
        if (folded_row(model->folded, slot))
            list[n++] = slot;
    }
    *ret_n = n;
    return list;
}

static void put_model(struct file *file, const struct model *model, const uint32_t *slots,
                      uint32_t n)
{
    const struct near *near = &model->near;
    struct saved_head head = { .magic = SAVED_MAGIC,
                               .format = SAVED_FORMAT,
                               .items = model->items,
                               .version = model->version,
                               .wv_words = model->wv.vocab.n,
                               .wv_dims = model->wv.dims,
                               .lsa_words = model->lsa.vocab.n,
                               .lsa_dims = model->lsa.dims,
                               .near = near->starts ? near->starts[near->n] : 0,
                               .rows = n };
    uint32_t sum;

    put(file, &head, sizeof(head));
    put_vectors(file, &model->wv);
    put_vectors(file, &model->lsa);
    if (near->starts)
        put(file, near->starts, ((size_t)near->n + 1) * sizeof(*near->starts));
    put(file, near->list, head.near * sizeof(*near->list));
    put(file, slots, n * sizeof(*slots));
    for (uint32_t i = 0; i < n; i++)
        put(file, folded_row(model->folded, slots[i]), folded_row_bytes(model->folded));
    sum = (uint32_t)file->sum;
    put(file, &sum, sizeof(sum));
}

static int write_file(const struct model *model, const uint32_t *slots, uint32_t n,
                      const char *path)
{
    struct file file = { .file = fopen(path, "wbe") };

    if (!file.file)
        return -1;
    put_model(&file, model, slots, n);
    if (fflush(file.file) != 0 || fsync(fileno(file.file)) != 0)
        file.failed = true;
    if (fclose(file.file) != 0)
        file.failed = true;
    return file.failed ? -1 : 0;
}

int model_save(const struct model *model, const char *path, const char **ret_why)
{
    uint32_t n = 0, *slots = list_slots(model, &n);
    size_t room = strlen(path) + sizeof(".new");
    char *fresh = malloc(room);
    int rc = -1;

    if (!slots || !fresh) {
        *ret_why = "memory is out";
    } else {
        snprintf(fresh, room, "%s.new", path);
        rc = write_file(model, slots, n, fresh);
        if (rc == 0)
            rc = rename(fresh, path);
        if (rc < 0) {
            *ret_why = "the model's file cannot be written";
            unlink(fresh);
        }
    }
    free(slots);
    free(fresh);
    return rc;
}
