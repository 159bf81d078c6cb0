-- The second factor (S11): time-based codes of RFC 6238 (SHA-1, 30 s, 6 digits: what every
-- authenticator speaks), one step of grace on either side, each good once; and recovery codes, kept
-- as digests.

-- The code of one time step.
create or replace function auth.totp_code(p_secret bytea, p_step bigint) returns text
language sql immutable strict security definer set search_path = '' as $$
  with mac as (select public.hmac(int8send(p_step), p_secret, 'sha1') as m),
       cut as (select m, get_byte(m, 19) & 15 as o from mac)
  select lpad((((get_byte(m, o) & 127)::bigint * 16777216 + get_byte(m, o + 1) * 65536 + get_byte(m, o + 2) * 256
               + get_byte(m, o + 3)) % 1000000)::text, 6, '0')
    from cut
$$;

create or replace function auth.totp_step() returns bigint
language sql stable security definer set search_path = '' as
$$ select floor(extract(epoch from now()) / 30)::bigint $$;

-- RFC 4648 base32 without padding, as authenticators want secrets typed.
create or replace function auth.base32(p_bytes bytea) returns text
language sql immutable strict security definer set search_path = '' as $$
  with bits as (select string_agg(get_byte(p_bytes, i)::bit(8)::text, '' order by i) as b
                  from generate_series(0, octet_length(p_bytes) - 1) i)
  select string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
                           rpad(substr(b, i * 5 + 1, 5), 5, '0')::bit(5)::int + 1, 1), '' order by i)
    from bits, generate_series(0, (length(b) + 4) / 5 - 1) i
$$;

-- The secret encrypted under the gateway's key, the account's id within.
create or replace function auth.seal_secret(p_account uuid, p_secret bytea, p_key text) returns bytea
language sql security definer set search_path = '' as $$
  select public.pgp_sym_encrypt_bytea(uuid_send(p_account) || p_secret, p_key, 's2k-mode=0, cipher-algo=aes256')
$$;

-- null when it does not open, or is another account's
create or replace function auth.open_secret(p_account uuid, p_sealed bytea, p_key text) returns bytea
language plpgsql stable security definer set search_path = '' as $$
declare
  v_plain bytea;
begin
  v_plain := public.pgp_sym_decrypt_bytea(p_sealed, p_key);
  return case when substr(v_plain, 1, 16) = uuid_send(p_account) then substr(v_plain, 17) end;
exception when external_routine_invocation_exception then
  return null;
end;
$$;

-- Is this code good? Uses it up: the step (or the recovery code) does not pass again. The row is
-- locked first, so that one code sent twice at once passes once.
create or replace function auth.check_code(p_account uuid, p_code text, p_key text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_row  auth.totp;
  v_step bigint;
begin
  select * into v_row from auth.totp where account = p_account for update;
  if not found or p_code is null then
    return false;
  end if;
  if length(p_code) > 6 then
    update auth.recovery_code set used_at = now()
     where account = p_account and used_at is null and v_row.confirmed_at is not null
       and hash = sha256(convert_to(replace(lower(p_code), '-', ''), 'UTF8'));
    return found;
  end if;
  select s into v_step
    from generate_series(auth.totp_step() - 1, auth.totp_step() + 1) s
   where s > v_row.last_step
     and auth.totp_code(auth.open_secret(p_account, v_row.secret, p_key), s) = p_code
   order by s limit 1;
  if v_step is null then
    return false;
  end if;
  update auth.totp set last_step = v_step where account = p_account;
  return true;
end;
$$;

create or replace function auth.has_second_factor(p_account uuid) returns boolean
language sql stable security definer set search_path = '' as
$$ select exists (select from auth.totp where account = p_account and confirmed_at is not null) $$;

-- Refuses 401 code_needed or wrong_code when the account has a second factor and this is not it.
create or replace function auth.require_code(p_account uuid, p_code text, p_key text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not auth.has_second_factor(p_account) then
    return;
  elsif p_code is null then
    perform workflow.refuse(401, 'code_needed');
  elsif not auth.check_code(p_account, p_code, p_key) then
    perform workflow.refuse(401, 'wrong_code');
  end if;
end;
$$;

-- Ten fresh recovery codes from pgcrypto's random bytes; the old ones go. Returns them in clear.
create or replace function auth.new_recovery_codes(p_account uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_codes text[];
begin
  select array_agg(encode(public.gen_random_bytes(8), 'hex')) into v_codes from generate_series(1, 10);
  delete from auth.recovery_code where account = p_account;
  insert into auth.recovery_code (account, hash)
  select p_account, sha256(convert_to(c, 'UTF8')) from unnest(v_codes) c;
  return (select jsonb_agg(substr(c, 1, 8) || '-' || substr(c, 9)) from unnest(v_codes) c);
end;
$$;
