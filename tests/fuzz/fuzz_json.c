/* A JSON body on its way through the reader and a form of every kind. */
#include <stdint.h>

#include "forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_fault fault = { 0 };
    struct arena arena = { 0 };
    json_t *value = NULL;

    if (json_read((const char *)data, size, 1 << 20, &value, &fault) < 0) {
        if (value || !fault.slug || fault.line < 1 || fault.offset > size)
            abort();
        return 0;
    }
    fuzz_check_form(&arena, value);
    arena_release(&arena);
    json_decref(value);
    return 0;
}
