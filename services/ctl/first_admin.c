/* first_admin.c - a token with which the first administrator makes an account, once. The database
 * keeps only its hash; it is shown here and nowhere else. */
#include <stdio.h>

#include "crypto.h"
#include "ctl.h"

#define TOKEN_LEN 32

int cmd_first_admin(struct ctl *ctl, int argc, char **argv)
{
    unsigned char token[TOKEN_LEN], hash[CRYPTO_HASH];
    char shown[CRYPTO_HEX(TOKEN_LEN)], hex[CRYPTO_HEX(CRYPTO_HASH) + 2] = "\\x";
    const char *const values[] = { hex };

    (void)argc, (void)argv;
    if (crypto_random(token, sizeof(token)) < 0 || crypto_sha256(token, sizeof(token), hash) < 0) {
        fprintf(stderr, "%s: no random numbers\n", ctl->command);
        return CTL_NO;
    }
    crypto_hex(hash, sizeof(hash), hex + 2);

    PGresult *rows = ctl_query(ctl, "select ops.first_admin_token($1::bytea)", 1, values);

    if (!rows)
        return CTL_NO;
    fprintf(stderr, "for the role '%s', once, within a day:\n",
            PQntuples(rows) > 0 ? PQgetvalue(rows, 0, 0) : "");
    PQclear(rows);
    crypto_hex(token, sizeof(token), shown);
    puts(shown);
    crypto_wipe(token, sizeof(token));
    crypto_wipe(shown, sizeof(shown));
    return CTL_OK;
}
