-- 0051 - what became of a published solicitation's window is public with it: each prolongation and an
-- early end, as {"event","at","before","until","reason"}.
set role jb_owner;
alter table core.batch add changes jsonb not null default '[]';
reset role;
