-- 0011 - the row policies of the tables that share their id with an item. In 0006 `id` inside the
-- sub-select meant the item's own id, so that whoever saw any item saw every row; the column has to
-- be named with its table.
set role jb_owner;
do $$
declare
  v_table text;
begin
  foreach v_table in array array['batch', 'need', 'panel', 'list', 'list_item', 'claim', 'notice', 'objection', 'contract', 'project'] loop
    execute format('drop policy see on core.%I', v_table);
    execute format('create policy see on core.%1$I for select using (exists (select from workflow.item i where i.id = %1$I.id))', v_table);
  end loop;
end;
$$;
reset role;
