-- Throttling of guesses (S10). A try is counted as a failure before the password is looked at, and
-- forgiven when it was right: a hundred guesses at once are a hundred failures.
--
-- Per login (known or not, so that nothing can be learnt): from the third failure on a pause that
-- doubles, 1 s to 60 s; ten failures lock it for 15 minutes. Per address: from the twentieth on a
-- pause, 1 s to 60 s, never a lock, and none at all for an account that has signed in from there
-- before: nobody can lock a bureau out from behind its own address. After 15 quiet minutes it is
-- all forgotten.
create or replace function auth.login_key(p_login text) returns text
language sql immutable security definer set search_path = '' as
$$ select encode(sha256(convert_to(lower(coalesce(p_login, '')), 'UTF8')), 'hex') $$;

-- Seconds still to wait, at most 60 (0: go on).
create or replace function auth.pause_left(p_failures int, p_free int, p_last timestamptz) returns int
language sql stable security definer set search_path = '' as $$
  select case when p_failures < p_free or p_last < now() - interval '15 minutes' then 0
         else greatest(0, ceil(extract(epoch from
           p_last + least(60, power(2, least(p_failures - p_free, 6))) * interval '1 second' - clock_timestamp())))::int end
$$;

-- Refuses 423 locked or 429 too_many_tries, each with retry_after. The login's row is locked before it
-- is read: guesses sent at once are looked at one after the other.
create or replace function auth.check_attempts(p_login text, p_account uuid, p_ip text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row  auth.attempt;
  v_wait int := 0;
begin
  insert into auth.attempt (kind, key) values ('login', auth.login_key(p_login)) on conflict do nothing;
  select * into v_row from auth.attempt where kind = 'login' and key = auth.login_key(p_login) for update;
  if v_row.locked_until > now() then
    perform workflow.refuse(423, 'locked', jsonb_build_object(
      'retry_after', ceil(extract(epoch from v_row.locked_until - now()))::int));
  end if;
  v_wait := auth.pause_left(v_row.failures, 3, v_row.last_at);
  if not exists (select from auth.place where account = p_account and ip = p_ip) then
    select * into v_row from auth.attempt where kind = 'ip' and key = p_ip;
    v_wait := greatest(v_wait, coalesce(auth.pause_left(v_row.failures, 20, v_row.last_at), 0));
  end if;
  if v_wait > 0 then
    perform workflow.refuse(429, 'too_many_tries', jsonb_build_object('retry_after', v_wait));
  end if;
end;
$$;

-- One more failure, until forgiven. The tenth for a login locks it, and that is recorded.
create or replace function auth.count_attempt(p_login text, p_account uuid, p_ip text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_failures int;
begin
  insert into auth.attempt as a (kind, key, failures, last_at) select 'ip', p_ip, 1, clock_timestamp() where p_ip is not null
  on conflict (kind, key) do update set last_at = clock_timestamp(),
    failures = case when a.last_at < now() - interval '15 minutes' then 1 else a.failures + 1 end;
  insert into auth.attempt as a (kind, key, failures, last_at) values ('login', auth.login_key(p_login), 1, clock_timestamp())
  on conflict (kind, key) do update set last_at = clock_timestamp(), locked_until = null,
    failures = case when a.last_at < now() - interval '15 minutes' then 1 else a.failures + 1 end
  returning failures into v_failures;
  perform auth.log('sign_in_try', p_account, null, jsonb_build_object('failures', v_failures));
  if v_failures >= 10 then
    update auth.attempt set locked_until = now() + interval '15 minutes'
     where kind = 'login' and key = auth.login_key(p_login);
    perform auth.log('lock', p_account, null, jsonb_build_object('failures', v_failures, 'minutes', 15));
  end if;
end;
$$;

-- It was right: the login starts anew, the address loses one, and the place is known from now on.
create or replace function auth.forgive(p_account uuid, p_ip text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_key text := auth.login_key((select login from auth.account where id = p_account));
begin
  if exists (select from auth.attempt where kind = 'login' and key = v_key and locked_until > now()) then
    perform auth.log('unlock', p_account, null, '{"why": "the tenth try was right"}');
  end if;
  delete from auth.attempt where kind = 'login' and key = v_key;
  update auth.attempt set failures = greatest(0, failures - 1) where kind = 'ip' and key = p_ip;
  if p_ip is not null then
    insert into auth.place (account, ip) values (p_account, p_ip)
    on conflict (account, ip) do update set last_at = now();
  end if;
end;
$$;

-- For the worker, once in a while: what has ended and nobody asks for any more. Returns how many.
create or replace function job.sweep_auth() returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_all bigint := 0;
  v_n   bigint;
begin
  perform auth.enter_system('sweep');
  delete from auth.session where ends_at < now() or seen_at < now() - interval '1 day';
  get diagnostics v_n = row_count; v_all := v_all + v_n;
  delete from auth.attempt where last_at < now() - interval '1 day';
  get diagnostics v_n = row_count; v_all := v_all + v_n;
  delete from auth.place where last_at < now() - interval '180 days';
  get diagnostics v_n = row_count; v_all := v_all + v_n;
  delete from auth.one_time where ends_at < now() - interval '30 days';
  get diagnostics v_n = row_count;
  return v_all + v_n;
end;
$$;
