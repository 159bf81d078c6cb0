-- Service clocks and the late list (办理时限与逾期): what waits at each stage now, whose turn it is, how
-- long it usually takes; and what is past its time. A case that is not public is only counted.

-- What waits for somebody, by stage: the stages that an event with a route and a role leaves.
create or replace function core.clocks_stages() returns jsonb
language sql stable security definer set search_path = '' as $$
  with turn as (
    select t.machine, t.from_state as state, array_agg(distinct t.role order by t.role) as roles
      from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
     where e.route is not null and not e.optional and t.role <> 'system'
     group by 1, 2),
  now as (
    select i.machine, i.state, count(*) as waiting, count(*) filter (where i.due < workflow.now()) as late,
           max(extract(epoch from workflow.now() - i.since)) as longest
      from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where i.machine in ('need', 'list_item', 'notice', 'objection', 'contract', 'project') and not s.final and i.state <> 'draft'
     group by 1, 2)
  select coalesce(jsonb_agg(jsonb_build_object('machine', n.machine,
           'state', jsonb_build_object('code', n.state, 'zh', s.label_zh, 'en', s.label_en), 'roles', to_jsonb(t.roles),
           'waiting', n.waiting, 'late', n.late, 'longest_days', round((n.longest / 86400)::numeric, 1)) order by n.machine desc, s.ordinal), '[]')
    from now n join turn t on t.machine = n.machine and t.state = n.state join workflow.state s on s.machine = n.machine and s.state = n.state
$$;

-- What is public and past its time, longest first; at most a hundred.
create or replace function core.clocks_late() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'machine', i.machine, 'title', i.title,
           'number', (select l.number from core.list_item l where l.id = i.id),
           'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en),
           'due', i.due, 'days', floor(extract(epoch from workflow.now() - i.due) / 86400)) order by i.due, i.id), '[]')
    from (select * from workflow.item x where x.machine in ('list_item', 'notice', 'project') and x.public and x.due < workflow.now()
             and not exists (select from workflow.state f where f.machine = x.machine and f.state = x.state and f.final)
           order by x.due, x.id limit 100) i
    join workflow.state s on s.machine = i.machine and s.state = i.state
$$;

create or replace function core.clocks() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_stages jsonb := core.clocks_stages();
  v_late   jsonb := core.clocks_late();
  v_doc    jsonb;
begin
  v_doc := jsonb_build_object('at', workflow.now(), 'stages', v_stages, 'late', v_late,
    'waiting_total', (select coalesce(sum((s ->> 'waiting')::int), 0) from jsonb_array_elements(v_stages) s),
    'late_total', (select coalesce(sum((s ->> 'late')::int), 0) from jsonb_array_elements(v_stages) s),
    'times', core.kept_summary('statistics') -> 'times');
  perform workflow.back_to(v_before);
  return v_doc;
end;
$$;

-- GET /clocks
create or replace function api.clocks() returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform workflow.as_reader();
  return row(200, core.kept_summary('clocks')::json, null, null)::api.answer;
end;
$$;
