-- Tells the people concerned by one row of the outbox. Delivering it twice writes nothing twice
-- (unique person, outbox). Returns how many were told.
--
-- Concerned by a move are: whose turn it is now; the people of the units that own the item or have a
-- part in it; on a challenge also the units that declared an intent or claimed; a panel's members.
-- Whoever did it is not told. A sealed claim is told to its own people only.
create or replace function job.deliver_inbox(p_outbox bigint) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_row   workflow.outbox;
  v_item  workflow.item;
  v_count int;
begin
  perform auth.enter_system('inbox');
  select * into v_row from workflow.outbox where id = p_outbox;
  select * into v_item from workflow.item where id = v_row.item;
  if v_item.id is null then
    return 0;
  end if;
  insert into workflow.inbox (person, outbox, kind, item, params, at)
  select distinct c.person, p_outbox, coalesce(v_row.payload ->> 'what', v_row.kind), v_item.id,
         (v_row.payload - array['what', 'by']) || job.inbox_params(v_item, v_row), workflow.now()
    from job.concerned(v_item) c (person)
   where c.person is distinct from coalesce((v_row.payload ->> 'by')::uuid, (select h.actor from workflow.history h
           where h.item = v_item.id and h.version = (v_row.payload ->> 'version')::int))
  on conflict (person, outbox) do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

-- What the sentence in the inbox needs: title, labels, and the reason that was given.
create or replace function job.inbox_params(p_item workflow.item, p_row workflow.outbox) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('title', p_item.title, 'machine', p_item.machine, 'parent', p_item.parent,
    'label', (select jsonb_build_object('zh', e.label_zh, 'en', e.label_en) from workflow.event e
               where e.machine = p_item.machine and e.event = p_row.payload ->> 'event'),
    'state', (select jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en) from workflow.state s
               where s.machine = p_item.machine and s.state = coalesce(p_row.payload ->> 'to', p_item.state)),
    'reason', (select h.reason from workflow.history h where h.item = p_item.id and h.version = (p_row.payload ->> 'version')::int)))
$$;

create or replace function job.concerned(p_item workflow.item) returns setof uuid
language sql stable security definer set search_path = '' as $$
  with sides as (
    select p_item.owner as unit
    union select p.unit from workflow.party p where p.item = p_item.id and p.unit is not null
    union select n.unit from core.intent n where n.item = p_item.id and n.withdrawn_at is null
    union select c.unit from core.claim c where c.item = p_item.id and c.live),
  turn as (
    select distinct t.role from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
     where t.preset = workflow.ruling_preset(p_item.preset, p_item.machine) and t.machine = p_item.machine and t.from_state = p_item.state
       and e.route is not null and not e.optional)
  select m.person from party.membership m join sides s on s.unit = m.unit
   where m.state = 'active' and m.roles && array['member', 'signatory']
  union
  select p.person from workflow.party p where p.item = p_item.id and p.person is not null
  union
  select m.person from party.membership m
   where m.state = 'active' and m.roles && array(select role from turn where role in ('officer', 'leader', 'city'))
     and not (p_item.machine = 'claim' and exists (select from core.claim c where c.id = p_item.id and c.opened_at is null))
  union
  select m.person from party.recommender r join party.membership m on m.unit = r.unit and m.state = 'active' and 'county' = any (m.roles)
   where r.id = p_item.recommender and exists (select from turn where role = 'county')
$$;
