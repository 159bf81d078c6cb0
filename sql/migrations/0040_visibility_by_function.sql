-- 0040 - the same row policies, said through two functions. A policy that names another table with
-- policies is planned anew, with all of theirs, into every statement that touches the row: a claim's
-- submission spent most of its 70 ms in the planner. A plpgsql function keeps its plan for the
-- session; by primary key it costs some microseconds a row.
set role jb_owner;

-- May the actor see this item? The policy of workflow.item says so.
create function workflow.sees(p_item uuid) returns boolean language plpgsql stable as $$
begin
  return current_setting('jb.context', true) = 'system' or exists (select from workflow.item i where i.id = p_item);
end;
$$;
-- Is it the own unit's?
create function workflow.owns(p_item uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from workflow.item i where i.id = p_item and i.owner = auth.my_unit());
end;
$$;
grant execute on function workflow.sees(uuid), workflow.owns(uuid) to jb_api;

do $$
declare
  r record;
begin
  for r in select * from (values
    ('core.batch', 'id'), ('core.need', 'id'), ('core.need_version', 'need'), ('core.recommended_need', 'need'),
    ('core.panel', 'id'), ('core.panel_member', 'panel'), ('core.panel_subject', 'panel'), ('core.recusal', 'panel'),
    ('core.score', 'panel'), ('core.opinion', 'panel'), ('core.list', 'id'), ('core.list_entry', 'list'), ('core.list_item', 'id'),
    ('core.item_version', 'item'), ('core.claim', 'id'), ('core.claim_partner', 'claim'), ('core.opening', 'item'),
    ('core.choice', 'item'), ('core.approval', 'item'), ('core.notice', 'id'), ('core.objection', 'id'),
    ('core.contract', 'id'), ('core.contract_party', 'contract'), ('core.project', 'id'), ('workflow.history', 'item')) as t (tab, col) loop
    execute format('drop policy see on %s', r.tab);
    execute format('create policy see on %s for select using (workflow.sees(%I))', r.tab, r.col);
  end loop;
  for r in select * from (values ('core.intent'), ('core.contact'), ('core.disclosure')) as t (tab) loop
    execute format('drop policy see on %s', r.tab);
    execute format($p$create policy see on %s for select using (
      (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor'))
      or unit = (select auth.my_unit()) or workflow.owns(item))$p$, r.tab);
  end loop;
  for r in select * from (values ('core.choice', 'inner_only', 'as restrictive'), ('core.approval', 'inner_only', 'as restrictive'),
                                 ('core.application', 'see', '')) as t (tab, policy, kind) loop
    execute format('drop policy %I on %s', r.policy, r.tab);
    execute format($p$create policy %I on %s %s for select using (
      (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('city')) or (select auth.has('auditor'))
      or workflow.owns(item))$p$, r.policy, r.tab, r.kind);
  end loop;
end;
$$;

drop policy see on core.choice_rank;
create policy see on core.choice_rank for select using (
  exists (select from core.choice c where c.id = choice) or workflow.owns(claim));
reset role;
