-- New accounts that nobody made for their holders: a person of an enterprise or a team registers,
-- and the first administrators come by one-time token (S14).

-- A person and the account. Refuses 409 login_taken. Needs the system's context.
create or replace function auth.new_account(p_body jsonb, p_hash text, p_by uuid default null) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid := gen_random_uuid();
begin
  insert into party.person (id, name, phone, email, title)
  values (v_id, p_body ->> 'name', p_body ->> 'phone', p_body ->> 'email', p_body ->> 'title');
  insert into auth.account (id, login, hash, consent_version, consent_at, created_by)
  values (v_id, p_body ->> 'login', p_hash, p_body ->> 'consent_version',
          case when p_body ->> 'consent_version' is not null then now() end, p_by);
  return v_id;
exception
  when unique_violation then
    perform workflow.refuse(409, 'login_taken');
  when check_violation then
    perform workflow.refuse_fields(jsonb_build_array(case when p_body ->> 'login' ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{2,59}$'
      then workflow.bad('name', 'too_long', '{"max": 40}') else workflow.bad('login', 'bad_login') end));
end;
$$;

-- body: {"login","name","phone","email","title","consent_version","unit":{"code","name","kind",...}}
-- The unit's code is known already: the membership is asked for, and a signatory of that unit (or
-- the bureau, while it has none) answers. Else the unit is made, pending until the bureau verifies it,
-- and the person is its first signatory. 201 {"account","login","unit":{...},"membership":{...}}
create or replace function api.register(p_hash text, p_body jsonb, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_person uuid;
  v_unit   party.unit;
  v_member party.membership;
begin
  v := workflow.begin_public(p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.set_context('system', p_req);
  v_person := auth.new_account(p_body, p_hash);
  perform auth.set_context('system', p_req, v_person);
  if jsonb_typeof(p_body -> 'unit') = 'object' then
    select j.unit, j.membership into v_unit.id, v_member.id from party.join_or_make(p_body -> 'unit', v_person) j;
    select * into v_unit from party.unit where id = v_unit.id;
    select * into v_member from party.membership where id = v_member.id;
  end if;
  perform auth.log('registered', v_person, v_unit.id, jsonb_build_object('membership', v_member.state));
  perform auth.enter_public(p_req);
  return workflow.done(p_req, 201, json_build_object('account', v_person, 'login', p_body ->> 'login',
    'unit', case when v_unit.id is not null
                 then json_build_object('id', v_unit.id, 'name', v_unit.name, 'state', v_unit.state) end,
    'membership', case when v_member.id is not null
                       then json_build_object('id', v_member.id, 'state', v_member.state, 'roles', to_json(v_member.roles)) end));
end;
$$;

-- The holder of a first-administrator token becomes what the token says. With the first one comes the
-- bureau's unit (body.unit, or by the name in the setting `bureau`); the others join it.
create or replace function api.first_admin(p_token bytea, p_hash text, p_body jsonb, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_token  auth.one_time;
  v_person uuid;
  v_unit   uuid;
begin
  v := workflow.begin_public(p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.set_context('system', p_req);
  v_token := auth.use_one_time(p_token, 'first_admin');
  v_person := auth.new_account(p_body, p_hash);
  select m.unit into v_unit from party.membership m
   where m.state = 'active' and m.roles && array['sysadmin', 'secadmin', 'auditor'] order by m.since, m.id limit 1;
  if v_unit is null then
    v_unit := (party.new_unit(
      jsonb_build_object('name', coalesce((select value ->> 0 from meta.setting where name = 'bureau'), '市科学技术局'))
      || coalesce(nullif(p_body -> 'unit', 'null'), '{}') || '{"kind": "government"}', 'verified')).id;
  end if;
  insert into party.membership (person, unit, roles) values (v_person, v_unit, array[v_token.role]);
  perform auth.log('first_admin', v_person, v_unit, jsonb_build_object('role', v_token.role));
  perform auth.enter_public(p_req);
  return workflow.done(p_req, 201, json_build_object('account', v_person, 'login', p_body ->> 'login',
    'roles', json_build_array(v_token.role)));
end;
$$;
