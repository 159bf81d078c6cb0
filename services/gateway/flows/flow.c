/* flow.c - see flow.h. */
#include "flows/flow.h"

#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "http/peers.h"

void flow_resume(struct req *req)
{
    while (req->step->run && !req->answered) {
        const struct flow_step *step = req->step++;

        if (step->run(req) != FLOW_ON)
            return;
    }
    if (!req->answered)
        req_refuse(req, "internal", NULL);
}

void flow_start(struct req *req, const struct flow_step *steps)
{
    req->step = steps;
    flow_resume(req);
}

static void on_row(void *arg, const struct sql_result *result)
{
    struct req *req = arg;

    req->call = NULL;
    if (result->outcome != SQL_ROW && result->outcome != SQL_EMPTY) {
        reply_no_row(req, result);
        return;
    }
    if (sql_keep(result, &req->arena, &req->row) < 0) {
        req_refuse(req, "internal", NULL);
        return;
    }
    flow_resume(req);
}

enum flow_next flow_sql(struct req *req, const struct sql_stmt *stmt, const struct sql_args *args)
{
    req->call = sql_pool_run(req->gw->pool, stmt, args, on_row, req);
    return req->call ? FLOW_PARKED : flow_refuse(req, "busy");
}

static void on_kdf(void *arg, const struct kdf_result *result)
{
    struct req *req = arg;

    req->kdf = NULL;
    req->verified = result->outcome;
    req->rehash = result->rehash;
    req->hash = result->hash ? arena_dup(&req->arena, result->hash, strlen(result->hash)) : NULL;
    if (result->outcome == KDF_FAILED)
        req_refuse(req, "internal", NULL);
    else
        flow_resume(req);
}

enum flow_next flow_verify(struct req *req, const char *hash, const char *password)
{
    req->kdf = kdf_verify(req->gw->kdf, hash, password, strlen(password), on_kdf, req);
    return req->kdf ? FLOW_PARKED : flow_refuse(req, "busy");
}

enum flow_next flow_hash(struct req *req, const char *password)
{
    req->kdf = kdf_hash(req->gw->kdf, password, strlen(password), on_kdf, req);
    return req->kdf ? FLOW_PARKED : flow_refuse(req, "busy");
}

enum flow_next flow_throttle(struct req *req)
{
    const struct settings *conf = &req->gw->conf;
    int wait = 0;

    if (bucket_take(&req->peer->sign_ins, (double)conf->ip_sign_ins / 60.0,
                    (double)conf->ip_sign_in_burst, clock_ms(), &wait))
        return FLOW_ON;
    json_t *params = json_pack("{s:i}", "retry_after", wait);
    req_refuse(req, "too_many_tries", params);
    json_decref(params);
    return FLOW_DONE;
}

enum flow_next flow_refuse(struct req *req, const char *slug)
{
    req_refuse(req, slug, NULL);
    return FLOW_DONE;
}
