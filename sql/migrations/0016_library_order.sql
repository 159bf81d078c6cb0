-- 0016 - the bureau reads a library of any state newest first, and an expert the own record.
set role jb_owner;
create index record_kind on lib.record (kind, created_at desc, id);
reset role;
