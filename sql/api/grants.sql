-- grants.sql - applied last: which login may call what. Nothing else is granted to them at all, so
-- they cannot read a table, only ask a function.
grant execute on all functions in schema api to jb_gateway;
grant execute on all functions in schema job to jb_worker;
grant execute on all functions in schema feed to jb_match;
grant execute on all functions in schema ops to jb_ops;
