/* An urlencoded body or a query on its way through its reader and a form of every kind. */
#include <stdint.h>

#include "forms.h"
#include "http/urlencoded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    const char *slug = NULL;
    json_t *value = NULL;

    if (form_from_urlencoded(&arena, (const char *)data, size, &value, &slug) < 0) {
        if (value || !slug)
            abort();
    } else {
        fuzz_check_form(&arena, value);
    }
    arena_release(&arena);
    return 0;
}
