-- What stands in front of everything: whose service this is, whether its data are samples, what is open.

-- The bureau: the setting `bureau`, or the unit of its administrators.
create or replace function core.bureau_name() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_before text;
  v_name   text := (select value ->> 0 from meta.setting where name = 'bureau');
begin
  if v_name is null then
    v_before := workflow.as_system();
    select u.name into v_name
      from party.membership m join party.unit u on u.id = m.unit
     where m.state = 'active' and m.roles && array['sysadmin', 'secadmin', 'auditor'] and u.kind = 'government'
     order by m.since, m.id limit 1;
    perform workflow.back_to(v_before);
  end if;
  return v_name;
end;
$$;

-- How many challenges may be claimed (at most a thousand are counted), how many of them not much
-- longer, and how many programmes take needs now.
create or replace function core.front_counts() returns jsonb
language sql stable security definer set search_path = '' as $$
  with open as materialized (
    select o.until from (select (f.face ->> 'claim_until')::timestamptz as until from core.face f
                          where f.public and f.state in ('open', 'interested') order by f.at desc limit 1000) o
     where o.until > workflow.now())
  select jsonb_build_object(
    'open_items', (select count(*) from open),
    'closing_soon', (select count(*) from open where until <= workflow.now() + interval '7 days'),
    'open_programmes', (select count(distinct b.programme)
       from workflow.item i join core.batch b on b.id = i.id
      where i.machine = 'batch' and i.state = 'soliciting' and i.public
        and (b.solicit_from is null or workflow.now() >= b.solicit_from)
        and (b.solicit_until is null or workflow.now() < b.solicit_until)))
$$;

-- GET /: the front document, the same for everybody.
create or replace function api.front() returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform workflow.as_reader();
  return row(200, json_build_object(
    'service', json_build_object('zh', '揭榜挂帅服务平台', 'en', 'Jiebang: open challenges and who takes them up'),
    'bureau', core.bureau_name(),
    'sample', jsonb_build_object('flag', core.is_sample()) || case when core.is_sample() then core.banner() else '{}' end,
    'counts', core.front_counts(), 'at', workflow.now(),
    'links', (select json_agg(json_build_object('rel', l.rel, 'href', l.href, 'label', json_build_object('zh', l.zh, 'en', l.en)))
                from (values ('items', '/items', '榜单项', 'challenges'), ('lists', '/lists', '榜单', 'lists'),
                             ('programmes', '/programmes', '项目计划', 'programmes'), ('batches', '/batches', '征集批次', 'solicitations'),
                             ('notices', '/notices', '公示', 'public notices'), ('projects', '/projects', '立项项目', 'projects'),
                             ('session', '/session', '登录', 'sign in')) l (rel, href, zh, en))), null, null)::api.answer;
end;
$$;
