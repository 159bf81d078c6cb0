-- The whole in numbers, for everybody (统计): sums over all, of what is not public too, but never a
-- name and never one case. The worker reckons them anew every five minutes.

-- How far needs and challenges have come: how many ever reached each step.
create or replace function core.statistics_funnel() returns jsonb
language sql stable security definer set search_path = '' as $$
  with reached as (
    select h.machine, h.to_state as state, count(distinct case h.machine when 'claim' then i.parent else h.item end) as n
      from workflow.history h join workflow.item i on i.id = h.item
     where (h.machine, h.to_state) in (('need', 'submitted'), ('need', 'recommended'), ('need', 'pooled'), ('need', 'arguing'),
             ('need', 'approved'), ('claim', 'submitted'), ('list_item', 'chosen'), ('list_item', 'approved'), ('list_item', 'noticing'),
             ('list_item', 'signed'), ('list_item', 'started'))
     group by 1, 2),
  step (n, code, machine, state, zh, en) as (values
    (1, 'submitted', 'need', 'submitted', '提交需求', 'needs submitted'),
    (2, 'recommended', 'need', 'recommended', '推荐', 'recommended'),
    (3, 'pooled', 'need', 'pooled', '受理入库', 'accepted'),
    (4, 'argued', 'need', 'arguing', '专家论证', 'argued by experts'),
    (5, 'approved', 'need', 'approved', '审定', 'approved by the bureau'),
    (6, 'published', 'list_item', null, '发榜', 'published as challenges'),
    (7, 'claimed', 'claim', 'submitted', '有人揭榜', 'claimed'),
    (8, 'chosen', 'list_item', 'chosen', '择优', 'claimant chosen'),
    (9, 'noticed', 'list_item', 'noticing', '公示', 'made public'),
    (10, 'signed', 'list_item', 'signed', '签约', 'under contract'),
    (11, 'started', 'list_item', 'started', '启动', 'started'))
  select jsonb_agg(jsonb_build_object('code', s.code, 'label', jsonb_build_object('zh', s.zh, 'en', s.en), 'n',
           case when s.state is null then (select count(*) from workflow.item i where i.machine = 'list_item' and i.public)
                else coalesce(r.n, 0) end) order by s.n)
    from step s left join reached r on r.machine = s.machine and r.state = s.state
$$;

-- Published challenges by one of their columns: how many, their budgets, how many under contract.
create or replace function core.statistics_by(p_column text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_rows jsonb;
begin
  execute format($q$
    select jsonb_agg(jsonb_build_object('code', g.code, 'n', g.n, 'open', g.open, 'signed', g.signed,
             'budget_wan', core.to_wan(g.fen)) order by g.n desc, g.code)
      from (select f.%1$I as code, count(*) as n, count(*) filter (where f.state in ('open', 'interested')) as open,
                   count(*) filter (where f.state in ('signed', 'started')) as signed, coalesce(sum(l.budget_fen), 0)::bigint as fen
              from core.face f join core.list_item l on l.id = f.item where f.public group by f.%1$I) g$q$, p_column) into v_rows;
  return coalesce(v_rows, '[]');
end;
$$;

-- How long needs and challenges stood at each stage before they went on, in days: median, and what
-- nine of ten kept to.
create or replace function core.statistics_times() returns jsonb
language sql stable security definer set search_path = '' as $$
  with stay as (
    select h.machine, h.to_state as state, lead(h.at) over (partition by h.item order by h.version) - h.at as took
      from workflow.history h
     where h.machine in ('need', 'list_item') and h.from_state is distinct from h.to_state),
  sum as (
    select machine, state, count(*) as n,
           percentile_cont(0.5) within group (order by extract(epoch from took)) as half,
           percentile_cont(0.9) within group (order by extract(epoch from took)) as most
      from stay where took is not null group by 1, 2)
  select coalesce(jsonb_agg(jsonb_build_object('machine', s.machine, 'state', jsonb_build_object('code', s.state, 'zh', t.label_zh, 'en', t.label_en),
           'n', s.n, 'median_days', round((s.half / 86400)::numeric, 1), 'most_days', round((s.most / 86400)::numeric, 1))
           order by s.machine desc, t.ordinal), '[]')
    from sum s join workflow.state t on t.machine = s.machine and t.state = s.state
   where s.state <> 'draft'
$$;

create or replace function core.statistics() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_doc    jsonb;
begin
  v_doc := jsonb_build_object('at', workflow.now(), 'funnel', core.statistics_funnel(), 'states', core.statistics_by('state'),
    'industries', core.statistics_by('industry'), 'divisions', core.statistics_by('division'), 'times', core.statistics_times(),
    'total', (select jsonb_build_object('n', count(*), 'budget_wan', core.to_wan(coalesce(sum(l.budget_fen), 0)::bigint))
                from core.face f join core.list_item l on l.id = f.item where f.public));
  perform workflow.back_to(v_before);
  return v_doc;
end;
$$;

create or replace function core.reckon_summary(p_name text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_doc    jsonb := case p_name when 'statistics' then core.statistics() when 'clocks' then core.clocks() end;
begin
  insert into core.summary (name, at, doc) values (p_name, clock_timestamp(), v_doc)
  on conflict (name) do update set at = excluded.at, doc = excluded.doc;
  perform pg_notify('public_changed', p_name);
  perform workflow.back_to(v_before);
  return v_doc;
end;
$$;

-- For the worker, as often as it likes: so that no reader waits for a walk over the whole record.
create or replace function core.keep_summaries() returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_name   text;
begin
  foreach v_name in array array['statistics', 'clocks'] loop
    if not exists (select from core.summary s where s.name = v_name and s.at > clock_timestamp() - interval '5 minutes') then
      perform core.reckon_summary(v_name);
    end if;
  end loop;
  perform workflow.back_to(v_before);
end;
$$;

-- What was reckoned last. Where no worker has done it for long, whoever asks does; one at a time.
create or replace function core.kept_summary(p_name text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.summary;
begin
  select * into v_row from core.summary where name = p_name;
  if v_row.name is not null and (v_row.at > clock_timestamp() - interval '1 hour'
       or not pg_try_advisory_xact_lock(hashtext('summary ' || p_name))) then
    return v_row.doc;
  end if;
  return core.reckon_summary(p_name);
end;
$$;

-- GET /statistics
create or replace function api.statistics() returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform workflow.as_reader();
  return row(200, core.kept_summary('statistics')::json, null, null)::api.answer;
end;
$$;
