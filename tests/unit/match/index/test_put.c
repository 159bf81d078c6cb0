/* test_put.c - what the index knows of an item after it was put, replaced and removed. */
#include "index_case.h"

static void every_space_counts_its_documents(void **state)
{
    struct index *index = *state;

    case_write(index, 1, "abc abd");
    case_write(index, 2, "abc");
    assert_int_equal(case_df(index, SPACE_W, "abc"), 2);
    assert_int_equal(case_df(index, SPACE_W, "abd"), 1);
    assert_int_equal(case_df(index, SPACE_U, "b"), 2);
    assert_int_equal(case_df(index, SPACE_B, "ca"), 1);
    assert_int_equal(case_df(index, SPACE_B, "bc"), 2);
}

static void frequencies_are_counted_over_the_fields(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "abc", "abc abc abd");

    assert_int_equal(case_put(index, &item), 0);

    uint32_t slot = case_find(index, 1);

    assert_true(case_tf(index, SPACE_W, slot, "abc") == 3);
    assert_true(case_tf(index, SPACE_W, slot, "abd") == 1);
    assert_true(case_tf(index, SPACE_U, slot, "a") == 4);
    assert_true(case_tf(index, SPACE_B, slot, "ab") == 4);
    assert_true(case_tf(index, SPACE_B, slot, "ca") == 2);
}

static void forward_terms_come_in_order(void **state)
{
    struct index *index = *state;
    struct posting list[64];

    case_write(index, 1, "zz yy xx");
    case_write(index, 2, "aa xx zz yy bb");
    for (enum space s = 0; s < N_SPACES; s++) {
        size_t n = index_forward(index, s, case_find(index, 2), list, 64);

        assert_true(n > 3);
        for (size_t i = 1; i < n; i++)
            assert_true(list[i - 1].term < list[i].term);
    }
}

static void forward_tells_how_many_there_are(void **state)
{
    struct index *index = *state;
    struct posting one;

    case_write(index, 1, "ab cd ef");
    for (enum space s = 0; s < N_SPACES; s++) {
        one.term = NO_TERM;
        assert_int_equal(index_forward(index, s, 0, &one, 1), s == SPACE_W   ? 3
                                                              : s == SPACE_U ? 6
                                                                             : 5);
        assert_int_not_equal(one.term, NO_TERM);
    }
}

static void sequence_breaks_where_a_segment_or_field_ends(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "ab cd", "ef, ab");
    uint32_t list[16];

    assert_int_equal(case_put(index, &item), 0);
    assert_int_equal(index_sequence(index, SPACE_W, 0, list, 16), 6);
    assert_int_equal(list[0], case_term(index, SPACE_W, "ab"));
    assert_int_equal(list[1], case_term(index, SPACE_W, "cd"));
    assert_int_equal(list[2], NO_TERM);
    assert_int_equal(list[3], case_term(index, SPACE_W, "ef"));
    assert_int_equal(list[4], NO_TERM);
    assert_int_equal(list[5], list[0]);
}

static void pairs_that_are_no_neighbours_are_kept_as_they_came(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "", "");
    struct token u[] = { { "a", 1, 0, 0, 0 }, { "b", 1, 0, 0, 1 } }, b = { "xy", 2, 0, 0, 0 };
    struct tokens tokens[N_FIELDS] = { 0 };

    case_write(index, 2, "ab");
    tokens[FIELD_BODY].list[SPACE_U] = u;
    tokens[FIELD_BODY].n[SPACE_U] = 2;
    tokens[FIELD_BODY].list[SPACE_B] = &b;
    tokens[FIELD_BODY].n[SPACE_B] = 1;
    assert_int_equal(index_put(index, &item, tokens), 0);
    assert_true(case_tf(index, SPACE_B, case_find(index, 1), "xy") == 1);
    assert_true(case_tf(index, SPACE_B, case_find(index, 1), "ab") == 0);
}

static void tokens_without_pairs_have_none(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "", "");
    struct token u[] = { { "a", 1, 0, 0, 0 }, { "b", 1, 0, 0, 1 } };
    struct tokens tokens[N_FIELDS] = { 0 };
    struct posting list[4];

    case_write(index, 2, "ab");
    tokens[FIELD_BODY].list[SPACE_U] = u;
    tokens[FIELD_BODY].n[SPACE_U] = 2;
    assert_int_equal(index_put(index, &item, tokens), 0);
    assert_int_equal(index_forward(index, SPACE_B, case_find(index, 1), list, 4), 0);
}

static void lengths_and_their_averages_are_of_the_kinds(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "ab cd", "ef");

    assert_int_equal(case_put(index, &item), 0);
    item = case_item(2, "", "ab cd ef gh ij");
    item.kind = KIND_PAPER;
    assert_int_equal(case_put(index, &item), 0);
    assert_true(index_length(index, SPACE_W, 0) == 3);
    assert_true(index_length(index, SPACE_U, 0) == 6);
    assert_int_equal(index_words(index, 1), 5);
    assert_true(index_average(index, SPACE_W, 0) == 4);
    assert_true(index_average(index, SPACE_W, KIND_PAPER) == 5);
    assert_true(index_average_words(index, KIND_ITEM | KIND_PAPER) == 4);
    assert_true(index_average(index, SPACE_W, KIND_NEED) == 1);
}

static void replacing_counts_anew(void **state)
{
    struct index *index = *state;

    case_write(index, 1, "abc abd");
    case_write(index, 2, "abc");
    case_write(index, 1, "abe abc");
    assert_int_equal(index_live(index), 2);
    assert_int_equal(case_df(index, SPACE_W, "abd"), 0);
    assert_int_equal(case_df(index, SPACE_W, "abc"), 2);
    assert_int_equal(case_df(index, SPACE_W, "abe"), 1);
    assert_int_equal(case_df(index, SPACE_B, "ca"), 0);
    assert_true(index_average(index, SPACE_W, 0) == 1.5);
}

static void replacing_gives_a_new_slot(void **state)
{
    struct index *index = *state;

    case_write(index, 1, "abc");
    case_write(index, 1, "abd");
    assert_false(index_is_live(index, 0));
    assert_int_equal(case_find(index, 1), 1);
    assert_int_equal(index_slots(index), 2);
}

static void an_older_version_is_ignored(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "", "new");

    item.version = 7;
    assert_int_equal(case_put(index, &item), 0);
    item.version = 6;
    item.field[FIELD_BODY] = "old";
    assert_int_equal(case_put(index, &item), 0);
    assert_int_equal(case_df(index, SPACE_W, "old"), 0);
    assert_int_equal(index_remove(index, item.id, 6), 0);
    assert_int_equal(index_live(index), 1);
}

static void removing_uncounts(void **state)
{
    struct index *index = *state;

    case_write(index, 1, "abc, abd");
    case_write(index, 2, "abc");
    case_remove(index, 1);
    case_remove(index, 3);
    assert_int_equal(index_live(index), 1);
    assert_int_equal(case_find(index, 1), NO_SLOT);
    assert_int_equal(case_df(index, SPACE_W, "abc"), 1);
    assert_int_equal(case_df(index, SPACE_U, "d"), 0);
    assert_int_equal(case_df(index, SPACE_B, "bd"), 0);
    assert_true(index_average(index, SPACE_B, 0) == 2);
}

static void a_removed_item_may_come_back(void **state)
{
    struct index *index = *state;

    case_write(index, 1, "abc");
    case_remove(index, 1);
    case_write(index, 1, "abd");
    assert_int_equal(case_find(index, 1), 1);
    assert_int_equal(index_live(index), 1);
}

static void an_item_without_words_is_there(void **state)
{
    struct index *index = *state;
    struct posting list[1];

    case_write(index, 1, "");
    assert_int_equal(index_live(index), 1);
    for (enum space s = 0; s < N_SPACES; s++)
        assert_int_equal(index_forward(index, s, 0, list, 1), 0);
}

static void a_long_text_is_read_back_whole(void **state)
{
    enum { N = 6000 };
    struct index *index = *state;
    struct item item = case_item(1, "", "");
    struct token *list = calloc(2 * N, sizeof(*list)), *pairs = list + N;
    char(*terms)[12] = calloc(2 * N, sizeof(*terms));
    struct tokens tokens[N_FIELDS] = { 0 };
    struct posting *postings = calloc(N, sizeof(*postings));

    for (uint32_t i = 0; i < N; i++) {
        sprintf(terms[i], "u%u", i * 7919 % N);
        list[i] = (struct token){ terms[i], (uint32_t)strlen(terms[i]), 0, 0, i };
        sprintf(terms[N + i], "p%u", i * 7919 % N);
        pairs[i] = (struct token){ terms[N + i], (uint32_t)strlen(terms[N + i]), 0, 0, i };
    }
    tokens[FIELD_BODY].list[SPACE_U] = list;
    tokens[FIELD_BODY].n[SPACE_U] = N;
    tokens[FIELD_BODY].list[SPACE_B] = pairs;
    tokens[FIELD_BODY].n[SPACE_B] = N - 1;
    assert_int_equal(index_put(index, &item, tokens), 0);
    assert_int_equal(index_forward(index, SPACE_U, 0, postings, N), N);
    assert_int_equal(index_forward(index, SPACE_B, 0, postings, N), N - 1);
    for (uint32_t i = 0; i < N - 1; i++)
        assert_true(postings[i].tf == 1);
    free(list);
    free(terms);
    free(postings);
}

static void texts_are_kept(void **state)
{
    struct index *index = *state;
    struct item item = case_item(1, "title", "body");
    struct arena arena = { 0 };

    item.field[FIELD_KEYWORDS] = "one\ntwo";
    item.name = "Zhang";
    assert_int_equal(case_put(index, &item), 0);
    assert_string_equal(index_text(index, &arena, 0, FIELD_TITLE), "title");
    assert_string_equal(index_text(index, &arena, 0, FIELD_KEYWORDS), "one\ntwo");
    assert_string_equal(index_text(index, &arena, 0, FIELD_BODY), "body");
    assert_string_equal(index_item_name(index, &arena, 0), "Zhang");
    arena_release(&arena);
}

static void a_term_knows_its_text(void **state)
{
    struct index *index = *state;
    size_t len;

    case_write(index, 1, "abc");
    assert_string_equal(index_term_text(index, SPACE_W, 0, &len), "abc");
    assert_int_equal(len, 3);
    assert_int_equal(case_term(index, SPACE_W, "abd"), NO_TERM);
    assert_int_equal(index_terms(index, SPACE_U), 3);
}

static void the_digest_is_of_live_items_of_the_kinds(void **state)
{
    struct index *index = *state;
    struct item paper = case_item(2, "", "b");
    uint64_t before, after;
    uint32_t n;

    case_write(index, 1, "a");
    index_digest(index, KIND_ITEM, &before, &n);
    assert_int_equal(n, 1);
    paper.kind = KIND_PAPER;
    assert_int_equal(case_put(index, &paper), 0);
    index_digest(index, KIND_ITEM, &after, &n);
    assert_true(before == after);
    index_digest(index, KIND_ITEM | KIND_PAPER, &after, &n);
    assert_true(before != after);
    assert_int_equal(n, 2);
    case_remove(index, 2);
    index_digest(index, KIND_ITEM | KIND_PAPER, &after, &n);
    assert_true(before == after);
}

/* As case_write of each would have it: also where a record comes twice, or too late. */
static void many_at_once_are_as_one_after_the_other(void **state)
{
    struct index *index = *state, *other = index_new();
    static const char *const bodies[] = { "ab cd", "cd ef", "ab gh", "ij", "late" };
    static const uint32_t numbers[] = { 1, 2, 1, 3, 1 };
    static const int64_t versions[] = { 1, 1, 2, 1, 1 };
    enum { N = 5 };
    static struct case_text texts[N];
    struct index_record records[N];
    struct item items[N];
    uint64_t one, all;
    uint32_t n;

    assert_non_null(other);
    memset(records, 0, sizeof(records));
    for (int i = 0; i < N; i++) {
        items[i] = case_item(numbers[i], "", bodies[i]);
        items[i].version = versions[i];
        assert_int_equal(case_put(other, &items[i]), 0);
        case_cut(&texts[i], bodies[i]);
        records[i].item = &items[i];
        records[i].tokens[N_FIELDS - 1] = texts[i].tokens;
    }
    assert_int_equal(index_put_all(index, records, N), 0);
    index_digest(index, KIND_ITEM, &all, &n);
    index_digest(other, KIND_ITEM, &one, &n);
    assert_true(all == one);
    assert_int_equal(index_live(index), 3);
    assert_int_equal(index_slots(index), index_slots(other));
    assert_int_equal(case_df(index, SPACE_W, "ab"), 1);
    assert_int_equal(case_df(index, SPACE_W, "cd"), 1);
    assert_int_equal(case_df(index, SPACE_W, "gh"), 1);
    assert_int_equal(case_df(index, SPACE_W, "late"), 0);
    assert_true(case_tf(index, SPACE_W, case_find(index, 1), "gh") == 1);
    index_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_space_counts_its_documents),
        CASE(frequencies_are_counted_over_the_fields),
        CASE(forward_terms_come_in_order),
        CASE(forward_tells_how_many_there_are),
        CASE(sequence_breaks_where_a_segment_or_field_ends),
        CASE(pairs_that_are_no_neighbours_are_kept_as_they_came),
        CASE(tokens_without_pairs_have_none),
        CASE(lengths_and_their_averages_are_of_the_kinds),
        CASE(replacing_counts_anew),
        CASE(replacing_gives_a_new_slot),
        CASE(an_older_version_is_ignored),
        CASE(removing_uncounts),
        CASE(a_removed_item_may_come_back),
        CASE(an_item_without_words_is_there),
        CASE(a_long_text_is_read_back_whole),
        CASE(texts_are_kept),
        CASE(a_term_knows_its_text),
        CASE(the_digest_is_of_live_items_of_the_kinds),
        CASE(many_at_once_are_as_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
