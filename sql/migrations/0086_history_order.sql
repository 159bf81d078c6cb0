-- 0086 - the record of all steps is read newest first: all of it, of one kind of thing, of one person.
set role jb_owner;
create index history_at on workflow.history (at desc, seq desc);
create index history_machine on workflow.history (machine, at desc, seq desc);
create index history_actor on workflow.history (actor, at desc, seq desc);
reset role;
