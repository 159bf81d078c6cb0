-- 0012 - everything of one machine, newest first, whatever its state: the bureau's lists.
set role jb_owner;
create index if not exists item_machine on workflow.item (machine, created_at desc, id);
reset role;
