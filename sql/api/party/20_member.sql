-- People of a unit. Its signatories invite, answer those who ask, say who may sign, and end
-- memberships; the bureau does the same where a unit has no signatory left. Other roles are given by
-- administrators (api/account).

create or replace function api.membership_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', m.id, 'person', jsonb_build_object('id', p.id, 'name', p.name, 'title', p.title) || auth.person_contact_or_none(p.id),
           'unit', jsonb_build_object('id', u.id, 'name', u.name), 'roles', to_jsonb(m.roles), 'state', m.state,
           'asked_by', case when m.state = 'asked' then case when m.asked_by = m.person then 'person' else 'unit' end end,
           'since', m.since, 'until', m.until, 'version', m.version)
    from party.membership m join party.person p on p.id = m.person join party.unit u on u.id = m.unit
   where m.id = p_id
$$;

create or replace function auth.person_contact_or_none(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as
$$ select coalesce(auth.person_contact(p_person), '{}') $$;

-- May the actor answer for this unit's people? Else 403, or 404 for a unit the actor cannot see.
create or replace function party.require_unit_hand(p_unit uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from party.unit where id = p_unit) then
    perform workflow.refuse(404, 'not_found');
  elsif not (p_unit = auth.my_unit() and auth.has('signatory')) and not auth.has('officer') then
    perform workflow.refuse(403, 'role_missing', '{"roles": ["signatory", "officer"]}');
  end if;
end;
$$;

-- Those of the own unit, or of any for the bureau and administrators.
create or replace function api.members_list(p_session bytea, p_req jsonb, p_unit uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from party.unit where id = p_unit)
     or not (p_unit = auth.my_unit() or auth.is_bureau() or auth.is_admin()) then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, (select json_build_object('items', coalesce(json_agg(api.membership_document(m.id) order by m.since, m.id), '[]'), 'total', count(*))
                     from party.membership m where m.unit = p_unit and m.state <> 'ended'), null, null)::api.answer;
end;
$$;

-- The own, one of the unit that the asker acts for, or any for the bureau and administrators; policies
-- hide all others.
create or replace function api.membership_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.membership_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- body: {"login","roles":["member","signatory"]}: asks the holder of an account to join.
create or replace function api.member_invite(p_session bytea, p_req jsonb, p_unit uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_person uuid;
  v_id     uuid;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform party.require_unit_hand(p_unit);
  v_person := auth.account_of(p_body ->> 'login');
  if v_person is null then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('login', 'not_known')));
  end if;
  begin
    insert into party.membership (person, unit, roles, state, asked_by)
    values (v_person, p_unit, party.unit_roles(p_body), 'asked', auth.me()) returning id into v_id;
  exception when unique_violation then
    perform workflow.refuse(409, 'member_already');
  end;
  perform auth.log('member_invited', v_person, p_unit);
  perform workflow.emit('inbox', null, jsonb_build_object('what', 'member_invited', 'person', v_person, 'unit', p_unit, 'by', auth.me()));
  return workflow.done(p_req, 201, api.membership_document(v_id)::json, 1, '/memberships/' || v_id);
end;
$$;

create or replace function auth.account_of(p_login text) returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_ret     uuid;
begin
  v_ret := (
  select id from auth.account where lower(login) = lower(p_login) and state = 'active');
  perform workflow.back_to(v_context);
  return v_ret;
end;
$$;

-- Every member drafts; a signatory submits, chooses and signs as well.
create or replace function party.unit_roles(p_body jsonb) returns text[]
language plpgsql security definer set search_path = '' as $$
declare
  v_roles text[] := array(select distinct r from unnest(party.texts(p_body -> 'roles') || 'member'::text) r order by r);
begin
  if not v_roles <@ array['member', 'signatory'] then
    perform workflow.refuse_fields(jsonb_build_array(
      workflow.bad('roles', 'bad_choice', '{"choices": ["member", "signatory"]}')));
  end if;
  return v_roles;
end;
$$;

-- A membership that the actor has a say in, locked: the own, or one of the unit in hand.
create or replace function party.lock_membership(p_id uuid, p_req jsonb) returns party.membership
language plpgsql security definer set search_path = '' as $$
declare
  v_row party.membership;
begin
  select * into v_row from party.membership where id = p_id and state <> 'ended' for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif (p_req ->> 'version')::int <> v_row.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object(
      'expected', (p_req ->> 'version')::int, 'version', v_row.version, 'state', v_row.state, 'changes', '[]'::jsonb));
  end if;
  return v_row;
end;
$$;

-- The answer to a membership asked for: by the person when the unit invited, else by the unit.
-- body: {"accept": true|false}
create or replace function api.membership_answer(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer;
  v_row party.membership;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  v_row := party.lock_membership(p_id, p_req);
  if v_row.asked_by is distinct from v_row.person then
    if v_row.person <> auth.me() then
      perform workflow.refuse(403, 'not_yours_to_answer');
    end if;
  else
    perform party.require_unit_hand(v_row.unit);
    if v_row.person = auth.me() then
      perform workflow.refuse(409, 'not_yourself');   -- whoever asked to be let in does not open the door
    end if;
  end if;
  if v_row.state <> 'asked' then
    perform workflow.refuse(409, 'already_decided');
  end if;
  update party.membership
     set state = case when (p_body ->> 'accept')::boolean then 'active' else 'ended' end,
         since = now(), until = case when (p_body ->> 'accept')::boolean then null else now() end, version = version + 1
   where id = p_id;
  perform auth.log(case when (p_body ->> 'accept')::boolean then 'membership_accepted' else 'membership_declined' end, v_row.person, v_row.unit);
  perform workflow.emit('inbox', null, jsonb_build_object(
    'what', case when (p_body ->> 'accept')::boolean then 'member_accepted' else 'member_declined' end, 'person', v_row.person,
    'unit', v_row.unit, 'to', case when v_row.asked_by = v_row.person then 'person' else 'unit' end, 'by', auth.me()));
  return workflow.done(p_req, 200, api.membership_document(p_id)::json, v_row.version + 1);
end;
$$;

-- Refuses to take the last signatory of a unit.
create or replace function party.keep_signatory(p_row party.membership) returns void
language plpgsql security definer set search_path = '' as $$
begin
  -- one change of a unit's signatories at a time: two of them cannot leave at once
  perform from party.unit where id = p_row.unit for update;
  if 'signatory' = any (p_row.roles) and p_row.state = 'active' and not exists (
       select from party.membership m
        where m.unit = p_row.unit and m.id <> p_row.id and m.state = 'active' and 'signatory' = any (m.roles)) then
    perform workflow.refuse(409, 'last_signatory');
  end if;
end;
$$;

-- body: {"roles":["member","signatory"]}; roles that administrators gave stay. The sessions that act
-- by this membership end: new rights come with a new session.
create or replace function api.membership_put(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer;
  v_row   party.membership;
  v_roles text[];
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  v_row := party.lock_membership(p_id, p_req);
  perform party.require_unit_hand(v_row.unit);
  v_roles := party.unit_roles(p_body);
  if not 'signatory' = any (v_roles) then
    perform party.keep_signatory(v_row);
  end if;
  if v_row.person = auth.me() and 'signatory' = any (v_roles) and not 'signatory' = any (v_row.roles) then
    perform workflow.refuse(409, 'not_yourself');
  end if;
  update party.membership
     set roles = array(select distinct r from unnest(v_roles || array(select o from unnest(v_row.roles) o
                        where o not in ('member', 'signatory'))) r order by r), version = version + 1
   where id = p_id;
  perform party.end_membership_sessions(p_id);
  perform auth.log('membership_roles', v_row.person, v_row.unit, jsonb_build_object('before', v_row.roles, 'after', v_roles));
  return workflow.done(p_req, 200, api.membership_document(p_id)::json, v_row.version + 1);
end;
$$;

create or replace function party.end_membership_sessions(p_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  delete from auth.session where membership = p_id and id is distinct from auth.my_session_id();
  perform auth.tell_ended(m.person) from party.membership m where m.id = p_id;
  perform workflow.back_to(v_context);
end;
$$;

-- Ends a membership: the person's own, or one of the unit in hand.
create or replace function api.membership_end(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_row party.membership;
begin
  perform auth.enter_as(p_session, p_req, false);
  perform auth.require_scope('write');
  v_row := party.lock_membership(p_id, p_req);
  if v_row.person <> auth.me() then
    perform party.require_unit_hand(v_row.unit);
  end if;
  perform party.keep_signatory(v_row);
  update party.membership set state = 'ended', until = now(), version = version + 1 where id = p_id;
  perform party.end_membership_sessions(p_id);
  perform auth.log('membership_ended', v_row.person, v_row.unit, jsonb_build_object('roles', v_row.roles));
  return row(204, null, null, null)::api.answer;
end;
$$;
