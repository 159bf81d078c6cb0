-- What every page shows around its document: whose service it is, who is signed in.

-- The frame of a page. A session that is over is nobody: public pages stay readable with it. `me` is
-- the session document with, for templates, `role` ({"officer": true, ...}), `any` (bureau, admin),
-- `factor` (the second factor is on), `fresh` (the password was given minutes ago) and the number of unread
-- messages (at most 1000).
create or replace function api.page_frame(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();  -- to look whether the session lives
  v_me     jsonb;
begin
  if p_session is not null and exists (select from auth.holder(p_session) h where not h.ended and h.account_state = 'active') then
    perform auth.enter_as(p_session, p_req - 'roles', true);
    v_me := auth.session_document();
    v_me := v_me || jsonb_build_object(
      'name', v_me -> 'person' -> 'name', 'person', v_me -> 'person' -> 'name', 'person_id', v_me -> 'person' -> 'id',
      'factor', v_me -> 'second_factor',
      'fresh', coalesce((v_me ->> 'reauth_until')::timestamptz > now() + interval '1 minute', false),
      'role', (select coalesce(jsonb_object_agg(r, true), '{}') from unnest(auth.my_roles()) r where r <> ''),
      'any', jsonb_build_object('bureau', auth.my_roles() && array['officer', 'leader'],
                                'admin', auth.my_roles() && array['sysadmin', 'secadmin', 'auditor']),
      'unread', workflow.unread(auth.me()));
  else
    perform workflow.back_to(v_before);
    perform workflow.as_reader();
  end if;
  return row(200, json_build_object('me', v_me, 'site', json_build_object(
    'service', json_build_object('zh', '揭榜挂帅服务平台', 'en', 'Jiebang: open challenges and who takes them up'),
    'bureau', core.bureau_name(), 'today', workflow.today(),
    'sample', jsonb_build_object('flag', core.is_sample()) || case when core.is_sample() then core.banner() else '{}' end,
    'now', workflow.now())), null, null)::api.answer;
end;
$$;

-- The words for all codes, for pages: {list: {code: {zh, en}}}, current editions.
create or replace function api.page_codes() returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform workflow.as_reader();
  return row(200, (select json_object_agg(l.list, l.names) from (
    select l.list, (select coalesce(json_object_agg(c.code, json_build_object('zh', c.name_zh, 'en', coalesce(c.name_en, c.name_zh))), '{}')
                      from ref.code c where c.list = l.list and c.edition = l.edition) as names
      from ref.code_list l where l.current) l), null, null)::api.answer;
end;
$$;
