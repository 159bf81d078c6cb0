-- GET /desk: what waits for me, soonest due first (and `also`, what is no case), and what of mine is under way. A case waits for
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

-- How near a due time is: late, today, week (the next seven days), later, none.
create or replace function core.due_when(p_due timestamptz) returns text
language sql stable security definer set search_path = '' as $$
  select case when p_due is null then 'none'
              when p_due < workflow.now() then 'late'
              when (p_due at time zone 'Asia/Shanghai')::date = workflow.today() then 'today'
              when p_due < workflow.now() + interval '7 days' then 'week'
              else 'later' end
$$;

-- How many things wait in all, are late, due today, due within the week (those of today among them).
create or replace function core.desk_counts(p_rows jsonb, p_also jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('waiting', count(*) + jsonb_array_length(p_also), 'late', count(*) filter (where r ->> 'when' = 'late'),
                            'today', count(*) filter (where r ->> 'when' = 'today'),
                            'week', count(*) filter (where r ->> 'when' in ('today', 'week')))
    from jsonb_array_elements(p_rows) r
$$;

-- What waits for an expert: invitations to panels that are to be answered, and in panels that sit the
-- sheets that are not filled in, in the order of the panel.
create or replace function core.desk_judging() returns table (code text, title text, href text, since timestamptz)
language sql stable security definer set search_path = '' as $$
  (select 'panel', i.title, '/panels/' || i.id || '/answer', i.created_at
     from core.panel_member m join workflow.item i on i.id = m.panel
    where m.person = auth.me() and m.state = 'invited' and i.state in ('draft', 'open') and auth.has('expert') limit 20)
  union all
  (select 'score', x.title, '/panels/' || s.panel || '/scores/' || s.subject, i.since
     from core.panel_member m join workflow.item i on i.id = m.panel and i.state = 'open'
     join core.panel_subject s on s.panel = m.panel join workflow.item x on x.id = s.subject
    where m.person = auth.me() and m.state = 'accepted' and auth.has('expert')
      and not exists (select from core.recusal r where r.panel = s.panel and r.subject = s.subject and r.person = m.person)
      and not exists (select from core.score g where g.panel = s.panel and g.subject = s.subject and g.person = m.person)
    order by s.panel, s.ordinal limit 50)
$$;

-- What waits for me and is no case of the workflow: units to verify, people who ask to come in or
-- whom I am invited to join, roles and lost second factors to decide on, panels to answer and sheets
-- to fill in, questions about my challenges. [{"code","title","href","since"}], oldest first.
create or replace function core.desk_also() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', w.code, 'title', w.title, 'href', w.href, 'since', w.since) order by w.since, w.href), '[]') from (
    (select 'invitation' as code, u.name as title, '/memberships/' || m.id || '/answer' as href, m.since
       from party.membership m join party.unit u on u.id = m.unit
      where m.person = auth.me() and m.state = 'asked' and m.asked_by is distinct from m.person)
    union all
    (select 'member', p.name, '/memberships/' || m.id || '/answer', m.since
       from party.membership m join party.person p on p.id = m.person
      where auth.has('signatory') and m.unit = auth.my_unit() and m.state = 'asked' and m.asked_by = m.person and m.person <> auth.me()
      order by m.since limit 20)
    union all
    (select 'unit', u.name, '/units/' || u.id || '/decision', u.created_at
       from party.unit u where auth.has('officer') and u.state = 'pending' order by u.created_at limit 20)
    union all
    (select 'role', p.name, '/role-grants/' || g.id || '/decision', g.asked_at
       from auth.role_grant g join party.person p on p.id = g.person
      where auth.has('secadmin') and g.decision is null and g.asked_by <> auth.me() and g.person <> auth.me()
      order by g.asked_at limit 20)
    union all
    (select 'factor', p.name, '/users/' || f.account || '/second-factor-reset', f.asked_at
       from auth.factor_reset f join party.person p on p.id = f.account
      where auth.has('secadmin') and f.asked_by <> auth.me() and f.account <> auth.me()
        and f.asked_at > now() - interval '7 days' limit 20)
    union all
    (select * from core.desk_judging())
    union all
    (select 'question', i.title, '/questions/' || q.id || '/answer', q.at
       from workflow.item i join core.question q on q.item = i.id
      where auth.my_unit() is not null and i.owner = auth.my_unit() and i.machine = 'list_item' and q.answer is null
      order by q.at limit 20)) w
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
      'since', v_row.since, 'due', v_row.due, 'late', coalesce(v_row.due < workflow.now(), false), 'when', core.due_when(v_row.due),
      'actions', v_actions);
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

-- What the bureau has under way: batches that are not over, newest first.
create or replace function core.desk_batches() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(t.doc order by t.created_at desc, t.id), '[]') from (
    select i.created_at, i.id, jsonb_build_object('id', i.id, 'title', i.title, 'parent', i.parent, 'version', i.version, 'since', i.since,
             'due', i.due, 'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en)) as doc
      from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where auth.is_bureau() and i.machine = 'batch' and not s.final
     order by i.created_at desc, i.id limit 10) t
$$;

-- Projects that my unit owns or has a part in, newest first.
create or replace function core.desk_projects() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(t.doc order by t.created_at desc, t.id), '[]') from (
    select i.created_at, i.id, jsonb_build_object('id', i.id, 'title', i.title, 'parent', i.parent, 'version', i.version, 'since', i.since,
             'due', i.due, 'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en)) as doc
      from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where i.id in (select o.id from workflow.item o where o.machine = 'project' and o.owner = auth.my_unit()
                    union select p.item from workflow.party p where p.unit = auth.my_unit()) and i.machine = 'project'
     order by i.created_at desc, i.id limit 20) t
$$;

create or replace function api.desk(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_rows jsonb;
  v_also jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_rows := core.desk_rows(50);
  v_also := core.desk_also();
  return row(200, json_build_object(
    'waiting', v_rows, 'counts', core.desk_counts(v_rows, v_also), 'also', v_also,
    'batches', core.desk_batches(), 'projects', core.desk_projects(), 'needs', core.mine('need'), 'items', core.mine('list_item'), 'claims', core.mine('claim'),
    'panels', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title,
                 'state', i.state, 'answer', m.state) order by i.created_at desc), '[]')
                 from core.panel_member m join workflow.item i on i.id = m.panel
                where m.person = auth.me() and i.state in ('draft', 'open')),
    'unread', workflow.unread(auth.me())), null, null)::api.answer;
end;
$$;
