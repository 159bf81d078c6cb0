-- Who am I, and by what right: 401 when nobody. Open also while the second factor is missing.
create or replace function api.session_get(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, true);
  return row(200, auth.session_document()::json, null, null)::api.answer;
end;
$$;

-- Sign-out. A session that is over already is as good as signed out.
create or replace function api.session_end(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_row auth.session;
begin
  perform auth.set_context('system', p_req);
  delete from auth.session where hash = p_session returning * into v_row;
  if v_row.id is not null then
    perform auth.log('sign_out', v_row.account, v_row.id);
    perform auth.tell_ended(v_row.account);
  end if;
  return row(204, null, null, null)::api.answer;
end;
$$;

-- The sessions of the own account that are still open, this one marked.
create or replace function api.sessions_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  return row(200, (select json_build_object('items', coalesce(json_agg(json_build_object(
             'id', s.id, 'current', s.id = auth.my_session_id(), 'created_at', s.created_at, 'seen_at', s.seen_at,
             'ends_at', s.ends_at, 'ip', s.ip, 'agent', s.agent) order by s.created_at desc, s.id), '[]'), 'total', count(*))
           from auth.session s
          where s.account = auth.me() and s.ends_at > now() and s.seen_at > now() - interval '30 minutes'), null, null)::api.answer;
end;
$$;

-- Ends one of the own sessions, another browser's perhaps.
create or replace function api.session_revoke(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  delete from auth.session where id = p_id and account = auth.me();
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform auth.log('session_revoked', auth.me(), p_id);
  perform auth.tell_ended(auth.me());
  return row(204, null, null, null)::api.answer;
end;
$$;

-- Acts by another of the own memberships from now on. body: {"membership"}
create or replace function api.session_switch(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid := (p_body ->> 'membership')::uuid;
  v_me uuid;
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  v_me := auth.me();
  if not exists (select from party.membership m where m.id = v_id and m.person = v_me and m.state = 'active') then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform auth.set_context('system', p_req, v_me, p_session_id => auth.my_session_id());
  update auth.session set membership = v_id where hash = p_session;
  update auth.account set last_membership = v_id where id = v_me;
  perform auth.log('membership_switched', v_me, v_id);
  perform auth.enter_as(p_session, p_req, true);
  return row(200, auth.session_document()::json, null, null)::api.answer;
end;
$$;
