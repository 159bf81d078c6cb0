-- Setting up a programme (设榜). Takes form_programme; rules given are laid over the preset's own, so
-- that a city states only what differs. Refuses 403 role_missing, 422 invalid with every bad rule,
-- 409 programme_code_taken.

-- p_over laid over p_base, member by member; arrays and plain values are replaced.
create or replace function core.overlay(p_base jsonb, p_over jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select case when jsonb_typeof(p_base) = 'object' and jsonb_typeof(p_over) = 'object' then
    (select coalesce(jsonb_object_agg(k, case when not p_over ? k then p_base -> k
              when not p_base ? k then p_over -> k else core.overlay(p_base -> k, p_over -> k) end), '{}')
       from (select jsonb_object_keys(p_base || p_over)) t (k))
    else p_over end
$$;

create or replace function api.programme_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_id    uuid;
  v_rules jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  v_rules := core.checked_programme(null, p_body, core.default_rules(p_body ->> 'preset'));
  insert into core.programme (preset, code, name, year, doc_no, goal, industries, targets, rules, created_by, created_at)
  values (p_body ->> 'preset', p_body ->> 'code', p_body ->> 'name', (p_body ->> 'year')::int, p_body ->> 'doc_no',
          coalesce(p_body ->> 'goal', ''), array(select jsonb_array_elements_text(p_body -> 'industries')),
          core.list_or_none(p_body -> 'targets'), v_rules, auth.me(), workflow.now())
  returning id into v_id;
  return workflow.done(p_req, 201, api.programme_document(v_id)::json, 1, '/programmes/' || v_id);
end;
$$;

-- A criterion given without anchors keeps those that it had, or gets the usual ones.
create or replace function core.with_anchors(p_rules jsonb, p_base jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_kind text;
begin
  foreach v_kind in array array['need', 'claim'] loop
    if jsonb_typeof(p_rules #> array['criteria', v_kind]) = 'array' then
      p_rules := jsonb_set(p_rules, array['criteria', v_kind], (
        select coalesce(jsonb_agg(case when jsonb_typeof(e.c) <> 'object' or e.c ? 'anchors' then e.c
                 else e.c || jsonb_build_object('anchors', coalesce(
                   (select b -> 'anchors' from jsonb_array_elements(p_base #> array['criteria', v_kind]) b where b -> 'code' = e.c -> 'code' limit 1),
                   core.default_anchors())) end order by e.n), '[]')
          from jsonb_array_elements(p_rules #> array['criteria', v_kind]) with ordinality e (c, n)));
    end if;
  end loop;
  return p_rules;
end;
$$;

-- The rules after checking preset, code and rules together.
create or replace function core.checked_programme(p_id uuid, p_body jsonb, p_base jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_rules jsonb := core.with_anchors(core.overlay(p_base, coalesce(nullif(p_body -> 'rules', 'null'), '{}')), p_base);
begin
  if not exists (select from workflow.preset where name = p_body ->> 'preset') then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('preset', 'bad_choice', jsonb_build_object(
      'choices', (select jsonb_agg(name order by name) from workflow.preset)))));
  end if;
  perform workflow.refuse_fields(core.check_rules(v_rules));
  if exists (select from core.programme where code = p_body ->> 'code' and id is distinct from p_id) then
    perform workflow.refuse(409, 'programme_code_taken', jsonb_build_object('code', p_body -> 'code'));
  end if;
  return v_rules;
end;
$$;

-- An optional list of a form: absent and null are none.
create or replace function core.list_or_none(p_list jsonb) returns jsonb
language sql immutable security definer set search_path = '' as
$$ select coalesce(nullif(p_list, 'null'), '[]') $$;

-- Locks a programme and compares the version it was read at.
create or replace function core.lock_programme(p_id uuid, p_req jsonb) returns core.programme
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.programme;
begin
  select * into v_row from core.programme where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif (p_req ->> 'version')::int <> v_row.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object('expected', (p_req ->> 'version')::int,
      'version', v_row.version, 'state', v_row.state, 'changes', '[]'::jsonb));
  end if;
  return v_row;
end;
$$;

-- Once a solicitation of it has been published, preset, code, industries and rules stand: 409
-- rules_fixed. A closed programme does not change at all: 409 programme_closed.
create or replace function api.programme_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_row   core.programme;
  v_rules jsonb;
  v_names text[] := array(select jsonb_array_elements_text(p_body -> 'industries'));
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  v_row := core.lock_programme(p_id, p_req);
  if v_row.state = 'closed' then
    perform workflow.refuse(409, 'programme_closed');
  end if;
  v_rules := core.checked_programme(p_id, p_body, core.overlay(core.default_rules(p_body ->> 'preset'),
    case p_body ->> 'preset' when v_row.preset then v_row.rules else '{}' end));
  if (v_rules, p_body ->> 'preset', p_body ->> 'code', v_names) is distinct from (v_row.rules, v_row.preset, v_row.code, v_row.industries)
     and exists (select from core.batch b join workflow.item i on i.id = b.id where b.programme = p_id and i.state <> 'draft') then
    perform workflow.refuse(409, 'rules_fixed');
  end if;
  update core.programme
     set preset = p_body ->> 'preset', code = p_body ->> 'code', name = p_body ->> 'name', year = (p_body ->> 'year')::int,
         doc_no = p_body ->> 'doc_no', goal = coalesce(p_body ->> 'goal', ''), industries = v_names,
         targets = core.list_or_none(p_body -> 'targets'), rules = v_rules, version = version + 1
   where id = p_id;
  perform pg_notify('public_changed', p_id::text);
  return workflow.done(p_req, 200, api.programme_document(p_id)::json, v_row.version + 1);
end;
$$;

-- A leader activates or closes. Whoever drew a programme up does not put it in force: 403
-- other_person_needed. Refuses 409 step_not_allowed, 409 batches_open (closing).
create or replace function api.programme_event(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer := workflow.begin(p_session, p_req);
  v_row core.programme;
  v_to  text;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('leader');
  perform auth.require_recent(p_req);
  v_row := core.lock_programme(p_id, p_req);
  select e.to_state into v_to from core.programme_events() e where e.event = p_body ->> 'event' and e.from_state = v_row.state;
  if v_to is null then
    perform workflow.refuse(409, 'step_not_allowed', jsonb_build_object('event', p_body ->> 'event', 'state', v_row.state,
      'version', v_row.version, 'machine', 'programme',
      'possible', (select coalesce(jsonb_agg(e.event), '[]') from core.programme_events() e where e.from_state = v_row.state)));
  elsif v_to = 'active' and v_row.created_by = auth.me() then
    perform workflow.refuse(403, 'other_person_needed');
  elsif v_to = 'closed' and exists (select from core.batch b join workflow.item i on i.id = b.id
      join workflow.state s on s.machine = i.machine and s.state = i.state where b.programme = p_id and not s.final) then
    perform workflow.refuse(409, 'batches_open');
  end if;
  update core.programme set state = v_to, version = version + 1 where id = p_id;
  perform auth.log('programme_' || (p_body ->> 'event'), null, p_id, jsonb_build_object('reason', p_body ->> 'reason'));
  perform pg_notify('public_changed', p_id::text);
  return workflow.done(p_req, 200, api.programme_document(p_id)::json, v_row.version + 1);
end;
$$;

-- What a preset starts from, for the form.
create or replace function api.preset_rules(p_preset text) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  if not exists (select from workflow.preset where name = p_preset) then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, jsonb_build_object('preset', p_preset, 'rules', core.default_rules(p_preset),
    'shape', core.rule_sections(core.default_rules(p_preset)))::json,
             null, null)::api.answer;
end;
$$;
