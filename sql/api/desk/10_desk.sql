-- GET /desk: what waits for me, soonest due first, and what of mine is under way. A case waits for
-- somebody when an event is open to the role and it is not one of those that may be taken at any time
-- (workflow.event.optional).

-- The (machine, state) pairs in which something waits for one of these roles.
create or replace function core.waiting_pairs(p_roles text[]) returns table (machine text, state text)
language sql stable security definer set search_path = '' as $$
  select distinct t.machine, t.from_state
    from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
   where e.route is not null and not e.optional and t.role = any (p_roles)
$$;

-- Candidates, each way by its own index and soonest due first: for a role of the session, for a county,
-- for a unit.
create or replace function core.desk_candidates(p_limit int) returns setof uuid
language sql stable security definer set search_path = '' as $$
  (select x.id from core.waiting_pairs(array(select r from unnest(auth.my_roles()) r where r in ('officer', 'leader', 'city', 'broker'))) w
    cross join lateral (select i.id from workflow.item i where i.machine = w.machine and i.state = w.state
                         order by i.due nulls last limit p_limit) x)
  union
  (select x.id from core.waiting_pairs(case when auth.has('county') then '{county}'::text[] end) w
    cross join lateral (select i.id from workflow.item i
                         where i.recommender = auth.my_recommender() and i.machine = w.machine and i.state = w.state
                         order by i.due nulls last limit p_limit) x)
  union
  (select i.id from core.waiting_pairs('{poster,claimant}') w
     join workflow.item i on i.owner = auth.my_unit() and i.machine = w.machine and i.state = w.state limit p_limit * 5)
  union
  (select i.id from workflow.party p join workflow.item i on i.id = p.item
     join core.waiting_pairs('{poster,claimant,partner,member}') w on w.machine = i.machine and w.state = i.state
    where p.unit = auth.my_unit() or p.person = auth.me() limit p_limit * 5)
$$;

-- The events of an item that wait for the asker.
create or replace function core.waiting_actions(p_item uuid, p_machine text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(a order by a ->> 'event'), '[]')
      from jsonb_array_elements(workflow.actions(p_item)::jsonb) a
     where not (select e.optional from workflow.event e where e.machine = p_machine and e.event = a ->> 'event'));
end;
$$;

-- What waits is known only when the actions of a case are, so they are asked for one by one in the
-- order of the list, until it is full.
create or replace function core.desk_rows(p_limit int) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row     record;
  v_actions jsonb;
  v_list    jsonb[] := '{}';
begin
  for v_row in
    select i.id, i.machine, i.title, i.parent, i.version, i.since, i.due, i.state, s.label_zh, s.label_en
      from core.desk_candidates(p_limit) c (id)
      join workflow.item i on i.id = c.id
      join workflow.state s on s.machine = i.machine and s.state = i.state
     order by i.due nulls last, i.since, i.id
  loop
    continue when v_row.machine = 'claim' and v_row.state = 'submitted'
      and not exists (select from core.claim k where k.id = v_row.id and k.opened_at is not null);
    v_actions := core.waiting_actions(v_row.id, v_row.machine);
    continue when v_actions = '[]';
    v_list := v_list || jsonb_build_object('id', v_row.id, 'machine', v_row.machine, 'title', v_row.title, 'parent', v_row.parent,
      'state', jsonb_build_object('code', v_row.state, 'zh', v_row.label_zh, 'en', v_row.label_en), 'version', v_row.version,
      'since', v_row.since, 'due', v_row.due, 'late', coalesce(v_row.due < workflow.now(), false), 'actions', v_actions);
    exit when cardinality(v_list) = p_limit;
  end loop;
  return to_jsonb(v_list);
end;
$$;

-- The newest of my unit's items of one machine.
create or replace function core.mine(p_machine text) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(t.doc order by t.created_at desc), '[]') from (
    select i.created_at, jsonb_build_object('id', i.id, 'title', i.title, 'parent', i.parent, 'version', i.version, 'since', i.since, 'due', i.due,
             'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en)) as doc
      from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where i.machine = p_machine and i.owner = auth.my_unit() and auth.my_unit() is not null
     order by i.created_at desc, i.id limit 20) t
$$;

create or replace function api.desk(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  return row(200, json_build_object(
    'waiting', core.desk_rows(50), 'needs', core.mine('need'), 'items', core.mine('list_item'), 'claims', core.mine('claim'),
    'panels', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title,
                 'state', i.state, 'answer', m.state) order by i.created_at desc), '[]')
                 from core.panel_member m join workflow.item i on i.id = m.panel
                where m.person = auth.me() and i.state in ('draft', 'open')),
    'unread', (select count(*) from (select from workflow.inbox n where n.person = auth.me() and n.read_at is null limit 1000) u)), null, null)::api.answer;
end;
$$;
