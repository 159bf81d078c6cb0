-- Tells the people concerned by one row of the outbox: in the inbox, and by mail whoever asked for
-- it. Delivering it twice writes nothing twice (unique person, outbox). Returns how many were told.
--
-- Concerned by a move are: whose turn it is now; the people of the units that own the item or have a
-- part in it; on a challenge also the units that declared an intent or claimed; a panel's members.
-- A sealed claim is told to its own people only. A contact is told to the two sides that met and to
-- the bureau: with whom the poster talks is no rival's business. A question is told to those who
-- answer, an answer to whoever asked besides. What concerns no item: see 41_parties.sql. Whoever did it is not told.
create or replace function job.deliver_inbox(p_outbox bigint) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_row    workflow.outbox;
  v_item   workflow.item;
  v_kind   text;
  v_params jsonb;
  v_people uuid[];
  v_by     uuid;
  v_told   int;
begin
  perform auth.enter_system('inbox');
  select * into v_row from workflow.outbox where id = p_outbox;
  v_kind := coalesce(v_row.payload ->> 'what', v_row.kind);
  v_by := (v_row.payload ->> 'by')::uuid;
  if v_row.item is null then
    v_people := job.parties_told(v_kind, v_row.payload);
    v_params := job.parties_params(v_row.payload);
  else
    select * into v_item from workflow.item where id = v_row.item;
    v_people := array(select job.concerned(v_item, case when v_kind in ('contact', 'question') then
      array_remove(array[v_item.owner, (v_row.payload ->> 'unit')::uuid], null) end))
      || array(select q.person from core.question q where v_kind = 'answer' and q.id = (v_row.payload ->> 'question')::uuid);
    v_params := job.inbox_params(v_item, v_row);
    v_by := coalesce(v_by, (select h.actor from workflow.history h
                             where h.item = v_item.id and h.version = (v_row.payload ->> 'version')::int));
  end if;
  v_told := job.tell(p_outbox, v_kind, v_item.id, array_remove(v_people, v_by),
                     (v_row.payload - array['what', 'by']) || job.label_of(v_kind) || v_params);
  perform workflow.tell_desks(v_people || v_by || job.had_turn(v_item, v_row.payload ->> 'from') || job.shared_desks(v_kind));
  return v_told;
end;
$$;

-- Those from whose desks the item has gone because a colleague, or a deadline, has moved it on: they are
-- not told, but what they see is no longer so.
create or replace function job.had_turn(p_item workflow.item, p_from text) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(
    select m.person from workflow.transition t
      join workflow.event e on e.machine = t.machine and e.event = t.event and e.route is not null and not e.optional
      join party.membership m on m.state = 'active' and t.role = any (m.roles)
     where t.preset = workflow.ruling_preset(p_item.preset, p_item.machine) and t.machine = p_item.machine and t.from_state = p_from
       and (t.role in ('officer', 'leader', 'city', 'broker')
            or t.role = 'county' and exists (select from party.recommender r where r.id = p_item.recommender and r.unit = m.unit))
       and not (p_item.machine = 'claim' and exists (select from core.claim c where c.id = p_item.id and c.opened_at is null)))
$$;

-- The same where no item moves: whoever else could have decided on a unit, a role.
create or replace function job.shared_desks(p_kind text) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select case when p_kind like 'unit\_%' then job.people_with('officer')
              when p_kind like 'role\_%' then job.people_with('secadmin') end
$$;

create or replace function job.tell(p_outbox bigint, p_kind text, p_item uuid, p_people uuid[], p_params jsonb) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_told   int;
  v_mailed int;
begin
  with told as (
    insert into workflow.inbox (person, outbox, kind, item, params, at)
    select distinct p, p_outbox, p_kind, p_item, p_params, workflow.now() from unnest(p_people) p
    on conflict (person, outbox) do nothing
    returning person),
  mailed as (
    insert into workflow.outbox (kind, item, payload)
    select 'mail', null, jsonb_build_object('to', c.contact ->> 'email') || job.letter(p_params, p_item)
      from told join auth.account a on a.id = told.person and a.mail and a.state = 'active'
      cross join lateral (select auth.person_contact(a.id)) c (contact)
     where c.contact ->> 'email' is not null
    returning 1)
  select (select count(*) from told), (select count(*) from mailed) into v_told, v_mailed;
  if v_mailed > 0 then
    perform pg_notify('outbox', '');
  end if;
  return v_told;
end;
$$;

-- The mail of an entry: what happened to what. The reason stays on the platform, where only the
-- people concerned read it; mail passes through many hands. `link` is a path; the worker knows the site.
create or replace function job.letter(p_params jsonb, p_item uuid) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('link', job.path_of(p_params, p_item),
    'subject', concat('【揭榜挂帅】', p_params #>> '{label,zh}', '：' || (p_params ->> 'title')),
    'text', concat_ws(E'\n', p_params ->> 'title',
      '事项：' || (p_params #>> '{label,zh}') || ' / ' || (p_params #>> '{label,en}'),
      '现状态：' || (p_params #>> '{state,zh}') || ' / ' || (p_params #>> '{state,en}'), '',
      '详情请登录揭榜挂帅服务平台，在“消息”中查看。如不再需要邮件通知，可在账号设置中关闭。',
      'Sign in to the platform to read more. Mail can be switched off among the settings of your account.'))
$$;

-- Where those who are told of an item read of it: the case, not what the public sees of it.
create or replace function job.path_of(p_params jsonb, p_item uuid) returns text
language sql immutable security definer set search_path = '' as $$
  select coalesce(case p_params ->> 'machine'
    when 'list_item' then '/items/' || p_item || '/work'
    when 'claim' then '/items/' || (p_params ->> 'parent') || '/claims/' || p_item
    when 'batch' then '/batches/' || p_item
    when 'need' then '/needs/' || p_item
    when 'panel' then '/panels/' || p_item
    when 'list' then '/lists/' || p_item
    when 'notice' then '/notices/' || p_item
    when 'objection' then '/objections/' || p_item
    when 'contract' then '/contracts/' || p_item
    when 'project' then '/projects/' || p_item end, '/inbox')
$$;

-- What the sentence in the inbox needs: title, labels, and the reason that was given. A challenge's
-- moves are told to rivals too: of it only reasons that are public anyway; why somebody was chosen,
-- refused or struck out stands in the case and with the claim it is about.
create or replace function job.inbox_params(p_item workflow.item, p_row workflow.outbox) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('title', p_item.title, 'machine', p_item.machine, 'parent', p_item.parent,
    'label', (select jsonb_build_object('zh', e.label_zh, 'en', e.label_en) from workflow.event e
               where e.machine = p_item.machine and e.event = p_row.payload ->> 'event'),
    'state', (select jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en) from workflow.state s
               where s.machine = p_item.machine and s.state = coalesce(p_row.payload ->> 'to', p_item.state)),
    'reason', (select h.reason from workflow.history h where h.item = p_item.id and h.version = (p_row.payload ->> 'version')::int
                  and (p_item.machine <> 'list_item' or h.event in ('extend', 'reissue', 'withdraw', 'self_solve')))))
$$;

-- p_units: of these sides only; null: of all.
create or replace function job.concerned(p_item workflow.item, p_units uuid[] default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
  with sides as (
    select p_item.owner as unit
    -- whoever has begun a need hears of the window
    union select n.owner from workflow.item n join workflow.state s on s.machine = n.machine and s.state = n.state
           where p_item.machine = 'batch' and p_item.state in ('soliciting', 'solicited') and n.batch = p_item.id and n.machine = 'need'
             and not s.final
    union select p.unit from workflow.party p where p.item = p_item.id and p.unit is not null
    union select n.unit from core.intent n where n.item = p_item.id and n.withdrawn_at is null
    union select c.unit from core.claim c where c.item = p_item.id and c.live),
  turn as (
    select distinct t.role from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
     where t.preset = workflow.ruling_preset(p_item.preset, p_item.machine) and t.machine = p_item.machine and t.from_state = p_item.state
       and e.route is not null and not e.optional)
  select m.person from party.membership m join sides s on s.unit = m.unit
   where m.state = 'active' and m.roles && array['member', 'signatory'] and (p_units is null or m.unit = any (p_units))
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
