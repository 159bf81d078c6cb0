-- Signing in, in two statements with the password check between them.
--
-- sign_in_find: the account behind a login, and the try is counted. An unknown login gives a row of
-- nulls: the gateway then checks against the hash of nobody, and the answer is the same (S9).
-- Refuses 423 locked, 429 too_many_tries.
create or replace function api.sign_in_find(p_login text, p_req jsonb)
returns table (account uuid, hash text, totp boolean)
language plpgsql security definer set search_path = '' as $$
declare
  v_account auth.account;
  v_ip      text := p_req ->> 'ip';
begin
  perform auth.set_context('system', p_req);
  select * into v_account from auth.account a where lower(a.login) = lower(p_login);
  perform auth.check_attempts(p_login, v_account.id, v_ip);
  perform auth.count_attempt(p_login, v_account.id, v_ip);
  return query select case when v_account.hash is not null then v_account.id end, v_account.hash,
                      auth.has_second_factor(v_account.id);
end;
$$;

-- sign_in_open: p_ok says that the password was right; opens the session whose hash is given, for
-- twelve hours, acting by the membership of the last time. p_rehash replaces a hash made with older
-- costs. Refuses 401 wrong_credentials (also for no account), code_needed, wrong_code, and
-- account_disabled, the last only to whom the password is known.
create or replace function api.sign_in_open(p_account uuid, p_ok boolean, p_session bytea, p_code text,
                                            p_totp_key text, p_rehash text, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_account auth.account;
  v_id      uuid;
begin
  perform auth.set_context('system', p_req, p_account);
  select * into v_account from auth.account where id = p_account for update;
  if not found or p_ok is not true then
    perform workflow.refuse(401, 'wrong_credentials');
  elsif v_account.state <> 'active' then
    perform workflow.refuse(401, 'account_disabled');
  end if;
  perform auth.require_code(p_account, nullif(p_code, ''), p_totp_key);
  perform auth.forgive(p_account, p_req ->> 'ip');
  if p_rehash is not null then
    update auth.account set hash = p_rehash where id = p_account;
  end if;
  insert into auth.session (hash, account, membership, ends_at, ip, agent)
  values (p_session, p_account, auth.usual_membership(p_account), now() + interval '12 hours',
          p_req ->> 'ip', left(p_req ->> 'agent', 200))
  returning id into v_id;
  perform auth.log('sign_in', p_account, v_id);
  perform auth.enter_as(p_session, p_req, true);
  return row(201, auth.session_document()::json, null, '/session')::api.answer;
end;
$$;

-- The membership of the last session while it lasts, else the oldest that is active.
create or replace function auth.usual_membership(p_account uuid) returns uuid
language sql stable security definer set search_path = '' as $$
  select m.id from party.membership m
   where m.person = p_account and m.state = 'active'
   order by m.id is distinct from (select last_membership from auth.account where id = p_account), m.since, m.id limit 1
$$;

-- Re-authentication before weighty acts (S13): counted and checked like a sign-in; the session gets
-- a new id, so that one that was stolen before is worth nothing after.
create or replace function api.session_reauth_find(p_session bytea, p_req jsonb default '{}')
returns table (account uuid, hash text)
language plpgsql security definer set search_path = '' as $$
declare
  v_account auth.account;
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  select * into v_account from auth.account a where a.id = auth.me();
  perform auth.set_context('system', p_req, v_account.id, p_session_id => auth.my_session_id());
  perform auth.check_attempts(v_account.login, v_account.id, p_req ->> 'ip');
  perform auth.count_attempt(v_account.login, v_account.id, p_req ->> 'ip');
  return query select v_account.id, v_account.hash;
end;
$$;

create or replace function api.session_reauth(p_session bytea, p_ok boolean, p_code text, p_totp_key text,
                                              p_req jsonb, p_new bytea) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_account uuid;
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  v_account := auth.me();
  perform auth.set_context('system', p_req, v_account, p_session_id => auth.my_session_id());
  if p_ok is not true then
    perform workflow.refuse(401, 'wrong_credentials');
  end if;
  perform auth.require_code(v_account, nullif(p_code, ''), p_totp_key);
  perform auth.forgive(v_account, p_req ->> 'ip');
  update auth.session set hash = coalesce(p_new, hash), reauth_at = now() where hash = p_session;
  perform auth.log('reauth', v_account, auth.my_session_id());
  perform auth.tell_ended(v_account);
  perform auth.enter_as(coalesce(p_new, p_session), p_req, true);
  return row(200, auth.session_document()::json, null, null)::api.answer;
end;
$$;
