/* test_mail.c - what a message may hold, and what it looks like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "mail.h"
#include "must.h"

static void addresses_cannot_carry_headers_or_second_recipients(void **state)
{
    static const char *const good[] = { "a@b.cn", "first.last+tag@mail.example" };
    static const char *const bad[] = {
        "",
        "a",
        "@b.cn",
        "a@",
        "a@b@c",
        "a b@c.cn",
        "a@b.cn\r\nBcc: x@y.z",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        "\"a\"@b.cn",
        "a@b.cn ",
        "科@b.cn",
        "a@b.cn;",
        "a@b\n.cn",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(mail_address_ok(good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(mail_address_ok(bad[i]));
}

static void headers_are_encoded_words_and_the_body_base64(void **state)
{
    const struct mail mail = { "no-reply@kj.example", "科技局", "a@b.cn", "公示", "您好\n", "17" };
    struct buf message;

    (void)state;
    mail_write(&mail, &message);
    assert_false(message.failed);
    assert_non_null(
        strstr(message.data, "From: =?UTF-8?B?56eR5oqA5bGA?= <no-reply@kj.example>\r\n"));
    assert_non_null(strstr(message.data, "To: <a@b.cn>\r\n"));
    assert_non_null(strstr(message.data, "Subject: =?UTF-8?B?5YWs56S6?=\r\n"));
    assert_non_null(strstr(message.data, "Message-ID: <outbox-17@kj.example>\r\n"));
    assert_non_null(strstr(message.data, "\r\n\r\n5oKo5aW9Cg==\r\n"));
    buf_release(&message);
}

static void a_subject_cannot_end_its_header(void **state)
{
    const struct mail mail = {
        "f@x.cn", "n", "a@b.cn", "hi\r\nBcc: evil@x.cn\r\n\r\nbody", "t", "1"
    };
    struct buf message;

    (void)state;
    mail_write(&mail, &message);
    assert_null(strstr(message.data, "Bcc"));
    assert_null(strstr(message.data, "body"));
    buf_release(&message);
}

static void no_line_is_longer_than_78(void **state)
{
    char text[2000];
    struct mail mail = { "f@x.cn", "锦州市科技揭榜挂帅服务平台示例名称很长很长很长很长",
                         "a@b.cn", NULL,
                         text,     "1" };
    struct buf message;

    (void)state;
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, "揭", 4);
    mail.subject = text + sizeof(text) - 2 - 300;
    while (((unsigned char)*mail.subject & 0xc0) == 0x80)
        mail.subject++;
    mail_write(&mail, &message);
    assert_false(message.failed);
    for (char *line = message.data; *line;) {
        char *end = strstr(line, "\r\n");

        assert_non_null(end);
        assert_true(end - line <= 78);
        line = end + 2;
    }
    buf_release(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_cannot_carry_headers_or_second_recipients),
        cmocka_unit_test(headers_are_encoded_words_and_the_body_base64),
        cmocka_unit_test(a_subject_cannot_end_its_header),
        cmocka_unit_test(no_line_is_longer_than_78),
    };

    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
