-- Intents and contacts: what brings the two sides together before a claim (DOMAIN 3.3).

-- POST /items/{id}/intents {statement}: a verified unit says that it means to claim. The first
-- intent moves the challenge to 'interested'. Refuses 409 not_open, own_item.
create or replace function api.item_intend(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
  v_no   jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_verified();
  v_item := workflow.lock(p_item);
  perform core.require_machine(v_item, 'list_item');
  v_no := core.not_open(p_item);
  if v_no is not null then
    perform workflow.refuse(409, 'not_open', v_no);
  elsif v_item.owner = auth.my_unit() then
    perform workflow.refuse(409, 'own_item');
  end if;
  insert into core.intent (item, unit, person, statement, at)
  values (p_item, auth.my_unit(), auth.me(), p_body ->> 'statement', workflow.now())
  on conflict (item, unit) do update set statement = excluded.statement, person = excluded.person, at = excluded.at, withdrawn_at = null;
  if v_item.state in ('open', 'interested') then
    v_item := workflow.cascade(p_item, 'intend', jsonb_build_object('unit', auth.my_unit()));
  end if;
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

-- POST /items/{id}/intents/withdrawal: the own unit's. Refuses 404 when there is none.
create or replace function api.item_unintend(p_session bytea, p_req jsonb, p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_item);
  update core.intent set withdrawn_at = workflow.now() where item = p_item and unit = auth.my_unit() and withdrawn_at is null;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  return workflow.done(p_req, 200, api.list_item_document(p_item)::json, v_item.version);
end;
$$;

-- POST /items/{id}/contacts: a visit, meeting, call: by the bureau, a broker, the poster or a team
-- that has declared an intent or made a claim. Refuses 403 not_a_party, 422 held_at in the future.
create or replace function api.item_contact(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_item   workflow.item;
  v_roles  text[];
  v_team   uuid := (p_body ->> 'unit')::uuid;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_item);
  perform core.require_machine(v_item, 'list_item');
  v_roles := workflow.roles_on(v_item);
  if not v_roles && array['officer', 'leader', 'broker', 'poster'] then
    if not core.is_team(p_item, auth.my_unit()) then
      perform workflow.refuse(403, 'not_a_party');
    end if;
    v_team := auth.my_unit();
  end if;
  if v_team is not null and core.unit_ref(v_team) is null then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('unit', 'not_known')));
  elsif (p_body ->> 'held_at')::timestamptz > workflow.now() then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('held_at', 'in_future')));
  end if;
  insert into core.contact (item, unit, kind, held_at, place, people, summary, by, at)
  values (p_item, v_team, p_body ->> 'kind', (p_body ->> 'held_at')::timestamptz, p_body ->> 'place', p_body ->> 'people',
          p_body ->> 'summary', auth.me(), workflow.now());
  perform workflow.emit('inbox', p_item, jsonb_build_object('what', 'contact', 'unit', v_team, 'by', auth.me()));
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

-- POST /items/{id}/undertaking {statement}: a verified unit undertakes to keep secret what a
-- summarised challenge does not show, and is shown it; logged (DOMAIN 9).
create or replace function api.item_undertake(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_verified();
  v_item := workflow.lock(p_item);
  perform core.require_machine(v_item, 'list_item');
  insert into core.disclosure (item, unit, person, statement, at)
  values (p_item, auth.my_unit(), auth.me(), p_body ->> 'statement', workflow.now()) on conflict do nothing;
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

-- An item of another machine under this path is not there.
create or replace function core.require_machine(p_item workflow.item, p_machine text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_item.machine is distinct from p_machine then
    perform workflow.refuse(404, 'not_found');
  end if;
end;
$$;

-- Null while claims may come in: state open or interested, and before claim_until (half-open, by the
-- database clock). Else {"state","claim_until"}.
create or replace function core.not_open(p_item uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_no     jsonb;
begin
  select case when i.state in ('open', 'interested') and workflow.now() < l.claim_until then null
              else jsonb_build_object('state', i.state, 'claim_until', core.shanghai(l.claim_until)) end
    into v_no
    from workflow.item i join core.list_item l on l.id = i.id where i.id = p_item;
  perform workflow.back_to(v_before);
  return v_no;
end;
$$;

-- Does this unit stand on the team's side of a challenge: by intent, claim or partnership?
create or replace function core.is_team(p_item uuid, p_unit uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_is     boolean;
begin
  v_is := exists (select from core.intent where item = p_item and unit = p_unit and withdrawn_at is null)
       or exists (select from core.claim where item = p_item and unit = p_unit and live)
       or exists (select from core.claim c join core.claim_partner p on p.claim = c.id
                   where c.item = p_item and c.live and p.unit = p_unit and p.state <> 'declined');
  perform workflow.back_to(v_before);
  return v_is;
end;
$$;
