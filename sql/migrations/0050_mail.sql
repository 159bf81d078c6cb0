-- 0050 - what is told a person in the inbox may also go out by mail. Nobody gets mail unasked.
set role jb_owner;
alter table auth.account add mail boolean not null default false;
reset role;
