-- Enrolling and removing the second factor (S11). p_key: under which secrets are kept; p_random: 256
-- fresh bits, hex.

-- A new secret, not in force until confirmed by a first code. Refuses 409 second_factor_on.
create or replace function api.second_factor_enrol(p_session bytea, p_req jsonb, p_random text, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_secret bytea := substr(decode(p_random, 'hex'), 1, 20);
  v_text   text := auth.base32(v_secret);
  v_login  text;
  v_label  text := coalesce((select value ->> 0 from meta.setting where name = 'issuer'), 'Jiebang');
begin
  v := auth.begin_own(p_session, p_req);
  if auth.has_second_factor(auth.me()) then
    perform workflow.refuse(409, 'second_factor_on');
  end if;
  insert into auth.totp (account, secret) values (auth.me(), auth.seal_secret(auth.me(), v_secret, p_key))
  on conflict (account) do update set secret = excluded.secret, created_at = now(), last_step = 0;
  perform auth.log('second_factor_asked', auth.me());
  select login into v_login from auth.account where id = auth.me();
  -- the secret is shown, not remembered: a retry makes another
  return row(201, json_build_object('secret', v_text, 'uri', format(
    'otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30', v_label, v_login, v_text, v_label)),
    null, null)::api.answer;
end;
$$;

-- body: {"code"}. From now on sign-in asks for codes. Answers with the recovery codes, shown once.
-- Refuses 409 second_factor_not_asked or second_factor_on, 401 wrong_code.
create or replace function api.second_factor_confirm(p_session bytea, p_req jsonb, p_body jsonb, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer;
  v_row auth.totp;
begin
  v := auth.begin_own(p_session, p_req);
  select * into v_row from auth.totp where account = auth.me() for update;
  if not found then
    perform workflow.refuse(409, 'second_factor_not_asked');
  elsif v_row.confirmed_at is not null then
    perform workflow.refuse(409, 'second_factor_on');
  elsif not auth.check_code(auth.me(), left(p_body ->> 'code', 6), p_key) then
    perform workflow.refuse(401, 'wrong_code');
  end if;
  update auth.totp set confirmed_at = now() where account = auth.me();
  perform auth.log('second_factor_on', auth.me());
  return row(200, json_build_object('second_factor', true, 'recovery_codes', auth.new_recovery_codes(auth.me())),
             null, null)::api.answer;
end;
$$;

-- Ten new recovery codes for a code. body: {"code"}
create or replace function api.recovery_codes(p_session bytea, p_req jsonb, p_body jsonb, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_own(p_session, p_req);
  perform auth.require_recent(p_req);
  if not auth.has_second_factor(auth.me()) then
    perform workflow.refuse(409, 'second_factor_not_asked');
  end if;
  perform auth.require_code(auth.me(), p_body ->> 'code', p_key);
  perform auth.log('recovery_codes_renewed', auth.me());
  return row(200, json_build_object('recovery_codes', auth.new_recovery_codes(auth.me())), null, null)::api.answer;
end;
$$;

-- Off, for a code and after re-authentication. body: {"code"}. Whose role needs it enrols anew.
create or replace function api.second_factor_off(p_session bytea, p_req jsonb, p_body jsonb, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_own(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  if not auth.has_second_factor(auth.me()) then
    perform workflow.refuse(409, 'second_factor_not_asked');
  end if;
  perform auth.require_code(auth.me(), p_body ->> 'code', p_key);
  delete from auth.totp where account = auth.me();
  delete from auth.recovery_code where account = auth.me();
  perform auth.end_sessions(auth.me(), auth.my_session_id());
  perform auth.log('second_factor_off', auth.me());
  return workflow.done(p_req, 200, '{"second_factor": false}');
end;
$$;
