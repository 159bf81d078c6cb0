-- The record of all steps, for those who audit and those who run the procedure: GET /audit. What is not
-- theirs to see yet (a draft, who hands in a sealed claim) is not in it.

-- The conditions of a query on workflow.history h, over $1 (the query).
create or replace function core.history_where(p_query jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat_ws(' and ', 'true',
    case when p_query ->> 'machine' is not null then $q$h.machine = $1 ->> 'machine'$q$ end,
    case when p_query ->> 'event' is not null then $q$h.event = $1 ->> 'event'$q$ end,
    case when p_query ->> 'item' is not null then $q$h.item = ($1 ->> 'item')::uuid$q$ end,
    case when p_query ->> 'person' is not null then $q$h.actor = ($1 ->> 'person')::uuid$q$ end,
    case when p_query ->> 'from' is not null then $q$h.at >= (($1 ->> 'from')::date)::timestamp at time zone 'Asia/Shanghai'$q$ end,
    case when p_query ->> 'until' is not null then $q$h.at < (($1 ->> 'until')::date + 1)::timestamp at time zone 'Asia/Shanghai'$q$ end,
    case when p_query ->> 'before' is not null then
      $q$(h.at, h.seq) < (select b.at, b.seq from workflow.history b where b.seq = ($1 ->> 'before')::bigint)$q$ end)
$$;

-- A state by its names, or null.
create or replace function core.state_words(p_machine text, p_state text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en)
    from workflow.state s where s.machine = p_machine and s.state = p_state
$$;

-- A row of the record. Who hands in a claim is not said before it is opened.
create or replace function core.history_line(p_row workflow.history) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('seq', p_row.seq, 'at', p_row.at, 'machine', p_row.machine,
           'kind', (select jsonb_build_object('zh', m.title_zh, 'en', m.title_en) from workflow.machine m where m.name = p_row.machine),
           'item', jsonb_build_object('id', i.id, 'title', i.title, 'parent', i.parent), 'event', p_row.event,
           'label', jsonb_build_object(
             'zh', coalesce(e.label_zh, case p_row.event when 'edit' then '修改' when 'invite' then '增补成员' else '创建' end),
             'en', coalesce(e.label_en, case p_row.event when 'edit' then 'changed' when 'invite' then 'members added' else 'created' end)),
           'from', core.state_words(p_row.machine, p_row.from_state), 'to', core.state_words(p_row.machine, p_row.to_state),
           'version', p_row.version, 'role', p_row.role, 'reason', p_row.reason, 'withheld', k.withheld,
           'person', case when not k.withheld and p_row.actor is not null then
             jsonb_build_object('id', p_row.actor, 'name', (select p.name from party.person p where p.id = p_row.actor)) end,
           'unit', case when not k.withheld then (select u.name from party.unit u where u.id = p_row.unit) end)
    from workflow.item i left join workflow.event e on e.machine = p_row.machine and e.event = p_row.event
    cross join lateral (select p_row.machine = 'claim' and exists (
      select from core.claim c where c.id = p_row.item and c.opened_at is null and c.sealed is not null)) k (withheld)
   where i.id = p_row.item
$$;

-- GET /audit?machine=&event=&item=&person=&from=&until=&before=&size=, newest first: {"items", "next"
-- (of `before`), "machines" (the kinds of things that there are)}.
create or replace function api.audit(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_size  int := coalesce((v_query ->> 'size')::int, 50);
  v_items jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  if v_query ->> 'person' is not null and not auth.has('auditor') then
    -- a person's day is the auditor's business, and one's own
    perform workflow.refuse_fields(case when (v_query ->> 'person')::uuid = auth.me() then '[]'
                                        else jsonb_build_array(workflow.bad('person', 'not_known')) end);
  end if;
  execute format($q$select jsonb_agg(core.history_line(t) order by t.at desc, t.seq desc) from (
                      select h.* from workflow.history h where %s order by h.at desc, h.seq desc limit %s) t$q$,
                 core.history_where(v_query), v_size) into v_items using v_query;
  return row(200, json_build_object('items', coalesce(v_items, '[]'),
    'next', case when jsonb_array_length(v_items) = v_size then v_items #> array[(v_size - 1)::text, 'seq'] end,
    'machines', (select json_agg(json_build_object('code', m.name, 'title', json_build_object('zh', m.title_zh, 'en', m.title_en)) order by m.title_zh)
                   from workflow.machine m)), null, null)::api.answer;
end;
$$;
