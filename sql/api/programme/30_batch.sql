-- A batch (批次): its document, its lists, its draft. DOMAIN 3.1.
create or replace function api.batch_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select workflow.head(b.id) || jsonb_build_object('name', b.name, 'doc_no', b.doc_no, 'body', b.body,
           'solicit_from', b.solicit_from, 'solicit_until', b.solicit_until, 'rolling', b.rolling, 'changes', b.changes,
           'programme', jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'year', p.year, 'preset', p.preset,
             'industries', p.industries, 'rules', p.rules),
           'lists', (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title) order by l.number), '[]')
                       from core.list l join workflow.item i on i.id = l.id where l.batch = b.id and i.state = 'published'))
    from core.batch b join core.programme p on p.id = b.programme
   where b.id = p_id
$$;

-- How many needs stand in which state, and from which counties: the bureau's funnel (DOMAIN 13). `funnel` is in
-- the order of the procedure, `counties` with the most first.
create or replace function core.batch_counts(p_batch uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_counts jsonb;
begin
  select jsonb_build_object(
    'needs', (select coalesce(jsonb_object_agg(c.state, c.n), '{}') from (select i.state, count(*) as n from workflow.item i
               where i.batch = p_batch and i.machine = 'need' and i.state <> 'draft' group by i.state) c),
    'recommenders', (select coalesce(jsonb_object_agg(r.name, c.n), '{}') from (select i.recommender, count(*) as n from workflow.item i
               where i.batch = p_batch and i.machine = 'need' and i.state <> 'draft' group by i.recommender) c
               join party.recommender r on r.id = c.recommender),
    'funnel', (select coalesce(jsonb_agg(jsonb_build_object('state', c.state, 'n', c.n) order by c.ordinal), '[]')
                 from (select s.state, s.ordinal, count(*) as n from workflow.item i join workflow.state s using (machine, state)
                        where i.batch = p_batch and i.machine = 'need' and i.state <> 'draft' group by s.state, s.ordinal) c),
    'counties', (select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'n', c.n) order by c.n desc, c.name), '[]')
                   from (select r.name, count(*) as n from workflow.item i join party.recommender r on r.id = i.recommender
                          where i.batch = p_batch and i.machine = 'need' and i.state <> 'draft' group by r.name) c)) into v_counts;
  perform workflow.back_to(v_before);
  return v_counts;
end;
$$;

create or replace function api.batch_public(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter_public();
  v_doc := api.batch_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, null, null)::api.answer;
end;
$$;

create or replace function api.batch_work(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  v_doc := api.batch_document(p_id) || jsonb_build_object('counts', core.batch_counts(p_id), 'steps', workflow.steps(p_id),
    'choices', core.list_choices(p_id, null));
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- Batches, newest first, of those the context may see.
create or replace function core.batch_page(p_query jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  with hit as (
    select i.id, i.created_at from workflow.item i
     where i.machine = 'batch' and (p_query ->> 'state' is null or i.state = p_query ->> 'state')
       and (p_query ->> 'programme' is null
            or i.id in (select b.id from core.batch b where b.programme = (p_query ->> 'programme')::uuid))),
  page as (select * from hit order by created_at desc, id limit core.page_size(p_query) offset core.page_offset(p_query))
  select core.page(p_query, (select jsonb_agg(api.batch_document(g.id) #- '{programme,rules}' order by g.created_at desc, g.id) from page g),
                   (select count(*) from (select from hit limit 1001) c))
$$;

create or replace function api.batch_list(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  return row(200, core.batch_page(p_query)::json, null, null)::api.answer;
end;
$$;

create or replace function api.batch_work_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  return row(200, core.batch_page(coalesce(p_req -> 'query', '{}'))::json, null, null)::api.answer;
end;
$$;
