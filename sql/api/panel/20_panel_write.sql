-- Forming a panel (专家组). Takes form_panel {batch, kind, name, held_on, place, members [{person,
-- chair}], subjects}. Needs must lie in the library (pooled, kept), claims must have passed the
-- check of eligibility. Refuses 403 role_missing, 404, 422 invalid.
create or replace function api.panel_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_batch workflow.item;
  v_rules jsonb;
  v_id    uuid;
  v_parent uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  select * into v_batch from workflow.item where id = (p_body ->> 'batch')::uuid and machine = 'batch';
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_rules := core.rules_of(v_batch.id);
  perform core.check_subjects(v_batch.id, p_body ->> 'kind', p_body -> 'subjects');
  if p_body ->> 'kind' = 'claim' then
    select parent into v_parent from workflow.item where id = (p_body #>> '{subjects,0}')::uuid;
  end if;
  v_id := workflow.create_item('panel', v_batch.preset, p_body ->> 'name', v_batch.id, null, p_parent => v_parent, p_role => 'officer');
  insert into core.panel (id, batch, kind, name, criteria, quorum, drop_extremes, pass_mark, held_on, place)
  values (v_id, v_batch.id, p_body ->> 'kind', p_body ->> 'name', v_rules #> array['criteria', p_body ->> 'kind'],
          (v_rules #>> '{panel,quorum}')::int, (v_rules #>> '{panel,drop_extremes}')::boolean,
          (v_rules #>> '{panel,pass_mark}')::numeric, (p_body ->> 'held_on')::date, p_body ->> 'place');
  insert into core.panel_subject (panel, subject, ordinal)
  select v_id, x::uuid, n from jsonb_array_elements_text(p_body -> 'subjects') with ordinality t (x, n);
  perform core.add_members(v_id, p_body -> 'members');
  return workflow.done(p_req, 201, api.panel_document(v_id)::json, 1, '/panels/' || v_id);
end;
$$;

-- The subjects are there, in this batch, at the right step, each once; claims all of one challenge.
create or replace function core.check_subjects(p_batch uuid, p_kind text, p_subjects jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_states text[] := case p_kind when 'need' then array['pooled', 'kept'] else array['eligible', 'chosen'] end;
  v_parent uuid;
  v_row    record;
begin
  for v_row in
    select i.id, i.batch, i.state, i.parent, format('subjects[%s]', e.n - 1) as field, count(*) over (partition by e.x) as times
      from jsonb_array_elements_text(p_subjects) with ordinality e (x, n)
      left join workflow.item i on i.id = e.x::uuid and i.machine = p_kind
     order by e.n
  loop
    v_parent := coalesce(v_parent, v_row.parent);
    if v_row.id is null then
      v_errors := v_errors || workflow.bad(v_row.field, 'not_known');
    elsif v_row.batch is distinct from p_batch or (p_kind = 'claim' and v_row.parent is distinct from v_parent) then
      v_errors := v_errors || workflow.bad(v_row.field, 'other_batch');
    elsif not v_row.state = any (v_states) then
      v_errors := v_errors || workflow.bad(v_row.field, 'wrong_state', jsonb_build_object('state', v_row.state));
    elsif v_row.times > 1 then
      v_errors := v_errors || workflow.bad(v_row.field, 'repeated_item');
    end if;
  end loop;
  perform workflow.refuse_fields(v_errors);
end;
$$;

-- Invites experts: persons who hold that role somewhere. Conflicts found by the system are recusals
-- from the start (S: same unit, affiliated unit).
create or replace function core.add_members(p_panel uuid, p_members jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_errors jsonb := '[]';
  v_row    record;
begin
  for v_row in
    select (e.m ->> 'person')::uuid as person, coalesce((e.m ->> 'chair')::boolean, false) as chair, format('members[%s].person', e.n - 1) as field
      from jsonb_array_elements(p_members) with ordinality e (m, n) order by e.n
  loop
    if not exists (select from party.membership b where b.person = v_row.person and b.state = 'active' and 'expert' = any (b.roles)) then
      v_errors := v_errors || workflow.bad(v_row.field, 'not_an_expert');
      continue;
    elsif exists (select from core.panel_member m where m.panel = p_panel and m.person = v_row.person) then
      v_errors := v_errors || workflow.bad(v_row.field, 'repeated_item');
      continue;
    end if;
    insert into core.panel_member (panel, person, chair) values (p_panel, v_row.person, v_row.chair);
    perform workflow.add_party(p_panel, 'member', null, v_row.person);
    insert into core.recusal (panel, person, subject, reason, source, at)
    select p_panel, v_row.person, s.subject, c.why, 'system', workflow.now()
      from core.panel_subject s, lateral (select core.conflict(v_row.person, s.subject)) c (why)
     where s.panel = p_panel and c.why is not null;
  end loop;
  perform workflow.back_to(v_before);
  perform workflow.refuse_fields(v_errors);
end;
$$;

-- Why a person may not judge a need or claim, or null: the person's units against the units that
-- have a part in it (posters; for a claim also claimant, partners and the challenge's posters).
-- Called as the system.
create or replace function core.conflict(p_person uuid, p_subject uuid) returns text
language sql stable security definer set search_path = '' as $$
  with mine as (
    select m.unit from party.membership m where m.person = p_person and m.state = 'active'),
  theirs as (
    select i.owner as unit from workflow.item i where i.id = p_subject
    union select p.unit from workflow.party p where p.item = p_subject and p.unit is not null
    union select c.unit from core.claim_partner c where c.claim = p_subject
    union select i.owner from workflow.item s join workflow.item i on i.id = s.parent where s.id = p_subject
    union select p.unit from workflow.item s join workflow.party p on p.item = s.parent where s.id = p_subject and p.unit is not null)
  select string_agg(case when m.unit = t.unit then '任职单位与“' || u.name || '”为同一单位'
                         else '任职单位与“' || u.name || '”存在关联关系' end, '；' order by u.name)
    from mine m cross join theirs t join party.unit u on u.id = t.unit
   where m.unit = t.unit or party.affiliated(m.unit, t.unit) is not null
$$;

-- More experts, while the panel is being formed or (for one who fell out) at work.
create or replace function api.panel_invite(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v   api.answer := workflow.begin(p_session, p_req);
  v_n int;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  perform core.lock_in(p_id, p_req, 'panel', array['draft', 'open']);
  perform core.add_members(p_id, p_body -> 'members');
  v_n := workflow.touch(p_id, 'invite', 'officer');
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, v_n);
end;
$$;
