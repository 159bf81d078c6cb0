/* mail.h - one message as RFC 5322 text: UTF-8, headers encoded by RFC 2047, body in base64. */
#ifndef JB_MAIL_H
#define JB_MAIL_H

#include <stdbool.h>

#include "buf.h"

struct mail {
    const char *from, *name; /* address and display name of the sender */
    const char *to;          /* one address */
    const char *subject, *text;
    const char *id; /* of the outbox row: makes the Message-ID, so that a repeat is known as one */
};

/* local@domain in printable ASCII without blanks, quotes, commas or angle brackets. What passes
 * cannot add a header or a second recipient. */
bool mail_address_ok(const char *address);
/* Initialises *ret; look at ret->failed. */
void mail_write(const struct mail *mail, struct buf *ret);

#endif
