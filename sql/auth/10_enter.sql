-- Entering: the first thing of every statement. It says who acts, for the row policies and for the
-- record, in settings that end with the transaction. Each of the three ways in writes every setting,
-- because several statements may share a transaction. All of it is plpgsql, which keeps its plans for
-- the connection: functions in plain SQL would be planned anew in every statement.
--   jb.context 'person' | 'public' | 'system'    jb.person  jb.unit  jb.roles  jb.recommender
--   jb.session 'session' | 'token'  jb.session_id  jb.scopes  jb.reauth (epoch)  jb.rid  jb.ip
create or replace function auth.set_context(
  p_context text, p_req jsonb, p_person uuid default null, p_unit uuid default null,
  p_roles text[] default '{}', p_recommender uuid default null, p_session text default null,
  p_session_id uuid default null, p_scopes text[] default '{}', p_reauth timestamptz default null)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('jb.context', p_context, true),
          set_config('jb.person', coalesce(p_person::text, ''), true),
          set_config('jb.unit', coalesce(p_unit::text, ''), true),
          set_config('jb.roles', coalesce(array_to_string(p_roles, ','), ''), true),
          set_config('jb.recommender', coalesce(p_recommender::text, ''), true),
          set_config('jb.session', coalesce(p_session, ''), true),
          set_config('jb.session_id', coalesce(p_session_id::text, ''), true),
          set_config('jb.scopes', coalesce(array_to_string(p_scopes, ','), ''), true),
          set_config('jb.reauth', coalesce(extract(epoch from p_reauth)::text, ''), true),
          set_config('jb.rid', coalesce(p_req ->> 'rid', ''), true),
          set_config('jb.ip', coalesce(p_req ->> 'ip', ''), true);
end;
$$;

-- Anybody: what is public.
create or replace function auth.enter_public(p_req jsonb default '{}') returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.set_context('public', p_req);
end;
$$;

-- The service itself: timers, the outbox, operators. p_why is kept as the request id.
create or replace function auth.enter_system(p_why text) returns void
language sql security definer set search_path = '' as
$$ select auth.set_context('system', jsonb_build_object('rid', p_why)) $$;

-- Who holds this session or API token, and may it still? Refuses 401 session_missing,
-- session_expired (unknown, ended, idle for 30 minutes), account_disabled. Unless p_lax, also
-- 403 second_factor_needed (S11) and password_expired (S15, profile gb): such a person may look at
-- the own session, put it right, and do nothing else. Where the route is for certain roles they stand
-- in p_req: 403 role_missing for whoever has none of them, before anything is looked at (S18).
create or replace function auth.enter_as(p_session bytea, p_req jsonb, p_lax boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v record;
begin
  perform set_config('jb.context', 'system', true);  -- to look; replaced below, or gone with the refusal
  if p_session is null then
    perform workflow.refuse(401, 'session_missing');
  end if;
  select * into v from auth.holder(p_session);
  if not found or v.ended then
    perform workflow.refuse(401, 'session_expired');
  elsif v.account_state <> 'active' then
    perform workflow.refuse(401, 'account_disabled');
  end if;
  if v.stale then
    perform auth.touch(v.kind, p_session);
  end if;
  if not p_lax then
    if v.roles && auth.guarded_roles() and not auth.second_factor_done(v.account) then
      perform workflow.refuse(403, 'second_factor_needed');
    elsif auth.password_too_old(v.changed_at) then
      perform workflow.refuse(403, 'password_expired');
    end if;
  end if;
  if not (p_req -> 'roles') operator(pg_catalog.?|) v.roles then
    perform workflow.refuse(403, 'role_missing', jsonb_build_object('roles', p_req -> 'roles'));
  end if;
  perform auth.set_context('person', p_req, v.account, v.unit, v.roles,
    case when 'county' = any (v.roles) then (select r.id from party.recommender r where r.unit = v.unit limit 1) end,
    v.kind, v.id, v.scopes, v.reauth_at);
end;
$$;

-- The first line of every read by session. A token needs the scope for it: 403 scope_missing.
create or replace function auth.enter(p_session bytea, p_req jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, false);
  perform auth.require_scope('read');
end;
$$;

-- The roles that need a second factor.
create or replace function auth.guarded_roles() returns text[]
language sql immutable security definer set search_path = '' as
$$ select array['officer', 'leader', 'city', 'expert', 'sysadmin', 'secadmin', 'auditor'] $$;

-- Confirmed, or not asked for: sample cities switch it off (meta.setting totp_required = false).
create or replace function auth.second_factor_done(p_account uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from auth.totp t where t.account = p_account and t.confirmed_at is not null)
      or exists (select from meta.setting s where s.name = 'totp_required' and s.value = 'false');
end;
$$;

-- Profile gb (等保三级 身份鉴别) wants a new password every 90 days; profile asvs forbids asking.
create or replace function auth.password_too_old(p_changed timestamptz) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return p_changed < now() - interval '90 days'
     and exists (select from meta.setting s where s.name = 'password_profile' and s.value = '"gb"');
end;
$$;

-- The row behind a hash: sessions first, then API tokens. Idle 30 minutes, 12 hours in all (ends_at).
-- A membership that is not active lends no unit and no roles.
create or replace function auth.holder(p_hash bytea)
returns table (kind text, id uuid, account uuid, account_state text, changed_at timestamptz, unit uuid,
               roles text[], scopes text[], reauth_at timestamptz, ended boolean, stale boolean)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select h.kind, h.id, a.id, a.state, a.changed_at, m.unit, coalesce(m.roles, '{}'), h.scopes, h.reauth_at,
         h.ended, h.stale
    from (select 'session' as kind, s.id, s.account, s.membership, array['read', 'write'] as scopes, s.reauth_at,
                 s.ends_at <= now() or s.seen_at <= now() - interval '30 minutes' as ended,
                 s.seen_at <= now() - interval '1 minute' as stale
            from auth.session s where s.hash = p_hash
          union all
          select 'token', t.id, t.account, t.membership, t.scopes, null,
                 t.ends_at <= now() or t.revoked_at is not null,
                 t.seen_at is null or t.seen_at <= now() - interval '1 minute'
            from auth.token t where t.hash = p_hash) h
    join auth.account a on a.id = h.account
    left join party.membership m on m.id = h.membership and m.person = a.id and m.state = 'active';
end;
$$;

-- Seen now. Whoever finds the row locked leaves it: another request of the same browser does it.
create or replace function auth.touch(p_kind text, p_hash bytea) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_kind = 'session' then
    update auth.session set seen_at = now()
     where hash = (select s.hash from auth.session s where s.hash = p_hash for update skip locked);
  else
    update auth.token set seen_at = now()
     where hash = (select t.hash from auth.token t where t.hash = p_hash for update skip locked);
  end if;
end;
$$;
