/* test_snapshot.c - what was saved is loaded; what is damaged is refused, with a reason. */
#include "index_case.h"

#include <fcntl.h>
#include <sys/stat.h>

struct place {
    char folder[64], path[80];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    *state = place;
    if (!place)
        return -1;
    strcpy(place->folder, "/tmp/jm-index-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/index", place->folder);
    return 0;
}

static int drop_place(void **state)
{
    struct place *place = *state;
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", place->folder);
    free(place);
    return system(command);
}

static struct index *random_index(unsigned items)
{
    struct index *index = index_new();
    uint32_t seed = 5;
    char text[256];

    assert_non_null(index);
    for (uint32_t i = 0; i < items; i++) {
        case_random_text(&seed, 12, text);
        case_write(index, i, text);
    }
    return index;
}

static void save(struct index *index, const char *path)
{
    const char *why = "";

    if (index_save(index, path, &why) < 0)
        fail_msg("%s", why);
}

static struct index *load(const char *path)
{
    const char *why = "";
    struct index *index = index_load(path, &why);

    if (!index)
        fail_msg("%s", why);
    return index;
}

static void assert_same_items(const struct index *a, const struct index *b)
{
    struct posting left[64], right[64];
    size_t n;

    assert_int_equal(index_slots(a), index_slots(b));
    assert_int_equal(index_live(a), index_live(b));
    for (uint32_t slot = 0; slot < index_slots(a); slot++) {
        assert_int_equal(index_is_live(a, slot), index_is_live(b, slot));
        assert_memory_equal(index_facts(a, slot), index_facts(b, slot), sizeof(struct facts));
        for (enum space s = 0; s < N_SPACES; s++) {
            n = index_forward(a, s, slot, left, 64);
            assert_int_equal(n, index_forward(b, s, slot, right, 64));
            assert_memory_equal(left, right, n * sizeof(*left));
        }
    }
}

static void what_was_saved_is_loaded(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(700), *again;

    case_remove(index, 5);
    case_write(index, 6, "abc abd");
    save(index, place->path);
    again = load(place->path);
    assert_same_items(index, again);
    assert_int_equal(case_find(again, 6), 700);
    index_free(index);
    index_free(again);
}

static void an_empty_index_is_loaded(void **state)
{
    struct place *place = *state;
    struct index *index = index_new(), *again;

    save(index, place->path);
    again = load(place->path);
    assert_int_equal(index_slots(again), 0);
    case_write(again, 1, "abc");
    assert_int_equal(case_df(again, SPACE_W, "abc"), 1);
    index_free(index);
    index_free(again);
}

static void texts_and_names_come_back(void **state)
{
    struct place *place = *state;
    struct index *index = index_new(), *again;
    struct item item = case_item(1, "title", "body");
    struct arena arena = { 0 };
    uint32_t slot;

    item.name = "li";
    assert_int_equal(case_put(index, &item), 0);
    save(index, place->path);
    index_free(index);
    again = load(place->path);
    assert_string_equal(index_text(again, &arena, 0, FIELD_BODY), "body");
    assert_int_equal(index_names(again, "l", NULL, NULL, &slot, 1), 1);
    arena_release(&arena);
    index_free(again);
}

static void the_position_comes_back(void **state)
{
    struct place *place = *state;
    struct index *index = index_new(), *again;

    index_set_position(index, "00000000/1234");
    save(index, place->path);
    again = load(place->path);
    assert_string_equal(index_position(again), "00000000/1234");
    index_free(index);
    index_free(again);
}

static void a_loaded_index_goes_on(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(300), *again;
    uint32_t seed = 99;
    char text[256];

    save(index, place->path);
    again = load(place->path);
    for (uint32_t i = 200; i < 500; i++) {
        case_random_text(&seed, 12, text);
        case_write(index, i, text);
        case_write(again, i, text);
    }
    assert_same_items(index, again);
    save(again, place->path);
    index_free(again);
    again = load(place->path);
    assert_same_items(index, again);
    index_free(index);
    index_free(again);
}

static void two_that_go_on_do_not_mix_their_texts(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(3), *again;
    struct arena arena = { 0 };

    save(index, place->path);
    again = load(place->path);
    case_write(index, 100, "mine");
    case_write(again, 100, "yours, which is longer");
    case_write(index, 101, "mine too");
    assert_string_equal(index_text(index, &arena, 3, FIELD_BODY), "mine");
    assert_string_equal(index_text(index, &arena, 4, FIELD_BODY), "mine too");
    assert_string_equal(index_text(again, &arena, 3, FIELD_BODY), "yours, which is longer");
    arena_release(&arena);
    index_free(index);
    index_free(again);
}

static void old_texts_go_with_the_old_snapshot(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(3);
    char command[128];

    save(index, place->path);
    assert_int_equal(index_compact(index, NULL, NULL), 0);
    save(index, place->path);
    index_free(index);
    snprintf(command, sizeof(command), "test $(ls '%s' | wc -l) = 2", place->folder);
    assert_int_equal(system(command), 0);
    index_free(load(place->path));
}

static void a_missing_file_is_said(void **state)
{
    struct place *place = *state;
    const char *why = NULL;

    assert_null(index_load(place->path, &why));
    assert_string_equal(why, "there is no snapshot");
}

static void a_foreign_file_is_refused(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    FILE *file = fopen(place->path, "w");

    for (int i = 0; i < 10000; i++)
        fputs("something else ", file);
    fclose(file);
    assert_null(index_load(place->path, &why));
    assert_string_equal(why, "this is no snapshot of an index");
}

static void missing_texts_are_said(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(3);
    const char *why = NULL;
    char command[128];

    save(index, place->path);
    index_free(index);
    snprintf(command, sizeof(command), "rm '%s'/index.*", place->folder);
    assert_int_equal(system(command), 0);
    assert_null(index_load(place->path, &why));
    assert_string_equal(why, "the file with the texts is not beside the snapshot");
}

/* Flips one bit; true when the file is refused or loads as it was: room to grow carries nothing. */
static bool survives_flip(const struct place *place, const struct index *index, int fd, off_t at)
{
    unsigned char byte, flipped;
    const char *why = NULL;
    struct index *again;
    bool fine = true;

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    flipped = (unsigned char)(byte ^ 1u << (at % 8));
    assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
    again = index_load(place->path, &why);
    if (again) {
        assert_same_items(index, again);
        index_free(again);
    } else {
        fine = why && *why;
    }
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    return fine;
}

static void flipped_bits_do_no_harm(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(40);
    struct stat stat;
    uint32_t seed = 3;
    int fd;

    save(index, place->path);
    fd = open(place->path, O_RDWR);
    assert_int_equal(fstat(fd, &stat), 0);
    for (off_t at = 0; at < 1100; at += 29) /* the header */
        assert_true(survives_flip(place, index, fd, at));
    for (int i = 0; i < 40; i++)
        assert_true(survives_flip(place, index, fd, case_random(&seed) % (uint32_t)stat.st_size));
    close(fd);
    index_free(index);
}

static void a_flipped_bit_in_the_items_is_found(void **state)
{
    struct place *place = *state;
    struct index *index = index_new();
    const char *why = NULL;
    char *bytes, *found;
    struct stat stat;
    int fd;

    case_write(index, 1, "uncommonword");
    save(index, place->path);
    index_free(index);
    fd = open(place->path, O_RDWR);
    assert_int_equal(fstat(fd, &stat), 0);
    bytes = malloc((size_t)stat.st_size);
    assert_int_equal(read(fd, bytes, (size_t)stat.st_size), stat.st_size);
    found = memmem(bytes, (size_t)stat.st_size, "uncommonword", 12);
    assert_non_null(found);
    assert_int_equal(pwrite(fd, "U", 1, found - bytes), 1);
    close(fd);
    free(bytes);
    assert_null(index_load(place->path, &why));
    assert_string_equal(why, "the snapshot is damaged: a checksum is wrong");
}

static void a_file_cut_short_is_refused(void **state)
{
    struct place *place = *state;
    struct index *index = random_index(40);
    const char *why = NULL;
    struct stat stat_of;

    save(index, place->path);
    index_free(index);
    assert_int_equal(stat(place->path, &stat_of), 0);
    for (off_t len = stat_of.st_size - 1; len > 0; len = len * 2 / 3) {
        assert_int_equal(truncate(place->path, len), 0);
        why = NULL;
        assert_null(index_load(place->path, &why));
        assert_non_null(why);
    }
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    struct index *index = index_new();
    const char *why = NULL;

    (void)state;
    assert_int_equal(index_save(index, "/nonexistent/index", &why), -1);
    assert_string_equal(why, "the snapshot cannot be written");
    index_free(index);
}

#define PLACED(name) cmocka_unit_test_setup_teardown(name, make_place, drop_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(what_was_saved_is_loaded),
        PLACED(an_empty_index_is_loaded),
        PLACED(texts_and_names_come_back),
        PLACED(the_position_comes_back),
        PLACED(a_loaded_index_goes_on),
        PLACED(two_that_go_on_do_not_mix_their_texts),
        PLACED(old_texts_go_with_the_old_snapshot),
        PLACED(a_missing_file_is_said),
        PLACED(a_foreign_file_is_refused),
        PLACED(missing_texts_are_said),
        PLACED(flipped_bits_do_no_harm),
        PLACED(a_flipped_bit_in_the_items_is_found),
        PLACED(a_file_cut_short_is_refused),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
