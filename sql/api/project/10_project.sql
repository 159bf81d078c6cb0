-- Projects: made when all have signed, started by the bureau with a meeting (DOMAIN 3.5, 启动会).
create or replace function core.make_project(p_item workflow.item, p_contract uuid, p_claim uuid, p_end date) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid := workflow.create_item('project', p_item.preset, p_item.title, p_item.batch, p_item.owner, null, p_item.id);
begin
  insert into core.project (id, contract, item, claim, number, end_on)
  values (v_id, p_contract, p_item.id, p_claim,
          format('XM%s-%s', extract(year from workflow.today()), lpad(workflow.next_number('project')::text, 4, '0')), p_end);
  insert into workflow.party (item, role, unit)
  select v_id, 'poster', u from unnest(core.posters(p_item.id)) u where u <> p_item.owner
  union all select v_id, case n when 1 then 'claimant' else 'partner' end, u from unnest(core.claim_units(p_claim)) with ordinality t (u, n);
  return v_id;
end;
$$;

create or replace function api.project_document(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row    core.project;
  v_open   boolean;
  v_before text;
  v_claim  core.claim;
begin
  select * into v_row from core.project where id = p_id;
  if not found then
    return null;
  end if;
  v_open := (select masking = 'open' from core.list_item where id = v_row.item)
         or auth.is_bureau() or workflow.roles_on((select i from workflow.item i where i.id = p_id)) && array['poster', 'claimant', 'partner'];
  v_before := workflow.as_system();    -- who carries out a public project is public
  select * into v_claim from core.claim where id = v_row.claim;
  perform workflow.back_to(v_before);
  return workflow.head(p_id) - 'owner' || jsonb_build_object('number', v_row.number, 'item', v_row.item, 'contract', v_row.contract,
    'poster', case when v_open then (select core.unit_ref(l.poster) from core.list_item l where l.id = v_row.item) end,
    'claimant', core.unit_ref(v_claim.unit), 'leader', v_claim.leader, 'start_on', v_row.start_on, 'end_on', v_row.end_on,
    'meeting', v_row.meeting);
end;
$$;

-- GET /projects/{id}, GET /projects?state=&batch=&item=
create or replace function api.project(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform workflow.as_reader();
  v_doc := api.project_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

create or replace function api.projects(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_from  text := $q$from workflow.item i where i.machine = 'project' and i.public$q$
    || case when p_query ->> 'state' is not null then $q$ and i.state = $1 ->> 'state'$q$ else '' end
    || case when p_query ->> 'batch' is not null then $q$ and i.batch = ($1 ->> 'batch')::uuid$q$ else '' end
    || case when p_query ->> 'item' is not null then $q$ and i.parent = ($1 ->> 'item')::uuid$q$ else '' end;
  v_items jsonb;
  v_count bigint;
begin
  perform workflow.as_reader();
  execute format('select jsonb_agg(api.project_document(r.id) order by r.created_at desc, r.id)
                    from (select i.id, i.created_at %s order by i.created_at desc, i.id limit %s offset %s) r',
                 v_from, core.page_size(p_query), core.page_offset(p_query)) into v_items using p_query;
  execute format('select count(*) from (select 1 %s limit 1001) c', v_from) into v_count using p_query;
  return row(200, core.page(p_query, v_items, v_count)::json, null, null)::api.answer;
end;
$$;

-- POST /projects/{id}/start {start_on, meeting}
create or replace function api.project_start(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform from workflow.item l where l.id = (select p.item from core.project p where p.id = p_id) for update;
  perform core.require_machine(workflow.lock(p_id, p_req), 'project');
  v_item := workflow.advance(p_id, 'start', p_body);
  return workflow.done(p_req, 200, api.project_document(p_id)::json, v_item.version);
end;
$$;

create or replace function guard.start_ready(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', jsonb_build_array(
           case when p_data ->> 'start_on' is null then workflow.bad('start_on', 'required') else workflow.bad('start_on', 'outside_term') end))
    from core.project p join core.contract k on k.id = p.contract
   where p.id = p_item and (p_data ->> 'start_on' is null
         or (p_data ->> 'start_on')::date not between least((k.content ->> 'from')::date, workflow.today()) and p.end_on)
$$;

create or replace function effect.project_started(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_item uuid;
begin
  update core.project set start_on = (p_data ->> 'start_on')::date, meeting = p_data ->> 'meeting' where id = p_item returning item into v_item;
  if guard.projects_started(v_item, p_data) is null then
    perform workflow.cascade(v_item, 'start');
  end if;
end;
$$;

create or replace function guard.projects_started(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'projects_waiting')
   where exists (select from workflow.item i where i.parent = p_item and i.machine = 'project' and i.state <> 'running')
$$;
