-- The record, for the auditor: what happened to accounts, roles and units, newest first.
-- query: kind, account, object, before (seq of the last one seen), size. A try to sign in that no sign-in of the
-- same request followed is shown as sign_in_failed.
create or replace function api.events_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_size  int := coalesce((v_query ->> 'size')::int, 50);
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('auditor');
  return row(200, (
    with shown as (
      select e.* from auth.event e
       where e.seq < coalesce((v_query ->> 'before')::bigint, 9223372036854775807)
         and (v_query ->> 'kind' is null or e.kind = v_query ->> 'kind')
         and (v_query ->> 'account' is null or e.account = (v_query ->> 'account')::uuid)
         and (v_query ->> 'object' is null or e.object = (v_query ->> 'object')::uuid)
       order by e.seq desc limit v_size)
    select json_build_object('items', coalesce(json_agg(json_build_object(
             'seq', s.seq, 'kind', case when s.kind = 'sign_in_try' and not exists (
                 select from auth.event f where f.rid = s.rid and f.account = s.account and f.kind in ('sign_in', 'reauth', 'password_changed')
                    and f.seq > s.seq) then 'sign_in_failed' else s.kind end,
             'at', s.at, 'actor', s.actor, 'actor_name', a.name, 'account', s.account, 'account_name', p.name,
             'object', s.object, 'object_name', u.name, 'data', s.data, 'session', s.session, 'ip', s.ip, 'rid', s.rid) order by s.seq desc), '[]'),
             'next', case when count(*) = v_size then min(s.seq) end)
      from shown s left join party.person a on a.id = s.actor left join party.person p on p.id = s.account
        left join party.unit u on u.id = s.object), null, null)::api.answer;
end;
$$;

-- The own profile. PUT body: {"name","phone","email","title"}
create or replace function api.account_get(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, true);
  return row(200, api.user_document(auth.me())::json, null, null)::api.answer;
end;
$$;

create or replace function api.account_put(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := auth.begin_own(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  update party.person set name = p_body ->> 'name', phone = p_body ->> 'phone', email = p_body ->> 'email', title = p_body ->> 'title'
   where id = auth.me();
  perform auth.log('profile_changed', auth.me());
  return workflow.done(p_req, 200, api.user_document(auth.me())::json);
end;
$$;

-- Whether what is told in the inbox also goes out by mail. body: {"mail"}. Refuses 409 email_missing.
create or replace function api.notifications_put(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_me   uuid;
  v_mail boolean := (p_body ->> 'mail')::boolean;
begin
  v := auth.begin_own(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  v_me := auth.me();
  if v_mail and auth.person_contact(v_me) ->> 'email' is null then
    perform workflow.refuse(409, 'email_missing');
  end if;
  update auth.account set mail = v_mail where id = v_me;
  perform auth.log('notifications_changed', v_me, null, jsonb_build_object('mail', v_mail));
  return workflow.done(p_req, 200, api.user_document(v_me)::json);
end;
$$;
