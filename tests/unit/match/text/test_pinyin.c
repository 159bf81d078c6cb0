/* Names as people type them. */
#include "text_case.h"

static void names_read_as_people_say_them(void **state)
{
    static const struct {
        const char *name, *full, *initials;
    } rows[] = {
        { "张三", "zhangsan", "zs" },
        { "單田芳", "shantianfang", "stf" },
        { "曾国藩", "zengguofan", "zgf" },
        { "解放", "xiefang", "xf" },
        { "仇英", "qiuying", "qy" },
        { "区寄", "ouji", "oj" },
        { "查良镛", "zhaliangyong", "zly" },
        { "任正", "renzheng", "rz" },
        { "朴树", "piaoshu", "ps" },
        { "盖叫天", "gejiaotian", "gjt" },
        { "尉迟恭", "yuchigong", "ycg" },
        { "万俟卨", "moqixie", "mqx" },
        { "吕布", "lubu", "lb" },
        { "重庆大学", "chongqingdaxue", "cqdx" },
        { "朝阳工程技术学校", "chaoyanggongchengjishuxuexiao", "cygcjsxx" },
        { "某银行", "mouyinhang", "myh" },
        { "Hans Müller", "hansmuller", "hm" },
        { "示例A公司", "shiliagongsi", "slags" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text_case *self = *state;
        const char *initials = NULL;
        const char *full = text_pinyin(self->scratch, &self->arena, rows[i].name, &initials);

        assert_non_null(full);
        assert_string_equal(full, rows[i].full);
        assert_string_equal(initials, rows[i].initials);
    }
}

static void a_surname_counts_only_at_the_beginning(void **state)
{
    struct text_case *self = *state;
    const char *initials;

    assert_string_equal(text_pinyin(self->scratch, &self->arena, "王单", &initials), "wangdan");
}

static void a_name_of_nothing_is_nothing(void **state)
{
    struct text_case *self = *state;
    const char *initials;

    assert_string_equal(text_pinyin(self->scratch, &self->arena, " ·", &initials), "");
    assert_string_equal(initials, "");
}

static void no_memory_is_said(void **state)
{
    struct text_case *self = *state;
    const char *initials;

    self->arena.limit = 1;
    assert_null(text_pinyin(self->scratch, &self->arena, "张三", &initials));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        text_test(names_read_as_people_say_them),
        text_test(a_surname_counts_only_at_the_beginning),
        text_test(a_name_of_nothing_is_nothing),
        text_test(no_memory_is_said),
    };

    return cmocka_run_group_tests_name("text_pinyin", tests, NULL, NULL);
}
