-- 0052 - receipt numbers of claims come from a sequence: unique and rising is enough, and a counter
-- without gaps made every submission wait for the commit of the one before, worst in the last hour.
set role jb_owner;
create sequence core.receipt;
grant usage on sequence core.receipt to jb_api;
reset role;
