-- Accounts, by the system administrator; read also by the security administrator and the auditor.

-- {"id","login","name","title","phone","email","mail"(notices also by mail),"state","state_reason","second_factor",
--  "second_factor_reset"(asked for, to be decided),"locked_until","memberships":[...],"sessions","last_sign_in","created_at","version"}
create or replace function api.user_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', a.id, 'login', a.login, 'name', p.name, 'title', p.title,
           'state', a.state, 'state_reason', a.state_reason, 'password_set', a.hash is not null,
           'created_at', a.created_at, 'version', a.version,
           'memberships', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'unit', jsonb_build_object('id', u.id, 'name', u.name),
                                    'roles', to_jsonb(m.roles), 'state', m.state) order by m.since, m.id), '[]')
                             from party.membership m join party.unit u on u.id = m.unit
                            where m.person = a.id and m.state <> 'ended'))
         || auth.person_contact(a.id) || auth.account_facts(a.id) || jsonb_build_object('mail', a.mail)
    from auth.account a join party.person p on p.id = a.id
   where a.id = p_id
$$;

-- What an administrator may know about an account that its policies show to nobody else.
create or replace function auth.account_facts(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_ret     jsonb;
begin
  v_ret := (
  select jsonb_build_object(
    'second_factor', auth.has_second_factor(p_id),
    'second_factor_reset', (select jsonb_build_object('asked_by', p.name, 'asked_at', f.asked_at)
                              from auth.open_factor_reset(p_id) f join party.person p on p.id = f.asked_by),
    'locked_until', (select t.locked_until from auth.attempt t join auth.account a on t.key = auth.login_key(a.login)
                      where a.id = p_id and t.kind = 'login' and t.locked_until > now()),
    'sessions', (select count(*) from auth.session s where s.account = p_id and s.ends_at > now()
                    and s.seen_at > now() - interval '30 minutes'),
    'last_sign_in', (select max(e.at) from auth.event e where e.account = p_id and e.kind = 'sign_in')));
  perform workflow.back_to(v_context);
  return v_ret;
end;
$$;

create or replace function api.user_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('sysadmin', 'secadmin', 'auditor');
  v_doc := api.user_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- Accounts with this in their login or in their holder's name; ten thousand at most. Asked first and
-- alone, so that each part takes its index.
create or replace function auth.named(p_q text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_like text := auth.like(p_q);
begin
  return array(select a.id from auth.account a where a.login ilike v_like
               union select p.id from party.person p where p.name ilike v_like limit 10000);
end;
$$;

-- Newest first; q: in login or name; state: active, disabled. Pages of query.size.
create or replace function api.users_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page  record;
  v_q     text := p_req -> 'query' ->> 'q';
  v_state text := p_req -> 'query' ->> 'state';
  v_named uuid[];
  v_from  text;
  v_ids   uuid[];
  v_count int;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('sysadmin', 'secadmin', 'auditor');
  if v_q is not null then
    v_named := auth.named(v_q);
  end if;
  v_page := auth.page(p_req);
  v_from := 'select a.id from auth.account a where '
    || concat_ws(' and ', case when v_q is not null then 'a.id = any ($1)' end, case when v_state is not null then 'a.state = $2' end, 'true')
    || ' order by a.created_at desc, a.id limit ';
  execute format('select array(%1$s %2$s offset %3$s), (select count(*) from (%1$s 1000) c)', v_from, v_page.size, v_page.skip)
     into v_ids, v_count using v_named, v_state;
  return row(200, (
    select json_build_object('items', coalesce(json_agg(json_build_object('id', a.id, 'login', a.login, 'name', p.name, 'state', a.state,
                               'created_at', a.created_at, 'memberships', (
                                 select coalesce(json_agg(json_build_object('unit', u.name, 'roles', m.roles) order by m.since, m.id), '[]')
                                   from party.membership m join party.unit u on u.id = m.unit
                                  where m.person = a.id and m.state = 'active')) order by x.n), '[]'),
             'page', v_page.page, 'size', v_page.size, 'total', v_count)
      from unnest(v_ids) with ordinality x (id, n) join auth.account a on a.id = x.id join party.person p on p.id = x.id),
    null, null)::api.answer;
end;
$$;

-- A pattern for "contains", with the signs of LIKE taken literally.
create or replace function auth.like(p_text text) returns text
language sql immutable security definer set search_path = '' as
$$ select '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%' $$;

-- body: {"login","name","phone","email","title","unit"}. The account has no password yet: the
-- one-time token in the answer (p_random, shown once, good for a day) lets its holder set it.
create or replace function api.user_create(p_session bytea, p_req jsonb, p_body jsonb, p_random text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v    api.answer;
  v_id uuid;
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin');
  if v.status is not null then
    return v;
  end if;
  if not exists (select from party.unit where id = (p_body ->> 'unit')::uuid) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('unit', 'not_known')));
  end if;
  v_id := auth.make_user(p_body);
  perform auth.log('account_created', v_id, (p_body ->> 'unit')::uuid);
  perform auth.give_one_time(v_id, p_random);
  v := workflow.done(p_req, 201, api.user_document(v_id)::json, 1, '/users/' || v_id);
  v.body := (api.user_document(v_id) || jsonb_build_object('one_time_token', p_random))::json;
  return v;
end;
$$;

create or replace function auth.make_user(p_body jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_id uuid := auth.new_account(p_body, null, auth.me());
begin
  insert into party.membership (person, unit) values (v_id, (p_body ->> 'unit')::uuid);
  perform workflow.back_to(v_context);
  return v_id;
end;
$$;

-- A set-your-password token; earlier ones are void.
create or replace function auth.give_one_time(p_account uuid, p_random text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  delete from auth.one_time where account = p_account and used_at is null;
  insert into auth.one_time (hash, kind, account, created_by, ends_at)
  values (sha256(decode(p_random, 'hex')), 'password', p_account, auth.me(), now() + interval '1 day');
  perform workflow.back_to(v_context);
end;
$$;

-- The account another administrator may work on: there, and not the own.
create or replace function auth.lock_account(p_id uuid) returns auth.account
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_row auth.account;
begin
  select * into v_row from auth.account where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif p_id = auth.me() then
    perform workflow.refuse(409, 'not_yourself');
  end if;
  perform workflow.back_to(v_context);
  return v_row;
end;
$$;

create or replace function auth.set_account_state(p_id uuid, p_state text, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  update auth.account set state = p_state, state_reason = p_reason, version = version + 1 where id = p_id;
  perform workflow.back_to(v_context);
end;
$$;

-- Disabled: nothing of the account works from this commit on. body: {"reason"}
create or replace function api.user_disable(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin', 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.lock_account(p_id);
  perform auth.set_account_state(p_id, 'disabled', p_body ->> 'reason');
  perform auth.end_sessions(p_id);
  perform auth.log('account_disabled', p_id, null, jsonb_build_object('reason', p_body ->> 'reason'));
  return workflow.done(p_req, 200, api.user_document(p_id)::json);
end;
$$;

create or replace function api.user_enable(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin', 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.lock_account(p_id);
  perform auth.set_account_state(p_id, 'active', null);
  perform auth.log('account_enabled', p_id);
  return workflow.done(p_req, 200, api.user_document(p_id)::json);
end;
$$;

-- Lifts the lock of ten failures before its time.
create or replace function api.user_unlock(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin', 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.lock_account(p_id);
  perform auth.unlock(p_id);
  perform auth.log('unlock', p_id, null, '{"why": "administrator"}');
  return workflow.done(p_req, 200, api.user_document(p_id)::json);
end;
$$;

create or replace function auth.unlock(p_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  delete from auth.attempt where kind = 'login' and key = auth.login_key((select login from auth.account where id = p_id));
  perform workflow.back_to(v_context);
end;
$$;

-- Gives a set-your-password token; the password and the sessions of now end at once. For a lost second
-- factor (body: {"second_factor": true}) this only asks: both together would be the whole account in
-- the hands of one administrator, so another one decides (api.second_factor_reset).
create or replace function api.user_password_reset(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb, p_random text)
returns api.answer language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_admin(p_session, p_req, 'sysadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform auth.lock_account(p_id);
  perform auth.clear_password(p_id);
  perform auth.give_one_time(p_id, p_random);
  perform auth.end_sessions(p_id);
  perform auth.log('password_reset', p_id, null, coalesce(p_body, '{}'));
  if (p_body ->> 'second_factor')::boolean then
    perform auth.ask_factor_reset(p_id);
  end if;
  v := workflow.done(p_req, 201, api.user_document(p_id)::json);
  v.body := (api.user_document(p_id) || jsonb_build_object('one_time_token', p_random))::json;
  return v;
end;
$$;

create or replace function auth.clear_password(p_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  update auth.account set hash = null, version = version + 1 where id = p_id;
  perform workflow.back_to(v_context);
end;
$$;

-- Where there is no second factor there is nothing to ask.
create or replace function auth.ask_factor_reset(p_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  if auth.has_second_factor(p_id) then
    insert into auth.factor_reset (account, asked_by) values (p_id, auth.me())
    on conflict (account) do update set asked_by = excluded.asked_by, asked_at = excluded.asked_at;
    perform auth.log('second_factor_reset_asked', p_id);
  end if;
  perform workflow.back_to(v_context);
end;
$$;

-- The question that stands open for an account; after a week it is void.
create or replace function auth.open_factor_reset(p_id uuid) returns auth.factor_reset
language sql stable security definer set search_path = '' as
$$ select f from auth.factor_reset f where f.account = p_id and f.asked_at > now() - interval '7 days' $$;

-- POST /users/{id}/second-factor-reset {decision: granted|refused, note}: by a security administrator
-- who is neither the one who asked nor the one it is about (S22). Granted, the second factor is off, to
-- be enrolled anew. Refuses 409 factor_reset_not_asked, four_eyes, not_yourself.
create or replace function api.second_factor_reset(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_open auth.factor_reset;
begin
  v := auth.begin_admin(p_session, p_req, 'secadmin');
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform auth.lock_account(p_id);
  v_open := auth.open_factor_reset(p_id);
  if v_open.account is null then
    perform workflow.refuse(409, 'factor_reset_not_asked');
  elsif v_open.asked_by = auth.me() then
    perform workflow.refuse(409, 'four_eyes');
  end if;
  perform auth.end_factor_reset(p_id, p_body ->> 'decision' = 'granted');
  perform auth.log('second_factor_reset_' || (p_body ->> 'decision'), p_id, null,
                   jsonb_strip_nulls(jsonb_build_object('asked_by', v_open.asked_by, 'note', p_body -> 'note')));
  return workflow.done(p_req, 200, api.user_document(p_id)::json);
end;
$$;

create or replace function auth.end_factor_reset(p_id uuid, p_granted boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  delete from auth.factor_reset where account = p_id;
  if p_granted then
    delete from auth.totp where account = p_id;
    delete from auth.recovery_code where account = p_id;
    update auth.account set version = version + 1 where id = p_id;
    perform auth.end_sessions(p_id);
  end if;
  perform workflow.back_to(v_context);
end;
$$;
