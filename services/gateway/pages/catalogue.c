/* catalogue.c - see catalogue.h. */
#include "catalogue.h"

#include <string.h>

static json_t *read_object(struct mustache *set, const char *file, struct span text)
{
    json_error_t error;
    json_t *object = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);

    if (!object && json_error_code(&error) == json_error_out_of_memory) {
        mustache_faults(set)->no_memory = true;
    } else if (!object) {
        faults_add(mustache_faults(set), file, error.line, error.column, "%s", error.text);
    } else if (!json_is_object(object)) {
        faults_add(mustache_faults(set), file, 1, 1, "this is no object");
        json_decref(object);
        object = NULL;
    }
    return object;
}

void catalogue_read(struct mustache *set, const char *file, struct span text)
{
    json_t *object = read_object(set, file, text);
    const char *key;
    json_t *sentence;

    json_object_foreach(object, key, sentence)
    {
        const char *zh = json_string_value(json_object_get(sentence, "zh"));
        const char *en = json_string_value(json_object_get(sentence, "en"));

        if (zh && en && *zh && *en)
            mustache_add_sentence(set, file, key, zh, en);
        else
            faults_add(mustache_faults(set), file, 0, 0, "'%s' lacks %s%s%s", key,
                       zh && *zh ? "" : "zh", (zh && *zh) || (en && *en) ? "" : " and ",
                       en && *en ? "" : "en");
    }
    json_decref(object);
}

json_t *catalogue_classes(struct mustache *set, const char *file, struct span text)
{
    return read_object(set, file, text);
}
