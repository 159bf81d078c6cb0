/* perm.c - the permissions' names: the roles that the database knows, and two that it need not. */
#include "must.h"
#include "route.h"

const struct perm_name perm_names[] = {
    { PERM_PUBLIC, "public" },     { PERM_SIGNED, "signed" },     { PERM_MEMBER, "member" },
    { PERM_COUNTY, "county" },     { PERM_OFFICER, "officer" },   { PERM_LEADER, "leader" },
    { PERM_CITY, "city" },         { PERM_EXPERT, "expert" },     { PERM_BROKER, "broker" },
    { PERM_SYSADMIN, "sysadmin" }, { PERM_SECADMIN, "secadmin" }, { PERM_AUDITOR, "auditor" },
};
const size_t n_perm_names = COUNT_OF(perm_names);
