/* Dates and times in both languages. Now is Monday 2026-11-23, 08:00 in China. */
#include "set.h"

static void in_both(const char *filter, const char *value, const char *zh, const char *en)
{
    char page[100], data[100];

    snprintf(page, sizeof(page), "{{t | %s}}", filter);
    snprintf(data, sizeof(data), "{\"t\":\"%s\"}", value);
    gives(page, data, zh);
    gives_en(page, data, en);
}

static void a_date_names_its_year_when_it_is_another(void **state)
{
    (void)state;
    in_both("date", "2026-12-18", "12月18日", "18 Dec");
    in_both("date", "2027-01-01", "2027年1月1日", "1 Jan 2027");
    in_both("date", "2025-12-31T16:00:00+00:00", "1月1日", "1 Jan");
    in_both("date", "2024-02-29", "2024年2月29日", "29 Feb 2024");
    in_both("date full", "2026-12-18", "2026年12月18日", "18 Dec 2026");
}

static void a_time_is_told_as_in_china(void **state)
{
    (void)state;
    in_both("datetime", "2026-12-18T09:00:00+00:00", "12月18日 17:00", "18 Dec 17:00");
    in_both("datetime", "2026-12-18T23:30:59.123456Z", "12月19日 07:30", "19 Dec 07:30");
    in_both("datetime", "2026-12-18 17:05:00+08", "12月18日 17:05", "18 Dec 17:05");
    in_both("datetime", "2026-12-18T17:05", "12月18日 17:05", "18 Dec 17:05");
    in_both("datetime", "2026-12-18", "12月18日", "18 Dec");
    in_both("time", "2026-12-18T04:00:00-05:00", "17:00", "17:00");
    in_both("time", "2026-12-18", "", "");
}

static void machines_get_what_they_read(void **state)
{
    (void)state;
    in_both("iso", "2026-12-18T09:00:00+00:00", "2026-12-18T17:00:00+08:00",
            "2026-12-18T17:00:00+08:00");
    in_both("iso", "2026-12-18", "2026-12-18", "2026-12-18");
    in_both("local", "2026-12-18T09:00:00.5+00:00", "2026-12-18T17:00", "2026-12-18T17:00");
    in_both("iso", "soon", "", "");
}

static void what_is_left_comes_in_its_largest_unit(void **state)
{
    (void)state;
    in_both("left", "2026-12-18T09:00:00+00:00", "剩25天", "25 days left");
    in_both("left", "2026-11-24T00:00:00+00:00", "剩1天", "1 day left");
    in_both("left", "2026-11-23T03:30:00+00:00", "剩3小时", "3 hours left");
    in_both("left", "2026-11-23T00:20:00+00:00", "剩20分钟", "20 minutes left");
    in_both("left", "2026-11-20T23:00:00+00:00", "已过2天", "2 days overdue");
    in_both("left", "2026-11-22T22:00:00+00:00", "已过2小时", "2 hours overdue");
}

static void a_day_is_due_until_it_ends(void **state)
{
    (void)state;
    in_both("left", "2026-11-23", "今天截止", "due today");
    in_both("left", "2026-11-24", "剩1天", "1 day left");
    in_both("left", "2026-11-22", "已过1天", "1 day overdue");
    in_both("urgency", "2026-11-23", "soon", "soon");
    in_both("urgency", "2026-11-22", "late", "late");
}

static void three_days_are_soon(void **state)
{
    (void)state;
    in_both("urgency", "2026-11-26T00:00:00+00:00", "soon", "soon");
    in_both("urgency", "2026-11-26T00:00:01+00:00", "go", "go");
    in_both("urgency", "2026-11-22T23:59:59+00:00", "late", "late");
    in_both("urgency", "", "", "");
}

static void the_past_is_told_in_words_for_a_month(void **state)
{
    (void)state;
    in_both("ago", "2026-11-22T23:59:30+00:00", "刚刚", "just now");
    in_both("ago", "2026-11-22T23:58:00+00:00", "2分钟前", "2 minutes ago");
    in_both("ago", "2026-11-22T23:00:00+00:00", "1小时前", "1 hour ago");
    in_both("ago", "2026-11-20T00:00:00+00:00", "3天前", "3 days ago");
    in_both("ago", "2026-11-23", "今天", "today");
    in_both("ago", "2026-11-21", "2天前", "2 days ago");
    in_both("ago", "2026-10-01", "10月1日", "1 Oct");
    in_both("ago", "2026-12-01", "12月1日", "1 Dec");
}

static void what_is_no_time_prints_as_it_is(void **state)
{
    static const char *const odd[] = { "面议",
                                       "2026-13-01",
                                       "2026-12-18T25:00:00Z",
                                       "2026-12-1",
                                       "2026-12-18T17:00+8",
                                       "2026-12-18X17:00",
                                       "0000-01-01",
                                       "2026-12-18T17:00:00+08:00x" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        in_both("datetime", odd[i], odd[i], odd[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_names_its_year_when_it_is_another),
        cmocka_unit_test(a_time_is_told_as_in_china),
        cmocka_unit_test(machines_get_what_they_read),
        cmocka_unit_test(what_is_left_comes_in_its_largest_unit),
        cmocka_unit_test(a_day_is_due_until_it_ends),
        cmocka_unit_test(three_days_are_soon),
        cmocka_unit_test(the_past_is_told_in_words_for_a_month),
        cmocka_unit_test(what_is_no_time_prints_as_it_is),
    };

    return cmocka_run_group_tests_name("times", tests, NULL, NULL);
}
