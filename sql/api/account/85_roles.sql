-- Roles by four eyes (S22): the system administrator asks, a security administrator who is another
-- person decides, and neither is the one it is about. Within a unit member and signatory are the
-- unit's own affair (api/party). A role may be taken away by a security administrator alone, at once.

create or replace function api.role_grant_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', g.id, 'membership', g.membership, 'action', g.action, 'roles', to_jsonb(g.roles),
           'person', jsonb_build_object('id', g.person, 'name', p.name), 'unit', jsonb_build_object('id', u.id, 'name', u.name),
           'reason', g.reason, 'asked_by', a.name, 'asked_at', g.asked_at, 'decision', g.decision, 'note', g.note,
           'decided_by', d.name, 'decided_at', g.decided_at)
    from auth.role_grant g
    join party.membership m on m.id = g.membership join party.unit u on u.id = m.unit
    join party.person p on p.id = g.person
    left join party.person a on a.id = g.asked_by left join party.person d on d.id = g.decided_by
   where g.id = p_id
$$;

-- Why these roles may not come together in one person, or null. System, security and audit
-- administration are three people, and none of them has a part in the procedure (等保 8.1.5).
create or replace function auth.roles_conflict(p_person uuid, p_membership uuid, p_roles text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_all   text[];
  v_admin text[];
begin
  select array_agg(distinct r) into v_all from (
    select unnest(m.roles) as r from party.membership m where m.person = p_person and m.state = 'active' and m.id <> p_membership
    union select unnest(m.roles) from party.membership m where m.id = p_membership
    union select unnest(p_roles)) q;
  v_admin := array(select r from unnest(v_all) r where r in ('sysadmin', 'secadmin', 'auditor'));
  if cardinality(v_admin) > 1 or (cardinality(v_admin) = 1 and v_all && array['officer', 'leader', 'city', 'county', 'expert', 'broker']) then
    perform workflow.back_to(v_context);
    return jsonb_build_object('roles', to_jsonb(v_all));
  end if;
  perform workflow.back_to(v_context);
  return null;
end;
$$;

-- body: {"membership","action":"add"|"remove","roles":[...],"reason"}
create or replace function api.role_ask(p_session bytea, p_req jsonb, p_user uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_id     uuid;
  v_member party.membership;
  v_roles  text[] := array(select distinct jsonb_array_elements_text(p_body -> 'roles'));
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin', 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  select * into v_member from party.membership
   where id = (p_body ->> 'membership')::uuid and person = p_user and state = 'active';
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif p_user = auth.me() then
    perform workflow.refuse(409, 'not_yourself');
  end if;
  perform auth.check_asked_roles(v_member, v_roles, p_body ->> 'action');
  insert into auth.role_grant (membership, person, action, roles, reason, asked_by)
  values (v_member.id, p_user, p_body ->> 'action', v_roles, p_body ->> 'reason', auth.me())
  returning id into v_id;
  perform auth.log('role_asked', p_user, v_id, jsonb_build_object('action', p_body ->> 'action', 'roles', v_roles));
  perform workflow.emit('inbox', null, jsonb_build_object('what', 'role_asked', 'person', p_user, 'unit', v_member.unit,
    'roles', v_roles, 'reason', p_body ->> 'reason', 'by', auth.me()));
  return workflow.done(p_req, 201, api.role_grant_document(v_id)::json, null, '/role-grants/' || v_id);
end;
$$;

-- Refuses roles that are no affair of administrators, that the unit cannot have, that do not go together.
create or replace function auth.check_asked_roles(p_member party.membership, p_roles text[], p_action text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  c_given constant text[] := array['county', 'officer', 'leader', 'city', 'expert', 'broker', 'sysadmin', 'secadmin', 'auditor'];
  v_no    jsonb;
begin
  if p_roles = '{}' or not p_roles <@ c_given then
    perform workflow.refuse_fields(jsonb_build_array(
      workflow.bad('roles', 'bad_choice', jsonb_build_object('choices', to_jsonb(c_given)))));
  elsif p_action = 'remove' then
    return;
  end if;
  if 'county' = any (p_roles) and not exists (select from party.recommender r where r.unit = p_member.unit) then
    perform workflow.refuse(409, 'unit_recommends_nobody');
  end if;
  v_no := auth.roles_conflict(p_member.person, p_member.id, p_roles);
  if v_no is not null then
    perform workflow.refuse(409, 'roles_conflict', v_no);
  end if;
end;
$$;

-- body: {"decision":"granted"|"refused","note"}. Granting ends the person's sessions: the new rights
-- come with a new session id (S12).
create or replace function api.role_decide(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer;
  v_grant auth.role_grant;
begin
  v := auth.begin_admin(p_session, p_req, 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  select * into v_grant from auth.role_grant where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif v_grant.decision is not null then
    perform workflow.refuse(409, 'already_decided');
  elsif v_grant.person = auth.me() then
    perform workflow.refuse(409, 'not_yourself');
  elsif v_grant.asked_by = auth.me() and v_grant.action = 'add' then
    perform workflow.refuse(409, 'four_eyes');
  end if;
  update auth.role_grant set decision = p_body ->> 'decision', note = p_body ->> 'note', decided_by = auth.me(), decided_at = now()
   where id = p_id;
  if p_body ->> 'decision' = 'granted' then
    perform auth.apply_roles(v_grant);
  end if;
  perform auth.log('role_' || (p_body ->> 'decision'), v_grant.person, p_id,
                   jsonb_build_object('action', v_grant.action, 'roles', v_grant.roles));
  perform workflow.emit('inbox', null, jsonb_build_object('what', 'role_' || (p_body ->> 'decision'), 'person', v_grant.person,
    'unit', (select m.unit from party.membership m where m.id = v_grant.membership), 'roles', v_grant.roles, 'by', auth.me()));
  return workflow.done(p_req, 200, api.role_grant_document(p_id)::json);
end;
$$;

create or replace function auth.apply_roles(p_grant auth.role_grant) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_no jsonb;
begin
  if p_grant.action = 'add' then
    -- other grants may have come in between
    v_no := auth.roles_conflict(p_grant.person, p_grant.membership, p_grant.roles);
    if v_no is not null then
      perform workflow.refuse(409, 'roles_conflict', v_no);
    end if;
  end if;
  update party.membership m
     set version = version + 1,
         roles = array(select distinct r from unnest(case when p_grant.action = 'add' then m.roles || p_grant.roles else m.roles end) r
                        where p_grant.action = 'add' or r <> all (p_grant.roles) order by r)
   where m.id = p_grant.membership and m.state = 'active';
  if not found then
    perform workflow.refuse(409, 'no_membership');
  end if;
  perform auth.end_sessions(p_grant.person);
  perform workflow.back_to(v_context);
end;
$$;

-- What is asked for (state=open) or all, newest first.
create or replace function api.role_grants_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page record;
  v_open boolean := p_req -> 'query' ->> 'state' = 'open';
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('sysadmin', 'secadmin', 'auditor');
  v_page := auth.page(p_req);
  return row(200, (
    with hit as not materialized (select id, asked_at from auth.role_grant where v_open is not true or decision is null),
    shown as (select * from hit order by asked_at desc, id limit v_page.size offset v_page.skip)
    select json_build_object('items', (select coalesce(json_agg(api.role_grant_document(s.id) order by s.asked_at desc, s.id), '[]') from shown s),
             'page', v_page.page, 'size', v_page.size, 'total', (select count(*) from (select from hit limit 1000) c))),
    null, null)::api.answer;
end;
$$;
