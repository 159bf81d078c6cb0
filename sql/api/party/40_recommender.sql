-- Counties, zones, bureaus and universities that recommend. A zone has no division code (DOMAIN 0.10).

-- Everybody may read: who registers chooses one.
create or replace function api.recommenders_list() returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  return row(200, (select json_build_object('items', coalesce(json_agg(json_build_object('id', r.id, 'code', r.code_local, 'name', r.name,
             'kind', r.kind, 'division', r.division, 'unit', r.unit) order by r.code_local), '[]'), 'total', count(*)) from party.recommender r),
             null, null)::api.answer;
end;
$$;

-- body: {"code","name","kind","division","unit"}
create or replace function api.recommender_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer;
  v_row party.recommender;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  if p_body ->> 'unit' is not null and not exists (select from party.unit where id = (p_body ->> 'unit')::uuid) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('unit', 'not_known')));
  end if;
  begin
    insert into party.recommender (code_local, name, kind, division, unit)
    values (p_body ->> 'code', p_body ->> 'name', p_body ->> 'kind', p_body ->> 'division', (p_body ->> 'unit')::uuid)
    returning * into v_row;
  exception when unique_violation then
    perform workflow.refuse(409, 'recommender_exists', jsonb_build_object('code', p_body ->> 'code'));
  end;
  perform auth.log('recommender_created', auth.me(), v_row.id, p_body);
  perform pg_notify('public_changed', v_row.id::text);
  return workflow.done(p_req, 201, json_build_object('id', v_row.id, 'code', v_row.code_local, 'name', v_row.name, 'kind', v_row.kind,
    'division', v_row.division, 'unit', v_row.unit));
end;
$$;

-- Another name, or the unit whose people act for it: known only once its people have registered.
-- body: as for recommender_create, whole.
create or replace function api.recommender_put(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer;
  v_old party.recommender;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  select * into v_old from party.recommender where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif p_body ->> 'unit' is not null and not exists (select from party.unit where id = (p_body ->> 'unit')::uuid) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('unit', 'not_known')));
  end if;
  begin
    update party.recommender
       set code_local = p_body ->> 'code', name = p_body ->> 'name', kind = p_body ->> 'kind', division = p_body ->> 'division',
           unit = (p_body ->> 'unit')::uuid
     where id = p_id;
  exception when unique_violation then
    perform workflow.refuse(409, 'recommender_exists', jsonb_build_object('code', p_body ->> 'code'));
  end;
  perform auth.log('recommender_changed', auth.me(), p_id, jsonb_build_object('before', to_jsonb(v_old), 'after', p_body));
  perform pg_notify('public_changed', p_id::text);
  return workflow.done(p_req, 200, json_build_object('id', p_id, 'code', p_body ->> 'code', 'name', p_body ->> 'name', 'kind', p_body ->> 'kind',
    'division', p_body ->> 'division', 'unit', p_body ->> 'unit'));
end;
$$;

-- Which of them recommends a unit's needs. body: {"recommender"}
create or replace function api.unit_recommender_put(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_unit party.unit;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_unit := party.lock_unit(p_id, p_req);
  if not exists (select from party.recommender where id = (p_body ->> 'recommender')::uuid) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('recommender', 'not_known')));
  end if;
  update party.unit set recommender = (p_body ->> 'recommender')::uuid, version = version + 1 where id = p_id;
  perform auth.log('unit_recommender', auth.me(), p_id, jsonb_build_object('before', v_unit.recommender, 'after', p_body -> 'recommender'));
  return workflow.done(p_req, 200, api.unit_document(p_id)::json, v_unit.version + 1);
end;
$$;
