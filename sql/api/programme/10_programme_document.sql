-- The document of a programme. Everything in it is public once the programme is active.
create or replace function api.programme_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'year', p.year,
           'preset', jsonb_build_object('name', s.name, 'zh', s.title_zh, 'en', s.title_en),
           'doc_no', p.doc_no, 'goal', p.goal, 'industries', p.industries, 'targets', p.targets, 'rules', p.rules,
           'state', (select jsonb_build_object('code', l.code, 'zh', l.zh, 'en', l.en) from core.programme_states() l where l.code = p.state),
           'sample', p.sample, 'version', p.version, 'created_at', p.created_at, 'actions', core.programme_actions(p),
           'batches', (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'name', b.name, 'state', i.state) order by i.created_at, b.id), '[]')
                         from core.batch b join workflow.item i on i.id = b.id where b.programme = p.id))
    from core.programme p join workflow.preset s on s.name = p.preset
   where p.id = p_id
$$;

create or replace function core.programme_states() returns table (code text, zh text, en text)
language sql immutable security definer set search_path = '' as
$$ values ('draft', '草拟', 'draft'), ('active', '执行中', 'active'), ('closed', '已结束', 'closed') $$;

-- A programme has three states and two events; it is not an item of the workflow because nothing
-- else hangs on its moves.
create or replace function core.programme_events() returns table (event text, from_state text, to_state text, zh text, en text)
language sql immutable security definer set search_path = '' as $$
  values ('activate', 'draft', 'active', '启用', 'activate'), ('close', 'active', 'closed', '结束', 'close')
$$;

create or replace function core.programme_actions(p_row core.programme) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('event', e.event, 'label', jsonb_build_object('zh', e.zh, 'en', e.en),
           'method', 'POST', 'href', '/programmes/' || p_row.id || '/events',
           'fields', '[{"name": "reason", "kind": "prose", "required": true}]'::jsonb, 'weighty', true)), '[]')
    from core.programme_events() e
   where e.from_state = p_row.state and auth.has('leader')
$$;

-- One programme, for everybody; a draft is not there.
create or replace function api.programme_public(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  if not exists (select from core.programme where id = p_id and state <> 'draft') then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, api.programme_document(p_id)::json, null, null)::api.answer;
end;
$$;

-- The same for the bureau, drafts too, with the version that an edit must name.
create or replace function api.programme_work(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_version int;
  v_doc     jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader');
  select version into v_version from core.programme where id = p_id;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_doc := api.programme_document(p_id);
  return row(200, (v_doc || jsonb_build_object('shape', core.rule_sections(v_doc -> 'rules')))::json, v_version, null)::api.answer;
end;
$$;

-- The programmes, newest year first. `p_drafts`: those not yet active too.
create or replace function core.programme_page(p_query jsonb, p_drafts boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
  with hit as (
    select p.id, p.year, p.created_at from core.programme p
     where (p_drafts or p.state <> 'draft')
       and (p_query ->> 'state' is null or p.state = p_query ->> 'state')
       and (p_query ->> 'year' is null or p.year = (p_query ->> 'year')::int)),
  page as (select * from hit order by year desc, created_at desc, id limit core.page_size(p_query) offset core.page_offset(p_query))
  select core.page(p_query, (select jsonb_agg(api.programme_document(g.id) - 'rules' order by g.year desc, g.created_at desc, g.id) from page g),
                   (select count(*) from (select from hit limit 1001) c))
$$;

create or replace function api.programme_list(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  return row(200, core.programme_page(p_query, false)::json, null, null)::api.answer;
end;
$$;

create or replace function api.programme_work_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  return row(200, core.programme_page(coalesce(p_req -> 'query', '{}'), true)::json, null, null)::api.answer;
end;
$$;
