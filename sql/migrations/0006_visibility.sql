-- 0006 - row level security. Who may see an item is said once, on workflow.item; whatever hangs on
-- an item is visible with it. Without context (auth.enter and its sisters set it) nothing is.
set role jb_owner;

-- The context, from transaction-local settings. Empty text is no value.
create function auth.me() returns uuid language sql stable as
$$ select nullif(current_setting('jb.person', true), '')::uuid $$;
create function auth.my_unit() returns uuid language sql stable as
$$ select nullif(current_setting('jb.unit', true), '')::uuid $$;
create function auth.my_recommender() returns uuid language sql stable as
$$ select nullif(current_setting('jb.recommender', true), '')::uuid $$;
create function auth.my_roles() returns text[] language sql stable as
$$ select string_to_array(coalesce(current_setting('jb.roles', true), ''), ',') $$;
create function auth.has(p_role text) returns boolean language sql stable as
$$ select p_role = any (string_to_array(coalesce(current_setting('jb.roles', true), ''), ',')) $$;
-- 'public', 'person' or 'system'; null: nothing entered, everything closed
create function auth.context() returns text language sql stable as
$$ select nullif(current_setting('jb.context', true), '') $$;
create function auth.is_bureau() returns boolean language sql stable as
$$ select auth.my_roles() && array['officer', 'leader'] $$;
grant execute on function auth.me(), auth.my_unit(), auth.my_recommender(), auth.my_roles(),
  auth.has(text), auth.context(), auth.is_bureau() to jb_api, jb_owner;

alter table workflow.item enable row level security;
alter table workflow.item force row level security;
create policy item_see on workflow.item for select using (
  (select auth.context()) = 'system'
  or ((select auth.context()) is not null and public)
  or ((select auth.context()) = 'person' and (
       owner = (select auth.my_unit())
    or ((select auth.is_bureau()) and state <> 'draft')
    or ((select auth.is_bureau()) and machine in ('batch', 'panel', 'list', 'notice', 'contract'))
    or ((select auth.has('auditor')) and state <> 'draft')
    or ((select auth.has('city')) and machine in ('list', 'list_item', 'claim', 'notice', 'contract', 'project') and state <> 'draft')
    or ((select auth.has('county')) and recommender = (select auth.my_recommender()) and state <> 'draft')
    or exists (select from workflow.party p where p.item = item.id and p.unit = (select auth.my_unit()))
    or exists (select from workflow.party p where p.item = item.id and p.person = (select auth.me())))));
create policy item_add on workflow.item for insert with check ((select auth.context()) is not null);
create policy item_change on workflow.item for update using ((select auth.context()) is not null)
  with check ((select auth.context()) is not null);

-- Whatever shares its id with an item, or hangs on one by a column.
do $$
declare
  r record;
begin
  for r in select * from (values
    ('core.batch', 'id'), ('core.need', 'id'), ('core.need_version', 'need'), ('core.recommended_need', 'need'),
    ('core.panel', 'id'), ('core.panel_member', 'panel'), ('core.panel_subject', 'panel'), ('core.recusal', 'panel'),
    ('core.score', 'panel'), ('core.opinion', 'panel'), ('core.list', 'id'), ('core.list_item', 'id'),
    ('core.item_version', 'item'), ('core.claim', 'id'), ('core.claim_partner', 'claim'),
    ('core.opening', 'item'), ('core.choice', 'item'), ('core.approval', 'item'), ('core.notice', 'id'),
    ('core.objection', 'id'), ('core.contract', 'id'), ('core.contract_party', 'contract'), ('core.project', 'id'),
    ('workflow.history', 'item')) as t (tab, col) loop
    execute format('alter table %s enable row level security', r.tab);
    execute format('alter table %s force row level security', r.tab);
    execute format('create policy see on %s for select using (exists (select from workflow.item i where i.id = %I))', r.tab, r.col);
    execute format('create policy add on %s for insert with check ((select auth.context()) is not null)', r.tab);
    execute format('create policy change on %s for update using ((select auth.context()) is not null)', r.tab);
    execute format('create policy remove on %s for delete using ((select auth.context()) is not null)', r.tab);
  end loop;
end;
$$;

-- Between the parties of an item and the bureau only, also where the item is public.
do $$
declare
  r record;
begin
  for r in select * from (values ('core.intent', 'item'), ('core.contact', 'item')) as t (tab, col) loop
    execute format('alter table %s enable row level security', r.tab);
    execute format('alter table %s force row level security', r.tab);
    execute format($p$create policy see on %s for select using (
      (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor'))
      or unit = (select auth.my_unit())
      or exists (select from workflow.item i where i.id = %I and i.owner = (select auth.my_unit())))$p$, r.tab, r.col);
    execute format('create policy add on %s for insert with check ((select auth.context()) is not null)', r.tab);
    execute format('create policy change on %s for update using ((select auth.context()) is not null)', r.tab);
  end loop;
end;
$$;

-- The record of steps, choices, openings and approvals of a published item is not public with it.
create policy inner_only on workflow.history as restrictive for select using (
  (select auth.context()) = 'system' or (select auth.context()) = 'person');
create policy inner_only on core.choice as restrictive for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('city')) or (select auth.has('auditor'))
  or exists (select from workflow.item i where i.id = item and i.owner = (select auth.my_unit())));
create policy inner_only on core.opening as restrictive for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor')));
create policy inner_only on core.approval as restrictive for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('city')) or (select auth.has('auditor'))
  or exists (select from workflow.item i where i.id = item and i.owner = (select auth.my_unit())));

alter table core.choice_rank enable row level security;
alter table core.choice_rank force row level security;
create policy see on core.choice_rank for select using (
  exists (select from core.choice c where c.id = choice)
  or exists (select from workflow.item i where i.id = claim and i.owner = (select auth.my_unit())));
create policy add on core.choice_rank for insert with check ((select auth.context()) is not null);
create policy change on core.choice_rank for update using ((select auth.context()) is not null);

alter table core.recommendation enable row level security;
alter table core.recommendation force row level security;
create policy see on core.recommendation for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor'))
  or recommender = (select auth.my_recommender()));
create policy add on core.recommendation for insert with check ((select auth.context()) is not null);

alter table workflow.inbox enable row level security;
alter table workflow.inbox force row level security;
create policy see on workflow.inbox for select using (person = (select auth.me()) or (select auth.context()) = 'system');
create policy add on workflow.inbox for insert with check ((select auth.context()) = 'system');
create policy change on workflow.inbox for update using (person = (select auth.me()));

-- Scores: an expert sees the own sheet, the bureau all, nobody else.
create policy own_sheet on core.score as restrictive for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor')) or person = (select auth.me()));
reset role;
