-- Changing the own password: password_find gives the hash to check the old one against (counted like
-- a sign-in), password_change takes the new hash. All other sessions end.
create or replace function api.password_find(p_session bytea, p_req jsonb default '{}')
returns table (account uuid, hash text)
language sql security definer set search_path = '' as
$$ select f.account, f.hash from api.session_reauth_find(p_session, p_req) f $$;

create or replace function api.password_change(p_session bytea, p_ok boolean, p_hash text, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_me uuid;
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  v_me := auth.me();
  perform auth.set_context('system', p_req, v_me, p_session_id => auth.my_session_id());
  if p_ok is not true then
    perform workflow.refuse(401, 'wrong_credentials');
  end if;
  perform auth.forgive(v_me, p_req ->> 'ip');
  update auth.account set hash = p_hash, changed_at = now(), version = version + 1 where id = v_me;
  perform auth.end_sessions(v_me, auth.my_session_id());
  perform auth.log('password_changed', v_me);
  perform auth.enter_as(p_session, p_req, true);
  return row(200, auth.session_document()::json, null, null)::api.answer;
end;
$$;

-- Sets a password by a one-time token that an administrator has given out. Ends every session and
-- every lock of the account. Refuses 403 bad_one_time_token: unknown, used or over, all the same.
create or replace function api.password_set(p_token bytea, p_hash text, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_row auth.one_time;
begin
  perform auth.set_context('system', p_req);
  v_row := auth.use_one_time(p_token, 'password');
  update auth.account set hash = p_hash, changed_at = now(), version = version + 1 where id = v_row.account;
  delete from auth.one_time where account = v_row.account and used_at is null;
  perform auth.end_sessions(v_row.account);
  perform auth.forgive(v_row.account, null);
  perform auth.log('password_set', v_row.account);
  return row(204, null, null, null)::api.answer;
end;
$$;

-- Takes a one-time token that is still good and marks it used; needs the system's context.
create or replace function auth.use_one_time(p_token bytea, p_kind text) returns auth.one_time
language plpgsql security definer set search_path = '' as $$
declare
  v_row auth.one_time;
begin
  update auth.one_time set used_at = now()
   where hash = p_token and kind = p_kind and used_at is null and ends_at > now()
  returning * into v_row;
  if not found then
    perform workflow.refuse(403, 'bad_one_time_token');
  end if;
  return v_row;
end;
$$;
