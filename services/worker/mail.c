/* mail.c - see mail.h. */
#include "mail.h"

#include <string.h>
#include <time.h>

#define MAIL_MAX ((size_t)1024 * 1024)
#define LINE_BYTES 57 /* of text: 76 characters of base64 */
#define WORD_BYTES 42 /* of text: an encoded word stays under 75 characters */

bool mail_address_ok(const char *address)
{
    const char *at = strchr(address, '@');
    size_t len = strlen(address);

    if (!at || at == address || !at[1] || strchr(at + 1, '@') || len > 254)
        return false;
    for (size_t i = 0; i < len; i++)
        if (address[i] <= ' ' || address[i] > '~' || strchr("\"(),:;<>[\\]", address[i]))
            return false;
    return true;
}

static void add_base64(struct buf *buf, const char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)bytes;

    for (size_t i = 0; i < len; i += 3) {
        unsigned value = (unsigned)at[i] << 16;
        size_t have = len - i < 3 ? len - i : 3;

        if (have > 1)
            value |= (unsigned)at[i + 1] << 8;
        if (have > 2)
            value |= at[i + 2];
        buf_addc(buf, digits[value >> 18 & 63]);
        buf_addc(buf, digits[value >> 12 & 63]);
        buf_addc(buf, have > 1 ? digits[value >> 6 & 63] : '=');
        buf_addc(buf, have > 2 ? digits[value & 63] : '=');
    }
}

/* The most bytes up to `max` that do not cut a UTF-8 character. */
static size_t whole_characters(const char *text, size_t max)
{
    size_t len = strlen(text);

    if (len <= max)
        return len;
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    return max > 0 ? max : 1;
}

/* Encoded words, folded: whatever the text holds, it cannot end the header. */
static void add_words(struct buf *buf, const char *text)
{
    const char *before = "";

    while (*text) {
        size_t len = whole_characters(text, WORD_BYTES);

        buf_addf(buf, "%s=?UTF-8?B?", before);
        add_base64(buf, text, len);
        buf_adds(buf, "?=");
        text += len;
        before = "\r\n ";
    }
}

static void add_date(struct buf *buf)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t now = time(NULL) + 8L * 3600; /* Shanghai, whatever the host thinks */
    struct tm tm;

    gmtime_r(&now, &tm);
    buf_addf(buf, "Date: %s, %d %s %d %02d:%02d:%02d +0800\r\n", days[tm.tm_wday], tm.tm_mday,
             months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void mail_write(const struct mail *mail, struct buf *ret)
{
    const char *domain = strchr(mail->from, '@');

    buf_init(ret, MAIL_MAX);
    buf_adds(ret, "From: ");
    add_words(ret, mail->name);
    buf_addf(ret, " <%s>\r\nTo: <%s>\r\nSubject: ", mail->from, mail->to);
    add_words(ret, mail->subject);
    buf_adds(ret, "\r\n");
    add_date(ret);
    buf_addf(ret, "Message-ID: <outbox-%s%s>\r\n", mail->id, domain ? domain : "@localhost");
    buf_adds(ret, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    for (size_t at = 0, len = strlen(mail->text); at < len; at += LINE_BYTES) {
        add_base64(ret, mail->text + at, len - at < LINE_BYTES ? len - at : LINE_BYTES);
        buf_adds(ret, "\r\n");
    }
}
