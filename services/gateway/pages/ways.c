/* ways.c - see ways.h. */
#include "pages/ways.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pages/form_view.h"

/* {key, href, under}, or NULL: no such way, memory is out. */
static json_t *way_new(const json_t *ways, const json_t *name)
{
    const char *key = json_string_value(name);
    const json_t *way = key ? json_object_get(ways, key) : NULL;
    json_t *made = NULL;

    if (json_is_string(json_object_get(way, "href")) &&
        json_is_array(json_object_get(way, "under")))
        made = json_copy((json_t *)(uintptr_t)way);
    if (made && json_object_set_new(made, "key", json_string(key)) == 0)
        return made;
    json_decref(made);
    return NULL;
}

static json_t *choice_new(const json_t *ways, const json_t *choice)
{
    const json_t *names = json_array_get(choice, 1), *name;
    json_t *list = json_array();
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)names, i, name)
    {
        if (json_array_append_new(list, way_new(ways, name)) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    if (json_is_string(json_array_get(choice, 0)) && json_array_size(list) > 0)
        return json_pack("[O, o]", json_array_get(choice, 0), list);
    json_decref(list);
    return NULL;
}

json_t *ways_read(const char *web, char *ret_error, size_t size)
{
    char path[4096];
    json_error_t error;
    json_t *file, *list = json_array();
    const json_t *choice;
    size_t i;

    snprintf(path, sizeof(path), "%s/templates/parts/nav.json", web);
    if (access(path, F_OK) != 0)
        return list;
    file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!file) {
        snprintf(ret_error, size, "parts/nav.json:%d: %s", error.line, error.text);
        goto out;
    }
    json_array_foreach(json_object_get(file, "of"), i, choice)
    {
        if (json_array_append_new(list, choice_new(json_object_get(file, "ways"), choice)) < 0) {
            snprintf(ret_error, size, "parts/nav.json: entry %zu of 'of' is not well-formed", i);
            goto out;
        }
    }
    json_decref(file);
    return list;
out:
    json_decref(file);
    json_decref(list);
    return NULL;
}

static bool fits(const char *who, const json_t *me)
{
    if (!me)
        return strcmp(who, "nobody") == 0;
    return strcmp(who, "somebody") == 0 || json_is_true(form_value_at(me, who));
}

json_t *ways_of(const json_t *ways, const json_t *me)
{
    const json_t *choice;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)ways, i, choice)
    {
        if (fits(json_string_value(json_array_get(choice, 0)), me))
            return json_array_get(choice, 1);
    }
    return NULL;
}
